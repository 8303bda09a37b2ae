//! Asking for an action on one order: the intent is written, nothing else. The table's stream
//! carries it on.

use std::collections::BTreeMap;
use std::time::Duration;

use haat_domain::{Action, Actor, MarketplaceId, Order, OrderId, Refusal, SellerId};
use haat_ports::{QueueError, ShipMessage, ShipQueue, Store, StoreError};
use jiff::Timestamp;

use crate::parcels::{NoParcel, parcel_of};
use crate::write_order::{self, WriteError};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The action.
    pub action: Action,
    /// For accepting: pieces that are not accepted, by the marketplace's key of the line. `None`:
    /// as it was asked for before, or all of them.
    pub without: Option<BTreeMap<String, u32>>,
}

impl From<Action> for Wish {
    fn from(action: Action) -> Self {
        Self {
            action,
            without: None,
        }
    }
}

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
    /// The order's marketplace cannot be asked for that.
    #[error("order {id}: {marketplace} cannot be asked for that ({}) through Haat", .action.word())]
    NotOffered {
        /// The order.
        id: OrderId,
        /// Its marketplace.
        marketplace: MarketplaceId,
        /// The action.
        action: Action,
    },
    /// The marketplace wants weight and size of the parcel.
    #[error("order {id}: {why}")]
    NoParcel {
        /// The order.
        id: OrderId,
        /// Which are missing, and where to set them.
        why: NoParcel,
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

/// Asks for something to be done with an order. Asking twice is harmless: there is one intent per
/// order and action, and asking again for one that is under way only makes the hub look sooner.
pub async fn ask(
    store: &dyn Store,
    queue: &dyn ShipQueue,
    seller: &SellerId,
    id: &OrderId,
    wish: &Wish,
    by: Actor,
    now: Timestamp,
) -> Result<AskOutcome, AskRefusal> {
    let found = store.orders(seller, std::slice::from_ref(id)).await?.pop();
    let mut order = found.ok_or_else(|| AskRefusal::NoSuchOrder(id.clone()))?;
    let action = wish.action;
    if order.allows(action).is_ok() {
        check_terms(store, &order, action).await?;
    }
    let mut refused = None;
    let new = write_order::change(store, &mut order, |order| {
        let asked = match &wish.without {
            Some(without) => order.ask_without(action, without.clone(), by.clone(), now),
            None => order.ask(action, by.clone(), now),
        };
        match asked {
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

/// What can be refused before anything is written: what the marketplace cannot be asked, and a
/// parcel whose weight and size it wants and nobody has said.
async fn check_terms(store: &dyn Store, order: &Order, action: Action) -> Result<(), AskRefusal> {
    let Some(account) = store.account(&order.seller, &order.id.account).await? else {
        return Ok(());
    };
    let id = order.id.clone();
    if !account.terms.actions.contains(&action) {
        let marketplace = order.marketplace.clone();
        return Err(AskRefusal::NotOffered {
            id,
            marketplace,
            action,
        });
    }
    if action == Action::Ship && account.terms.wants_parcel && order.stage.is_unpacked() {
        let parcel = parcel_of(store, order).await?;
        parcel.map_err(|why| AskRefusal::NoParcel { id, why })?;
    }
    Ok(())
}
