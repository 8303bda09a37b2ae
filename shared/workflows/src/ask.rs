//! Asking for an action on one order: the intent is written, nothing else. The table's stream
//! carries it on.

use std::time::Duration;

use haat_domain::{Action, Actor, Order, OrderId, Refusal, SellerId};
use haat_ports::{QueueError, ShipMessage, ShipQueue, Store, StoreError};
use jiff::Timestamp;

use crate::write_order::{self, WriteError};

/// What asking did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskOutcome {
    /// The order as it is now.
    pub order: Order,
    /// Whether the intent is new; otherwise the hub was at work on it already and was nudged.
    pub new: bool,
}

/// Nothing was asked.
#[derive(Debug, thiserror::Error)]
pub enum AskRefusal {
    /// The seller has no such order.
    #[error("there is no order {0}")]
    NoSuchOrder(OrderId),
    /// The order does not take the action now.
    #[error("order {id}: {why}")]
    Refused {
        /// The order.
        id: OrderId,
        /// Why.
        why: Refusal,
    },
    /// The table failed.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The nudge could not be sent; the intent stands.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

impl From<StoreError> for AskRefusal {
    fn from(error: StoreError) -> Self {
        Self::Write(error.into())
    }
}

/// Asks for an action on an order. Asking twice is harmless: there is one intent per order and
/// action, and asking again for one that is under way only makes the hub look sooner.
pub async fn ask(
    store: &dyn Store,
    queue: &dyn ShipQueue,
    seller: &SellerId,
    id: &OrderId,
    action: Action,
    by: Actor,
    now: Timestamp,
) -> Result<AskOutcome, AskRefusal> {
    let found = store.orders(seller, std::slice::from_ref(id)).await?.pop();
    let mut order = found.ok_or_else(|| AskRefusal::NoSuchOrder(id.clone()))?;
    let mut refused = None;
    let new = write_order::change(store, &mut order, |order| {
        match order.ask(action, by.clone(), now) {
            Ok(new) => new,
            Err(why) => {
                refused = Some(why);
                false
            }
        }
    })
    .await?;
    if let Some(why) = refused {
        let id = id.clone();
        return Err(AskRefusal::Refused { id, why });
    }
    if !new {
        let nudge = ShipMessage {
            seller: seller.clone(),
            account: id.account.clone(),
            action,
            orders: vec![id.number.clone()],
            wake: None,
        };
        queue.send(&nudge, Duration::ZERO).await?;
    }
    Ok(AskOutcome { order, new })
}
