//! Work that the marketplace does order by order: each order has calls of its own.
//!
//! The record says which orders are being asked for before the first of them is. Whoever finds it
//! so after its author has died looks those orders up before he asks again; and an order whose
//! answer was lost is left alone for a while and looked up then. So no call is ever repeated
//! blindly, and none of the other orders waits for it.

use std::collections::BTreeSet;

use haat_domain::{Action, Actor, Order, OrderNumber};
use haat_ports::{
    ErrorKind, JobProgress, MarketplaceError, Orders, ShippingByOrder, WaitingOrders,
};
use jiff::{SignedDuration, Timestamp};

use crate::account_work::{AT_IT, AT_ONCE, Work};
use crate::look_up::look;
use crate::ship_one;
use crate::work_on_jobs::{ASKING_LEASE, LATER, SHOWS_UP_WITHIN, WorkError};
use crate::write_order;

/// What became of one order's turn.
pub(crate) enum Turn {
    /// The marketplace did it.
    Done,
    /// Not now: again after that, for this reason.
    Later(SignedDuration, String),
    /// It may have happened.
    Unclear,
    /// It cannot be done until a person acts.
    Failed(String),
}

pub(crate) async fn step(
    work: &mut Work<'_>,
    orders: &dyn Orders,
    shipping: &dyn ShippingByOrder,
) -> Result<(), WorkError> {
    if is_being_asked(work) {
        return Err(work.someone_asks());
    }
    // What a look that died was at may have been asked for.
    let suspects: BTreeSet<OrderNumber> = work.record.asked.iter().cloned().collect();
    loop {
        let (batch, notes) = next(work).await?;
        if batch.is_empty() {
            work.forget(&notes).await?;
            return work.rest().await;
        }
        begin(work, &batch, &notes).await?;
        let all_had_it = turns(work, orders, shipping, batch, &suspects).await;
        work.record.progress = JobProgress::Idle;
        work.end_much();
        if !all_had_it? || work.is_late() {
            return work.look_again(AT_ONCE).await;
        }
    }
}

/// Whether someone wrote moments ago that he is about to ask.
pub(crate) fn is_being_asked(work: &Work<'_>) -> bool {
    match work.record.progress {
        JobProgress::Asking { since, .. } => work.now().duration_since(since) < ASKING_LEASE,
        JobProgress::Idle | JobProgress::Unknown { .. } | JobProgress::Running { .. } => false,
    }
}

/// Chooses whose turn it is; the notes they come from may be forgotten once that is saved.
async fn next(work: &mut Work<'_>) -> Result<(Vec<Order>, Vec<WaitingOrders>), WorkError> {
    let limit = work.desk.hub.limits(&work.account.marketplace).look_up;
    let mut numbers = std::mem::take(&mut work.record.asked);
    numbers.append(&mut work.record.orders);
    let mut notes = Vec::new();
    if numbers.len() < limit {
        notes = work.noted().await?;
        for note in &notes {
            numbers.extend(note.orders.iter().cloned());
            work.record.since = Some(work.record.since.map_or(note.since, |s| s.min(note.since)));
        }
    }
    let action = work.action();
    let (mut ready, mut refused): (Vec<Order>, Vec<Order>) = work
        .wanted(&numbers)
        .await?
        .into_iter()
        .partition(|order| order.allows(action).is_ok());
    let reason = "the order does not take it in its stage; it waits for the marketplace's word";
    work.wait(&mut refused, reason).await?;
    let now = work.now();
    let (mut chosen, mut rest) = (Vec::new(), Vec::new());
    for order in ready.drain(..) {
        match not_before(work, &order).filter(|(until, _)| *until > now) {
            Some((until, reason)) => {
                let mut waits = [order];
                if let Some(reason) = reason {
                    work.wait(&mut waits, &reason).await?;
                }
                work.put_off(until, &waits).await?;
            }
            None if chosen.len() < limit => chosen.push(order),
            None => rest.push(order.id.number),
        }
    }
    work.record.orders = rest;
    Ok((chosen, notes))
}

/// Until when an order is left alone, and why if it does not say so itself.
fn not_before(work: &Work<'_>, order: &Order) -> Option<(Timestamp, Option<String>)> {
    let intent = order.intent(work.action())?;
    if let Some(until) = intent.not_before {
        return Some((until, None));
    }
    let minutes = work.account.settings.accept_after_minutes;
    let by_itself = matches!(intent.asked_by, Actor::Rule(_));
    if work.action() != Action::Accept || !by_itself || minutes == 0 {
        return None;
    }
    let wait = SignedDuration::from_mins(i64::from(minutes));
    let until = order.ordered_at.saturating_add(wait).ok()?;
    let reason = format!("accepted {minutes} minutes after it was ordered, as the account is set");
    Some((until, Some(reason)))
}

/// Writes down who is about to be asked for.
async fn begin(
    work: &mut Work<'_>,
    batch: &[Order],
    notes: &[WaitingOrders],
) -> Result<(), WorkError> {
    let since = work.now();
    work.record.asked = batch.iter().map(|order| order.id.number.clone()).collect();
    work.record.since.get_or_insert(since);
    work.record.progress = JobProgress::Asking {
        since,
        before: None,
    };
    work.record.wake = since.saturating_add(AT_IT).ok();
    work.save().await?;
    work.forget(notes).await
}

