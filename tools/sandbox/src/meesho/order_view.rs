//! An order as the control shows it.

use serde::Serialize;

use super::order::{CancelledBy, HoldReason, Order, PaymentMode, State};
use crate::clock;

/// An order as the sandbox sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderView {
    /// Whose.
    pub supplier_id: u64,
    /// `<order>_<n>`
    pub sub_order_num: String,
    /// Where it stands.
    pub state: State,
    /// Why it waits.
    pub hold_reason: Option<HoldReason>,
    /// Who ended it.
    pub cancelled_by: Option<CancelledBy>,
    /// How the buyer pays.
    pub payment: PaymentMode,
    /// The seller's key.
    pub sku: String,
    /// Pieces.
    pub quantity: u64,
    /// What the buyer pays in all, paise.
    pub total_paise: u64,
    /// The panel's name of the courier; decided before it is shown.
    pub carrier: String,
    /// AWB, once accepted.
    pub awb: Option<String>,
    /// Packet, once accepted.
    pub packet_id: Option<String>,
    /// Whether the panel was told that the label is stored.
    pub label_downloaded: bool,
    /// When the label window opens, once accepted.
    pub label_opens_at: Option<String>,
    /// Invented person.
    pub buyer_name: String,
    /// First line of the invented address.
    pub buyer_address: String,
    /// PIN of it.
    pub buyer_pin: String,
    /// Invented number.
    pub buyer_mobile: Option<String>,
    /// When it was ordered.
    pub ordered_at: String,
    /// Latest moment of dispatch, as the panel writes it.
    pub ship_by: String,
}

pub(crate) fn view(order: &Order, usual_label_delay: u32) -> OrderView {
    let parcel = order.parcel.as_ref();
    OrderView {
        supplier_id: order.supplier_id,
        sub_order_num: order.sub_order_num.clone(),
        state: order.state,
        hold_reason: order.hold_reason,
        cancelled_by: order.cancelled_by,
        payment: order.payment,
        sku: order.sku(),
        quantity: order.quantity,
        total_paise: order.total(),
        carrier: order.carrier.name.to_owned(),
        awb: parcel.map(|parcel| parcel.awb.clone()),
        packet_id: parcel.map(|parcel| parcel.packet_id.clone()),
        label_downloaded: order.label_downloaded,
        label_opens_at: order.label_opens_at(usual_label_delay).map(clock::iso),
        buyer_name: order.buyer.name.clone(),
        buyer_address: order.buyer.line_1.clone(),
        buyer_pin: order.buyer.pin.clone(),
        buyer_mobile: order.buyer.mobile.clone(),
        ordered_at: clock::iso(order.created),
        ship_by: clock::iso(order.ship_by()),
    }
}
