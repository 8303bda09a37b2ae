//! What a seller offers at a marketplace.

use serde::{Deserialize, Serialize};

use crate::{Paise, Sku};

/// One offer, as the marketplace lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The marketplace's key of it.
    pub key: OfferKey,
    /// The seller's key of the product: what stock is matched by.
    pub sku: Sku,
    /// Product name.
    pub title: String,
    /// Size or other variation.
    pub variation: Option<String>,
    /// Whether buyers see it.
    pub live: bool,
    /// What buyers pay, where the marketplace says.
    pub price: Option<Paise>,
    /// Maximum retail price, where the marketplace says.
    pub mrp: Option<Paise>,
    /// Pieces that can be bought, where the marketplace says.
    pub pieces: Option<u32>,
}

/// A marketplace's key of an offer: the product and one variant of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OfferKey {
    /// The product.
    pub product: String,
    /// The variant.
    pub variant: String,
}
