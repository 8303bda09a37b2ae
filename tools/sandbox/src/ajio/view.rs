//! Orders as the control shows them.

use serde::Serialize;

use super::order::{CancelledBy, Line, Order, PaymentMethod, State};
use crate::clock;

/// An order as the double sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderView {
    /// Whose.
    pub pob: String,
    /// `S` and nine digits.
    pub order_id: String,
    /// Where it stands.
    pub state: State,
    /// Who ended it.
    pub cancelled_by: Option<CancelledBy>,
    /// How the consumer pays.
    pub payment: PaymentMethod,
    /// What was ordered.
    pub lines: Vec<LineView>,
    /// What the consumer pays for what is still wanted, paise.
    pub total_paise: u64,
    /// When it was ordered, seconds since 1970.
    pub order_date: i64,
    /// Latest moment of dispatch (assumed), seconds since 1970.
    pub dispatch_by: i64,
    /// AJIO's purchase order, once raised.
    pub po_number: Option<String>,
    /// What AJIO pays on it, tax included, paise.
    pub po_amount_paise: Option<u64>,
    /// The courier's name in the API; decided before it is shown.
    pub carrier: String,
    /// AWB, once packed.
    pub awb: Option<String>,
    /// The seller's invoice number in force, once packed.
    pub b2b_invoice: Option<String>,
    /// AJIO's invoice number to the consumer, once packed.
    pub b2c_invoice: Option<String>,
    /// Whether e-invoice data were posted.
    pub e_invoice: bool,
    /// The manifest that handed it over.
    pub manifest: Option<String>,
    /// When documents can be read, once packed.
    pub label_opens_at: Option<String>,
    /// Invented person; on papers only, never in an answer.
    pub buyer_name: String,
    /// First line of the invented address.
    pub buyer_address: String,
    /// PIN of it.
    pub buyer_pin: String,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineView {
    /// `<order>-<n>`
    pub order_item_id: String,
    /// `item_code`, which is the `variantId` (assumed).
    pub item_code: String,
    /// The seller's key in the catalogue.
    pub sku: String,
    /// EAN of the variant.
    pub ean: String,
    /// Units ordered.
    pub ordered: u64,
    /// Units that the consumer cancelled.
    pub customer_cancelled: u64,
    /// Units that the seller cancelled or did not confirm.
    pub seller_cancelled: u64,
    /// Units that were confirmed and not invoiced.
    pub short_picked: u64,
    /// What AJIO pays for one unit without tax, paise.
    pub base_paise: u64,
    /// The tax on it, paise.
    pub tax_paise: u64,
}

pub(crate) fn view(order: &Order, label_delay: u32) -> OrderView {
    let parcel = order.parcel.as_ref();
    OrderView {
        pob: order.pob.clone(),
        order_id: order.id.clone(),
        state: order.state,
        cancelled_by: order.cancelled_by,
        payment: order.payment,
        lines: order.lines.iter().map(line_view).collect(),
        total_paise: order.total(),
        order_date: order.created.as_second(),
        dispatch_by: order.dispatch_by().as_second(),
        po_number: order.po.as_ref().map(|po| po.number.clone()),
        po_amount_paise: order.po.as_ref().map(|po| po.amount),
        carrier: order.carrier.name.to_owned(),
        awb: parcel.map(|parcel| parcel.awb.clone()),
        b2b_invoice: parcel.map(|parcel| parcel.b2b_number.clone()),
        b2c_invoice: parcel.map(|parcel| parcel.b2c_number.clone()),
        e_invoice: order.e_invoice,
        manifest: order.manifest.clone(),
        label_opens_at: parcel
            .map(|parcel| clock::iso(clock::later(parcel.packed_at, i64::from(label_delay)))),
        buyer_name: order.buyer.name.clone(),
        buyer_address: order.buyer.line_1.clone(),
        buyer_pin: order.buyer.pin.clone(),
    }
}

fn line_view(line: &Line) -> LineView {
    LineView {
        order_item_id: line.id.clone(),
        item_code: line.variant.id.clone(),
        sku: line.variant.sku.clone(),
        ean: line.variant.ean.clone(),
        ordered: line.ordered,
        customer_cancelled: line.customer_cancelled,
        seller_cancelled: line.seller_cancelled,
        short_picked: line.short_picked,
        base_paise: line.unit.taxable,
        tax_paise: line.unit.tax.total(),
    }
}
