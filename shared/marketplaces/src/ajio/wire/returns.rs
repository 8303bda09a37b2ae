//! Returns.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::PageInfo;

#[derive(Deserialize)]
pub(in crate::ajio) struct ReturnRows {
    pub(in crate::ajio) orders: Vec<Box<RawValue>>,
    pub(in crate::ajio) page: Option<PageInfo>,
}

/// What is read of a row that cannot be read otherwise.
#[derive(Deserialize)]
pub(in crate::ajio) struct ReturnKeys {
    pub(in crate::ajio) return_order_id: Option<String>,
    pub(in crate::ajio) order_id: Option<String>,
}

#[derive(Deserialize)]
pub(in crate::ajio) struct ReturnOrder {
    pub(in crate::ajio) return_order_id: String,
    pub(in crate::ajio) return_date: Option<i64>,
    pub(in crate::ajio) order_id: String,
    pub(in crate::ajio) return_status: String,
    pub(in crate::ajio) return_type: Option<String>,
    pub(in crate::ajio) tracking_number: Option<String>,
    pub(in crate::ajio) return_order_items: Vec<ReturnItem>,
}

#[derive(Deserialize)]
pub(in crate::ajio) struct ReturnItem {
    pub(in crate::ajio) return_item_id: String,
    pub(in crate::ajio) order_item_id: String,
    pub(in crate::ajio) return_quantity: u32,
    pub(in crate::ajio) cancelled_return_quantity: Option<u32>,
}

#[derive(Serialize)]
pub(in crate::ajio) struct QcRequest<'a> {
    pub(in crate::ajio) return_order_id: &'a str,
    pub(in crate::ajio) return_items: Vec<QcItem<'a>>,
}

#[derive(Serialize)]
pub(in crate::ajio) struct QcItem<'a> {
    pub(in crate::ajio) return_item_id: &'a str,
    pub(in crate::ajio) order_item_id: &'a str,
    pub(in crate::ajio) quantity: u32,
    pub(in crate::ajio) qc_code: QcCode,
    pub(in crate::ajio) reason: &'a str,
}

#[derive(Serialize)]
pub(in crate::ajio) struct RtoRequest<'a> {
    pub(in crate::ajio) order_id: &'a str,
    pub(in crate::ajio) order_items: Vec<RtoItem<'a>>,
}

#[derive(Serialize)]
pub(in crate::ajio) struct RtoItem<'a> {
    pub(in crate::ajio) item_id: &'a str,
    pub(in crate::ajio) order_item_id: &'a str,
    pub(in crate::ajio) quantity: u32,
    pub(in crate::ajio) qc_code: QcCode,
    pub(in crate::ajio) reason: &'a str,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::ajio) enum QcCode {
    Good,
    Bad,
    Missing,
}

#[derive(Deserialize)]
pub(in crate::ajio) struct RtoResult {
    pub(in crate::ajio) status: String,
    pub(in crate::ajio) return_order_id: Option<String>,
    pub(in crate::ajio) error_message: Option<String>,
}

#[derive(Deserialize)]
pub(in crate::ajio) struct ReturnSalesInvoice {
    pub(in crate::ajio) return_order_id: String,
    pub(in crate::ajio) forward_invoice_number: Option<String>,
    pub(in crate::ajio) rsi_number: Option<String>,
    pub(in crate::ajio) rsi_date: Option<i64>,
}

/// Without the data of an e-invoice: the seam has none, and the contract wants none.
#[derive(Serialize)]
pub(in crate::ajio) struct CreditNote<'a> {
    pub(in crate::ajio) return_order_id: &'a str,
    pub(in crate::ajio) credit_note_number: &'a str,
    pub(in crate::ajio) credit_note_date: i64,
    pub(in crate::ajio) credit_note_pdf_base64: String,
}
