//! Pending orders, orders by id, and what the seller says to them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    counters,
    order::{CancelledBy, Order, State},
    pages::{Asked, Between, break_first},
    refusal,
    rows::{order_row, pending_row},
    token::caller,
    wire::{AckRequest, AckStatus, Call, CancelRequest},
    world::World,
};
use crate::{
    fault::{Fault, FaultKind},
    host::Answer,
    reply::Reply,
};

const MOST_IDS: usize = 50;
/// Statuses that `listOrders` may be asked for.
const LISTED: [State; 6] = [
    State::Confirmed,
    State::Packed,
    State::ReadyToDispatch,
    State::Dispatched,
    State::Delivered,
    State::Cancelled,
];

pub(crate) fn list_pendency(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let pob = caller(world, call)?;
    let asked = Asked::of(world.profile, call)?;
    let between = Between::of(call, "orderDateFrom", "orderDateTo")?;
    let is_listed = |order: &Order| order.state == State::Pendency && between.holds(order.created);
    shift(world, &pob, fault, is_listed);
    let orders = sorted(world, &pob, is_listed);
    let (shown, page) = asked.cut(world.profile, &orders, fault);
    let mut rows: Vec<Value> = shown.into_iter().map(pending_row).collect();
    break_first(&mut rows, ("order_lines", "ordered_quantity", ""), fault);
    Ok(Reply::json(json!({"orders": rows, "page": page})))
}

pub(crate) fn list_orders(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let pob = caller(world, call)?;
    let asked = Asked::of(world.profile, call)?;
    let between = Between::of(call, "orderDateFrom", "orderDateTo")?;
    let ids = order_ids(call)?;
    let status = status(call)?;
    let is_listed = |order: &Order| {
        order.state != State::Pendency
            && ids.as_ref().is_none_or(|ids| ids.contains(&order.id))
            && status.is_none_or(|status| order.state == status)
            && between.holds(order.created)
    };
    shift(world, &pob, fault, is_listed);
    let orders = sorted(world, &pob, is_listed);
    let (shown, page) = asked.cut(world.profile, &orders, fault);
    let mut rows: Vec<Value> = shown
        .into_iter()
        .map(|order| order_row(world, order))
        .collect();
    break_first(&mut rows, ("order_lines", "quantity", "status"), fault);
    Ok(Reply::json(json!({"orders": rows, "page": page})))
}

fn order_ids(call: &Call) -> Result<Option<BTreeSet<String>>, Reply> {
    let Some(text) = call.text("orderIds") else {
        return Ok(None);
    };
    let ids: Vec<&str> = text.split(',').map(str::trim).collect();
    if ids.len() > MOST_IDS {
        return Err(refusal::bad_request("orderIds", "holds more than 50 ids"));
    }
    Ok(Some(ids.into_iter().map(str::to_owned).collect()))
}

fn status(call: &Call) -> Result<Option<State>, Reply> {
    let Some(word) = call.text("orderStatus") else {
        return Ok(None);
    };
    let state = LISTED.into_iter().find(|state| state.word() == word);
    let known = state.ok_or_else(|| refusal::bad_request("orderStatus", "is no status"));
    known.map(Some)
}

/// By order date, then by id.
fn sorted<'a>(world: &'a World, pob: &str, is_listed: impl Fn(&Order) -> bool) -> Vec<&'a Order> {
    let mut orders: Vec<&Order> = world
        .orders
        .iter()
        .filter(|order| order.pob == pob && is_listed(order))
        .collect();
    orders.sort_by_key(|order| (order.created, order.id.clone()));
    orders
}

