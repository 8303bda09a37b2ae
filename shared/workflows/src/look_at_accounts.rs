//! Looking at accounts and whether they keep up.

use std::collections::BTreeMap;

use haat_domain::{Account, AccountId, PackId, SellerId};
use haat_ports::{Heartbeat, Pack, Polls, Store, StoreError};
use jiff::{SignedDuration, Timestamp};

use crate::backlog::{Backlog, backlogs};
use crate::heartbeat::last_success;

/// An account whose orders were not read for so many of its intervals is silent.
const INTERVALS_MISSED: i64 = 3;
/// A marketplace may be in trouble for this long before anyone is told that it is silent.
const SHORTEST_SILENCE: SignedDuration = SignedDuration::from_mins(15);

/// An account with how fresh it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountView {
    /// The account.
    pub account: Account,
    /// When its orders were last read whole.
    pub last_success: Option<Timestamp>,
    /// Why they were not read whole last time, if so.
    pub missed: Option<String>,
    /// When they are read next.
    pub next_run: Timestamp,
    /// How far behind it is: the time since the last success.
    pub lag: Option<SignedDuration>,
    /// Since when its orders were not read whole, when that is longer than it may be: three of its
    /// intervals, and at least a quarter of an hour. Whatever the reason is, the schedule's death
    /// included.
    pub silent_since: Option<Timestamp>,
    /// The orders that wait for the hub's work or the marketplace's.
    pub backlog: Vec<Backlog>,
}

/// A seller's accounts.
pub async fn look_at_accounts(
    store: &dyn Store,
    seller: &SellerId,
    now: Timestamp,
) -> Result<Vec<AccountView>, StoreError> {
    let accounts = store.accounts(seller).await?;
    let mut beats: BTreeMap<PackId, Heartbeat> = BTreeMap::new();
    for account in &accounts {
        if !beats.contains_key(&account.pack) {
            let beat = store.heartbeat(&account.pack).await?;
            beats.insert(account.pack.clone(), beat);
        }
    }
    let packs = packs(store).await?;
    let mut backlogs = backlogs(store.work_of(seller).await?, now);
    Ok(accounts
        .into_iter()
        .map(|account| {
            let beat = beats.get(&account.pack);
            let pack = packs.get(&account.pack);
            let backlog = backlogs.remove(&account.id).unwrap_or_default();
            view(account, beat, pack, backlog, now)
        })
        .collect())
}

/// One account.
pub async fn look_at_account(
    store: &dyn Store,
    seller: &SellerId,
    id: &AccountId,
    now: Timestamp,
) -> Result<Option<AccountView>, StoreError> {
    let Some(account) = store.account(seller, id).await? else {
        return Ok(None);
    };
    let beat = store.heartbeat(&account.pack).await?;
    let packs = packs(store).await?;
    let pack = packs.get(&account.pack);
    let mut backlogs = backlogs(store.work_of(seller).await?, now);
    let backlog = backlogs.remove(id).unwrap_or_default();
    Ok(Some(view(account, Some(&beat), pack, backlog, now)))
}

async fn packs(polls: &dyn Store) -> Result<BTreeMap<PackId, Pack>, StoreError> {
    let packs = Polls::packs(polls).await?;
    Ok(packs
        .into_iter()
        .map(|pack| (pack.id.clone(), pack))
        .collect())
}

fn view(
    account: Account,
    beat: Option<&Heartbeat>,
    pack: Option<&Pack>,
    backlog: Vec<Backlog>,
    now: Timestamp,
) -> AccountView {
    let missed = beat.and_then(|beat| beat.missed.get(&account.id));
    let last_success = beat
        .and_then(|beat| last_success(beat, &account.id))
        // The pack may have been polled before this account joined it.
        .filter(|at| *at >= account.connected_at);
    AccountView {
        last_success,
        missed: missed.map(|missed| missed.reason.clone()),
        next_run: next_run(pack, now),
        lag: last_success.map(|at| now.duration_since(at)),
        silent_since: silent_since(&account, last_success, now),
        backlog,
        account,
    }
}

fn silent_since(
    account: &Account,
    last_success: Option<Timestamp>,
    now: Timestamp,
) -> Option<Timestamp> {
    let every = i64::from(account.settings.orders_every_minutes);
    let allowed = SignedDuration::from_mins(every.saturating_mul(INTERVALS_MISSED));
    let since = last_success.unwrap_or(account.connected_at);
    (now.duration_since(since) > allowed.max(SHORTEST_SILENCE)).then_some(since)
}

/// The next minute in which the pack is due.
fn next_run(pack: Option<&Pack>, now: Timestamp) -> Timestamp {
    let (every, phase) = pack.map_or((1, 0), |pack| {
        (i64::from(pack.every_minutes.max(1)), i64::from(pack.phase))
    });
    let next_minute = now.as_second().div_euclid(60).saturating_add(1);
    let wait = phase.saturating_sub(next_minute).rem_euclid(every);
    let minute = next_minute.saturating_add(wait);
    Timestamp::from_second(minute.saturating_mul(60)).unwrap_or(now)
}
