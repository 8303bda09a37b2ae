//! Accepting orders: one job at the marketplace at a time, read back before anyone believes it.

use haat_domain::{Action, Order, OrderNumber, Stage};
use haat_ports::{ErrorKind, Job, JobProgress, JobState, Orders, ShippingByJob, WaitingOrders};
use jiff::SignedDuration;

use crate::account_work::{AT_ONCE, Work};
use crate::look_up::look;
use crate::work_on_jobs::{ASKING_LEASE, PATIENCE, SHOWS_UP_WITHIN, WorkError};

pub(crate) async fn step(
    work: &mut Work<'_>,
    orders: &dyn Orders,
    shipping: &dyn ShippingByJob,
) -> Result<(), WorkError> {
    let jobs = match &work.record.progress {
        JobProgress::Idle => None,
        JobProgress::Asking { .. } | JobProgress::Unknown { .. } | JobProgress::Running { .. } => {
            let jobs = shipping.accept_jobs().await?;
            if let Some(wait) = settle(work, orders, shipping, &jobs).await? {
                return work.look_again_within(wait).await;
            }
            Some(jobs)
        }
    };
    let limit = work.desk.hub.limits(&work.account.marketplace).accept;
    let notes = next(work, limit).await?;
    if work.record.asked.is_empty() {
        work.forget(&notes).await?;
        return work.rest().await;
    }
    let jobs = match jobs {
        Some(jobs) => jobs,
        None => shipping.accept_jobs().await?,
    };
    ask(work, shipping, &jobs, &notes).await
}

/// Chooses what is asked for next, as many as the marketplace takes at once. The rest of them
/// stays in the record; the notes they come from may be forgotten once that is saved.
async fn next(work: &mut Work<'_>, limit: usize) -> Result<Vec<WaitingOrders>, WorkError> {
    // Those of a request that never arrived come first.
    let mut numbers = std::mem::take(&mut work.record.asked);
    numbers.append(&mut work.record.orders);
    let mut notes = Vec::new();
    for note in work.noted().await? {
        if numbers.len() >= limit {
            break;
        }
        numbers.extend(note.orders.iter().cloned());
        work.record.since = Some(work.record.since.map_or(note.since, |s| s.min(note.since)));
        notes.push(note);
    }
    let (mut ready, mut refused): (Vec<Order>, Vec<Order>) = work
        .wanted(&numbers)
        .await?
        .into_iter()
        .partition(|order| order.allows(Action::Accept).is_ok());
    let reason = "the order cannot be accepted in its stage";
    work.wait(&mut refused, reason).await?;
    let rest = ready.split_off(ready.len().min(limit));
    work.record.orders = rest.iter().map(|order| order.id.number.clone()).collect();
    work.record.asked = ready.iter().map(|order| order.id.number.clone()).collect();
    Ok(notes)
}

async fn ask(
    work: &mut Work<'_>,
    shipping: &dyn ShippingByJob,
    jobs: &[Job],
    notes: &[WaitingOrders],
) -> Result<(), WorkError> {
    let (since, before) = (work.now(), jobs.first().map(|job| job.id.clone()));
    work.record.progress = JobProgress::Asking {
        since,
        before: before.clone(),
    };
    work.save().await?;
    work.forget(notes).await?;
    match shipping.accept(&work.record.asked).await {
        Ok(job) => {
            work.record.progress = JobProgress::Running { since, job };
            let takes = SignedDuration::try_from(shipping.accept_takes());
            work.look_again(takes.unwrap_or(SHOWS_UP_WITHIN)).await
        }
        Err(error) if error.kind == ErrorKind::Ambiguous => {
            work.record.progress = JobProgress::Unknown { since, before };
            work.look_again(SignedDuration::from_secs(15)).await
        }
        Err(error) => {
            work.record.progress = JobProgress::Idle;
            if matches!(error.kind, ErrorKind::Rejected | ErrorKind::NotFound) {
                let mut asked = work.wanted(&work.record.asked).await?;
                work.fail(&mut asked, &error.to_string()).await?;
                work.record.asked.clear();
                return work.look_again(AT_ONCE).await;
            }
            Err(error.into())
        }
    }
}

/// Finds out what became of the request under way. `Some`: it is not decided yet, look again
/// then.
async fn settle(
    work: &mut Work<'_>,
    orders: &dyn Orders,
    shipping: &dyn ShippingByJob,
    jobs: &[Job],
) -> Result<Option<SignedDuration>, WorkError> {
    let now = work.now();
    let newest = jobs.first();
    let (since, job) = match work.record.progress.clone() {
        JobProgress::Idle => return Ok(None),
        JobProgress::Asking { since, .. } if now.duration_since(since) < ASKING_LEASE => {
            return Err(work.someone_asks());
        }
        JobProgress::Asking { since, before } | JobProgress::Unknown { since, before } => {
            match newest {
                Some(job) if Some(&job.id) != before.as_ref() => (since, job.id.clone()),
                _none if now.duration_since(since) < SHOWS_UP_WITHIN => {
                    return Ok(Some(SignedDuration::from_secs(15)));
                }
                _none => {
                    work.record.progress = JobProgress::Idle;
                    return Ok(None);
                }
            }
        }
        JobProgress::Running { since, job } => (since, job),
    };
    let found = jobs.iter().find(|known| known.id == job);
    let failed = match found.map(|job| &job.state) {
        Some(JobState::Running) if now.duration_since(since) < PATIENCE => {
            work.record.progress = JobProgress::Running { since, job };
            let takes = SignedDuration::try_from(shipping.accept_takes());
            return Ok(Some(takes.unwrap_or(SHOWS_UP_WITHIN)));
        }
        // A job may take a moment to be listed.
        None if now.duration_since(since) < SHOWS_UP_WITHIN => {
            return Ok(Some(SignedDuration::from_secs(15)));
        }
        Some(JobState::Failed { said }) => Some(said.clone()),
        Some(JobState::Running | JobState::Finished) | None => None,
    };
    // As it is now: a job that ran into its end is not looked for again.
    work.record.progress = JobProgress::Running { since, job };
    let limit = work.desk.hub.limits(&work.account.marketplace).look_up;
    if work.record.asked.len() > limit {
        work.begin_much().await?;
    }
    let all_told = read_back(work, orders, failed.as_deref()).await?;
    work.end_much();
    Ok((!all_told).then_some(AT_ONCE))
}

/// Lets every order asked for hear what the marketplace says of it now, as far as there is time.
/// What the job left behind is shown as failed. `false`: some are still to be told.
async fn read_back(
    work: &mut Work<'_>,
    orders: &dyn Orders,
    failed: Option<&str>,
) -> Result<bool, WorkError> {
    let limit = work.desk.hub.limits(&work.account.marketplace).look_up;
    while !work.record.asked.is_empty() {
        let some = work.record.asked.len().min(limit);
        let numbers: Vec<OrderNumber> = work.record.asked.iter().take(some).cloned().collect();
        let mut stored = work.orders(&numbers).await?;
        look(work, orders, &mut stored).await?;
        stored.retain(|order| order.stage == Stage::New && order.wants(Action::Accept));
        let reason = match failed {
            Some(said) => format!("the marketplace did not accept it: {said}; ask again"),
            None => "the marketplace's accept job ended without this order; ask again".to_owned(),
        };
        work.fail(&mut stored, &reason).await?;
        // Forgotten only when they are told: a look that fails is repeated for the others.
        work.record.asked.drain(..some);
        if work.is_late() && !work.record.asked.is_empty() {
            return Ok(false);
        }
    }
    work.record.progress = JobProgress::Idle;
    Ok(true)
}
