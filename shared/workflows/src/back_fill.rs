//! Reading orders of the past: when an account is connected, and whenever somebody asks.

use std::collections::BTreeMap;
use std::sync::Arc;

use haat_domain::{Account, AccountId, SellerId};
use haat_ports::{
    MarketplaceError, PollMessage, PollState, PollsQueue, QueueError, Reading, StoreError,
};
use jiff::{SignedDuration, Timestamp};

use crate::Hub;
use crate::log_in::LoginSessions;
use crate::resume::poll_state;

/// How far back a new account is read where nothing is said.
const USUAL_DAYS: u16 = 30;
/// Further back there is nothing left to do for a seller.
const MOST_DAYS: u16 = 90;

/// Nothing was asked for.
#[derive(Debug, thiserror::Error)]
pub enum BackFillRefusal {
    /// The seller has no such account.
    #[error("there is no account {0}")]
    NoSuchAccount(AccountId),
    /// The time is out of range.
    #[error("days must be 1 to {MOST_DAYS}, not {0}")]
    Days(u16),
    /// The connector cannot act for the account.
    #[error(transparent)]
    Marketplace(#[from] MarketplaceError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is noted, and the next poll reads it; it could not be sent at once.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

/// Reads the orders of the last days again, in the polls that follow. What is known already changes
/// nothing, so asking twice is harmless.
pub async fn back_fill(
    hub: &Hub,
    queue: &dyn PollsQueue,
    seller: &SellerId,
    id: &AccountId,
    days: u16,
) -> Result<(), BackFillRefusal> {
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(BackFillRefusal::Days(days));
    }
    let store = hub.store.as_ref();
    let account = store.account(seller, id).await?;
    let account = account.ok_or_else(|| BackFillRefusal::NoSuchAccount(id.clone()))?;
    let none = |_| BackFillRefusal::NoSuchAccount(id.clone());
    let mut state = poll_state(store, seller, id).await.map_err(none)?;
    match history(hub, &account, days)? {
        Some((feed, cursor)) => drop(state.rest.insert(feed, cursor)),
        None => {
            // Its lists hold the past: without their marks they are read from the top again.
            state.heard.clear();
            state.rest.clear();
        }
    }
    // A poll that runs meanwhile must see that, even if nothing was seen before.
    let asked = u64::try_from(hub.clock.now().as_microsecond()).unwrap_or_default();
    state.seen = BTreeMap::from([("resumed".to_owned(), asked)]);
    store.put_seen(&state).await?;
    let message = PollMessage {
        pack: account.pack,
        account: Some(account.id),
        test_of: None,
    };
    Ok(queue.send(&[message]).await?)
}

/// What the first poll of an account is to know: where the past begins.
pub(crate) fn first_state(
    hub: &Hub,
    account: &Account,
    days: Option<u16>,
) -> Result<PollState, MarketplaceError> {
    let mut state = PollState::new(account);
    let days = days.unwrap_or(USUAL_DAYS).clamp(1, MOST_DAYS);
    if !account.marketplace_seller.is_empty() {
        state.rest.extend(history(hub, account, days)?);
    }
    Ok(state)
}

/// The feed that holds the past and where its part of so many days begins; nothing where the other
/// feeds hold it.
fn history(
    hub: &Hub,
    account: &Account,
    days: u16,
) -> Result<Option<(String, String)>, MarketplaceError> {
    let Some(marketplace) = hub.marketplaces.get(&account.marketplace) else {
        return Ok(None);
    };
    let sessions = LoginSessions::new(hub, &marketplace, &account.seller, &account.login);
    let connection = marketplace.connect(&account.marketplace_seller, Arc::new(sessions))?;
    let orders = connection.orders();
    let mut feeds = orders.feeds().iter();
    let feed = feeds.find(|feed| feed.reading == Reading::WhenAsked);
    let cursor = orders.history(days_before(hub.clock.now(), days));
    Ok(feed
        .zip(cursor)
        .map(|(feed, cursor)| (feed.name.to_owned(), cursor)))
}

fn days_before(now: Timestamp, days: u16) -> Timestamp {
    let hours = i64::from(days).saturating_mul(24);
    let since = now.saturating_sub(SignedDuration::from_hours(hours));
    since.unwrap_or(now)
}
