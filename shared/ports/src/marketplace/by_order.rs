//! Shipping where each order has calls of its own.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use haat_domain::{InvoiceNumber, Order, OrderNumber, OrderReport, Parcel};
use jiff::{SignedDuration, Timestamp};

use super::{MarketplaceError, RefusedOrder};
use crate::Pace;

/// What is told when an order is packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packing {
    /// Weight and size.
    pub parcel: Parcel,
    /// The seller's own number of the invoice; `None` where the marketplace numbers it.
    pub invoice: Option<InvoiceNumber>,
    /// The day of the invoice.
    pub invoiced_at: Timestamp,
}

/// Shipping order by order.
///
/// # Behavior
/// - No call repeats itself. After a request may have been sent, a lost answer is
///   [`ErrorKind::Ambiguous`](super::ErrorKind::Ambiguous): the caller looks the order up before
///   he asks again.
/// - What the marketplace refuses is [`ErrorKind::Rejected`](super::ErrorKind::Rejected), also when
///   the refusal comes inside of a good answer.
/// - What it is not ready to give yet is [`ErrorKind::NotReady`](super::ErrorKind::NotReady).
#[async_trait]
pub trait ShippingByOrder: Send + Sync {
    /// Accepts an order, without these pieces of these lines (the line's
    /// [`OrderLine::item`](haat_domain::OrderLine::item), pieces). Not all of them: that is
    /// cancelling.
    async fn accept(
        &self,
        order: &Order,
        without: &BTreeMap<String, u32>,
    ) -> Result<(), MarketplaceError>;

    /// Cancels an order in the seller's name.
    async fn cancel(&self, order: &Order) -> Result<(), MarketplaceError>;

    /// How long after acceptance the marketplace may take for its purchase order, without which
    /// nothing can be packed; `None` where there is none.
    fn purchase_order_within(&self) -> Option<SignedDuration>;

    /// Packs an order: bills it and gets its AWB. Gives what the marketplace says of it then.
    async fn pack(&self, order: &Order, packing: &Packing)
    -> Result<OrderReport, MarketplaceError>;

    /// The label of a packed order.
    ///
    /// # Behavior
    /// - Gives bytes that begin like a PDF and are no larger than the limit, or an error.
    /// - The same order has the same label.
    async fn label(&self, number: &OrderNumber) -> Result<Vec<u8>, MarketplaceError>;

    /// The marketplace's invoice to the buyer, for the parcel; `None` where there is none. Bytes as
    /// of [`ShippingByOrder::label`].
    async fn invoice(&self, number: &OrderNumber) -> Result<Option<Vec<u8>>, MarketplaceError>;

    /// Says that parcels may be fetched, at most [`Limits::look_up`](super::Limits::look_up).
    /// Gives those that the marketplace did not take. Harmless to repeat.
    async fn make_ready(
        &self,
        numbers: &[OrderNumber],
    ) -> Result<Vec<RefusedOrder>, MarketplaceError>;

    /// Whether this account may ship, asked without changing anything. Not allowed is
    /// [`ErrorKind::Rejected`](super::ErrorKind::Rejected), with what to do.
    async fn may_ship(&self) -> Result<(), MarketplaceError>;

    /// How long the marketplace may take for a paper of an order that it has packed, before somebody
    /// should look after it.
    fn paper_takes(&self) -> Duration;

    /// How many orders are done in how much time: what estimates are made of.
    fn pace(&self) -> Pace;
}
