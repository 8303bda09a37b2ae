//! Writing an order, and all that hangs on it.

use haat_domain::{Action, Heard, Order, OrderId, OrderReport, Secret, SellerId};
use haat_ports::{Store, StoreError, VaultError};
use jiff::SignedDuration;

use crate::Hub;

/// Writes under way at once, where many orders are written.
pub(crate) const WRITERS: usize = 16;
/// How often a write that lost a race is decided again.
const TRIES: u32 = 5;
/// How long a buyer's name and address are kept: 180 days, like the labels that carry them.
const BUYER_KEPT: SignedDuration = SignedDuration::from_hours(180 * 24);

/// An order could not be written; nothing of it is lost, the caller's work is repeated.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The buyer could not be sealed.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Lets an order hear a report and writes it if that changed anything. Decides again when
/// someone else wrote meanwhile.
pub(crate) async fn hear(
    hub: &Hub,
    order: &mut Order,
    report: &OrderReport,
) -> Result<Heard, WriteError> {
    let now = hub.clock.now();
    if order.payment.is_none() {
        keep_buyer(hub, &order.seller, &order.id, report).await?;
    }
    change(hub.store.as_ref(), order, |order| {
        match order.hear(report, now) {
            Heard::Changed => true,
            Heard::Nothing => false,
        }
    })
    .await
    .map(|changed| {
        if changed {
            Heard::Changed
        } else {
            Heard::Nothing
        }
    })
}

/// Changes an order and writes it if `decide` says that something changed. On a lost race the
/// order is read again and `decide` runs again on what is there now.
pub(crate) async fn change(
    store: &dyn Store,
    order: &mut Order,
    mut decide: impl FnMut(&mut Order) -> bool + Send,
) -> Result<bool, WriteError> {
    let mut tries = 0_u32;
    loop {
        let before = order.clone();
        if !decide(order) {
            return Ok(false);
        }
        match put(store, &before, order).await {
            Ok(()) => return Ok(true),
            Err(WriteError::Store(StoreError::Conflict(_))) if tries < TRIES => {
                tries = tries.saturating_add(1);
                let ids = [order.id.clone()];
                if let Some(stored) = store.orders(&order.seller, &ids).await?.pop() {
                    *order = stored;
                }
            }
            Err(error) => return Err(error),
        }
    }
}

/// Writes a changed order, with its AWB before it, so that a crash in between leaves nothing that
/// the next attempt does not repeat. What was parked of its work goes with the same write: the next
/// attempt finds nothing changed any more.
pub(crate) async fn put(
    store: &dyn Store,
    before: &Order,
    order: &mut Order,
) -> Result<(), WriteError> {
    if let Some(shipment) = &order.shipment {
        let known = before.shipment.as_ref().map(|earlier| &earlier.awb);
        if order.version == 0 || known != Some(&shipment.awb) {
            store
                .put_awb(&order.seller, &shipment.awb, &order.id)
                .await?;
        }
    }
    let over: Vec<Action> = Action::ALL
        .into_iter()
        .filter(|action| before.has_failed(*action) && !order.has_failed(*action))
        .collect();
    if !over.is_empty() {
        return Ok(store.put_order_and_unpark(order, &over).await?);
    }
    Ok(store.put_order(order).await?)
}

/// Stores the buyer that a report names, sealed, before the order says that it is complete.
pub(crate) async fn keep_buyer(
    hub: &Hub,
    seller: &SellerId,
    order: &OrderId,
    report: &OrderReport,
) -> Result<(), WriteError> {
    let Some(buyer) = report
        .detail
        .as_ref()
        .and_then(|detail| detail.buyer.as_ref())
    else {
        return Ok(());
    };
    let Ok(json) = serde_json::to_string(buyer) else {
        return Ok(());
    };
    let sealed = hub
        .vault
        .seal(seller, &buyer_place(order), &Secret::new(json))
        .await?;
    let now = hub.clock.now();
    let until = now.saturating_add(BUYER_KEPT).unwrap_or(now);
    hub.store.put_buyer(seller, order, &sealed, until).await?;
    Ok(())
}

/// The place a buyer is sealed for.
pub(crate) fn buyer_place(order: &OrderId) -> String {
    format!("order/{order}/buyer")
}
