//! What a seller offers at a marketplace, and how much of it can be bought.

use async_trait::async_trait;
use haat_domain::{Offer, OfferKey};

use super::{Feed, FeedPage, MarketplaceError};

/// One page of offers.
pub type OfferPage = FeedPage<Offer>;

/// Reading offers. Nothing here creates or changes one.
#[async_trait]
pub trait Offers: Send + Sync {
    /// The feeds of offers.
    fn feeds(&self) -> &'static [Feed];

    /// One page of a feed; as [`Orders::page`](super::Orders::page).
    async fn page(&self, feed: Feed, cursor: Option<&str>) -> Result<OfferPage, MarketplaceError>;
}

/// How many pieces of an offer can be bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockLevel {
    /// The offer.
    pub offer: OfferKey,
    /// Pieces in all, never a change.
    pub pieces: u32,
}

/// A level that the marketplace did not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedLevel {
    /// The offer.
    pub offer: OfferKey,
    /// What the marketplace said.
    pub said: String,
}

/// Setting stock.
#[async_trait]
pub trait Stock: Send + Sync {
    /// Sets levels, at most [`Limits::stock`](super::Limits::stock). Gives those that the
    /// marketplace did not take; all others are set. Harmless to repeat.
    async fn set(&self, levels: &[StockLevel]) -> Result<Vec<RefusedLevel>, MarketplaceError>;
}
