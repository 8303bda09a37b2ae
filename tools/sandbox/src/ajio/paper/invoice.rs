//! Invoices and the purchase order, A4: a head, one row per line, a total.

use crate::{
    ajio::{
        order::{Line, Order},
        returns::Return,
    },
    clock,
    gst::{self, Split, Tax},
    names::Shop,
    pdf::{
        self, Page,
        canvas::{BOLD, Canvas, REGULAR},
    },
};

use super::{A4, amount};

/// Whom the purchase order bills, as a public example shows it for Maharashtra.
const BILL_TO: &str = "Reliance Retail Ltd, Maharashtra, GSTIN 27AABCR1718E1ZP";
/// The State of that number: where AJIO buys and sells here (assumed).
pub(crate) const STATE: &str = "Maharashtra";

const COLUMNS: [(f32, &str); 7] = [
    (40.0, "Item"),
    (225.0, "HSN"),
    (278.0, "Qty"),
    (305.0, "Taxable value"),
    (380.0, "Tax"),
    (435.0, "Rate"),
    (490.0, "Total"),
];

/// One row: what, how many, and what they are worth.
struct Row {
    item: String,
    hsn: &'static str,
    quantity: u64,
    percent: u64,
    split: Split,
}

/// AJIO's invoice to the consumer.
pub(crate) fn consumer_invoice(order: &Order) -> Vec<u8> {
    let parcel = order.parcel.as_ref();
    let number = parcel.map_or("", |parcel| &parcel.b2c_number);
    let date = parcel.map_or(order.created, |parcel| parcel.packed_at);
    let place = order.buyer.place;
    let same_state = place.state == STATE;
    let rows = invoiced(order).map(|line| {
        let total = line.variant.price.saturating_mul(line.open());
        row(
            line,
            gst::split(total, line.variant.gst_percent, same_state),
        )
    });
    let head = [
        format!("Invoice No.: {number}"),
        format!("Invoice Date: {}", clock::dotted(clock::day(date))),
        format!("Order: {}", order.id),
        format!("Sold by: {BILL_TO}"),
        format!("Ship to: {}", order.buyer.name),
        format!(
            "{}, {}, {} {}",
            order.buyer.line_1, place.city, place.state, order.buyer.pin
        ),
        format!("Place of supply: {}", place.state),
    ];
    paper("TAX INVOICE", &head, rows.collect())
}

/// The seller's invoice to AJIO.
pub(crate) fn seller_invoice(order: &Order, shop: &Shop) -> Vec<u8> {
    let number = order
        .parcel
        .as_ref()
        .map_or("", |parcel| &parcel.b2b_number);
    let po = order.po.as_ref().map_or("", |po| &po.number);
    let head = [
        format!("Invoice No.: {number}"),
        format!("Purchase Order: {po}"),
        format!("Order: {}", order.id),
        format!("Sold by: {}, GSTIN {}", shop.legal_name, shop.gstin),
        format!("Bill to: {BILL_TO}"),
    ];
    paper("TAX INVOICE (B2B)", &head, worth(order))
}

/// AJIO's purchase order for one consumer's order.
pub(crate) fn purchase_order(order: &Order, shop: &Shop) -> Vec<u8> {
    let po = order.po.as_ref();
    let date = po.map_or(order.created, |po| po.date);
    let head = [
        format!("Purchase Order: {}", po.map_or("", |po| &po.number)),
        format!("Date: {}", clock::dotted(clock::day(date))),
        format!("Order: {}", order.id),
        format!("Seller: {}, GSTIN {}", shop.legal_name, shop.gstin),
        format!("Bill to: {BILL_TO}"),
    ];
    paper("PURCHASE ORDER", &head, worth(order))
}

/// AJIO's invoice for goods that it gives back.
pub(crate) fn return_invoice(returned: &Return) -> Vec<u8> {
    let rsi = returned.rsi.as_ref();
    let head = [
        format!("RSI No.: {}", rsi.map_or("", |rsi| &rsi.number)),
        format!("Return: {}", returned.id),
        format!("Order: {}", returned.order_id),
        format!("Raised by: {BILL_TO}"),
    ];
    let rows = returned.items.iter().map(|item| Row {
        item: item.variant.title.clone(),
        hsn: item.variant.hsn,
        quantity: item.quantity,
        percent: item.variant.gst_percent,
        split: times(item.unit, item.quantity),
    });
    paper("RETURN SALES INVOICE", &head, rows.collect())
}

fn invoiced(order: &Order) -> impl Iterator<Item = &Line> {
    order.lines.iter().filter(|line| line.open() > 0)
}

fn worth(order: &Order) -> Vec<Row> {
    let rows = invoiced(order).map(|line| row(line, times(line.unit, line.open())));
    rows.collect()
}

fn row(line: &Line, split: Split) -> Row {
    Row {
        item: line.variant.title.clone(),
        hsn: line.variant.hsn,
        quantity: line.open(),
        percent: line.variant.gst_percent,
        split,
    }
}

fn times(unit: Split, units: u64) -> Split {
    Split {
        taxable: unit.taxable.saturating_mul(units),
        tax: match unit.tax {
            Tax::Integrated(tax) => Tax::Integrated(tax.saturating_mul(units)),
            Tax::Halves(half) => Tax::Halves(half.saturating_mul(units)),
        },
    }
}

fn paper(title: &str, head: &[String], rows: Vec<Row>) -> Vec<u8> {
    let (width, height) = A4;
    let mut canvas = Canvas::new(height);
    canvas.text(BOLD, 16.0, (40.0, 40.0), title);
    let lines = head.iter().map(String::as_str);
    let mut top = canvas.lines((REGULAR, 10.0), (40.0, 70.0), 14.0, lines) + 12.0;
    for (x, name) in COLUMNS {
        canvas.text(BOLD, 9.0, (x, top), name);
    }
    canvas.line((40.0, top + 13.0), (width - 40.0, top + 13.0));
    top += 18.0;
    let mut sum = 0_u64;
    for row in rows {
        let total = row.split.taxable.saturating_add(row.split.tax.total());
        sum = sum.saturating_add(total);
        let cells = [
            row.item,
            row.hsn.to_owned(),
            row.quantity.to_string(),
            amount(row.split.taxable),
            amount(row.split.tax.total()),
            format!("{} {}%", tax_name(row.split.tax), row.percent),
            amount(total),
        ];
        for ((x, _), cell) in COLUMNS.into_iter().zip(&cells) {
            canvas.text(REGULAR, 8.0, (x, top), cell);
        }
        top += 14.0;
    }
    canvas.line((40.0, top), (width - 40.0, top));
    canvas.text(BOLD, 10.0, (380.0, top + 6.0), "Total");
    canvas.text(BOLD, 10.0, (490.0, top + 6.0), &amount(sum));
    let page = Page {
        width,
        height,
        content: canvas.finish(),
        bars: None,
    };
    pdf::draw(title, std::iter::once(page))
}

fn tax_name(tax: Tax) -> &'static str {
    match tax {
        Tax::Integrated(_) => "IGST",
        Tax::Halves(_) => "GST",
    }
}
