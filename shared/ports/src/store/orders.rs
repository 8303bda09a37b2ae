use std::collections::BTreeSet;

use async_trait::async_trait;
use haat_domain::{
    AccountId, Action, Awb, Order, OrderId, OrderNumber, Parked, ParkedKind, SellerId,
};
use jiff::Timestamp;

use super::StoreError;
use crate::Sealed;

/// Which list of orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Orders still to be handed over, by deadline, earliest first.
    Open,
    /// Orders shipped or cancelled, by when that was, latest first.
    Closed,
}

/// Which orders' numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// Still to be handed over.
    Open,
    /// Handed over since then, and still on their way.
    MovingSince(Timestamp),
}

/// A part of a list, and where the next part starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Opaque; `None` at the end.
    pub next: Option<String>,
}

/// Orders and their buyers.
#[async_trait]
pub trait OrderStore: Send + Sync {
    /// Writes an order over the version it was read with (0: it must not exist) and raises
    /// `order.version` by one.
    ///
    /// # Behavior
    /// - [`StoreError::Conflict`] when someone wrote meanwhile; nothing is written then.
    async fn put_order(&self, order: &mut Order) -> Result<(), StoreError>;

    /// Writes an order whose failed work on these actions is over, and forgets what was parked of it.
    ///
    /// # Behavior
    /// - Both happen or neither: an order never stays among what failed once its trouble is over.
    /// - Otherwise as [`OrderStore::put_order`].
    async fn put_order_and_unpark(
        &self,
        order: &mut Order,
        over: &[Action],
    ) -> Result<(), StoreError>;

    /// The orders that exist among `ids`, in any order.
    async fn orders(&self, seller: &SellerId, ids: &[OrderId]) -> Result<Vec<Order>, StoreError>;

    /// A part of a list of orders.
    ///
    /// # Behavior
    /// - `cursor` is a `next` of the same list and seller; any other text is treated as absent.
    /// - An order that changes between two parts may be seen twice or not at all.
    async fn list_orders(
        &self,
        seller: &SellerId,
        listing: Listing,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Order>, StoreError>;

    /// The numbers of an account's orders that are open, or on their way since so long.
    async fn numbers(
        &self,
        seller: &SellerId,
        account: &AccountId,
        which: Numbers,
    ) -> Result<BTreeSet<OrderNumber>, StoreError>;

    /// Makes an order findable by its AWB.
    async fn put_awb(
        &self,
        seller: &SellerId,
        awb: &Awb,
        order: &OrderId,
    ) -> Result<(), StoreError>;

    /// The order with this AWB.
    async fn order_of_awb(
        &self,
        seller: &SellerId,
        awb: &Awb,
    ) -> Result<Option<OrderId>, StoreError>;

    /// Stores the buyer, sealed; it vanishes after `expires_at`.
    async fn put_buyer(
        &self,
        seller: &SellerId,
        order: &OrderId,
        buyer: &Sealed,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// The buyer, sealed.
    async fn buyer(&self, seller: &SellerId, order: &OrderId)
    -> Result<Option<Sealed>, StoreError>;
}

/// What could not be processed.
#[async_trait]
pub trait ParkedStore: Send + Sync {
    /// Parks something, with its raw form when there is one. Parking the same again changes
    /// nothing; `true` when it is new.
    async fn park(&self, parked: &Parked, raw: Option<&Sealed>) -> Result<bool, StoreError>;

    /// One parked thing.
    async fn one_parked(
        &self,
        seller: &SellerId,
        account: &AccountId,
        kind: ParkedKind,
        key: &str,
    ) -> Result<Option<Parked>, StoreError>;

    /// What a seller has parked, oldest first.
    async fn parked(
        &self,
        seller: &SellerId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Parked>, StoreError>;

    /// Forgets a parked thing; `false` when it was not there.
    async fn unpark(
        &self,
        seller: &SellerId,
        account: &AccountId,
        kind: ParkedKind,
        key: &str,
    ) -> Result<bool, StoreError>;
}
