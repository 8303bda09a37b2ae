//! Acknowledging, cancelling, packing, papers and manifests.

use serde::{Deserialize, Serialize, Serializer, ser};
use serde_json::value::RawValue;

use super::FailedItem;

#[derive(Serialize)]
pub(in crate::ajio) struct AckRequest<'a> {
    pub(in crate::ajio) order_id: &'a str,
    pub(in crate::ajio) status: AckWord,
    pub(in crate::ajio) order_lines: Vec<AckLine<'a>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(in crate::ajio) enum AckWord {
    Acknowledge,
    Cancel,
}

#[derive(Serialize)]
pub(in crate::ajio) struct AckLine<'a> {
    pub(in crate::ajio) order_item_id: &'a str,
    pub(in crate::ajio) confirmed_quantity: u32,
    pub(in crate::ajio) cancelled_quantity: u32,
}

#[derive(Deserialize)]
pub(in crate::ajio) struct AckResult {
    pub(in crate::ajio) success: Vec<AckedOrder>,
    pub(in crate::ajio) failed_items: Vec<FailedItem>,
}

#[derive(Deserialize)]
pub(in crate::ajio) struct AckedOrder {
    pub(in crate::ajio) order_id: String,
    pub(in crate::ajio) order_status: String,
}

#[derive(Serialize)]
pub(in crate::ajio) struct CancelRequest<'a> {
    pub(in crate::ajio) order_id: &'a str,
    pub(in crate::ajio) reason: &'a str,
    pub(in crate::ajio) order_lines: Vec<CancelLine<'a>>,
}

#[derive(Serialize)]
pub(in crate::ajio) struct CancelLine<'a> {
    pub(in crate::ajio) order_item_id: &'a str,
    pub(in crate::ajio) cancelled_quantity: u32,
}

#[derive(Serialize)]
pub(in crate::ajio) struct B2bInvoiceRequest<'a> {
    pub(in crate::ajio) order_id: &'a str,
    pub(in crate::ajio) po_number: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::ajio) invoice_number: Option<&'a str>,
    pub(in crate::ajio) invoice_date: i64,
    pub(in crate::ajio) weight_grams: u32,
    pub(in crate::ajio) length_cm: Centimetres,
    pub(in crate::ajio) breadth_cm: Centimetres,
    pub(in crate::ajio) height_cm: Centimetres,
    pub(in crate::ajio) order_lines: Vec<InvoiceLine<'a>>,
}

#[derive(Serialize)]
pub(in crate::ajio) struct InvoiceLine<'a> {
    pub(in crate::ajio) order_item_id: &'a str,
    pub(in crate::ajio) invoiced_quantity: u32,
}

/// Millimetres, written as centimetres to the digit.
pub(in crate::ajio) struct Centimetres(pub(in crate::ajio) u32);

impl Serialize for Centimetres {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let whole = self.0.checked_div(10).unwrap_or_default();
        let text = match self.0.checked_rem(10) {
            None | Some(0) => whole.to_string(),
            Some(tenths) => format!("{whole}.{tenths}"),
        };
        let number = RawValue::from_string(text).map_err(ser::Error::custom)?;
        number.serialize(serializer)
    }
}

#[derive(Deserialize)]
pub(in crate::ajio) struct B2bInvoiceResult {
    pub(in crate::ajio) status: String,
    pub(in crate::ajio) order_id: String,
    pub(in crate::ajio) order_status: Option<String>,
    pub(in crate::ajio) invoice_number: Option<String>,
    pub(in crate::ajio) invoice_date: Option<i64>,
    pub(in crate::ajio) carrier: Option<String>,
    pub(in crate::ajio) tracking_number: Option<String>,
    pub(in crate::ajio) error_message: Option<String>,
}

/// A paper in JSON: exactly one of content and address.
#[derive(Deserialize)]
pub(in crate::ajio) struct Document {
    pub(in crate::ajio) reference: String,
    pub(in crate::ajio) document_type: String,
    pub(in crate::ajio) content_base64: Option<String>,
    pub(in crate::ajio) url: Option<String>,
}

#[derive(Serialize)]
pub(in crate::ajio) struct ReadyRequest<'a> {
    pub(in crate::ajio) order_ids: Vec<&'a str>,
}

#[derive(Serialize)]
pub(in crate::ajio) struct ManifestRequest<'a> {
    pub(in crate::ajio) carrier: &'a str,
    pub(in crate::ajio) manifest_items: Vec<ManifestItem<'a>>,
}

#[derive(Serialize)]
pub(in crate::ajio) struct ManifestItem<'a> {
    pub(in crate::ajio) order_id: &'a str,
    pub(in crate::ajio) tracking_number: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::ajio) invoice_number: Option<&'a str>,
}

#[derive(Deserialize)]
pub(in crate::ajio) struct ManifestResult {
    pub(in crate::ajio) status: String,
    pub(in crate::ajio) manifest_id: Option<String>,
    pub(in crate::ajio) failed_items: Vec<FailedItem>,
}
