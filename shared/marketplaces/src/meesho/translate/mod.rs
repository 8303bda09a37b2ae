//! The panel's shapes in Haat's words. Pure: no call, no clock. What cannot be read is named by
//! its field and never quoted, for it may be the buyer's.

use std::str::FromStr;

use haat_domain::{DispatchBy, InvalidId, OrderLine, Secret, parse_marketplace_time};
use haat_ports::RefusedRow;
use jiff::Timestamp;
use jiff::civil::Time;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::wire::{Amount, RowNumber};

mod details;
mod jobs;
mod lists;
#[cfg(test)]
mod tests;

pub(super) use details::look_up;
pub(super) use jobs::{MAX_JOB_ID_BYTES, accept_jobs, label_jobs};
pub(super) use lists::page;

/// Largest row that is read, and most that is kept of one that is not. An item of the table holds
/// 400 KB, and a row that could not be stored would stop all others for ever.
const MAX_ROW_BYTES: usize = 64 << 10;
/// The same for a packet with all its rows.
const MAX_PACKET_BYTES: usize = 128 << 10;

/// Why a JSON text does not have the shape it should have, naming the field without its value.
pub(super) fn unreadable(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let path = error.path().to_string();
    let text = error.inner().to_string();
    match text.split(" at line ").next() {
        // Only this text of the parser's is free of the sender's values.
        Some(missing) if missing.starts_with("missing field") => format!("{path}: {missing}"),
        _ if error.inner().is_data() => format!("{path}: cannot be read"),
        _ => "the JSON ends too early or is not JSON".to_owned(),
    }
}

fn row<T: DeserializeOwned>(raw: &RawValue) -> Result<T, String> {
    row_within(MAX_ROW_BYTES, raw)
}

fn row_within<T: DeserializeOwned>(most: usize, raw: &RawValue) -> Result<T, String> {
    let bytes = raw.get().len();
    if bytes > most {
        return Err(format!(
            "it has {bytes} bytes, of which {most} are read at most"
        ));
    }
    let mut json = serde_json::Deserializer::from_str(raw.get());
    serde_path_to_error::deserialize(&mut json).map_err(|error| unreadable(&error))
}

fn refused(raw: &RawValue, reason: String) -> RefusedRow {
    let number = serde_json::from_str::<RowNumber>(raw.get()).ok();
    let raw = raw.get();
    let kept = raw.get(..raw.floor_char_boundary(MAX_ROW_BYTES));
    RefusedRow {
        number: number.and_then(|row| row.sub_order_num.parse().ok()),
        reason,
        raw: Secret::new(kept.unwrap_or_default()),
    }
}

fn id<T: FromStr<Err = InvalidId>>(field: &str, text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|wrong: InvalidId| format!("{field}: not a {}: {}", wrong.kind, wrong.rule))
}

/// An optional text; one without letters is none.
fn filled(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

fn instant(field: &str, text: Option<String>) -> Result<Option<Timestamp>, String> {
    filled(text)
        .map(|text| parse_marketplace_time(&text, Time::midnight()))
        .transpose()
        .map_err(|_| format!("{field}: neither an instant nor a day"))
}

fn dispatch(field: &str, text: Option<String>) -> Result<Option<DispatchBy>, String> {
    filled(text)
        .map(|text| DispatchBy::named(&text))
        .transpose()
        .map_err(|_| format!("{field}: neither an instant nor a day"))
}

/// What a row says of its product.
struct Product {
    sku: Option<String>,
    name: Option<String>,
    variation: Option<String>,
    quantity: Option<u32>,
    price: Option<Amount>,
}

impl Product {
    /// The order's lines: none where the row leaves out the SKU or the quantity, which the
    /// lists may do. The details of the order tell them then.
    fn lines(self) -> Result<Vec<OrderLine>, String> {
        let (Some(sku), Some(quantity)) = (filled(self.sku), self.quantity) else {
            return Ok(Vec::new());
        };
        if quantity == 0 {
            return Err("quantity: is 0".to_owned());
        }
        Ok(vec![OrderLine {
            title: filled(self.name).unwrap_or_else(|| sku.clone()),
            sku: id("product_sku", &sku)?,
            variation: filled(self.variation),
            quantity,
            cancelled: 0,
            price: self.price.map(|Amount(price)| price),
            item: None,
            supply: None,
            hsn: None,
        }])
    }
}
