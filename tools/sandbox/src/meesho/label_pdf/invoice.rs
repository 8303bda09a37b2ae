//! Lower half: the tax invoice, under the grey bar that croppers cut at.

use super::{InvoiceLine, LabelPage};
use crate::{
    gst::{Tax, rupees},
    pdf::canvas::{Area, BOLD, Canvas, REGULAR, wrap},
};

const COLUMNS: [(f32, &str); 8] = [
    (19.0, "Description"),
    (131.6, "HSN"),
    (176.6, "Qty"),
    (199.2, "Gross Amount"),
    (266.7, "Discount"),
    (334.3, "Taxable Value"),
    (446.9, "Taxes"),
    (537.0, "Total"),
];
const PITCH: f32 = 10.0;

pub(super) fn draw(canvas: &mut Canvas, page: &LabelPage) {
    let bar = page.bar_top();
    canvas.fill(
        0.83,
        Area {
            left: 14.0,
            top: bar,
            right: 581.0,
            bottom: bar + 21.0,
        },
    );
    canvas.text(BOLD, 10.0, (265.5, bar + 3.9), "TAX INVOICE");
    canvas.text(BOLD, 8.0, (495.4, bar + 6.0), "Original For Recipient");
    canvas.line((222.0, bar + 21.0), (222.0, bar + 98.0));
    parties(canvas, page, bar);
    numbers(canvas, page, bar);
    let below = table(canvas, page, bar);
    canvas.text(
        REGULAR,
        7.0,
        (19.0, below + 3.0),
        "Tax is not payable on reverse charge basis. This is a computer generated invoice.",
    );
}

fn parties(canvas: &mut Canvas, page: &LabelPage, bar: f32) {
    canvas.text(REGULAR, 8.0, (18.0, bar + 27.0), "BILL TO / SHIP TO");
    let buyer = format!("{} - {}", page.buyer_name, page.buyer_lines.join(", "));
    let mut lines = wrap(&buyer, 48);
    lines.push(format!("Place of Supply: {}", page.buyer_state));
    canvas.lines(
        (REGULAR, 8.0),
        (18.0, bar + 38.0),
        9.5,
        lines.iter().map(String::as_str),
    );

    let x = 227.7;
    canvas.text(
        REGULAR,
        8.0,
        (x, bar + 25.0),
        &format!("Sold by : {}", page.sold_by),
    );
    let address = wrap(&page.sold_by_address, 88);
    canvas.lines(
        (REGULAR, 8.0),
        (x, bar + 37.0),
        8.5,
        address.iter().map(String::as_str),
    );
    canvas.text(
        REGULAR,
        8.0,
        (x, bar + 54.0),
        &format!("GSTIN - {}", page.gstin),
    );
}

fn numbers(canvas: &mut Canvas, page: &LabelPage, bar: f32) {
    let columns = [
        (227.7, "Purchase Order No.", &page.order_num),
        (361.8, "Invoice No.", &page.invoice_number),
        (433.4, "Order Date", &page.order_date),
        (503.7, "Invoice Date", &page.invoice_date),
    ];
    for (x, head, value) in columns {
        canvas.text(BOLD, 8.0, (x, bar + 68.0), head);
        canvas.text(REGULAR, 8.0, (x, bar + 80.0), value);
    }
}

/// Gives the top of what may stand below the table.
fn table(canvas: &mut Canvas, page: &LabelPage, bar: f32) -> f32 {
    let head = bar + 103.0;
    canvas.line((12.0, head - 4.0), (583.0, head - 4.0));
    for (x, name) in COLUMNS {
        canvas.text(BOLD, 8.0, (x, head), name);
    }
    canvas.line((12.0, head + 12.0), (583.0, head + 12.0));
    let mut top = head + 16.0;
    for line in &page.lines {
        top = row(canvas, page, line, top);
        canvas.line((12.0, top - 3.0), (583.0, top - 3.0));
    }
    let sum = |of: fn(&InvoiceLine) -> u64| page.lines.iter().map(of).sum::<u64>();
    let [description, .., taxes, total] = COLUMNS;
    let tax = amount(sum(|line| line.split.tax.total()));
    canvas.text(BOLD, 8.0, (description.0, top), "Total");
    canvas.text(BOLD, 8.0, (taxes.0, top), &tax);
    canvas.text(BOLD, 8.0, (total.0, top), &amount(sum(|line| line.total)));
    canvas.line((12.0, top + 12.0), (583.0, top + 12.0));
    top + 12.0
}

fn row(canvas: &mut Canvas, page: &LabelPage, line: &InvoiceLine, top: f32) -> f32 {
    let quantity = line
        .quantity
        .map_or_else(|| "NA".to_owned(), |count| count.to_string());
    let cells = [
        wrap(line.description, 26),
        vec![page.hsn.to_owned()],
        vec![quantity],
        vec![amount(line.gross)],
        vec![amount(line.discount)],
        vec![amount(line.split.taxable)],
        taxes(line, page.gst_percent),
        vec![amount(line.total)],
    ];
    let mut below = top;
    for ((x, _), cell) in COLUMNS.into_iter().zip(&cells) {
        let texts = cell.iter().map(String::as_str);
        below = below.max(canvas.lines((REGULAR, 8.0), (x, top), PITCH, texts));
    }
    below + 5.0
}

fn taxes(line: &InvoiceLine, percent: u64) -> Vec<String> {
    match line.split.tax {
        Tax::Integrated(tax) => vec![format!("IGST @{percent}.0%"), amount(tax)],
        Tax::Halves(half) => ["CGST", "SGST"]
            .into_iter()
            .flat_map(|name| [format!("{name} @{}%", half_of(percent)), amount(half)])
            .collect(),
    }
}

/// Half a whole percentage with its one decimal.
fn half_of(percent: u64) -> String {
    let whole = percent / 2;
    let decimal = if percent.is_multiple_of(2) { 0 } else { 5 };
    format!("{whole}.{decimal}")
}

fn amount(paise: u64) -> String {
    format!("Rs.{}", rupees(paise))
}
