//! What the seller finds in a parcel that came back.

use serde_json::json;

use super::{
    counters,
    options::ReturnModel,
    order::State,
    packing::simple,
    refusal,
    returns::{self, Return, ReturnItem, ReturnKind, ReturnState, Rsi},
    token::caller,
    wire::{Call, QcItem, QcRequest, RtoItem, RtoRequest},
    world::World,
};
use crate::{host::Answer, reply::Reply};

/// The body carries the QC result, so such a return is processed at once (assumed).
pub(crate) fn create_rto(world: &mut World, call: &Call) -> Answer {
    let pob = caller(world, call)?;
    let request: RtoRequest = call.read()?;
    let items = &request.order_items;
    if items.iter().any(|item| item.quantity == 0) {
        return Err(refusal::bad_request("order_items", "hold nothing"));
    }
    counters::requested(&mut world.counters.rtos, &request.order_id);
    let index = world.order_of(&pob, &request.order_id);
    let order = index.and_then(|index| world.orders.get(index));
    let wrong = match order {
        None => Some("unknown order"),
        Some(order) if returns::exists(world, order) => Some("a return already exists"),
        Some(order) if !matches!(order.state, State::Dispatched | State::Delivered) => {
            Some("order was not dispatched")
        }
        Some(_) => None,
    };
    let created = match (index, wrong) {
        (Some(index), None) => returns::of_order(world, index, ReturnKind::Rto),
        (None, _) | (_, Some(_)) => None,
    };
    let Some(created) = created else {
        return Ok(rto_refused(wrong.unwrap_or("unknown order")));
    };
    let Some(items) = came_back(&created.items, items) else {
        return Ok(rto_refused("not what was dispatched"));
    };
    let id = created.id.clone();
    counters::done(&mut world.counters.rtos, &request.order_id);
    world.returns.push(Return { items, ..created });
    process_if_checked(world, &id);
    Ok(Reply::json(
        json!({"status": "SUCCESS", "return_order_id": id, "error_message": ""}),
    ))
}

fn rto_refused(message: &str) -> Reply {
    Reply::json(json!({"status": "FAILED", "return_order_id": "", "error_message": message}))
}

/// The items of the parcel that came back, with what was said of them; `None` when more came back
/// than was sent.
fn came_back(sent: &[ReturnItem], said: &[RtoItem]) -> Option<Vec<ReturnItem>> {
    let mut items: Vec<ReturnItem> = Vec::new();
    for one in said {
        let known = sent
            .iter()
            .find(|item| item.line_id == one.order_item_id && item.variant.id == one.item_id)?;
        let at = items.iter().position(|item| item.line_id == known.line_id);
        let item = match at {
            Some(at) => items.get_mut(at)?,
            None => {
                items.push(ReturnItem {
                    quantity: 0,
                    ..known.clone()
                });
                items.last_mut()?
            }
        };
        item.quantity = item.quantity.checked_add(one.quantity)?;
        item.checked.push((one.qc_code, one.quantity));
        if item.quantity > known.quantity {
            return None;
        }
    }
    Some(items)
}

pub(crate) fn perform_qc(world: &mut World, call: &Call) -> Answer {
    let pob = caller(world, call)?;
    let request: QcRequest = call.read()?;
    let items = &request.return_items;
    if items.iter().any(|item| item.quantity == 0) {
        return Err(refusal::bad_request("return_items", "hold nothing"));
    }
    let id = &request.return_order_id;
    counters::requested(&mut world.counters.qcs, id);
    let found = world.returns.iter_mut();
    let returned = found
        .into_iter()
        .find(|one| one.pob == pob && one.id == *id);
    let Some(returned) = returned else {
        return Ok(simple(Some("unknown return")));
    };
    if was_said(returned, items) {
        return Ok(simple(None));
    }
    match returned.state {
        ReturnState::Delivered => {}
        ReturnState::Initiated | ReturnState::Created => {
            return Ok(simple(Some("return has not arrived")));
        }
        ReturnState::Processed => return Ok(simple(Some("return was processed otherwise"))),
        ReturnState::Cancelled => return Ok(simple(Some("return was cancelled"))),
    }
    let Some(checked) = checked(&returned.items, items) else {
        return Ok(simple(Some("not what came back")));
    };
    returned.items = checked;
    counters::done(&mut world.counters.qcs, id);
    process_if_checked(world, id);
    Ok(simple(None))
}

/// Whether all of this is among what was said of the return before: the same request again.
fn was_said(returned: &Return, said: &[QcItem]) -> bool {
    said.iter().all(|one| {
        let item = returned
            .items
            .iter()
            .find(|item| item.id == one.return_item_id);
        item.is_some_and(|item| {
            item.line_id == one.order_item_id && item.checked.contains(&(one.qc_code, one.quantity))
        })
    })
}

fn checked(before: &[ReturnItem], said: &[QcItem]) -> Option<Vec<ReturnItem>> {
    let mut items = before.to_vec();
    for one in said {
        let item = items
            .iter_mut()
            .find(|item| item.id == one.return_item_id && item.line_id == one.order_item_id)?;
        if one.quantity > item.unchecked() {
            return None;
        }
        item.checked.push((one.qc_code, one.quantity));
    }
    Some(items)
}

/// When QC has spoken of every unit the return is processed, and AJIO raises its invoice where that
/// is the seller's model.
fn process_if_checked(world: &mut World, id: &str) {
    let number = format!("RSI-{id}");
    let now = world.now;
    let found = world.returns.iter_mut().find(|one| one.id == id);
    let Some(returned) = found else {
        return;
    };
    if returned.items.iter().any(|item| item.unchecked() > 0) {
        returned.state = ReturnState::Delivered;
        return;
    }
    returned.state = ReturnState::Processed;
    let model = world.pobs.get(&returned.pob).map(|pob| pob.returns);
    if model == Some(ReturnModel::Rsi) {
        returned.rsi = Some(Rsi { number, date: now });
    }
}
