//! The heartbeat of a pack: one item that says how fresh all its accounts are.

use std::collections::BTreeSet;

use haat_domain::AccountId;
use haat_ports::{Heartbeat, Missed, PollMessage, StoreError};
use jiff::{SignedDuration, Timestamp};

use crate::Hub;
use crate::poll_pack::PollSummary;

/// Nobody reads an account longer than this: a poll that said so and never ended is dead.
const READS_AT_MOST: SignedDuration = SignedDuration::from_secs(285);
const STILL_READING: &str = "its orders are still being read: there is much to read, or the \
                             marketplace is slow";

/// Whether an earlier poll, that may still be running, is at this account.
pub(crate) fn is_being_read(beat: &Heartbeat, account: &AccountId, now: Timestamp) -> bool {
    beat.reading
        .get(account)
        .is_some_and(|since| now.duration_since(*since) < READS_AT_MOST)
}

/// When an account was last read whole, as a heartbeat tells it.
pub(crate) fn last_success(beat: &Heartbeat, account: &AccountId) -> Option<Timestamp> {
    match beat.missed.get(account) {
        Some(missed) => missed.last_success,
        None => beat.alone.get(account).copied().or(beat.at),
    }
}

/// The accounts that a poll says nothing of.
pub(crate) struct Unread {
    /// It is still at these.
    pub(crate) reading: BTreeSet<AccountId>,
    /// An earlier poll was at these when it began.
    pub(crate) left_out: BTreeSet<AccountId>,
}

/// One heartbeat for the whole pack: all accounts were read whole at `began`, but for those it
/// names.
pub(crate) async fn beat(
    hub: &Hub,
    message: &PollMessage,
    began: Timestamp,
    summary: &PollSummary,
    unread: &Unread,
) -> Result<(), StoreError> {
    let before = hub.store.heartbeat(&message.pack).await?;
    // Only a poll of the whole pack speaks for those it does not name, and only until a later one
    // has spoken.
    let for_all = message.account.is_none() && before.at.is_none_or(|at| at <= began);
    let mut after = if for_all {
        for_the_pack(&before, began, unread)
    } else {
        before.clone()
    };
    for account in summary.counts.keys() {
        match summary.missed.get(account) {
            Some(reason) => miss(&mut after, &before, account, reason),
            None if for_all => {}
            None => {
                let was_missed = after.missed.remove(account).is_some();
                // A later poll may have read it as well.
                if was_missed || before.at.is_none_or(|at| at < began) {
                    after.alone.insert(account.clone(), began);
                }
            }
        }
        after.reading.remove(account);
    }
    for account in &unread.reading {
        after.reading.insert(account.clone(), began);
        miss(&mut after, &before, account, STILL_READING);
    }
    if after == before {
        return Ok(());
    }
    hub.store.put_heartbeat(&message.pack, &after).await
}

/// All were read whole at `began`, but for those that this poll left out: an earlier one is still
/// at them, or has ended since, and they are no fresher than it says.
fn for_the_pack(before: &Heartbeat, began: Timestamp, unread: &Unread) -> Heartbeat {
    let mut after = Heartbeat {
        at: Some(began),
        ..Heartbeat::default()
    };
    for account in &unread.left_out {
        if let Some(since) = before.reading.get(account)
            && is_being_read(before, account, began)
        {
            after.reading.insert(account.clone(), *since);
        }
        let known = before.missed.get(account);
        let reason = known.map_or(STILL_READING, |missed| &missed.reason);
        miss(&mut after, before, account, reason);
    }
    after
}

fn miss(after: &mut Heartbeat, before: &Heartbeat, account: &AccountId, reason: &str) {
    let missed = Missed {
        last_success: last_success(before, account),
        reason: reason.to_owned(),
    };
    after.missed.insert(account.clone(), missed);
}
