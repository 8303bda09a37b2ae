use async_trait::async_trait;
use haat_domain::{AccountId, Offer, OfferKey, SellerId};

use super::{Page, StoreError};

/// What sellers offer, as their marketplaces list it.
#[async_trait]
pub trait OfferStore: Send + Sync {
    /// Keeps an offer; the last write wins.
    async fn put_offer(
        &self,
        seller: &SellerId,
        account: &AccountId,
        offer: &Offer,
    ) -> Result<(), StoreError>;

    /// The offers that are kept among these, in any order.
    async fn offers(
        &self,
        seller: &SellerId,
        account: &AccountId,
        keys: &[OfferKey],
    ) -> Result<Vec<Offer>, StoreError>;

    /// A part of an account's offers.
    async fn list_offers(
        &self,
        seller: &SellerId,
        account: &AccountId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Offer>, StoreError>;
}
