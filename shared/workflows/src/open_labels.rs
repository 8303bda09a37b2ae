//! Finding an order whose label may be asked for, among those whose turn it is.

use std::collections::BTreeMap;

use haat_domain::{Action, Order, OrderNumber, OrderReport, ist};
use haat_ports::Orders;
use jiff::{SignedDuration, Timestamp};

use crate::account_work::Work;
use crate::look_up::look;
use crate::work_on_jobs::{LATER, WorkError};

pub(crate) enum Found {
    /// These, open as far as they were looked at, and perhaps more that are noted.
    Open(Vec<Order>),
    /// None whose turn it is; the others are noted for later.
    None,
    /// There was no time to look at all of them.
    Late,
}

/// Goes through the orders whose turn it is until one has an open label. Those with their label
/// are left out, and those that are not open yet are noted for when they are.
pub(crate) async fn find(work: &mut Work<'_>, orders: &dyn Orders) -> Result<Found, WorkError> {
    // They stay in the record until they were looked at: trouble on the way saves it as it is.
    let numbers = work.record.orders.clone();
    let looked = until_open(work, orders, &numbers).await?;
    work.record.orders = looked.numbers();
    match looked {
        Looked::Closed => {}
        Looked::Open(open) => return Ok(Found::Open(open)),
        Looked::Late(_) => return Ok(Found::Late),
    }
    while let Some(note) = work.first_noted(work.now()).await? {
        let looked = until_open(work, orders, &note.orders).await?;
        let left = looked.numbers();
        if left.is_empty() || left.len() < note.orders.len() {
            work.note(note.due, note.since, &left).await?;
            work.forget(&[note]).await?;
        }
        match looked {
            Looked::Open(open) => return Ok(Found::Open(open)),
            Looked::Late(_) => return Ok(Found::Late),
            Looked::Closed if work.is_late() => return Ok(Found::Late),
            Looked::Closed => {}
        }
    }
    Ok(Found::None)
}

/// What a look at some orders found.
enum Looked {
    /// None of them is open.
    Closed,
    /// The first open ones, and those behind them.
    Open(Vec<Order>),
    /// There was no time for these.
    Late(Vec<Order>),
}

impl Looked {
    /// The orders whose turn it still is.
    fn numbers(&self) -> Vec<OrderNumber> {
        match self {
            Self::Closed => Vec::new(),
            Self::Open(left) | Self::Late(left) => {
                left.iter().map(|order| order.id.number.clone()).collect()
            }
        }
    }
}

async fn until_open(
    work: &Work<'_>,
    orders: &dyn Orders,
    numbers: &[OrderNumber],
) -> Result<Looked, WorkError> {
    let limit = work.desk.hub.limits(&work.account.marketplace).look_up;
    let mut left = work.wanted(numbers).await?;
    while !left.is_empty() {
        let others = left.split_off(left.len().min(limit));
        let (mut open, closed) = look_whether_open(work, orders, left).await?;
        put_off(work, closed).await?;
        if !open.is_empty() {
            open.extend(others);
            return Ok(Looked::Open(open));
        }
        if work.is_late() && !others.is_empty() {
            return Ok(Looked::Late(others));
        }
        left = others;
    }
    Ok(Looked::Closed)
}

/// An order whose label is not open yet: when it may be, and why it waits.
pub(crate) struct Closed {
    order: Order,
    opens: Timestamp,
    reason: String,
}

/// Asks the marketplace about orders, and splits those that still want their label into those
/// whose label may be asked for, and those that wait.
pub(crate) async fn look_whether_open(
    work: &Work<'_>,
    orders: &dyn Orders,
    mut stored: Vec<Order>,
) -> Result<(Vec<Order>, Vec<Closed>), WorkError> {
    let reports = look(work, orders, &mut stored).await?;
    let packets: BTreeMap<&OrderNumber, _> = reports
        .iter()
        .filter_map(|report: &OrderReport| Some((&report.number, report.packet.as_ref()?)))
        .collect();
    let now = work.now();
    let (mut open, mut closed) = (Vec::new(), Vec::new());
    for order in stored {
        if !order.wants(Action::Ship) {
            continue;
        }
        let packet = packets.get(&order.id.number);
        let opens_at = packet.and_then(|packet| packet.label_opens_at);
        let (opens, reason) = match (packet.and_then(|packet| packet.label_open), opens_at) {
            (Some(false), Some(at)) if at > now => {
                let when = ist(at).strftime("%d %b %H:%M");
                let reason = format!("the marketplace opens the label at {when} IST");
                (whole_minute(at), reason)
            }
            (Some(false), _) => {
                let reason = "the marketplace has not opened the label yet".to_owned();
                (later(now), reason)
            }
            _open_or_unsaid => {
                open.push(order);
                continue;
            }
        };
        closed.push(Closed {
            order,
            opens,
            reason,
        });
    }
    Ok((open, closed))
}

/// Says on the orders why they wait, and notes them for when their label opens.
pub(crate) async fn put_off(work: &Work<'_>, closed: Vec<Closed>) -> Result<(), WorkError> {
    let mut by_opening: BTreeMap<(Timestamp, String), Vec<Order>> = BTreeMap::new();
    for one in closed {
        let opening = (one.opens, one.reason);
        by_opening.entry(opening).or_default().push(one.order);
    }
    for ((opens, reason), mut orders) in by_opening {
        work.wait(&mut orders, &reason).await?;
        work.put_off(opens, &orders).await?;
    }
    Ok(())
}

/// When the hub asks again for what the marketplace did not give.
pub(crate) fn later(now: Timestamp) -> Timestamp {
    now.saturating_add(LATER).unwrap_or(now)
}

/// The next whole minute, so that labels that open one after the other are looked at together.
fn whole_minute(at: Timestamp) -> Timestamp {
    let beyond = at.as_second().rem_euclid(60);
    let wait = SignedDuration::from_secs(60_i64.saturating_sub(beyond));
    at.saturating_add(wait).unwrap_or(at)
}
