//! Getting labels: the marketplace's label job names no orders, so every page of its PDF is
//! filed by the order number it carries, and only orders that were asked for move on.
//!
//! One open label is enough to ask for a job, and a job's pages say themselves what they are for.
//! So no look goes through all that waits: each costs what it moves.

use haat_domain::Order;
use haat_ports::{
    EndedJob, ErrorKind, JobProgress, JobState, LabelJobs, Orders, OthersJob, ShippingByJob,
};
use jiff::SignedDuration;

use crate::account_work::{AT_ONCE, Work};
use crate::file_labels::file_finished;
use crate::left_behind;
use crate::open_labels::{self, Found};
use crate::work_on_jobs::{ASKING_LEASE, PATIENCE, SHOWS_UP_WITHIN, WorkError};

pub(crate) async fn step(
    work: &mut Work<'_>,
    orders: &dyn Orders,
    shipping: &dyn ShippingByJob,
) -> Result<(), WorkError> {
    let found = shipping.label_jobs().await?;
    if !file_finished(work, shipping, &found.jobs).await? {
        return work.look_again(AT_ONCE).await;
    }
    match settle(work, &found, shipping.label_pace().orders) {
        Settled::Wait(wait, reason) => {
            work.tell_named(&reason).await?;
            return work.look_again_within(wait).await;
        }
        Settled::SomeoneAsks => return Err(work.someone_asks()),
        Settled::Ended => {}
    }
    if work.record.ended.is_some() {
        if !left_behind::tell(work, orders).await? {
            return work.look_again(AT_ONCE).await;
        }
        work.record.ended = None;
        work.record.unfiled = None;
    }
    // What a full job had no room for, or a request that never arrived, comes first.
    let mut first = std::mem::take(&mut work.record.asked);
    first.append(&mut work.record.orders);
    work.record.orders = first;
    match open_labels::find(work, orders).await? {
        Found::Late => work.look_again(AT_ONCE).await,
        Found::None => work.rest().await,
        Found::Open(mut open) if another_runs(work, &found) => {
            work.wait(&mut open, BESIDE).await?;
            work.look_again_within(SHOWS_UP_WITHIN).await
        }
        Found::Open(open) => ask(work, shipping, &found, open).await,
    }
}

const BESIDE: &str = "a label job made in the marketplace's panel is running; Haat asks after it";

/// Whether somebody else's job is waited for: made in the marketplace's panel, it brings these
/// labels too. One that does not end is not waited for any longer, and one that was given up counts
/// as filed.
fn another_runs(work: &mut Work<'_>, found: &LabelJobs) -> bool {
    let (now, record) = (work.now(), &mut work.record);
    let newest = found.jobs.first().map(|newest| &newest.job);
    let running = newest.filter(|job| job.state == JobState::Running);
    let Some(job) = running.filter(|job| record.filed.as_ref() != Some(&job.id)) else {
        record.beside = None;
        return false;
    };
    let known = record.beside.take().filter(|beside| beside.job == job.id.0);
    let beside = known.unwrap_or_else(|| OthersJob {
        job: job.id.0.clone(),
        since: now,
    });
    let waits = now.duration_since(beside.since) < PATIENCE;
    record.beside = Some(beside);
    waits
}

async fn ask(
    work: &mut Work<'_>,
    shipping: &dyn ShippingByJob,
    found: &LabelJobs,
    mut open: Vec<Order>,
) -> Result<(), WorkError> {
    let since = work.now();
    let before = found.jobs.first().map(|job| job.job.id.clone());
    // The job labels all that is open: what is noted and due is asked for as well.
    work.record.asked = std::mem::take(&mut work.record.orders);
    work.record.since.get_or_insert(since);
    work.record.brought = false;
    work.record.progress = JobProgress::Asking {
        since,
        before: before.clone(),
    };
    work.save().await?;
    let wait = SignedDuration::try_from(found.look_again).unwrap_or(SHOWS_UP_WITHIN);
    match shipping.request_labels().await {
        Ok(job) => {
            work.record.progress = JobProgress::Running { since, job };
            work.wait(&mut open, MAKING).await?;
            work.look_again(wait).await
        }
        Err(error) if error.kind == ErrorKind::Ambiguous => {
            work.record.progress = JobProgress::Unknown { since, before };
            work.wait(
                &mut open,
                "asked for; the marketplace's answer was lost, reading back",
            )
            .await?;
            work.look_again(SignedDuration::from_secs(15)).await
        }
        Err(error) => {
            work.record.progress = JobProgress::Idle;
            if matches!(error.kind, ErrorKind::Rejected | ErrorKind::NotFound) {
                let reason = error.to_string();
                work.record.unfiled = Some(reason.clone());
                work.record.ended = Some(EndedJob {
                    asked_at: since,
                    reason,
                });
                return work.look_again(AT_ONCE).await;
            }
            Err(error.into())
        }
    }
}

const MAKING: &str = "the marketplace is making the label";

enum Settled {
    /// Someone is about to ask just now.
    SomeoneAsks,
    /// Not decided yet: look again then, for this reason.
    Wait(SignedDuration, String),
    /// Nothing is under way any more; the record says what is to be told.
    Ended,
}

/// Finds out what became of the request under way.
fn settle(work: &mut Work<'_>, found: &LabelJobs, most: usize) -> Settled {
    let now = work.now();
    let (since, job) = match work.record.progress.clone() {
        JobProgress::Idle => return Settled::Ended,
        JobProgress::Asking { since, .. } if now.duration_since(since) < ASKING_LEASE => {
            return Settled::SomeoneAsks;
        }
        JobProgress::Asking { since, before } | JobProgress::Unknown { since, before } => {
            match found.jobs.first() {
                Some(newest) if Some(&newest.job.id) != before.as_ref() => {
                    (since, newest.job.id.clone())
                }
                _none if now.duration_since(since) < SHOWS_UP_WITHIN => {
                    let reason = "asked for; the marketplace's answer was lost, reading back";
                    return Settled::Wait(SignedDuration::from_secs(15), reason.to_owned());
                }
                _none => {
                    work.record.progress = JobProgress::Idle;
                    return Settled::Ended;
                }
            }
        }
        JobProgress::Running { since, job } => (since, job),
    };
    let known = found.jobs.iter().find(|known| known.job.id == job);
    let reason = match known.map(|known| &known.job.state) {
        Some(JobState::Running) if now.duration_since(since) < PATIENCE => {
            work.record.progress = JobProgress::Running { since, job };
            let wait = SignedDuration::try_from(found.look_again).unwrap_or(SHOWS_UP_WITHIN);
            return Settled::Wait(wait, MAKING.to_owned());
        }
        // A job may take a moment to be listed.
        None if now.duration_since(since) < SHOWS_UP_WITHIN => {
            return Settled::Wait(SignedDuration::from_secs(15), MAKING.to_owned());
        }
        Some(JobState::Running) => {
            work.record.filed = Some(job);
            "the marketplace's label job does not end".to_owned()
        }
        Some(JobState::Failed { said }) => format!("the marketplace gave no label: {said}"),
        Some(JobState::Finished) => "the label job ended without this order's label".to_owned(),
        None => "the marketplace no longer knows the label job".to_owned(),
    };
    work.record.progress = JobProgress::Idle;
    // A job that was full left the rest for the next one, as long as jobs get on with it.
    let labels = known.and_then(|known| known.labels).map(usize::try_from);
    let full = matches!(labels, Some(Ok(labels)) if labels >= most) && work.record.brought;
    if !full {
        work.record.ended = Some(EndedJob {
            asked_at: since,
            reason,
        });
    }
    Settled::Ended
}
