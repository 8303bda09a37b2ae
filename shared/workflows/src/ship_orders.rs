//! Getting labels: the marketplace's label job names no orders, so every page of its PDF is
//! filed by the order number it carries, and only orders that were asked for move on.

use std::collections::BTreeMap;

use haat_domain::{Action, Order, OrderNumber, OrderReport, ist};
use haat_ports::{Asked, ErrorKind, JobProgress, JobState, LabelJobs, Orders, Shipping};
use jiff::{SignedDuration, Timestamp};

use crate::accept_orders::look;
use crate::file_labels::file_finished;
use crate::work_on_jobs::{ASKING_LEASE, LATER, PATIENCE, SHOWS_UP_WITHIN, Work, WorkError};

pub(crate) async fn step(
    work: &mut Work<'_>,
    orders: &dyn Orders,
    shipping: &dyn Shipping,
) -> Result<(), WorkError> {
    let found = shipping.label_jobs().await?;
    let filed = file_finished(work, shipping, &found.jobs).await?;
    let ended = match settle(work, &found) {
        Settled::Wait(wait, reason) => {
            let mut wanted = work.wanted().await?;
            work.wait(&mut wanted, &reason).await?;
            return work.look_again_within(wait).await;
        }
        Settled::SomeoneAsks => return Err(work.someone_asks()),
        Settled::Ended(reason) => Some(reason),
        Settled::Nothing => None,
    };
    let just_asked = std::mem::take(&mut work.record.asked);
    let mut wanted = {
        work.record.orders.extend(just_asked.iter().cloned());
        work.wanted().await?
    };
    let reports = look(work, orders, &mut wanted).await?;
    wanted.retain(|order| order.wants(Action::Ship));
    if let Some(trouble) = filed.trouble {
        // Asking again would bring the same file: a person must look at it.
        let was_asked = |order: &Order| just_asked.contains(&order.id.number);
        let (mut without, others): (Vec<Order>, Vec<Order>) =
            wanted.into_iter().partition(was_asked);
        work.fail(&mut without, &trouble).await?;
        wanted = others;
    }
    work.record.orders = wanted.iter().map(|order| order.id.number.clone()).collect();
    if wanted.is_empty() {
        return work.rest().await;
    }
    let resting: Vec<OrderNumber> = wanted
        .iter()
        .map(|order| order.id.number.clone())
        .filter(|number| work.is_resting(number))
        .collect();
    let left_over = |order: &Order| {
        let number = &order.id.number;
        resting.contains(number) || (ended.is_some() && just_asked.contains(number))
    };
    let (open, mut waiting) = sort_out(work, &reports, wanted, left_over);
    for (order, reason) in &mut waiting {
        let reason = match (&*reason, &ended) {
            (Some(reason), _) => reason.clone(),
            (None, Some(ended)) => format!("{ended}; Haat asks again within 10 minutes"),
            // What it waits for was said when it came to rest.
            (None, None) => continue,
        };
        work.wait(std::slice::from_mut(order), &reason).await?;
    }
    if open.is_empty() {
        let opening = next_opening(work.now(), &reports);
        return work.look_again_within(opening).await;
    }
    // Somebody else's job, made in the marketplace's panel, brings these labels too; one that was
    // given up counts as filed.
    let runs = found.jobs.first().is_some_and(|newest| {
        newest.job.state == JobState::Running && work.record.filed.as_ref() != Some(&newest.job.id)
    });
    if runs {
        return work.look_again_within(SHOWS_UP_WITHIN).await;
    }
    ask(work, shipping, &found, open).await
}

async fn ask(
    work: &mut Work<'_>,
    shipping: &dyn Shipping,
    found: &LabelJobs,
    mut open: Vec<Order>,
) -> Result<(), WorkError> {
    let since = work.now();
    let before = found.jobs.first().map(|job| job.job.id.clone());
    let asked: Vec<OrderNumber> = open.iter().map(|o| o.id.number.clone()).collect();
    work.record.orders.retain(|number| !asked.contains(number));
    work.record.asked = asked;
    work.record.progress = JobProgress::Asking {
        since,
        before: before.clone(),
    };
    work.save().await?;
    let wait = SignedDuration::try_from(found.look_again).unwrap_or(SHOWS_UP_WITHIN);
    match shipping.request_labels().await {
        Ok(Asked::Job(job)) => {
            work.record.progress = JobProgress::Running { since, job };
            work.wait(&mut open, MAKING).await?;
            work.look_again(wait).await
        }
        Ok(Asked::Done) => {
            work.record.progress = JobProgress::Unknown { since, before };
            work.look_again(SignedDuration::from_secs(1)).await
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
                work.fail(&mut open, &error.to_string()).await?;
                work.record.asked.clear();
                return work.look_again(SignedDuration::from_secs(1)).await;
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
    /// The job under way ended, as this says.
    Ended(String),
    /// Nothing was under way.
    Nothing,
}

/// Finds out what became of the request under way.
fn settle(work: &mut Work<'_>, found: &LabelJobs) -> Settled {
    let now = work.now();
    let (since, job) = match work.record.progress.clone() {
        JobProgress::Idle => return Settled::Nothing,
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
                    return Settled::Nothing;
                }
            }
        }
        JobProgress::Running { since, job } => (since, job),
    };
    let state = found
        .jobs
        .iter()
        .find(|known| known.job.id == job)
        .map(|j| &j.job.state);
    let ended = match state {
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
    Settled::Ended(ended)
}

/// Splits the orders into those whose label may be asked for now, and those that wait, with
/// the reason where the marketplace gives one.
fn sort_out(
    work: &Work<'_>,
    reports: &[OrderReport],
    wanted: Vec<Order>,
    left_over: impl Fn(&Order) -> bool,
) -> (Vec<Order>, Vec<(Order, Option<String>)>) {
    let now = work.now();
    let packets: BTreeMap<&OrderNumber, _> = reports
        .iter()
        .filter_map(|report| Some((&report.number, report.packet.as_ref()?)))
        .collect();
    let (mut open, mut waiting) = (Vec::new(), Vec::new());
    for order in wanted {
        let packet = packets.get(&order.id.number);
        let opens_at = packet.and_then(|packet| packet.label_opens_at);
        match (packet.and_then(|packet| packet.label_open), opens_at) {
            (Some(false), Some(at)) if at > now => {
                let when = ist(at).strftime("%d %b %H:%M");
                let reason = format!("the marketplace opens the label at {when} IST");
                waiting.push((order, Some(reason)));
            }
            (Some(false), _) => {
                let reason = "the marketplace has not opened the label yet".to_owned();
                waiting.push((order, Some(reason)));
            }
            _open_or_unsaid if left_over(&order) => waiting.push((order, None)),
            _open_or_unsaid => open.push(order),
        }
    }
    (open, waiting)
}

fn next_opening(now: Timestamp, reports: &[OrderReport]) -> SignedDuration {
    reports
        .iter()
        .filter_map(|report| report.packet.as_ref()?.label_opens_at)
        .filter(|at| *at > now)
        .min()
        .map_or(LATER, |at| at.duration_since(now))
}
