//! Lists of orders: the pending ones, and the others by id, status and date.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    order::{CancelledBy, Order, State},
    pages::{Asked, Between, break_first},
    refusal,
    rows::{order_row, pending_row},
    token::caller,
    wire::Call,
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
    break_first(
        &mut rows,
        ("order_lines", "ordered_quantity", "payment_method"),
        fault,
    );
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
    orders.sort_by(|one, other| (one.created, &one.id).cmp(&(other.created, &other.id)));
    orders
}

/// [`FaultKind::PageShift`]: the consumer cancels the first order while the client pages.
fn shift(world: &mut World, pob: &str, fault: Option<&Fault>, is_listed: impl Fn(&Order) -> bool) {
    if fault.map(|fault| fault.kind) != Some(FaultKind::PageShift) {
        return;
    }
    let orders = sorted(world, pob, is_listed);
    let first = orders.first().map(|order| order.id.clone());
    if let Some(index) = first.and_then(|id| world.order_of(pob, &id)) {
        world.enter(index, State::Cancelled, Some(CancelledBy::Consumer));
    }
}
