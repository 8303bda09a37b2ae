//! Work that was asked for long ago and is neither done nor given up.

use haat_domain::{Action, Order, OrderId, SellerId};
use haat_ports::{Listing, OrderStore, StoreError};
use jiff::{SignedDuration, Timestamp};

/// How long an accept or a label usually takes at most.
const USUAL: SignedDuration = SignedDuration::from_mins(30);
/// Open orders that are looked through, the most urgent first: what is stuck ends up among them,
/// because its deadline comes nearer.
const LOOKED_THROUGH: u32 = 300;

/// One thing that waits for longer than usual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The order.
    pub order: OrderId,
    /// What was asked for.
    pub action: Action,
    /// When.
    pub asked_at: Timestamp,
    /// What it waits for, where the hub has got that far.
    pub reason: Option<String>,
}

/// What the hub is still at work on though it was asked for over half an hour ago, the oldest
/// first. Asking again makes the hub look at it anew.
pub async fn waiting_work(
    store: &dyn OrderStore,
    seller: &SellerId,
    now: Timestamp,
) -> Result<Vec<Waiting>, StoreError> {
    let page = store
        .list_orders(seller, Listing::Open, None, LOOKED_THROUGH)
        .await?;
    let mut waiting: Vec<Waiting> = page
        .items
        .iter()
        .flat_map(|order| Action::ALL.map(|action| waits(order, action)))
        .flatten()
        .filter(|one| now.duration_since(one.asked_at) > USUAL)
        .collect();
    waiting.sort_by(|a, b| (a.asked_at, &a.order).cmp(&(b.asked_at, &b.order)));
    Ok(waiting)
}

fn waits(order: &Order, action: Action) -> Option<Waiting> {
    let intent = order.intent(action).filter(|_| order.wants(action))?;
    Some(Waiting {
        order: order.id.clone(),
        action,
        asked_at: intent.asked_at,
        reason: intent.reason.clone(),
    })
}
