//! The seller takes an order back before it is packed.

use serde_json::{Value, json};

use super::{
    counters,
    order::{CancelledBy, Order, State},
    refusal,
    rows::outcome,
    token::caller,
    wire::{Call, CancelLine, CancelRequest},
    world::World,
};
use crate::{fault::Fault, host::Answer, reply::Reply};

pub(crate) fn cancel(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let pob = caller(world, call)?;
    let request: CancelRequest = call.read()?;
    let mut lines = request.order_lines.iter();
    if lines.any(|line| line.cancelled_quantity == 0) {
        let message = "is not at least 1";
        return Err(refusal::bad_request("cancelled_quantity", message));
    }
    counters::requested(&mut world.counters.cancels, &request.order_id);
    let index = world.order_of(&pob, &request.order_id);
    let order = index.and_then(|index| world.orders.get_mut(index));
    if let Some(message) = fault.and_then(Fault::failed_item) {
        return Ok(Reply::json(all_failed(&request, &message)));
    }
    let (Some(index), Some(order)) = (index, order) else {
        return Ok(Reply::json(all_failed(&request, "unknown order")));
    };
    // The same request again: the same outcome, and nothing more is done.
    let mut before = order.cancels.iter();
    if let Some((_, answer)) = before.find(|(known, _)| *known == request) {
        return Ok(Reply::json(answer.clone()));
    }
    if let Some(message) = why_not_cancelled(order.state) {
        return Ok(Reply::json(all_failed(&request, message)));
    }
    let answer = take_back(order, &request);
    if answer.pointer("/status") != Some(&json!("FAILED")) {
        order.cancels.push((request.clone(), answer.clone()));
        let is_empty = order.lines.iter().all(|line| line.open() == 0);
        counters::done(&mut world.counters.cancels, &request.order_id);
        if is_empty {
            world.enter(index, State::Cancelled, Some(CancelledBy::Seller));
        }
    }
    Ok(Reply::json(answer))
}

/// Cancels what can be cancelled, line by line.
fn take_back(order: &mut Order, request: &CancelRequest) -> Value {
    let mut failed = Vec::new();
    for line in &request.order_lines {
        let known = order.line_mut(&line.order_item_id);
        let left = known.as_ref().map(|known| known.open());
        match (known, left) {
            (Some(known), Some(left)) if left >= line.cancelled_quantity => {
                known.seller_cancelled = known
                    .seller_cancelled
                    .saturating_add(line.cancelled_quantity);
            }
            (Some(_), _) => failed.push(failure(request, line, "more than is left of the line")),
            (None, _) => failed.push(failure(request, line, "unknown line")),
        }
    }
    let status = outcome(failed.len(), request.order_lines.len());
    json!({"status": status, "failed_items": failed})
}

fn all_failed(request: &CancelRequest, message: &str) -> Value {
    let lines = request.order_lines.iter();
    let failed = lines.map(|line| failure(request, line, message));
    json!({"status": "FAILED", "failed_items": failed.collect::<Vec<_>>()})
}

fn failure(request: &CancelRequest, line: &CancelLine, message: &str) -> Value {
    json!({
        "order_id": request.order_id,
        "order_item_id": line.order_item_id,
        "error_message": message,
    })
}

fn why_not_cancelled(state: State) -> Option<&'static str> {
    match state {
        State::Confirmed => None,
        State::Pendency => Some("order is not acknowledged"),
        State::Cancelled => Some("order already cancelled"),
        State::Packed | State::ReadyToDispatch | State::Dispatched | State::Delivered => {
            Some("already packed")
        }
    }
}
