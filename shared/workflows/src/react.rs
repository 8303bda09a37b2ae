//! What a change of an order leads to. It reads what is there now, so doubled, late and
//! reordered changes are harmless.

use std::collections::BTreeMap;
use std::time::Duration;

use haat_domain::{Account, AccountId, Action, Actor, OrderId, OrderNumber, SellerId, Stage};
use haat_ports::{QueueError, ShipMessage, ShipQueue, Store, StoreError};
use jiff::Timestamp;

use crate::write_order::{self, WriteError};

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
    let mut accounts: BTreeMap<AccountId, Option<Account>> = BTreeMap::new();
    let mut work: BTreeMap<(AccountId, Action), Vec<OrderNumber>> = BTreeMap::new();
    for mut order in store.orders(seller, changed).await? {
        let id = order.id.clone();
        if order.stage == Stage::New && order.accept.is_none() {
            if !accounts.contains_key(&id.account) {
                let account = store.account(seller, &id.account).await?;
                accounts.insert(id.account.clone(), account);
            }
            let account = accounts.get(&id.account).and_then(Option::as_ref);
            if account.is_some_and(|account| account.settings.auto_accept) {
                // The intent's own change leads here again and is sent on then.
                let by = Actor::Rule(AUTO_ACCEPT.to_owned());
                write_order::change(store, &mut order, |order| {
                    order.accept.is_none()
                        && order.ask(Action::Accept, by.clone(), now).unwrap_or(false)
                })
                .await?;
            }
            continue;
        }
        for action in Action::ALL {
            if order.wants(action) {
                let key = (id.account.clone(), action);
                work.entry(key).or_default().push(id.number.clone());
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
