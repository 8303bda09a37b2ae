//! Returns as the API tells them, and what the seller says of them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    counters,
    options::ReturnModel,
    order::State,
    packing::simple,
    pages::{Asked, Between, break_first},
    refusal,
    returns::{self, Return, ReturnItem, ReturnKind, ReturnState, Rsi},
    rows::item_details,
    token::caller,
    wire::{Call, CreditNote, QcItem, QcRequest, RtoItem, RtoRequest},
    world::World,
};
use crate::{fault::Fault, host::Answer, reply::Reply};

pub(crate) fn list_returns(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let pob = caller(world, call)?;
    let asked = Asked::of(world.profile, call)?;
    let between = Between::of(call, "returnDateFrom", "returnDateTo")?;
    let kind = kind(call)?;
    let mut found: Vec<&Return> = world
        .returns
        .iter()
        .filter(|one| one.pob == pob && between.holds(one.created))
        .filter(|one| kind.is_none_or(|kind| one.kind == kind))
        .collect();
    found.sort_by_key(|one| (one.created, one.id.clone()));
    let (shown, page) = asked.cut(world.profile, &found, fault);
    let mut rows: Vec<Value> = shown.into_iter().map(row).collect();
    let names = ("return_order_items", "return_quantity", "return_status");
    break_first(&mut rows, names, fault);
    Ok(Reply::json(json!({"orders": rows, "page": page})))
}

fn kind(call: &Call) -> Result<Option<ReturnKind>, Reply> {
    let Some(word) = call.text("returnType") else {
        return Ok(None);
    };
    let kinds = [ReturnKind::Rto, ReturnKind::CustomerReturn];
    let kind = kinds.into_iter().find(|kind| kind.word() == word);
    let known = kind.ok_or_else(|| refusal::bad_request("returnType", "is no such type"));
    known.map(Some)
}

fn row(returned: &Return) -> Value {
    let items = returned.items.iter().map(|item| {
        json!({
            "return_item_id": item.id,
            "order_item_id": item.line_id,
            "return_quantity": item.quantity,
            "cancelled_return_quantity": 0,
            "item_details": item_details(&item.variant),
        })
    });
    json!({
        "return_order_id": returned.id,
        "return_date": returned.created.as_second(),
        "order_id": returned.order_id,
        "return_status": returned.state,
        "return_type": returned.kind.word(),
        "tracking_number": returned.awb,
        "return_order_items": items.collect::<Vec<_>>(),
    })
}

/// The body carries the QC result, so such a return is processed at once (assumed).
pub(crate) fn create_rto(world: &mut World, call: &Call) -> Answer {
    let pob = caller(world, call)?;
    let request: RtoRequest = call.read()?;
    let items = &request.order_items;
    if items.is_empty() || items.iter().any(|item| item.quantity == 0) {
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
    if items.is_empty() || items.iter().any(|item| item.quantity == 0) {
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

pub(crate) fn get_rsi(world: &mut World, call: &Call) -> Answer {
    let pob = caller(world, call)?;
    let id = call.needed("returnOrderId")?;
    let mut returns = world.returns.iter();
    let returned = returns.find(|one| one.pob == pob && one.id == id);
    let model = world.pobs.get(&pob).map(|pob| pob.returns);
    let (Some(returned), Some(ReturnModel::Rsi)) = (returned, model) else {
        return Err(refusal::not_found("return"));
    };
    let Some(rsi) = &returned.rsi else {
        let message = "the return is not processed yet";
        return Err(refusal::not_ready("DOCUMENT_NOT_READY", message));
    };
    let order = world.order_of(&pob, &returned.order_id);
    let parcel = order
        .and_then(|index| world.orders.get(index))
        .and_then(|order| order.parcel.as_ref());
    Ok(Reply::json(json!({
        "return_order_id": returned.id,
        "order_id": returned.order_id,
        "forward_invoice_number": parcel.map_or("", |parcel| &parcel.b2b_number),
        "rsi_number": rsi.number,
        "rsi_date": rsi.date.as_second(),
        "rsi_pdf_url": world.file("rsi", &rsi.number),
    })))
}

pub(crate) fn post_credit_note(world: &mut World, call: &Call) -> Answer {
    let pob = caller(world, call)?;
    let request: CreditNote = call.read()?;
    for (field, value) in [
        ("return_order_id", &request.return_order_id),
        ("credit_note_number", &request.credit_note_number),
    ] {
        if value.is_empty() {
            return Err(refusal::bad_request(field, "is empty"));
        }
    }
    let (id, number) = (request.return_order_id, request.credit_note_number);
    counters::requested(&mut world.counters.credit_notes, &id);
    let model = world.pobs.get(&pob).map(|pob| pob.returns);
    let used: BTreeSet<String> = world
        .returns
        .iter()
        .filter(|one| one.pob == pob && one.id != id)
        .filter_map(|one| one.credit_note.clone())
        .collect();
    let mut returns = world.returns.iter_mut();
    let Some(returned) = returns.find(|one| one.pob == pob && one.id == id) else {
        return Ok(simple(Some("unknown return")));
    };
    let wrong = match &returned.credit_note {
        Some(before) if *before == number => return Ok(simple(None)),
        Some(_) => Some("another credit note was posted before"),
        None if model != Some(ReturnModel::CreditNote) => {
            Some("this account gets return sales invoices")
        }
        None if returned.state != ReturnState::Processed => Some("return is not processed"),
        None if used.contains(&number) => Some("number was used for another return"),
        None => None,
    };
    if wrong.is_none() {
        returned.credit_note = Some(number);
        counters::done(&mut world.counters.credit_notes, &id);
    }
    Ok(simple(wrong))
}
