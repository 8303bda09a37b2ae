//! Products, and setting their stock.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::fields::Amount;

#[derive(Deserialize)]
pub(in crate::ajio) struct ProductRows {
    pub(in crate::ajio) products: Vec<Box<RawValue>>,
}

/// A product: its variants still as text, so that one that cannot be read spoils no other.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::ajio) struct Product {
    pub(in crate::ajio) id: String,
    pub(in crate::ajio) parent_title: Option<String>,
    pub(in crate::ajio) variants: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::ajio) struct Variant {
    pub(in crate::ajio) variant_id: String,
    pub(in crate::ajio) sku: String,
    pub(in crate::ajio) title: Option<String>,
    pub(in crate::ajio) size: Option<String>,
    pub(in crate::ajio) color: Option<String>,
    pub(in crate::ajio) live: Option<bool>,
    pub(in crate::ajio) item_price: Option<ItemPrice>,
    pub(in crate::ajio) inventory: Option<Pieces>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::ajio) struct ItemPrice {
    pub(in crate::ajio) listing_price: Option<Amount>,
    pub(in crate::ajio) mrp: Option<Amount>,
}

/// A count that the contract types as any number; nothing where it counts no whole pieces.
pub(in crate::ajio) struct Pieces(pub(in crate::ajio) Option<u32>);

impl<'de> Deserialize<'de> for Pieces {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        let whole = match text.split_once('.') {
            Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole,
            Some(_) | None => text,
        };
        Ok(Self(whole.parse().ok()))
    }
}

#[derive(Serialize)]
pub(in crate::ajio) struct InventoryUpdate<'a> {
    #[serde(rename = "inventoryList")]
    pub(in crate::ajio) inventory_list: Vec<InventoryItem<'a>>,
}

/// No `facilityCode`: a POB is one place.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::ajio) struct InventoryItem<'a> {
    pub(in crate::ajio) product_id: &'a str,
    pub(in crate::ajio) variant_id: &'a str,
    /// As text, as the generic page types it.
    pub(in crate::ajio) inventory: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::ajio) struct InventoryResult {
    pub(in crate::ajio) status: String,
    #[serde(default)]
    pub(in crate::ajio) failed_product_list: Vec<FailedProduct>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::ajio) struct FailedProduct {
    pub(in crate::ajio) product_id: String,
    pub(in crate::ajio) variant_id: String,
    pub(in crate::ajio) message: String,
}
