//! The panel's shapes in Haat's words. Pure: no call, no clock. What cannot be read is named by
//! its field and never quoted, for it may be the buyer's.

use haat_domain::{DispatchBy, OrderLine, parse_marketplace_time};
use haat_ports::RefusedRow;
use jiff::Timestamp;
use jiff::civil::Time;
use serde_json::value::RawValue;

use super::wire::RowNumber;
use crate::fields::{Amount, filled, id};
use crate::rows;

mod details;
mod jobs;
mod lists;
#[cfg(test)]
mod tests;

pub(super) use details::look_up;
pub(super) use jobs::{MAX_JOB_ID_BYTES, accept_jobs, label_jobs};
pub(super) use lists::page;

/// Largest packet that is read, with all its rows.
const MAX_PACKET_BYTES: usize = 128 << 10;

fn refused(raw: &RawValue, reason: String) -> RefusedRow {
    let number = serde_json::from_str::<RowNumber>(raw.get()).ok();
    rows::refused(raw, number.map(|row| row.sub_order_num), reason)
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
