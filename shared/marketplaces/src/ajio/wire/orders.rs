//! Orders: the pendency, and orders read by id.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::PageInfo;
use crate::fields::Amount;

/// A page of orders: its rows still as text, so that one that cannot be read spoils no other.
#[derive(Deserialize)]
pub(in crate::ajio) struct OrderRows {
    pub(in crate::ajio) orders: Vec<Box<RawValue>>,
    pub(in crate::ajio) page: Option<PageInfo>,
}

/// What is read of a row that cannot be read otherwise.
#[derive(Deserialize)]
pub(in crate::ajio) struct RowNumber {
    pub(in crate::ajio) order_id: String,
}

#[derive(Deserialize)]
pub(in crate::ajio) struct PendencyOrder {
    pub(in crate::ajio) order_id: String,
    pub(in crate::ajio) order_date: i64,
    pub(in crate::ajio) carrier: Option<String>,
    pub(in crate::ajio) tracking_number: Option<String>,
    pub(in crate::ajio) payment_method: Option<String>,
    pub(in crate::ajio) total_amount: Option<Amount>,
    pub(in crate::ajio) dispatch_by: Option<i64>,
    pub(in crate::ajio) order_lines: Vec<PendencyLine>,
}

#[derive(Deserialize)]
pub(in crate::ajio) struct PendencyLine {
    pub(in crate::ajio) order_item_id: String,
    pub(in crate::ajio) ordered_quantity: u32,
    pub(in crate::ajio) unit_price: Option<Amount>,
    /// Printed with a blank inside the key on the page that shows it.
    #[serde(
        alias = "listing price",
        alias = "listing_ price",
        alias = "listing _price"
    )]
    pub(in crate::ajio) listing_price: Option<Amount>,
    pub(in crate::ajio) b2b_base_price: Option<Amount>,
    pub(in crate::ajio) b2b_tax: Option<Amount>,
    pub(in crate::ajio) item_details: ItemDetails,
}

#[derive(Deserialize)]
pub(in crate::ajio) struct ItemDetails {
    pub(in crate::ajio) item_code: Option<String>,
    pub(in crate::ajio) ean: Option<String>,
    pub(in crate::ajio) name: Option<String>,
    pub(in crate::ajio) color: Option<String>,
    pub(in crate::ajio) size: Option<String>,
}

#[derive(Deserialize)]
pub(in crate::ajio) struct Order {
    pub(in crate::ajio) order_id: String,
    pub(in crate::ajio) order_date: Option<i64>,
    pub(in crate::ajio) status: String,
    pub(in crate::ajio) carrier: Option<String>,
    pub(in crate::ajio) tracking_number: Option<String>,
    pub(in crate::ajio) payment_method: Option<String>,
    pub(in crate::ajio) po_number: Option<String>,
    pub(in crate::ajio) po_date: Option<i64>,
    pub(in crate::ajio) po_amount: Option<Amount>,
    pub(in crate::ajio) total_tax: Option<Amount>,
    pub(in crate::ajio) order_lines: Vec<OrderLine>,
}

#[derive(Deserialize)]
pub(in crate::ajio) struct OrderLine {
    pub(in crate::ajio) order_item_id: String,
    pub(in crate::ajio) quantity: u32,
    pub(in crate::ajio) item_base_price: Option<Amount>,
    pub(in crate::ajio) hsn: Option<String>,
    pub(in crate::ajio) customer_cancelled_qty: Option<u32>,
    pub(in crate::ajio) seller_cancelled_qty: Option<u32>,
    pub(in crate::ajio) seller_short_picked_qty: Option<u32>,
    pub(in crate::ajio) item_details: Option<ItemDetails>,
}