/// Gives each order its turn, as far as there is time. `false`: some were not reached. They come
/// first in the next look; what stays in `asked` may have been asked for.
async fn turns(
    work: &mut Work<'_>,
    orders: &dyn Orders,
    shipping: &dyn ShippingByOrder,
    mut batch: Vec<Order>,
    suspects: &BTreeSet<OrderNumber>,
) -> Result<bool, WorkError> {
    read_back(work, orders, &mut batch, suspects).await?;
    let (mut done, mut unreached) = (Vec::new(), Vec::new());
    let mut trouble = Ok(());
    for mut order in batch {
        if trouble.is_err() || work.is_late() {
            unreached.push(order.id.number);
            continue;
        }
        match turn(work, shipping, &mut order).await {
            Ok(Turn::Done) => done.push(order),
            Ok(other) => {
                settle(work, &mut order, other).await?;
                work.record.asked.retain(|asked| *asked != order.id.number);
            }
            Err(error) => {
                trouble = Err(error);
                unreached.push(order.id.number);
            }
        }
    }
    let all_had_it = unreached.is_empty();
    work.record.asked.retain(|asked| !unreached.contains(asked));
    work.record.orders.splice(..0, unreached);
    let finished = finish(work, orders, shipping, done).await;
    trouble.and(finished).map(|()| all_had_it)
}

/// Lets orders hear what became of them: those that may have been asked for, and all that are
/// shipped, for they may have been cancelled.
async fn read_back(
    work: &mut Work<'_>,
    orders: &dyn Orders,
    batch: &mut Vec<Order>,
    suspects: &BTreeSet<OrderNumber>,
) -> Result<(), WorkError> {
    let action = work.action();
    let is_suspect = |order: &Order| {
        let intent = order.intent(action);
        let unclear = intent.is_some_and(|intent| intent.not_before.is_some());
        action != Action::Accept || unclear || suspects.contains(&order.id.number)
    };
    let (mut asked, others): (Vec<Order>, Vec<Order>) =
        std::mem::take(batch).into_iter().partition(is_suspect);
    if !asked.is_empty() {
        look(work, orders, &mut asked).await?;
    }
    *batch = others;
    batch.extend(asked);
    batch.retain(|order| order.wants(action) && order.allows(action).is_ok());
    let stays: BTreeSet<&OrderNumber> = batch.iter().map(|order| &order.id.number).collect();
    work.record.asked.retain(|asked| stays.contains(asked));
    Ok(())
}

async fn turn(
    work: &Work<'_>,
    shipping: &dyn ShippingByOrder,
    order: &mut Order,
) -> Result<Turn, WorkError> {
    let done = match work.action() {
        Action::Accept => {
            let without = order.accept.as_ref().map(|intent| intent.without.clone());
            let without = without.unwrap_or_default();
            shipping.accept(order, &without).await.map(|()| Turn::Done)
        }
        Action::Cancel => shipping.cancel(order).await.map(|()| Turn::Done),
        Action::Ship | Action::HandOver => {
            return ship_one::turn(work, shipping, order).await;
        }
    };
    done.or_else(failed_turn)
}

/// What an error means for the one order; trouble that concerns the whole account stays an error.
pub(crate) fn failed_turn(error: MarketplaceError) -> Result<Turn, WorkError> {
    match error.kind {
        ErrorKind::Rejected | ErrorKind::NotFound => Ok(Turn::Failed(error.to_string())),
        ErrorKind::NotReady => Ok(Turn::Later(SHOWS_UP_WITHIN, error.to_string())),
        ErrorKind::Malformed => Ok(Turn::Later(LATER, error.to_string())),
        ErrorKind::Ambiguous => Ok(Turn::Unclear),
        ErrorKind::Auth
        | ErrorKind::Attention(_)
        | ErrorKind::RateLimited
        | ErrorKind::Unavailable => Err(error.into()),
    }
}

const LOST: &str = "asked for; the marketplace's answer was lost, reading back";

/// Writes down what became of an order's turn, durably enough to forget that it had one.
async fn settle(work: &Work<'_>, order: &mut Order, turn: Turn) -> Result<(), WorkError> {
    match turn {
        Turn::Done => Ok(()),
        Turn::Later(after, reason) => {
            let due = work.now().saturating_add(after).unwrap_or(Timestamp::MAX);
            work.wait(std::slice::from_mut(order), &reason).await?;
            work.put_off(due, std::slice::from_ref(order)).await
        }
        Turn::Unclear => leave_alone(work, order, LOST).await,
        Turn::Failed(reason) => work.fail(std::slice::from_mut(order), &reason).await,
    }
}

/// Leaves an order alone until what was done, if it was, shows at the marketplace.
pub(crate) async fn leave_alone(
    work: &Work<'_>,
    order: &mut Order,
    reason: &str,
) -> Result<(), WorkError> {
    let (action, store) = (work.action(), work.desk.hub.store.as_ref());
    let until = work.now().saturating_add(SHOWS_UP_WITHIN);
    let until = until.unwrap_or(Timestamp::MAX);
    write_order::change(store, order, |order| {
        order.leave_alone(action, until, reason)
    })
    .await?;
    work.put_off(until, std::slice::from_ref(order)).await
}

const NOT_SHOWN: &str = "done, but the marketplace does not show it yet";

/// Lets those that are done hear it. What does not show yet is looked at again.
async fn finish(
    work: &mut Work<'_>,
    orders: &dyn Orders,
    shipping: &dyn ShippingByOrder,
    mut done: Vec<Order>,
) -> Result<(), WorkError> {
    if work.action() == Action::Ship {
        ship_one::make_ready(work, shipping, &mut done).await?;
    }
    if !done.is_empty() {
        look(work, orders, &mut done).await?;
    }
    for order in &mut done {
        if work.action() == Action::Ship {
            ship_one::end(work, order).await?;
        }
        if order.wants(work.action()) {
            leave_alone(work, order, NOT_SHOWN).await?;
        }
        work.record.asked.retain(|asked| *asked != order.id.number);
    }
    Ok(())
}
