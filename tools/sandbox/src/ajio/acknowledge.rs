//! The seller says yes, no or partly to a pending order.

use std::collections::BTreeSet;

use serde_json::json;

use super::{
    counters,
    order::{CancelledBy, Order, State},
    refusal,
    token::caller,
    wire::{AckRequest, AckStatus, Call},
    world::World,
};
use crate::{fault::Fault, host::Answer, reply::Reply};

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
