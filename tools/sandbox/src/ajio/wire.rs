//! Requests as the contract shapes them. Written from the contract alone and shared with nobody.

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error},
};

use super::{operation::Operation, refusal, returns::QcCode};
use crate::{call, reply::Reply};

/// One request to the API or to a file.
pub(crate) type Call = call::Call<Operation>;

impl Call {
    /// The body, or the 400 that says what is wrong with it.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Reply> {
        serde_json::from_slice(&self.body)
            .map_err(|error| refusal::bad_request("body", &error.to_string()))
    }

    /// A query value, decoded; an empty one is none.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.query(name).map(decode).filter(|text| !text.is_empty())
    }

    /// A query value that must be there.
    pub(crate) fn needed(&self, name: &str) -> Result<String, Reply> {
        self.text(name)
            .ok_or_else(|| refusal::bad_request(name, "is missing"))
    }
}

/// `%2C` and `+` as what they mean; a broken escape stays as it is.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = after
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escaped {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Text that is not empty.
fn filled<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    match text.is_empty() {
        true => Err(D::Error::custom("a text is empty")),
        false => Ok(text),
    }
}

/// An order's id: 1 to 64 characters.
fn order_id<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = filled(from)?;
    match text.chars().count() {
        ..=64 => Ok(text),
        _ => Err(D::Error::custom("an order id is too long")),
    }
}

/// A list that is not empty.
fn listed<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    let items = Vec::deserialize(from)?;
    match items.is_empty() {
        true => Err(D::Error::custom("a list is empty")),
        false => Ok(items),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    #[serde(deserialize_with = "filled")]
    pub(crate) username: String,
    #[serde(deserialize_with = "filled")]
    pub(crate) password: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InventoryUpdate {
    #[serde(rename = "inventoryList", deserialize_with = "listed")]
    pub(crate) inventory_list: Vec<InventoryLine>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct InventoryLine {
    #[serde(deserialize_with = "filled")]
    pub(crate) product_id: String,
    #[serde(deserialize_with = "filled")]
    pub(crate) variant_id: String,
    pub(crate) inventory: LooseInt,
    #[serde(rename = "hsnCode")]
    pub(crate) _hsn_code: Option<String>,
    #[serde(rename = "facilityCode")]
    pub(crate) _facility_code: Option<String>,
}

/// A count as number or as text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum LooseInt {
    Number(u64),
    Text(String),
}

impl LooseInt {
    pub(crate) fn count(&self) -> Option<u64> {
        match self {
            Self::Number(count) => Some(*count),
            Self::Text(text) => {
                let digits =
                    (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
                text.parse().ok().filter(|_| digits)
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AckRequest {
    #[serde(deserialize_with = "order_id")]
    pub(crate) order_id: String,
    pub(crate) status: AckStatus,
    #[serde(deserialize_with = "listed")]
    pub(crate) order_lines: Vec<AckLine>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, serde::Serialize)]
pub(crate) enum AckStatus {
    Acknowledge,
    Cancel,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AckLine {
    #[serde(deserialize_with = "filled")]
    pub(crate) order_item_id: String,
    pub(crate) confirmed_quantity: u64,
    pub(crate) cancelled_quantity: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelRequest {
    #[serde(deserialize_with = "order_id")]
    pub(crate) order_id: String,
    #[serde(rename = "reason")]
    pub(crate) _reason: Option<CancelReason>,
    #[serde(deserialize_with = "listed")]
    pub(crate) order_lines: Vec<CancelLine>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum CancelReason {
    OutOfStock,
    Damaged,
    PriceError,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelLine {
    #[serde(deserialize_with = "filled")]
    pub(crate) order_item_id: String,
    pub(crate) cancelled_quantity: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct B2bInvoiceRequest {
    #[serde(deserialize_with = "order_id")]
    pub(crate) order_id: String,
    #[serde(deserialize_with = "filled")]
    pub(crate) po_number: String,
    pub(crate) invoice_number: Option<String>,
    pub(crate) invoice_date: Option<u64>,
    pub(crate) weight_grams: u64,
    pub(crate) length_cm: f64,
    pub(crate) breadth_cm: f64,
    pub(crate) height_cm: f64,
    #[serde(deserialize_with = "listed")]
    pub(crate) order_lines: Vec<InvoiceLine>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvoiceLine {
    #[serde(deserialize_with = "filled")]
    pub(crate) order_item_id: String,
    pub(crate) invoiced_quantity: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EInvoice {
    #[serde(deserialize_with = "order_id")]
    pub(crate) order_id: String,
    pub(crate) po_number: String,
    pub(crate) invoice_number: String,
    pub(crate) irn: Option<String>,
    #[serde(rename = "ack_number")]
    pub(crate) _ack_number: Option<String>,
    #[serde(rename = "ack_date")]
    pub(crate) _ack_date: Option<u64>,
    #[serde(rename = "signed_qr_code")]
    pub(crate) _signed_qr_code: Option<String>,
    #[serde(rename = "invoice_pdf_base64")]
    pub(crate) _invoice_pdf_base64: Option<String>,
    #[serde(rename = "invoice_url")]
    pub(crate) _invoice_url: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadyRequest {
    #[serde(deserialize_with = "listed")]
    pub(crate) order_ids: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ManifestRequest {
    #[serde(deserialize_with = "filled")]
    pub(crate) carrier: String,
    #[serde(deserialize_with = "listed")]
    pub(crate) manifest_items: Vec<ManifestItem>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ManifestItem {
    #[serde(deserialize_with = "order_id")]
    pub(crate) order_id: String,
    #[serde(deserialize_with = "filled")]
    pub(crate) tracking_number: String,
    pub(crate) invoice_number: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RtoRequest {
    #[serde(deserialize_with = "order_id")]
    pub(crate) order_id: String,
    #[serde(deserialize_with = "listed")]
    pub(crate) order_items: Vec<RtoItem>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RtoItem {
    pub(crate) item_id: String,
    #[serde(deserialize_with = "filled")]
    pub(crate) order_item_id: String,
    pub(crate) quantity: u64,
    pub(crate) qc_code: QcCode,
    #[serde(rename = "reason")]
    pub(crate) _reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QcRequest {
    #[serde(deserialize_with = "filled")]
    pub(crate) return_order_id: String,
    #[serde(deserialize_with = "listed")]
    pub(crate) return_items: Vec<QcItem>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QcItem {
    pub(crate) return_item_id: String,
    #[serde(deserialize_with = "filled")]
    pub(crate) order_item_id: String,
    pub(crate) quantity: u64,
    pub(crate) qc_code: QcCode,
    #[serde(rename = "reason")]
    pub(crate) _reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreditNote {
    #[serde(deserialize_with = "filled")]
    pub(crate) return_order_id: String,
    #[serde(deserialize_with = "filled")]
    pub(crate) credit_note_number: String,
    #[serde(rename = "credit_note_date")]
    pub(crate) _credit_note_date: u64,
    #[serde(rename = "irn")]
    pub(crate) _irn: Option<String>,
    #[serde(rename = "ack_number")]
    pub(crate) _ack_number: Option<String>,
    #[serde(rename = "ack_date")]
    pub(crate) _ack_date: Option<u64>,
    #[serde(rename = "signed_qr_code")]
    pub(crate) _signed_qr_code: Option<String>,
    #[serde(rename = "credit_note_pdf_base64")]
    pub(crate) _credit_note_pdf_base64: Option<String>,
    #[serde(rename = "credit_note_pdf_url")]
    pub(crate) _credit_note_pdf_url: Option<String>,
}
