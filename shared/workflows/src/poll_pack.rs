//! Polling a pack of accounts and leaving one heartbeat for all.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use haat_domain::{AccountId, LoginId, SellerId};
use haat_ports::{
    ErrorKind, Heartbeat, MarketplaceError, Missed, PollMessage, PollState, Sessions, StoreError,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::Hub;
use crate::account_trouble::take_note;
use crate::log_in::LoginSessions;
use crate::poll_orders::{PollCounts, PollError, poll_orders};

/// Logins polled at once; the accounts of one login are polled one after the other.
const LOGINS_AT_ONCE: usize = 20;

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
pub async fn poll_pack(
    hub: &Hub,
    message: &PollMessage,
    budget: SignedDuration,
) -> Result<PollSummary, StoreError> {
    let began = hub.clock.now();
    let deadline = began.saturating_add(budget).unwrap_or(began);
    let mut logins: BTreeMap<(SellerId, LoginId), Vec<PollState>> = BTreeMap::new();
    for state in hub.store.poll_states(&message.pack).await? {
        if message
            .account
            .as_ref()
            .is_none_or(|only| *only == state.account)
        {
            let key = (state.seller.clone(), state.login.clone());
            logins.entry(key).or_default().push(state);
        }
    }
    let mut logins: Vec<Vec<PollState>> = logins.into_values().collect();
    // Each poll starts with somebody else, so that a pack with too much to read starves nobody.
    let turn = usize::try_from(began.as_second().div_euclid(60)).unwrap_or_default();
    let start = turn.checked_rem(logins.len()).unwrap_or_default();
    logins.rotate_left(start);
    let polled: Vec<_> = stream::iter(logins)
        .map(|accounts| poll_login(hub, accounts, deadline))
        .buffer_unordered(LOGINS_AT_ONCE)
        .collect()
        .await;
    let mut summary = PollSummary::default();
    for (account, counts, missed) in polled.into_iter().flatten() {
        summary.counts.insert(account.clone(), counts);
        if let Some(reason) = missed {
            summary.missed.insert(account, reason);
        }
    }
    beat(hub, message, began, &summary).await?;
    Ok(summary)
}

async fn poll_login(
    hub: &Hub,
    accounts: Vec<PollState>,
    deadline: Timestamp,
) -> Vec<(AccountId, PollCounts, Option<String>)> {
    let mut polled = Vec::new();
    for state in accounts {
        let (counts, result) = poll_account(hub, &state, deadline).await;
        let missed = match result {
            Ok(()) => None,
            Err(error) => Some(note_trouble(hub, &state, error).await),
        };
        polled.push((state.account, counts, missed));
    }
    polled
}

async fn poll_account(
    hub: &Hub,
    state: &PollState,
    deadline: Timestamp,
) -> (PollCounts, Result<(), PollError>) {
    let Some(marketplace) = hub.marketplaces.get(&state.marketplace) else {
        let said = format!("this deployment does not speak to {}", state.marketplace);
        let error = MarketplaceError::new(ErrorKind::Rejected, "connect", said);
        return (PollCounts::default(), Err(error.into()));
    };
    let sessions: Arc<dyn Sessions> = Arc::new(LoginSessions::new(
        hub,
        &marketplace,
        &state.seller,
        &state.login,
    ));
    // An account that waits for its first one-time password has no marketplace seller yet:
    // asking for a session tells the seller why it stands still.
    if state.marketplace_seller.is_empty()
        && let Err(error) = sessions.current().await
    {
        return (PollCounts::default(), Err(error.into()));
    }
    match marketplace.connect(&state.marketplace_seller, sessions) {
        Ok(connection) => poll_orders(hub, connection.as_ref(), state, deadline).await,
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

/// One heartbeat for the whole pack: all accounts were read whole at `began`, but for those it
/// names.
async fn beat(
    hub: &Hub,
    message: &PollMessage,
    began: Timestamp,
    summary: &PollSummary,
) -> Result<(), StoreError> {
    let before = hub.store.heartbeat(&message.pack).await?;
    let mut after = Heartbeat {
        at: Some(began),
        missed: BTreeMap::new(),
        alone: BTreeMap::new(),
    };
    if let Some(only) = &message.account {
        // A look at one account says nothing of the others.
        after = before.clone();
        after.missed.remove(only);
        if summary.counts.contains_key(only) && !summary.missed.contains_key(only) {
            after.alone.insert(only.clone(), began);
        }
    }
    for (account, reason) in &summary.missed {
        let last_success = match before.missed.get(account) {
            Some(missed) => missed.last_success,
            None => before.alone.get(account).copied().max(before.at),
        };
        let missed = Missed {
            last_success,
            reason: reason.clone(),
        };
        after.missed.insert(account.clone(), missed);
    }
    if after == before {
        return Ok(());
    }
    hub.store.put_heartbeat(&message.pack, &after).await
}
