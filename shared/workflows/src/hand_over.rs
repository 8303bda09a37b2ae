//! Handing parcels over: one manifest for each courier, as many parcels as the marketplace takes.
//!
//! The orders themselves tell whether a manifest happened: after a lost answer they are looked up
//! before another one is closed.

use std::collections::BTreeMap;

use haat_domain::{Action, Order, OrderNumber};
use haat_ports::{
    ClosedManifest, ErrorKind, JobProgress, ManifestParcel, Manifests, Orders, WaitingOrders,
};
use jiff::{SignedDuration, Timestamp};

use crate::account_work::{AT_IT, AT_ONCE, Work};
use crate::keep_manifest::{courier, keep, keep_gone};
use crate::look_up::look;
use crate::manifest_papers;
use crate::one_by_one::{is_being_asked, leave_alone};
use crate::work_on_jobs::{SHOWS_UP_WITHIN, WorkError};

pub(crate) async fn step(
    work: &mut Work<'_>,
    orders: &dyn Orders,
    manifests: &dyn Manifests,
) -> Result<(), WorkError> {
    if is_being_asked(work) {
        return Err(work.someone_asks());
    }
    if let Some(wait) = settle(work, orders).await? {
        return work.look_again_within(wait).await;
    }
    loop {
        let (parcels, notes) = next(work, orders).await?;
        if parcels.is_empty() {
            work.forget(&notes).await?;
            break;
        }
        close(work, orders, manifests, parcels, &notes).await?;
        if let JobProgress::Unknown { .. } = work.record.progress {
            return work.look_again(SHOWS_UP_WITHIN).await;
        }
        if work.is_late() {
            return work.look_again(AT_ONCE).await;
        }
    }
    match manifest_papers::fetch(work, manifests).await? {
        Some(again) => {
            work.record.progress = JobProgress::Idle;
            work.look_again(again).await
        }
        None => work.rest().await,
    }
}

/// Finds out what became of a manifest whose answer was lost. `Some`: it may still happen.
async fn settle(
    work: &mut Work<'_>,
    orders: &dyn Orders,
) -> Result<Option<SignedDuration>, WorkError> {
    let since = match work.record.progress {
        JobProgress::Asking { since, .. } | JobProgress::Unknown { since, .. } => since,
        JobProgress::Idle | JobProgress::Running { .. } => return Ok(None),
    };
    let waited = work.now().duration_since(since);
    if waited < SHOWS_UP_WITHIN {
        return Ok(Some(SHOWS_UP_WITHIN.saturating_sub(waited)));
    }
    let mut asked = work.orders(&work.record.asked).await?;
    look(work, orders, &mut asked).await?;
    let (waiting, gone): (Vec<Order>, Vec<Order>) = asked
        .into_iter()
        .partition(|order| order.wants(Action::HandOver));
    keep_gone(work, gone, since).await?;
    work.record.asked.clear();
    let waiting = waiting.into_iter().map(|order| order.id.number);
    work.record.orders.splice(..0, waiting);
    work.record.progress = JobProgress::Idle;
    Ok(None)
}

/// Chooses the parcels of the next manifest: the most urgent one's courier decides. They are looked
/// up first, so that nothing leaves that was cancelled.
async fn next(
    work: &mut Work<'_>,
    orders: &dyn Orders,
) -> Result<(Vec<Order>, Vec<WaitingOrders>), WorkError> {
    let limit = work.desk.hub.limits(&work.account.marketplace).manifest;
    let mut numbers = std::mem::take(&mut work.record.orders);
    let notes = work.noted().await?;
    numbers.extend(notes.iter().flat_map(|note| note.orders.iter().cloned()));
    let (ready, mut refused): (Vec<Order>, Vec<Order>) = work
        .wanted(&numbers)
        .await?
        .into_iter()
        .partition(|order| order.allows(Action::HandOver).is_ok());
    let reason = "it is handed over once it is ready to ship";
    work.wait(&mut refused, reason).await?;
    let mut chosen: Vec<Order> = Vec::new();
    let mut rest: Vec<OrderNumber> = Vec::new();
    for order in ready {
        let same = chosen
            .first()
            .is_none_or(|first| courier(first) == courier(&order));
        if same && chosen.len() < limit {
            chosen.push(order);
        } else {
            rest.push(order.id.number);
        }
    }
    // While they are looked up they stay in the record: where that fails, they are taken up again.
    let numbers = chosen.iter().map(|order| order.id.number.clone());
    work.record.orders = numbers.chain(rest.iter().cloned()).collect();
    look(work, orders, &mut chosen).await?;
    work.record.orders = rest;
    chosen.retain(|order| order.wants(Action::HandOver) && order.shipment.is_some());
    Ok((chosen, notes))
}

