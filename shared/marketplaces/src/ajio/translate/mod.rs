//! AJIO's shapes in Haat's words. Pure: no call, no clock. What cannot be read is named by its
//! field and never quoted.

use haat_domain::{Packet, PaymentMode, Sku};
use jiff::Timestamp;

use super::profile::{Profile, SkuField};
use super::wire::ItemDetails;
use crate::fields::{filled, id};

mod offers;
mod orders;
mod outcomes;
mod packed;
mod returns;
#[cfg(test)]
mod tests;

pub(super) use offers::{offers, refused_levels};
pub(super) use orders::{all_orders, asked_orders, pendency};
pub(super) use outcomes::{Trouble, acknowledged, closed, done, not_taken};
pub(super) use packed::packed;
pub(super) use returns::{announced, returns, sales_invoice};

/// Epoch seconds. Where there is nothing to say, some fields hold 0.
fn instant(field: &str, seconds: Option<i64>) -> Result<Option<Timestamp>, String> {
    seconds
        .filter(|seconds| *seconds != 0)
        .map(Timestamp::from_second)
        .transpose()
        .map_err(|_| format!("{field}: not a time in seconds"))
}

/// The seller's SKU: no field of AJIO's is called so, the profile says which it is.
fn sku(profile: &Profile, details: &ItemDetails) -> Result<Sku, String> {
    let (field, text) = match profile.sku_field {
        SkuField::ItemCode => ("item_details.item_code", &details.item_code),
        SkuField::Ean => ("item_details.ean", &details.ean),
    };
    let text = filled(text.clone()).ok_or_else(|| format!("{field}: missing field"))?;
    id(field, &text)
}

/// Colour and size, as far as they are told.
fn variation(color: Option<String>, size: Option<String>) -> Option<String> {
    let told: Vec<_> = [color, size].into_iter().filter_map(filled).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

/// The parcel, once there is one.
fn packet(carrier: Option<String>, tracking: Option<String>) -> Result<Option<Packet>, String> {
    let awb = filled(tracking).map(|awb| id("tracking_number", &awb));
    let (awb, courier) = (awb.transpose()?, filled(carrier));
    if awb.is_none() && courier.is_none() {
        return Ok(None);
    }
    Ok(Some(Packet {
        awb,
        courier,
        ..Packet::default()
    }))
}

/// How an order is paid. A text that we do not know is prepaid: nobody collects money on a guess.
fn payment(profile: &Profile, order: &str, word: Option<String>) -> Option<PaymentMode> {
    let word = filled(word)?;
    Some(profile.payment(&word).unwrap_or_else(|| {
        tracing::warn!(order, "ajio: unknown payment method, taken for prepaid");
        PaymentMode::Prepaid
    }))
}