/// [`FaultKind::PageShift`]: the first order leaves the list while the client pages.
fn shift(world: &mut World, pob: &str, fault: Option<&Fault>, is_listed: impl Fn(&Order) -> bool) {
    if fault.map(|fault| fault.kind) != Some(FaultKind::PageShift) {
        return;
    }
    let first = sorted(world, pob, is_listed)
        .first()
        .map(|order| order.id.clone());
    let index = first.and_then(|id| world.order_of(pob, &id));
    let pending = index
        .and_then(|index| world.orders.get(index))
        .map(|order| order.state);
    if let (Some(index), Some(State::Pendency)) = (index, pending) {
        world.enter(index, State::Cancelled, Some(CancelledBy::Consumer));
    }
}

pub(crate) fn acknowledge(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let pob = caller(world, call)?;
    let request: AckRequest = call.read()?;
    counters::requested(&mut world.counters.acknowledgements, &request.order_id);
    let index = world.order_of(&pob, &request.order_id);
    let order = index.and_then(|index| world.orders.get(index));
    let failed = match (order, fault.and_then(Fault::failed_item)) {
        (_, Some(message)) => Err(message),
        (None, None) => Err("unknown order".to_owned()),
        (Some(order), None) => {
            adds_up(&request, order)?;
            may_be_acknowledged(&request, order)
        }
    };
    let is_new = match failed {
        Ok(is_new) => is_new,
        Err(message) => {
            let failed = [json!({"order_id": request.order_id, "error_message": message})];
            return Ok(Reply::json(json!({"success": [], "failed_items": failed})));
        }
    };
    let lines = request.order_lines.iter().map(|line| {
        json!({
            "order_item_id": line.order_item_id,
            "confirmed_quantity": line.confirmed_quantity.to_string(),
            "cancelled_quantity": line.cancelled_quantity.to_string(),
        })
    });
    let taken = json!([{
        "order_id": request.order_id,
        "order_status": request.status,
        "order_lines": lines.collect::<Vec<_>>(),
    }]);
    if let (Some(index), true) = (index, is_new) {
        take(world, index, request);
    }
    Ok(Reply::json(json!({"success": taken, "failed_items": []})))
}

/// The 400 of a request that contradicts the order or itself (rules assumed by the contract).
fn adds_up(request: &AckRequest, order: &Order) -> Result<(), Reply> {
    let wrong = |what: &str| Err(refusal::bad_request("order_lines", what));
    let named: BTreeSet<&str> = request
        .order_lines
        .iter()
        .map(|line| line.order_item_id.as_str())
        .collect();
    let known: BTreeSet<&str> = order.lines.iter().map(|line| line.id.as_str()).collect();
    if named != known || request.order_lines.len() != order.lines.len() {
        return wrong("do not name every line of the order once");
    }
    for line in &request.order_lines {
        let ordered = order.lines.iter().find(|one| one.id == line.order_item_id);
        let sum = line.confirmed_quantity.checked_add(line.cancelled_quantity);
        if sum != ordered.map(|one| one.ordered) {
            return wrong("hold a line whose quantities are not what was ordered");
        }
    }
    let confirmed = request
        .order_lines
        .iter()
        .any(|line| line.confirmed_quantity > 0);
    match (request.status, confirmed) {
        (AckStatus::Acknowledge, false) => wrong("confirm nothing"),
        (AckStatus::Cancel, true) => wrong("confirm what the status cancels"),
        (AckStatus::Acknowledge, true) | (AckStatus::Cancel, false) => Ok(()),
    }
}

/// Whether the request is new, or why it fails.
fn may_be_acknowledged(request: &AckRequest, order: &Order) -> Result<bool, String> {
    if let Some(before) = &order.acknowledged {
        let refused = before.status == AckStatus::Cancel;
        let ended = order.state == State::Cancelled && !refused;
        return match before == request {
            true if ended => Err("order already cancelled".to_owned()),
            true => Ok(false),
            false => Err("order was acknowledged otherwise before".to_owned()),
        };
    }
    match order.state {
        State::Pendency => Ok(true),
        State::Cancelled => Err("order already cancelled".to_owned()),
        State::Confirmed
        | State::Packed
        | State::ReadyToDispatch
        | State::Dispatched
        | State::Delivered => Err("order was acknowledged before".to_owned()),
    }
}

