//! The seller takes an order back before it is packed.

use serde_json::json;

use super::{
    counters,
    order::{CancelledBy, Order, State},
    refusal,
    rows::outcome,
    token::caller,
    wire::{Call, CancelRequest},
    world::World,
};
use crate::{fault::Fault, host::Answer, reply::Reply};

pub(crate) fn cancel(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let pob = caller(world, call)?;
    let request: CancelRequest = call.read()?;
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
