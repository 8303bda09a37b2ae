//! Returns as the API tells them, and how their money comes back.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    counters,
    options::ReturnModel,
    packing::simple,
    pages::{Asked, Between, break_first},
    refusal,
    returns::{Return, ReturnKind, ReturnState},
    rows::item_details,
    token::caller,
    wire::{Call, CreditNote},
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
