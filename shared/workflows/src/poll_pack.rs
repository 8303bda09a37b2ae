//! Polling a pack of accounts, so that none of them waits for another.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::future::{Either, select};
use futures_util::{Stream, StreamExt, stream};
use haat_domain::{AccountId, LoginId, SellerId};
use haat_ports::{
    ErrorKind, Heartbeat, Marketplace, MarketplaceError, PollMessage, PollState, Sessions,
    StoreError,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::Hub;
use crate::account_trouble::take_note;
use crate::heartbeat::{Unread, beat, is_being_read, last_success};
use crate::log_in::LoginSessions;
use crate::poll_orders::{PollCounts, PollError, PollTimes, poll_orders};

/// Logins polled at once.
const LOGINS_AT_ONCE: usize = 20;
/// Accounts of one login polled at once: a long list leaves the others of its login room, and
/// one login does not come with all its accounts at the same moment.
const ACCOUNTS_AT_ONCE: usize = 4;

/// What a poll did, for the log and for tests.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PollSummary {
    /// What became of the rows, per account.
    pub counts: BTreeMap<AccountId, PollCounts>,
    /// The accounts that could not be read whole, and why.
    pub missed: BTreeMap<AccountId, String>,
}

impl PollSummary {
    /// The summary as one line of JSON.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Polls the accounts of a pack, or the one account that the message names, for at most `budget`
/// and one call. A marketplace's trouble is recorded and does not fail the poll; only the table's
/// trouble does.
///
/// When `late` comes before all are through, the heartbeat is written for those who are: one
/// account that hangs or has much to read does not make the others look behind. Whoever is still
/// being read then is not read a second time beside it.
pub async fn poll_pack(
    hub: &Hub,
    message: &PollMessage,
    budget: SignedDuration,
    late: impl Future<Output = ()>,
) -> Result<PollSummary, StoreError> {
    let began = hub.clock.now();
    let deadline = began.saturating_add(budget).unwrap_or(began);
    let before = hub.store.heartbeat(&message.pack).await?;
    let (left_out, accounts) = due(hub, message, &before, began).await?;
    let mut unread = Unread {
        reading: ids(&accounts),
        left_out: ids(&left_out),
    };
    let logins = in_turn(accounts, &before, began);
    let last = None;
    let times = PollTimes { deadline, last };
    // Whoever asks for one account wants all of it.
    let before = message.account.is_none().then(|| Arc::new(before));
    let polled = stream::iter(logins).flat_map_unordered(LOGINS_AT_ONCE, |login| {
        Box::pin(poll_login(hub, login, times, before.clone()))
    });
    let mut polled = std::pin::pin!(polled);
    let mut late = std::pin::pin!(late);
    let mut is_late = false;
    let mut summary = PollSummary::default();
    loop {
        let next = if is_late {
            polled.next().await
        } else {
            match select(polled.next(), &mut late).await {
                Either::Left((next, _)) => next,
                Either::Right(((), _)) => {
                    is_late = true;
                    if let Err(failed) = beat(hub, message, began, &summary, &unread).await {
                        // The last one says the same; nothing that is being read is cut off.
                        tracing::warn!(pack = %message.pack, %failed, "no early heartbeat");
                    }
                    continue;
                }
            }
        };
        let Some((account, counts, missed)) = next else {
            break;
        };
        unread.reading.remove(&account);
        summary.counts.insert(account.clone(), counts);
        if let Some(reason) = missed {
            summary.missed.insert(account, reason);
        }
    }
    beat(hub, message, began, &summary, &unread).await?;
    Ok(summary)
}

/// The accounts that an earlier poll is still at, and those to be read.
async fn due(
    hub: &Hub,
    message: &PollMessage,
    before: &Heartbeat,
    now: Timestamp,
) -> Result<(Vec<PollState>, Vec<PollState>), StoreError> {
    let only = message.account.as_ref();
    let mut accounts = hub.store.poll_states(&message.pack).await?;
    accounts.retain(|state| only.is_none_or(|only| *only == state.account));
    let being_read = |state: &PollState| is_being_read(before, &state.account, now);
    Ok(accounts.into_iter().partition(being_read))
}

fn ids(accounts: &[PollState]) -> BTreeSet<AccountId> {
    let id = |state: &PollState| state.account.clone();
    accounts.iter().map(id).collect()
}

/// The accounts by login, in the order in which their turn comes.
fn in_turn(accounts: Vec<PollState>, before: &Heartbeat, now: Timestamp) -> Vec<Vec<PollState>> {
    let had_trouble = |state: &PollState| before.missed.contains_key(&state.account);
    let mut logins: BTreeMap<(SellerId, LoginId), Vec<PollState>> = BTreeMap::new();
    for state in accounts {
        let key = (state.seller.clone(), state.login.clone());
        logins.entry(key).or_default().push(state);
    }
    let mut logins: Vec<Vec<PollState>> = logins.into_values().collect();
    // Each poll starts with somebody else, so that a pack with too much to read starves nobody.
    let turn = usize::try_from(now.as_second().div_euclid(60)).unwrap_or_default();
    let start = turn.checked_rem(logins.len()).unwrap_or_default();
    logins.rotate_left(start);
    // Who was in trouble the last time may hang again: nobody waits behind him.
    for login in &mut logins {
        login.sort_by_key(had_trouble);
    }
    logins.sort_by_key(|login| login.iter().all(had_trouble));
    logins
}

type Polled = (AccountId, PollCounts, Option<String>);
/// What the accounts of one login share; `None` where the deployment does not speak to their
/// marketplace.
type Line = Option<(Arc<dyn Marketplace>, Arc<dyn Sessions>)>;

/// Polls the accounts of one login, over one session.
fn poll_login(
    hub: &Hub,
    accounts: Vec<PollState>,
    times: PollTimes,
    before: Option<Arc<Heartbeat>>,
) -> impl Stream<Item = Polled> {
    let line = accounts.first().and_then(|state| {
        let marketplace = hub.marketplaces.get(&state.marketplace)?;
        let sessions = LoginSessions::new(hub, &marketplace, &state.seller, &state.login);
        let sessions: Arc<dyn Sessions> = Arc::new(sessions);
        Some((marketplace, sessions))
    });
    stream::iter(accounts)
        .map(move |state| {
            let line = line.clone();
            let before = before.as_deref();
            let last = before.and_then(|before| last_success(before, &state.account));
            let times = PollTimes { last, ..times };
            async move {
                let (counts, result) = poll_account(hub, &state, &line, times).await;
                let missed = match result {
                    Ok(()) => None,
                    Err(error) => Some(note_trouble(hub, &state, error).await),
                };
                (state.account, counts, missed)
            }
        })
        .buffer_unordered(ACCOUNTS_AT_ONCE)
}

async fn poll_account(
    hub: &Hub,
    state: &PollState,
    line: &Line,
    times: PollTimes,
) -> (PollCounts, Result<(), PollError>) {
    let Some((marketplace, sessions)) = line else {
        let said = format!("this deployment does not speak to {}", state.marketplace);
        let error = MarketplaceError::new(ErrorKind::Rejected, "connect", said);
        return (PollCounts::default(), Err(error.into()));
    };
    let sessions = Arc::clone(sessions);
    // An account that waits for its first one-time password has no marketplace seller yet:
    // asking for a session tells the seller why it stands still.
    if state.marketplace_seller.is_empty()
        && let Err(error) = sessions.current().await
    {
        return (PollCounts::default(), Err(error.into()));
    }
    match marketplace.connect(&state.marketplace_seller, sessions) {
        Ok(connection) => poll_orders(hub, connection.as_ref(), state, times).await,
        Err(error) => (PollCounts::default(), Err(error.into())),
    }
}

async fn note_trouble(hub: &Hub, state: &PollState, error: PollError) -> String {
    let reason = error.to_string();
    tracing::warn!(
        event = "poll.missed",
        seller = %state.seller,
        account = %state.account,
        reason,
        "an account could not be read whole"
    );
    if let PollError::Marketplace(error) = &error
        && let Err(failed) =
            take_note(hub, &state.seller, &state.account, &state.login, error).await
    {
        // The next poll meets the same trouble and takes note again.
        tracing::error!(account = %state.account, %failed, "the trouble could not be stored");
    }
    reason
}
