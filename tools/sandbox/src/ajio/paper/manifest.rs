//! The hand-over list, A4, so many rows to a page.

use crate::{
    ajio::world::Manifest,
    clock,
    pdf::{
        self, Page,
        canvas::{BOLD, Canvas, REGULAR},
    },
};

use super::A4;

const ROWS: usize = 45;

/// A manifest with order ids and AWBs.
pub(crate) fn manifest(manifest: &Manifest) -> Vec<u8> {
    let pages = manifest.rows.len().div_ceil(ROWS);
    let drawn = manifest.rows.chunks(ROWS).zip(1_usize..);
    let drawn = drawn.map(|(rows, number)| page(manifest, rows, number, pages));
    pdf::draw("Manifest", drawn)
}

fn page(manifest: &Manifest, rows: &[(String, String)], number: usize, pages: usize) -> Page {
    let (width, height) = A4;
    let mut canvas = Canvas::new(height);
    canvas.text(BOLD, 16.0, (40.0, 40.0), "MANIFEST");
    let head = [
        format!("Manifest: {}", manifest.id),
        format!("Courier: {}", manifest.carrier),
        format!("POB: {}", manifest.pob),
        format!("Date: {}", clock::dotted(clock::day(manifest.at))),
        format!(
            "Shipments: {}, page {number} of {pages}",
            manifest.rows.len()
        ),
    ];
    let lines = head.iter().map(String::as_str);
    let mut top = canvas.lines((REGULAR, 10.0), (40.0, 66.0), 13.0, lines) + 8.0;
    canvas.text(BOLD, 10.0, (40.0, top), "Order");
    canvas.text(BOLD, 10.0, (240.0, top), "AWB");
    for (order, awb) in rows {
        top += 13.0;
        canvas.text(REGULAR, 10.0, (40.0, top), order);
        canvas.text(REGULAR, 10.0, (240.0, top), awb);
    }
    Page {
        width,
        height,
        content: canvas.finish(),
        bars: None,
    }
}
