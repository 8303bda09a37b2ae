//! What waits for an account's work, and an estimate of when it is done.

use std::collections::{BTreeMap, BTreeSet};

use haat_domain::{AccountId, Action, OrderNumber};
use haat_ports::{JobRecord, Pace, SellerWork, WaitingOrders};
use jiff::{SignedDuration, Timestamp};

/// The orders of an account that wait for an action or are in the marketplace's hands for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backlog {
    /// What they wait for.
    pub action: Action,
    /// How many they are.
    pub orders: usize,
    /// Since when the first of them waits.
    pub since: Option<Timestamp>,
    /// When all of them are done, if the marketplace keeps its usual pace: an estimate. `None`
    /// before the first look, and while nothing moves until a person acts.
    pub done_by: Option<Timestamp>,
    /// Why nothing moves just now, if so.
    pub held_up: Option<String>,
}

/// The backlogs of a seller's accounts, those of one account in the order of an order's life.
pub(crate) fn backlogs(work: SellerWork, now: Timestamp) -> BTreeMap<AccountId, Vec<Backlog>> {
    let mut waiting: BTreeMap<(AccountId, Action), Vec<WaitingOrders>> = BTreeMap::new();
    for (account, action, note) in work.waiting {
        waiting.entry((account, action)).or_default().push(note);
    }
    let mut records: BTreeMap<(AccountId, Action), JobRecord> = BTreeMap::new();
    for record in work.records {
        let key = (record.account.clone(), record.action);
        waiting.entry(key.clone()).or_default();
        records.insert(key, record);
    }
    let mut backlogs: BTreeMap<AccountId, Vec<Backlog>> = BTreeMap::new();
    for ((account, action), notes) in waiting {
        let record = records.get(&(account.clone(), action));
        if let Some(backlog) = backlog(action, record, &notes, now) {
            backlogs.entry(account).or_default().push(backlog);
        }
    }
    backlogs
}

fn backlog(
    action: Action,
    record: Option<&JobRecord>,
    notes: &[WaitingOrders],
    now: Timestamp,
) -> Option<Backlog> {
    let in_record = record.map(|record| record.asked.iter().chain(&record.orders));
    // An order that was asked for twice may stand in two places.
    let orders: BTreeSet<&OrderNumber> = in_record
        .into_iter()
        .flatten()
        .chain(notes.iter().flat_map(|note| &note.orders))
        .collect();
    if orders.is_empty() {
        return None;
    }
    let since = notes.iter().map(|note| note.since);
    let since = since.chain(record.and_then(|record| record.since)).min();
    let held_up = record.and_then(|record| record.trouble.clone());
    Some(Backlog {
        action,
        orders: orders.len(),
        since,
        done_by: record.and_then(|record| done_by(record, orders.len(), notes, now)),
        held_up,
    })
}

/// The jobs that are still needed one after the other, from the next look on where the work rests;
/// and one more after the last label has opened.
fn done_by(
    record: &JobRecord,
    orders: usize,
    notes: &[WaitingOrders],
    now: Timestamp,
) -> Option<Timestamp> {
    let Pace {
        orders: in_a_job,
        seconds,
    } = record.pace?;
    let rests = record.trouble.is_some();
    let from = match record.wake.filter(|wake| *wake > now) {
        None if rests => return None,
        Some(wake) if rests => wake,
        Some(_) | None => now,
    };
    let jobs = u64::try_from(orders.div_ceil(in_a_job.max(1))).ok()?;
    let after = |from: Timestamp, jobs: u64| {
        let seconds = i64::try_from(seconds.saturating_mul(jobs)).ok()?;
        from.saturating_add(SignedDuration::from_secs(seconds)).ok()
    };
    let opens_last = notes.iter().map(|note| note.due).max();
    let opened = opens_last.filter(|due| *due > now);
    let last = opened.and_then(|due| after(due, 1));
    after(from, jobs).max(last)
}
