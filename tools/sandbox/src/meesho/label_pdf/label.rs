//! Upper half: what the courier needs.

use super::LabelPage;
use crate::pdf::{
    canvas::{Area, BOLD, Canvas, REGULAR, points, wrap},
    codes,
};

const PITCH: f32 = 16.5;
const DIVIDER: f32 = 258.2;

pub(super) fn draw(canvas: &mut Canvas, page: &LabelPage, bars_width: f32) {
    let bar = page.bar_top();
    let divider_end = bar - 55.7;
    canvas.frame(Area {
        left: 12.0,
        top: 13.0,
        right: 583.0,
        bottom: 598.0,
    });
    canvas.line((DIVIDER, 14.0), (DIVIDER, divider_end));
    canvas.line((12.0, divider_end), (583.0, divider_end));
    addresses(canvas, page);
    courier(canvas, page, bars_width);
    product(canvas, page, bar);
}

fn addresses(canvas: &mut Canvas, page: &LabelPage) {
    canvas.text(BOLD, 10.0, (19.0, 18.9), "Customer Address");
    canvas.text(BOLD, 12.0, (19.0, 18.9 + PITCH), &page.buyer_name);
    let lines = wrapped(&page.buyer_lines);
    let below = canvas.lines(
        (REGULAR, 11.0),
        (19.0, 18.9 + 2.0 * PITCH),
        PITCH,
        lines_of(&lines),
    );
    // The seller's block moves down under a long address.
    let top = (below + 8.0).max(146.0);
    canvas.text(BOLD, 10.0, (19.0, top), "If undelivered, return to:");
    let mut lines = vec![page.seller_name.clone()];
    lines.extend(wrapped(&page.seller_lines));
    canvas.lines(
        (REGULAR, 11.0),
        (19.0, top + PITCH),
        PITCH,
        lines_of(&lines),
    );
}

fn wrapped(lines: &[String]) -> Vec<String> {
    lines.iter().flat_map(|line| wrap(line, 42)).collect()
}

fn lines_of(lines: &[String]) -> impl Iterator<Item = &str> {
    lines.iter().map(String::as_str)
}

fn courier(canvas: &mut Canvas, page: &LabelPage, bars_width: f32) {
    canvas.fill(
        0.0,
        Area {
            left: 259.2,
            top: 14.0,
            right: 582.0,
            bottom: 39.0,
        },
    );
    canvas.white_text(14.0, (261.2, 15.7), page.banner);
    canvas.text(BOLD, 16.0, (265.2, 64.6), page.courier);
    canvas.text(REGULAR, 10.0, (269.2, 88.6), "Pickup");
    canvas.text(REGULAR, 10.0, (265.2, 118.0), "Destination Code");
    canvas.text(BOLD, 10.0, (265.2, 133.0), &page.destination);
    canvas.text(REGULAR, 10.0, (265.2, 151.9), "Return Code");
    canvas.text(BOLD, 10.0, (265.2, 167.0), &page.return_code);

    let (side, black) = codes::data_matrix(&page.awb);
    let module = 120.0 / points(side);
    let corner = |(column, row): (usize, usize)| {
        (411.9 + points(column) * module, 66.0 + points(row) * module)
    };
    canvas.squares(module, black.into_iter().map(corner));
    canvas.text(REGULAR, 16.0, (357.6, 207.7), &page.awb);
    let area = Area {
        left: 285.2,
        top: 232.0,
        right: 564.6,
        bottom: page.bar_top() - 67.8,
    };
    canvas.form(codes::BARS, (bars_width, codes::BARS_HEIGHT), area);
}

fn product(canvas: &mut Canvas, page: &LabelPage, bar: f32) {
    let quantity = page.quantity.to_string();
    let columns = [
        (19.0, "SKU", page.sku.as_str()),
        (203.0, "Size", page.size),
        (297.5, "Qty", &quantity),
        (344.8, "Color", page.color),
        (439.2, "Order No.", &page.sub_order_num),
    ];
    canvas.text(BOLD, 11.0, (19.0, bar - 52.0), "Product Details");
    for (x, head, value) in columns {
        canvas.text(BOLD, 11.0, (x, bar - 33.0), head);
        canvas.text(REGULAR, 11.0, (x, bar - 17.0), value);
    }
}
