//! What a change of an order leads to. It reads what is there now, so doubled, late and
//! reordered changes are harmless.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use haat_domain::{
    Account, AccountId, Action, Actor, Label, Order, OrderId, OrderNumber, SellerId, Stage,
};
use haat_ports::{QueueError, ShipMessage, ShipQueue, Store, StoreError};
use jiff::Timestamp;

use crate::write_order::{self, WRITERS, WriteError};

/// Orders named in one message; keeps it far below the queue's limit.
const ORDERS_PER_MESSAGE: usize = 500;
/// The names under which what an account does by itself stands in an order's history.
const AUTO_ACCEPT: &str = "auto-accept";
const AUTO_LABEL: &str = "auto-label";

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

/// Acts on orders of one seller that changed: accepts new ones and ships accepted ones where the
/// account is set so, and asks for the work that open intents need.
pub async fn react(
    store: &dyn Store,
    queue: &dyn ShipQueue,
    seller: &SellerId,
    changed: &[OrderId],
    now: Timestamp,
) -> Result<(), ReactError> {
    let orders = store.orders(seller, changed).await?;
    by_setting(store, seller, &orders, now).await?;
    let mut work: BTreeMap<(AccountId, Action), Vec<OrderNumber>> = BTreeMap::new();
    for order in orders {
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

/// What an account may be set to ask for by itself, now that the order is as it is.
fn next_action(order: &Order) -> Option<Action> {
    let is_asked = order.accept.is_some() || order.cancel.is_some();
    if order.stage == Stage::New && !is_asked {
        return Some(Action::Accept);
    }
    let is_asked = order.ship.is_some() || order.cancel.is_some();
    let wants_label = order.label == Label::None && !is_asked;
    (order.stage == Stage::Accepted && wants_label).then_some(Action::Ship)
}

fn is_set_to(account: &Account, action: Action) -> Option<&'static str> {
    match action {
        Action::Accept => account.settings.auto_accept.then_some(AUTO_ACCEPT),
        Action::Ship => account.courier.auto_label.then_some(AUTO_LABEL),
        Action::Cancel | Action::HandOver => None,
    }
}

/// Writes the wishes that accounts are set to have by themselves. A wish's own change leads to
/// `react` again and is sent on then.
async fn by_setting(
    store: &dyn Store,
    seller: &SellerId,
    orders: &[Order],
    now: Timestamp,
) -> Result<(), ReactError> {
    let next: Vec<(Order, Action)> = orders
        .iter()
        .filter_map(|order| Some((order.clone(), next_action(order)?)))
        .collect();
    let accounts: BTreeSet<AccountId> = next
        .iter()
        .map(|(order, _)| order.id.account.clone())
        .collect();
    let mut set = BTreeMap::new();
    for id in accounts {
        if let Some(account) = store.account(seller, &id).await? {
            set.insert(id, account);
        }
    }
    let wishes: Vec<(Order, Action, Actor)> = next
        .into_iter()
        .filter_map(|(order, action)| {
            let name = is_set_to(set.get(&order.id.account)?, action)?;
            Some((order, action, Actor::Rule(name.to_owned())))
        })
        .collect();
    stream::iter(wishes)
        .map(|(mut order, action, by)| async move {
            write_order::change(store, &mut order, |order| {
                next_action(order) == Some(action)
                    && order.ask(action, by.clone(), now).unwrap_or(false)
            })
            .await
        })
        .buffer_unordered(WRITERS)
        .try_collect::<Vec<bool>>()
        .await?;
    Ok(())
}