async fn close(
    work: &mut Work<'_>,
    orders: &dyn Orders,
    manifests: &dyn Manifests,
    mut chosen: Vec<Order>,
    notes: &[WaitingOrders],
) -> Result<(), WorkError> {
    let since = work.now();
    work.record.asked = chosen.iter().map(|order| order.id.number.clone()).collect();
    work.record.since.get_or_insert(since);
    work.record.progress = JobProgress::Asking {
        since,
        before: None,
    };
    work.record.wake = since.saturating_add(AT_IT).ok();
    work.save().await?;
    work.forget(notes).await?;
    let parcels: Vec<ManifestParcel> = chosen.iter().filter_map(parcel).collect();
    let by = chosen.first().map_or("", courier).to_owned();
    work.end_much();
    match manifests.close(&by, &parcels).await {
        Ok(closed) => closed_one(work, orders, chosen, closed, since).await,
        Err(error) if error.kind == ErrorKind::Ambiguous => {
            work.record.progress = JobProgress::Unknown {
                since,
                before: None,
            };
            let reason = "on a manifest whose answer was lost; reading back";
            work.wait(&mut chosen, reason).await
        }
        Err(error) if matches!(error.kind, ErrorKind::Rejected | ErrorKind::NotFound) => {
            let said = error.to_string();
            // Until all are told they stay asked for: where that fails, they are looked up again.
            left_out(work, orders, chosen, since, |_| said.clone()).await?;
            work.record.progress = JobProgress::Idle;
            work.record.asked.clear();
            Ok(())
        }
        Err(error) => {
            // Nothing was done: they come first the next time.
            let asked = std::mem::take(&mut work.record.asked);
            work.record.orders.splice(..0, asked);
            work.record.progress = JobProgress::Idle;
            Err(error.into())
        }
    }
}

fn parcel(order: &Order) -> Option<ManifestParcel> {
    let shipment = order.shipment.as_ref()?;
    let invoice = order.supply.invoice.as_ref();
    Some(ManifestParcel {
        order: order.id.number.clone(),
        awb: shipment.awb.clone(),
        invoice: invoice.map(|invoice| invoice.number.to_string()),
    })
}

/// Keeps a manifest, shows what it left out, and lets the others hear that they have left.
async fn closed_one(
    work: &mut Work<'_>,
    orders: &dyn Orders,
    chosen: Vec<Order>,
    closed: ClosedManifest,
    since: Timestamp,
) -> Result<(), WorkError> {
    let refused: BTreeMap<OrderNumber, String> = closed
        .refused
        .iter()
        .map(|refused| (refused.number.clone(), refused.said.clone()))
        .collect();
    let (refused_ones, mut on_it): (Vec<Order>, Vec<Order>) = chosen
        .into_iter()
        .partition(|order| refused.contains_key(&order.id.number));
    if !on_it.is_empty() {
        keep(work, &on_it, closed.id, since).await?;
    }
    look(work, orders, &mut on_it).await?;
    for order in on_it
        .iter_mut()
        .filter(|order| order.wants(Action::HandOver))
    {
        leave_alone(
            work,
            order,
            "on a manifest that the marketplace does not show yet",
        )
        .await?;
    }
    left_out(work, orders, refused_ones, since, |order| {
        let said = refused.get(&order.id.number).map_or("", String::as_str);
        format!("the manifest was closed without it: {said}; ask again")
    })
    .await?;
    work.record.asked.clear();
    work.record.progress = JobProgress::Idle;
    Ok(())
}

/// Shows what the marketplace did not take, unless it has left already: a request that came twice is
/// refused the second time.
async fn left_out(
    work: &Work<'_>,
    orders: &dyn Orders,
    mut refused: Vec<Order>,
    since: Timestamp,
    reason: impl Fn(&Order) -> String,
) -> Result<(), WorkError> {
    if refused.is_empty() {
        return Ok(());
    }
    look(work, orders, &mut refused).await?;
    let (mut still, gone): (Vec<Order>, Vec<Order>) = refused
        .into_iter()
        .partition(|order| order.wants(Action::HandOver));
    keep_gone(work, gone, since).await?;
    for order in &mut still {
        let reason = reason(order);
        work.fail(std::slice::from_mut(order), &reason).await?;
    }
    Ok(())
}
