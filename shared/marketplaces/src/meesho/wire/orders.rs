//! Tabs and order details.

use serde::{Deserialize, Serialize};

use super::{Rows, SupplierDetailsRef};
use crate::fields::Amount;

#[derive(Serialize)]
pub(in crate::meesho) struct OrderListRequest<'a> {
    pub(in crate::meesho) enable_hold: bool,
    pub(in crate::meesho) supplier_details: SupplierDetailsRef<'a>,
    pub(in crate::meesho) identifier: &'a str,
    pub(in crate::meesho) cursor: Option<&'a str>,
    pub(in crate::meesho) limit: usize,
    pub(in crate::meesho) status: u16,
    #[serde(rename = "type")]
    pub(in crate::meesho) kind: &'a str,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct OrderListPage {
    pub(in crate::meesho) cursor: Option<String>,
    pub(in crate::meesho) data: OrderListData,
}

/// Flat rows, or packets in the ready-to-ship tab.
#[derive(Deserialize)]
pub(in crate::meesho) struct OrderListData {
    #[serde(rename = "subOrders")]
    pub(in crate::meesho) sub_orders: Option<Rows>,
    pub(in crate::meesho) groups: Option<Rows>,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct SubOrder {
    pub(in crate::meesho) order_num: String,
    pub(in crate::meesho) sub_order_num: String,
    pub(in crate::meesho) product_sku: Option<String>,
    pub(in crate::meesho) name: Option<String>,
    pub(in crate::meesho) variation: Option<String>,
    pub(in crate::meesho) quantity: Option<u32>,
    pub(in crate::meesho) price: Option<Amount>,
    pub(in crate::meesho) created_iso: Option<String>,
    pub(in crate::meesho) expected_dispatch_date_iso: Option<String>,
    pub(in crate::meesho) cancelled_message: Option<String>,
    pub(in crate::meesho) hold_reason: Option<String>,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct PacketGroup {
    pub(in crate::meesho) carrier_name: Option<String>,
    pub(in crate::meesho) awb: Option<String>,
    pub(in crate::meesho) packet_id: Option<String>,
    pub(in crate::meesho) orders: Vec<PacketOrder>,
}

impl PacketGroup {
    pub(in crate::meesho) fn is_empty(&self) -> bool {
        self.orders
            .iter()
            .all(|order| order.sub_orders.0.is_empty())
    }
}

#[derive(Deserialize)]
pub(in crate::meesho) struct PacketOrder {
    pub(in crate::meesho) order_num: String,
    pub(in crate::meesho) created_iso: Option<String>,
    pub(in crate::meesho) sub_orders: Rows,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct PackedSubOrder {
    pub(in crate::meesho) sub_order_num: String,
    pub(in crate::meesho) product_sku: Option<String>,
    pub(in crate::meesho) name: Option<String>,
    pub(in crate::meesho) variation: Option<String>,
    pub(in crate::meesho) quantity: Option<u32>,
    pub(in crate::meesho) price: Option<Amount>,
    pub(in crate::meesho) expected_dispatch_date_iso: Option<String>,
}

#[derive(Serialize)]
pub(in crate::meesho) struct OrderDetailsRequest<'a> {
    pub(in crate::meesho) supplier_details: SupplierDetailsRef<'a>,
    pub(in crate::meesho) identifier: &'a str,
    pub(in crate::meesho) sub_order_nums: Vec<&'a str>,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct OrderDetailsResult {
    pub(in crate::meesho) data: Rows,
    pub(in crate::meesho) not_found: Vec<String>,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct OrderDetail {
    pub(in crate::meesho) order_num: String,
    pub(in crate::meesho) sub_order_num: String,
    pub(in crate::meesho) supplier_order_status: String,
    pub(in crate::meesho) hold_reason: Option<String>,
    pub(in crate::meesho) cancelled_by: Option<String>,
    pub(in crate::meesho) payment_mode: String,
    pub(in crate::meesho) customer_cod_amount: Option<Amount>,
    pub(in crate::meesho) total: Option<Amount>,
    pub(in crate::meesho) created_iso: Option<String>,
    pub(in crate::meesho) expected_dispatch_date_iso: Option<String>,
    pub(in crate::meesho) ship_by_iso: Option<String>,
    pub(in crate::meesho) address: Option<Address>,
    pub(in crate::meesho) products: Vec<DetailProduct>,
    pub(in crate::meesho) shipment: Option<ShipmentState>,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct Address {
    pub(in crate::meesho) name: Option<String>,
    pub(in crate::meesho) address_line_1: Option<String>,
    pub(in crate::meesho) address_line_2: Option<String>,
    pub(in crate::meesho) landmark: Option<String>,
    pub(in crate::meesho) city: Option<String>,
    pub(in crate::meesho) state: String,
    pub(in crate::meesho) pin: Option<String>,
    pub(in crate::meesho) mobile: Option<String>,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct DetailProduct {
    pub(in crate::meesho) product_sku: String,
    pub(in crate::meesho) name: Option<String>,
    pub(in crate::meesho) variation: Option<String>,
    pub(in crate::meesho) quantity: u32,
    pub(in crate::meesho) price: Amount,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct ShipmentState {
    pub(in crate::meesho) eligible: bool,
    pub(in crate::meesho) packet_id: Option<String>,
    pub(in crate::meesho) awb: Option<String>,
    pub(in crate::meesho) carrier_name: Option<String>,
    pub(in crate::meesho) label_available_at_iso: Option<String>,
}

/// As much of a row as is needed to say which order it is about.
#[derive(Deserialize)]
pub(in crate::meesho) struct RowNumber {
    pub(in crate::meesho) sub_order_num: String,
}
