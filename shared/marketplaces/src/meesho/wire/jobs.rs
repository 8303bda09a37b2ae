//! Accept jobs and label jobs.

use serde::{Deserialize, Serialize};

use super::{Rows, SupplierDetailsRef};

#[derive(Serialize)]
pub(in crate::meesho) struct AcceptRequest<'a> {
    pub(in crate::meesho) supplier_details: SupplierDetailsRef<'a>,
    pub(in crate::meesho) current_status: u16,
    pub(in crate::meesho) requested_status: u16,
    pub(in crate::meesho) max_transitions: usize,
    pub(in crate::meesho) groups: Vec<AcceptGroup<'a>>,
}

#[derive(Serialize)]
pub(in crate::meesho) struct AcceptGroup<'a> {
    pub(in crate::meesho) grouping_key: String,
    pub(in crate::meesho) sub_order_ids: [String; 1],
    pub(in crate::meesho) shipment_type: &'a str,
}

#[derive(Serialize)]
pub(in crate::meesho) struct LabelRequest<'a> {
    pub(in crate::meesho) supplier_details: SupplierDetailsRef<'a>,
    pub(in crate::meesho) identifier: &'a str,
    pub(in crate::meesho) enable_hold: bool,
    pub(in crate::meesho) include_all: bool,
    pub(in crate::meesho) current_status: u16,
    pub(in crate::meesho) requested_status: u16,
    pub(in crate::meesho) max_transitions: usize,
    pub(in crate::meesho) filter: LabelFilter,
}

#[derive(Serialize)]
pub(in crate::meesho) struct LabelFilter {
    pub(in crate::meesho) label_downloaded: Flag,
}

#[derive(Serialize)]
pub(in crate::meesho) struct Flag {
    pub(in crate::meesho) status: bool,
}

#[derive(Deserialize, Serialize)]
pub(in crate::meesho) struct JobStarted {
    pub(in crate::meesho) request_id: String,
}

#[derive(Serialize)]
pub(in crate::meesho) struct JobRef<'a> {
    pub(in crate::meesho) supplier_id: u64,
    pub(in crate::meesho) identifier: &'a str,
    pub(in crate::meesho) request_id: &'a str,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct Success {
    pub(in crate::meesho) success: Option<bool>,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct AcceptHistory {
    pub(in crate::meesho) data: Rows,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct AcceptJob {
    pub(in crate::meesho) request_id: String,
    pub(in crate::meesho) progress_percent: f64,
    pub(in crate::meesho) processed_orders_count: Option<u64>,
    pub(in crate::meesho) error_message: Option<String>,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct LabelHistory {
    pub(in crate::meesho) data: Rows,
    pub(in crate::meesho) polling_time_ms: Option<u64>,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct LabelJobRow {
    pub(in crate::meesho) request_id: String,
    pub(in crate::meesho) status: String,
    pub(in crate::meesho) status_message: Option<String>,
    pub(in crate::meesho) error_message: Option<String>,
    pub(in crate::meesho) success_suborder_count: Option<u32>,
    pub(in crate::meesho) label_url: Option<String>,
}