fn take(world: &mut World, index: usize, request: AckRequest) {
    counters::done(&mut world.counters.acknowledgements, &request.order_id);
    let refused = request.status == AckStatus::Cancel;
    if let Some(order) = world.orders.get_mut(index) {
        for line in &request.order_lines {
            if let Some(known) = order.line_mut(&line.order_item_id) {
                known.seller_cancelled = line.cancelled_quantity;
            }
        }
        order.acknowledged = Some(request);
    }
    match refused {
        true => world.enter(index, State::Cancelled, Some(CancelledBy::Seller)),
        false => world.enter(index, State::Confirmed, None),
    }
}

pub(crate) fn cancel(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let pob = caller(world, call)?;
    let request: CancelRequest = call.read()?;
    if request.order_lines.is_empty() {
        return Err(refusal::bad_request("order_lines", "is empty"));
    }
    if request
        .order_lines
        .iter()
        .any(|line| line.cancelled_quantity == 0)
    {
        return Err(refusal::bad_request(
            "cancelled_quantity",
            "is not at least 1",
        ));
    }
    counters::requested(&mut world.counters.cancels, &request.order_id);
    let index = world.order_of(&pob, &request.order_id);
    let order = index.and_then(|index| world.orders.get_mut(index));
    let mut failed = Vec::new();
    let mut fail = |line: &str, message: &str| {
        failed.push(json!({
            "order_id": request.order_id,
            "order_item_id": line,
            "error_message": message,
        }));
    };
    let refused = fault.and_then(Fault::failed_item).or(match &order {
        None => Some("unknown order".to_owned()),
        Some(order) => why_not_cancelled(order, &request),
    });
    let mut changed = false;
    for line in &request.order_lines {
        let id = line.order_item_id.as_str();
        let known = index
            .and_then(|index| world.orders.get_mut(index))
            .filter(|order| !order.cancels.contains(&request));
        match (&refused, known) {
            (Some(message), _) => fail(id, message),
            // The same request again: the same outcome, and nothing more is done.
            (None, None) => {}
            (None, Some(order)) => match order.line_mut(id) {
                None => fail(id, "unknown line"),
                Some(known) if known.open() < line.cancelled_quantity => {
                    fail(id, "more than is left of the line");
                }
                Some(known) => {
                    let sum = known.seller_cancelled.checked_add(line.cancelled_quantity);
                    known.seller_cancelled = sum.unwrap_or(known.ordered);
                    changed = true;
                }
            },
        }
    }
    let status = outcome(failed.len(), request.order_lines.len());
    if let (Some(index), true) = (index, changed) {
        counters::done(&mut world.counters.cancels, &request.order_id);
        let order = world.orders.get_mut(index);
        let empty = order.is_some_and(|order| {
            order.cancels.push(request);
            order.lines.iter().all(|line| line.open() == 0)
        });
        if empty {
            world.enter(index, State::Cancelled, Some(CancelledBy::Seller));
        }
    }
    Ok(Reply::json(
        json!({"status": status, "failed_items": failed}),
    ))
}

fn why_not_cancelled(order: &Order, request: &CancelRequest) -> Option<String> {
    let message = match order.state {
        State::Confirmed => return None,
        State::Pendency => "order is not acknowledged",
        State::Cancelled if order.cancels.contains(request) => return None,
        State::Cancelled => "order already cancelled",
        State::Packed | State::ReadyToDispatch | State::Dispatched | State::Delivered => {
            "already packed"
        }
    };
    Some(message.to_owned())
}

/// The word for so many failures among so many items.
pub(crate) fn outcome(failed: usize, of: usize) -> &'static str {
    match failed {
        0 => "SUCCESS",
        all if all == of => "FAILED",
        _ => "PARTIAL_SUCCESS",
    }
}
