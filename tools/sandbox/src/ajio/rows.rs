//! Orders and outcomes as the API writes them. No row has a buyer in it.

use serde_json::{Value, json};

use super::{
    catalogue::{BRAND, Variant},
    order::{Line, Order, State},
    world::World,
};
use crate::gst::{Tax, rupees};

/// Rupees as a JSON number without a detour over floating point.
pub(crate) fn money(paise: u64) -> Value {
    let text = rupees(paise);
    let short = text.strip_suffix(".00").unwrap_or(&text);
    short.parse().map_or(Value::Null, Value::Number)
}

pub(crate) fn item_details(variant: &Variant) -> Value {
    json!({
        "item_code": variant.id,
        "ean": variant.ean,
        "name": variant.title,
        "brand_name": BRAND,
        "color": variant.color,
        "size": variant.size,
    })
}

/// A row of `listPendency`.
pub(crate) fn pending_row(order: &Order) -> Value {
    let lines = order.lines.iter().map(|line| {
        let variant = &line.variant;
        json!({
            "order_item_id": line.id,
            "ordered_quantity": line.ordered,
            "mrp": money(variant.mrp),
            "unit_price": money(variant.price),
            "listing_price": money(variant.price),
            "seller_discount": 0,
            "b2b_base_price": money(line.unit.taxable),
            "b2b_tax": money(line.unit.tax.total()),
            "item_details": item_details(variant),
        })
    });
    json!({
        "order_id": order.id,
        "order_date": order.created.as_second(),
        "carrier": "",
        "tracking_number": "",
        "payment_method": order.payment,
        "total_amount": money(order.total()),
        "dispatch_by": order.dispatch_by().as_second(),
        "order_lines": lines.collect::<Vec<_>>(),
    })
}

/// A row of `listOrders`.
pub(crate) fn order_row(world: &World, order: &Order) -> Value {
    let acknowledged = order.acknowledged.is_some() || order.state != State::Cancelled;
    let awb = order.parcel.as_ref().map_or("", |parcel| &parcel.awb);
    let lines: Vec<Value> = order.lines.iter().map(line_row).collect();
    let mut row = json!({
        "order_id": order.id,
        "order_date": order.created.as_second(),
        "status": order.state.word(),
        "carrier": if acknowledged { order.carrier.name } else { "" },
        "tracking_number": awb,
        "payment_method": order.payment,
        "po_number": "",
        "order_lines": lines,
    });
    if let (Some(po), Some(fields)) = (&order.po, row.as_object_mut()) {
        fields.insert("po_number".to_owned(), json!(po.number));
        fields.insert("po_date".to_owned(), json!(po.date.as_second()));
        fields.insert("po_amount".to_owned(), money(po.amount));
        fields.insert("total_tax".to_owned(), money(po.tax));
        let address = world.file("po", &po.number);
        fields.insert("po_pdf_url".to_owned(), json!(address));
    }
    row
}

fn line_row(line: &Line) -> Value {
    json!({
        "order_item_id": line.id,
        "quantity": line.ordered,
        "mrp": money(line.variant.mrp),
        "item_base_price": money(line.unit.taxable),
        "hsn": line.variant.hsn,
        "customer_cancelled_qty": line.customer_cancelled,
        "seller_cancelled_qty": line.seller_cancelled,
        "seller_short_picked_qty": line.short_picked,
        "tax_summary": tax_summary(line),
        "item_details": item_details(&line.variant),
    })
}

/// Taxes of the units that are still wanted.
fn tax_summary(line: &Line) -> Value {
    let percent = line.variant.gst_percent;
    let units = line.open();
    let (half, whole, half_percent, whole_percent) = match line.unit.tax {
        Tax::Integrated(tax) => (0, tax, json!(0), json!(percent)),
        Tax::Halves(half) => (half, 0, halved(percent), json!(0)),
    };
    json!({
        "cess_amount": 0,
        "cgst_amount": money(half.saturating_mul(units)),
        "sgst_amount": money(half.saturating_mul(units)),
        "igst_amount": money(whole.saturating_mul(units)),
        "cgst_percentage": half_percent,
        "sgst_percentage": half_percent,
        "igst_percentage": whole_percent,
    })
}

/// Half a whole percentage: 2.5 of 5.
fn halved(percent: u64) -> Value {
    // A percentage has no paise, but halves of it are written like money: 250 hundredths.
    money(percent.saturating_mul(50))
}

/// The word for so many failures among so many items.
pub(crate) fn outcome(failed: usize, of: usize) -> &'static str {
    match failed {
        0 => "SUCCESS",
        all if all == of => "FAILED",
        _ => "PARTIAL_SUCCESS",
    }
}
