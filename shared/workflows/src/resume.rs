//! What failed or could not be read, and going on with it.

use std::collections::BTreeMap;

use std::time::Duration;

use haat_domain::{
    Account, AccountId, Action, Actor, Health, Order, OrderId, OrderNumber, Parked, ParkedKind,
    SellerId, Stage,
};
use haat_ports::{
    Listing, LoginState, Page, PollMessage, PollState, PollsQueue, QueueError, ShipMessage,
    ShipQueue, Store, StoreError,
};
use jiff::Timestamp;

use crate::account_trouble::{accounts_of, all_is_well};
use crate::ask::{AskOutcome, AskRefusal, ask};
use crate::file_labels::file_parked;
use crate::react::{ReactError, react};
use crate::write_order::WriteError;

/// Open orders read at once when an account's work is taken up anew.
const ORDERS_AT_ONCE: u32 = 500;

/// Nothing was resumed.
#[derive(Debug, thiserror::Error)]
pub enum ResumeRefusal {
    /// The seller has no such account.
    #[error("there is no account {0}")]
    NoSuchAccount(AccountId),
    /// The account waits for something else.
    #[error("account {account} cannot go on yet: {what_to_do}")]
    NeedsAttention {
        /// The account.
        account: AccountId,
        /// What must be done first.
        what_to_do: &'static str,
    },
    /// The order refused the action; the entry is gone, there is nothing left to resume.
    #[error(transparent)]
    Ask(#[from] AskRefusal),
    /// A message could not be sent.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The label could not be filed.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The change could not be acted upon again.
    #[error(transparent)]
    React(#[from] ReactError),
}

/// What a seller has parked: failed actions, rows and label pages that could not be read.
pub async fn parked_work(
    store: &dyn Store,
    seller: &SellerId,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<Parked>, StoreError> {
    store.parked(seller, cursor, limit).await
}

/// Goes on with something parked. A failed action is asked for again; what could not be read is
/// read again from the marketplace, and parked anew if it is still unreadable.
pub async fn resume_parked(
    store: &dyn Store,
    queues: (&dyn PollsQueue, &dyn ShipQueue),
    parked: (&SellerId, &AccountId, ParkedKind, &str),
    by: Actor,
    now: Timestamp,
) -> Result<(), ResumeRefusal> {
    let (seller, account, kind, key) = parked;
    let ship = queues.1;
    if let Some(action) = kind.action() {
        let number: OrderNumber = key.parse().map_err(|_| unknown(account))?;
        let id = OrderId {
            account: account.clone(),
            number,
        };
        let asked = ask(store, ship, seller, &id, &action.into(), by, now).await;
        match &asked {
            // The entry went with the order's write; one that lies there now tells of new trouble.
            Ok(AskOutcome { new: true, .. })
            | Err(AskRefusal::Write(_) | AskRefusal::Queue(_) | AskRefusal::NoParcel { .. }) => {}
            // The order is at it, or cannot take it any more: the entry has had its day.
            Ok(AskOutcome { new: false, .. })
            | Err(
                AskRefusal::Refused { .. }
                | AskRefusal::NoSuchOrder(_)
                | AskRefusal::NotOffered { .. },
            ) => {
                store.unpark(seller, account, kind, key).await?;
            }
        }
        asked?;
        return Ok(());
    }
    if store.account(seller, account).await?.is_none() {
        return Err(unknown(account));
    }
    if kind == ParkedKind::LabelPage {
        return resume_label(store, queues, (seller, account, key), now).await;
    }
    if kind == ParkedKind::Change {
        // What the change should have led to is looked at again.
        let number: OrderNumber = key.parse().map_err(|_| unknown(account))?;
        let id = OrderId {
            account: account.clone(),
            number,
        };
        react(store, ship, seller, &[id], now).await?;
        store.unpark(seller, account, kind, key).await?;
        return Ok(());
    }
    let mut state = poll_state(store, seller, account).await?;
    // Forgetting what was seen makes the next poll take every row anew, and it must find the
    // entry gone, or it would take its own for the old one. A poll that runs meanwhile must see
    // that, even if nothing was seen before.
    let resumed = u64::try_from(now.as_microsecond()).unwrap_or_default();
    state.seen = BTreeMap::from([("resumed".to_owned(), resumed)]);
    state.heard.clear();
    state.rest.clear();
    store.put_seen(&state).await?;
    store.unpark(seller, account, kind, key).await?;
    sync_now(store, queues, seller, account, now).await
}

/// A label of an order that is known by now is filed. One of an order that is not waits for it,
/// and the account is read for it. A page that names no order is made anew by the next job.
async fn resume_label(
    store: &dyn Store,
    queues: (&dyn PollsQueue, &dyn ShipQueue),
    (seller, account, key): (&SellerId, &AccountId, &str),
    now: Timestamp,
) -> Result<(), ResumeRefusal> {
    let kind = ParkedKind::LabelPage;
    let parked = store.one_parked(seller, account, kind, key).await?;
    if parked.is_some_and(|parked| parked.label.is_some()) {
        let number: OrderNumber = key.parse().map_err(|_| unknown(account))?;
        let id = OrderId {
            account: account.clone(),
            number,
        };
        let found = store.orders(seller, std::slice::from_ref(&id)).await?.pop();
        return match found {
            Some(mut order) => Ok(file_parked(store, &mut order, now).await?),
            None => sync_now(store, queues, seller, account, now).await,
        };
    }
    nudge(queues.1, seller, account, Action::Ship).await?;
    store.unpark(seller, account, kind, key).await?;
    Ok(())
}

/// Polls an account now and takes up all its work anew, that of which a message was lost included.
/// Ends a standstill that the seller may end by trying again.
pub async fn sync_now(
    store: &dyn Store,
    queues: (&dyn PollsQueue, &dyn ShipQueue),
    seller: &SellerId,
    account: &AccountId,
    now: Timestamp,
) -> Result<(), ResumeRefusal> {
    let found = store.account(seller, account).await?;
    let account = found.ok_or_else(|| unknown(account))?;
    let Some((mut login, _)) = store.login(seller, &account.login).await? else {
        return Err(unknown(&account.id));
    };
    if let Some(stop) = login.stop(now) {
        let reason = stop.attention.reason;
        if !reason.may_be_retried() {
            return Err(ResumeRefusal::NeedsAttention {
                account: account.id,
                what_to_do: reason.what_to_do(),
            });
        }
        login.state = LoginState::Ready;
        store.put_login(&login).await?;
    } else if account.health == Health::Connected {
        look_at(queues, seller, std::slice::from_ref(&account)).await?;
        return take_up(store, queues.1, seller, &account.id, now).await;
    }
    // The login works, or may be tried: all its accounts go on, not this one alone.
    let accounts = accounts_of(store, seller, &login.id).await?;
    look_at(queues, seller, &accounts).await?;
    all_is_well(store, seller, &login.id).await?;
    take_up(store, queues.1, seller, &account.id, now).await
}

/// Derives an account's work from its open orders, whatever became of the messages about it.
async fn take_up(
    store: &dyn Store,
    queue: &dyn ShipQueue,
    seller: &SellerId,
    account: &AccountId,
    now: Timestamp,
) -> Result<(), ResumeRefusal> {
    let has_work = |order: &Order| {
        let asked = Action::ALL.into_iter().any(|action| order.wants(action));
        order.id.account == *account && (asked || order.stage == Stage::New)
    };
    let mut cursor: Option<String> = None;
    loop {
        let page = store
            .list_orders(seller, Listing::Open, cursor.as_deref(), ORDERS_AT_ONCE)
            .await?;
        let work: Vec<OrderId> = page
            .items
            .into_iter()
            .filter(has_work)
            .map(|order| order.id)
            .collect();
        react(store, queue, seller, &work, now).await?;
        cursor = page.next;
        if cursor.is_none() {
            return Ok(());
        }
    }
}

/// Polls accounts and looks after their work.
pub(crate) async fn look_at(
    queues: (&dyn PollsQueue, &dyn ShipQueue),
    seller: &SellerId,
    accounts: &[Account],
) -> Result<(), QueueError> {
    let (polls, ship) = queues;
    for account in accounts {
        let message = PollMessage {
            pack: account.pack.clone(),
            account: Some(account.id.clone()),
            test_of: None,
        };
        polls.send(&[message]).await?;
        for action in &account.terms.actions {
            nudge(ship, seller, &account.id, *action).await?;
        }
    }
    Ok(())
}

/// Makes the hub look at an account's work.
pub(crate) async fn nudge(
    queue: &dyn ShipQueue,
    seller: &SellerId,
    account: &AccountId,
    action: Action,
) -> Result<(), QueueError> {
    let message = ShipMessage {
        seller: seller.clone(),
        account: account.clone(),
        action,
        orders: Vec::new(),
        wake: None,
    };
    queue.send(&message, Duration::ZERO).await
}

pub(crate) async fn poll_state(
    store: &dyn Store,
    seller: &SellerId,
    id: &AccountId,
) -> Result<PollState, ResumeRefusal> {
    let account = store
        .account(seller, id)
        .await?
        .ok_or_else(|| unknown(id))?;
    let states = store.poll_states(&account.pack).await?;
    let state = states.into_iter().find(|state| state.account == *id);
    state.ok_or_else(|| unknown(id))
}

fn unknown(account: &AccountId) -> ResumeRefusal {
    ResumeRefusal::NoSuchAccount(account.clone())
}
