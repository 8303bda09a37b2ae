//! Accepting orders: one job at the marketplace at a time, read back before anyone believes it.

use std::collections::BTreeSet;

use haat_domain::{Action, Order, OrderNumber, Stage};
use haat_ports::{Asked, ErrorKind, Job, JobProgress, JobState, Orders, Shipping};
use jiff::SignedDuration;

use crate::work_on_jobs::{ASKING_LEASE, PATIENCE, SHOWS_UP_WITHIN, Work, WorkError};
use crate::write_order;

pub(crate) async fn step(
    work: &mut Work<'_>,
    orders: &dyn Orders,
    shipping: &dyn Shipping,
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
    let (mut ready, refused): (Vec<Order>, Vec<Order>) = work
        .wanted()
        .await?
        .into_iter()
        .partition(|order| order.allows(Action::Accept).is_ok());
    work.wait(
        &mut refused.clone(),
        "the order cannot be accepted in its stage",
    )
    .await?;
    let rest = ready.split_off(ready.len().min(limit));
    work.record.orders = rest.iter().map(|order| order.id.number.clone()).collect();
    work.record.asked = ready.iter().map(|order| order.id.number.clone()).collect();
    if work.record.asked.is_empty() {
        return work.rest().await;
    }
    let jobs = match jobs {
        Some(jobs) => jobs,
        None => shipping.accept_jobs().await?,
    };
    ask(work, orders, shipping, &jobs).await
}

async fn ask(
    work: &mut Work<'_>,
    orders: &dyn Orders,
    shipping: &dyn Shipping,
    jobs: &[Job],
) -> Result<(), WorkError> {
    let (since, before) = (work.now(), jobs.first().map(|job| job.id.clone()));
    work.record.progress = JobProgress::Asking {
        since,
        before: before.clone(),
    };
    work.save().await?;
    match shipping.accept(&work.record.asked).await {
        Ok(Asked::Job(job)) => {
            work.record.progress = JobProgress::Running { since, job };
            let takes = SignedDuration::try_from(shipping.accept_takes());
            work.look_again(takes.unwrap_or(SHOWS_UP_WITHIN)).await
        }
        Ok(Asked::Done) => {
            read_back(work, orders, None).await?;
            // More may be waiting than one call takes.
            work.look_again(SignedDuration::from_secs(1)).await
        }
        Err(error) if error.kind == ErrorKind::Ambiguous => {
            work.record.progress = JobProgress::Unknown { since, before };
            work.look_again(SignedDuration::from_secs(15)).await
        }
        Err(error) => {
            work.record.progress = JobProgress::Idle;
            if matches!(error.kind, ErrorKind::Rejected | ErrorKind::NotFound) {
                let mut asked = work.orders(&work.record.asked).await?;
                work.fail(&mut asked, &error.to_string()).await?;
                work.record.asked.clear();
                return work.look_again(SignedDuration::from_secs(1)).await;
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
    shipping: &dyn Shipping,
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
    read_back(work, orders, failed.as_deref()).await?;
    Ok(None)
}

/// Lets every order asked for hear what the marketplace says of it now. What the job left
/// behind is shown as failed.
async fn read_back(
    work: &mut Work<'_>,
    orders: &dyn Orders,
    failed: Option<&str>,
) -> Result<(), WorkError> {
    // Forgotten only when all of it is told: a look that fails is repeated for all of them.
    let asked = work.record.asked.clone();
    let mut stored = work.orders(&asked).await?;
    look(work, orders, &mut stored).await?;
    let done: BTreeSet<&OrderNumber> = stored
        .iter()
        .filter(|order| order.stage != Stage::New || !order.wants(Action::Accept))
        .map(|order| &order.id.number)
        .collect();
    let mut left: Vec<Order> = stored
        .iter()
        .filter(|order| !done.contains(&order.id.number))
        .cloned()
        .collect();
    let reason = match failed {
        Some(said) => format!("the marketplace did not accept it: {said}; ask again"),
        None => "the marketplace's accept job ended without this order; ask again".to_owned(),
    };
    work.fail(&mut left, &reason).await?;
    work.record.asked.clear();
    work.record.progress = JobProgress::Idle;
    Ok(())
}

/// Asks the marketplace about orders and lets them hear the answer.
pub(crate) async fn look(
    work: &Work<'_>,
    orders: &dyn Orders,
    stored: &mut [Order],
) -> Result<Vec<haat_domain::OrderReport>, WorkError> {
    let hub = &work.desk.hub;
    let limit = hub.limits(&work.account.marketplace).look_up;
    let mut reports = Vec::new();
    for chunk in stored.chunks_mut(limit) {
        let numbers: Vec<OrderNumber> = chunk.iter().map(|o| o.id.number.clone()).collect();
        let looked = orders.look_up(&numbers).await?;
        for report in looked.reports {
            if let Some(order) = chunk.iter_mut().find(|o| o.id.number == report.number) {
                write_order::hear(hub, order, &report).await?;
            }
            reports.push(report);
        }
    }
    Ok(reports)
}
