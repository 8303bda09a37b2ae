//! The papers of an order, drawn from it alone: the same order gives the same bytes.
//!
//! What AJIO's own papers look like is not public; these are ours, with the texts that a courier, a
//! consumer and a picker need.

mod invoice;
mod label;
mod manifest;

pub(crate) use invoice::{STATE, consumer_invoice, purchase_order, return_invoice, seller_invoice};
pub(crate) use label::label;
pub(crate) use manifest::manifest;

/// A4 in points.
const A4: (f32, f32) = (595.0, 842.0);

fn amount(paise: u64) -> String {
    format!("Rs.{}", crate::gst::rupees(paise))
}
