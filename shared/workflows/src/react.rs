//! What a change of an order leads to. It reads what is there now, so doubled, late and
//! reordered changes are harmless.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use haat_domain::{AccountId, Action, Actor, Order, OrderId, OrderNumber, SellerId, Stage};
use haat_ports::{QueueError, ShipMessage, ShipQueue, Store, StoreError};
use jiff::Timestamp;

use crate::write_order::{self, WRITERS, WriteError};

/// Orders named in one message; keeps it far below the queue's limit.
const ORDERS_PER_MESSAGE: usize = 500;
/// The name under which accepting by setting stands in an order's history.
const AUTO_ACCEPT: &str = "auto-accept";

/// The change could not be acted upon; it comes again.
#[derive(Debug, thiserror::Error)]
pub enum ReactError {
    /// The table failed.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The work could not be asked for.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

impl From<StoreError> for ReactError {
    fn from(error: StoreError) -> Self {
        Self::Write(error.into())
    }
}

/// Acts on orders of one seller that changed: accepts new ones where the account is set so, and
/// asks for the work that open intents need.
pub async fn react(
    store: &dyn Store,
    queue: &dyn ShipQueue,
    seller: &SellerId,
    changed: &[OrderId],
    now: Timestamp,
) -> Result<(), ReactError> {
    let orders = store.orders(seller, changed).await?;
    let (new, others): (Vec<Order>, Vec<Order>) = orders
        .into_iter()
        .partition(|order| order.stage == Stage::New && order.accept.is_none());
    accept_by_setting(store, seller, new, now).await?;
    let mut work: BTreeMap<(AccountId, Action), Vec<OrderNumber>> = BTreeMap::new();
    for order in others {
        for action in Action::ALL {
            if order.wants(action) {
                let key = (order.id.account.clone(), action);
                work.entry(key).or_default().push(order.id.number.clone());
            }
        }
    }
    for ((account, action), numbers) in work {
        for orders in numbers.chunks(ORDERS_PER_MESSAGE) {
            let message = ShipMessage {
                seller: seller.clone(),
                account: account.clone(),
                action,
                orders: orders.to_vec(),
                wake: None,
            };
            queue.send(&message, Duration::ZERO).await?;
        }
    }
    Ok(())
}

/// Writes the wish to accept on new orders of accounts that are set so. The wish's own change
/// leads to `react` again and is sent on then.
async fn accept_by_setting(
    store: &dyn Store,
    seller: &SellerId,
    new: Vec<Order>,
    now: Timestamp,
) -> Result<(), ReactError> {
    let accounts: BTreeSet<AccountId> = new.iter().map(|order| order.id.account.clone()).collect();
    let mut set_so = BTreeSet::new();
    for id in accounts {
        let account = store.account(seller, &id).await?;
        if account.is_some_and(|account| account.settings.auto_accept) {
            set_so.insert(id);
        }
    }
    let by = &Actor::Rule(AUTO_ACCEPT.to_owned());
    stream::iter(new)
        .filter(|order| std::future::ready(set_so.contains(&order.id.account)))
        .map(|mut order| async move {
            write_order::change(store, &mut order, |order| {
                order.accept.is_none()
                    && order.ask(Action::Accept, by.clone(), now).unwrap_or(false)
            })
            .await
        })
        .buffer_unordered(WRITERS)
        .try_collect::<Vec<bool>>()
        .await?;
    Ok(())
}
