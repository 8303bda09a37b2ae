//! Packing: the seller's invoice to AJIO, which gives courier and AWB.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    life::Packing,
    order::{Order, State},
    refusal,
    token::caller,
    wire::{B2bInvoiceRequest, Call, EInvoice},
    world::World,
};
use crate::{clock, host::Answer, reply::Reply};

const LONGEST_NUMBER: usize = 16;

pub(crate) fn generate_invoice(world: &mut World, call: &Call) -> Answer {
    let pob = caller(world, call)?;
    let request: B2bInvoiceRequest = call.read()?;
    is_readable(&request)?;
    count(world, &request);
    let Some(index) = world.order_of(&pob, &request.order_id) else {
        return Ok(failed(&request.order_id, "unknown order"));
    };
    let Some(order) = world.orders.get(index) else {
        return Ok(failed(&request.order_id, "unknown order"));
    };
    if order.state == State::Cancelled {
        return Ok(failed(&request.order_id, "order was cancelled"));
    }
    if order.state.is_packed() {
        return Ok(packed(world, order));
    }
    let Some(po) = &order.po else {
        return Err(refusal::po_not_ready());
    };
    if po.number != request.po_number {
        return Ok(failed(&request.order_id, "wrong purchase order number"));
    }
    adds_up(&request, order)?;
    let number = match number_for(world, &pob, &request) {
        Ok(number) => number,
        Err(message) => return Ok(failed(&request.order_id, message)),
    };
    pick_short(world, index, &request);
    let count = world.counters.invoices.entry(request.order_id.clone());
    let count = count.or_default();
    count.packs = count.packs.saturating_add(1);
    let today = u64::try_from(world.now.as_second()).unwrap_or_default();
    let packing = Packing {
        invoice_number: number,
        invoice_date: request.invoice_date.unwrap_or(today),
        weight_grams: request.weight_grams,
    };
    world.pack(index, packing);
    Ok(world
        .orders
        .get(index)
        .map_or_else(|| failed("", "unknown order"), |order| packed(world, order)))
}

fn is_readable(request: &B2bInvoiceRequest) -> Result<(), Reply> {
    for (field, length) in [
        ("length_cm", request.length_cm),
        ("breadth_cm", request.breadth_cm),
        ("height_cm", request.height_cm),
    ] {
        if length <= 0.0 {
            return Err(refusal::bad_request(field, "is not above 0"));
        }
    }
    if request.weight_grams == 0 {
        return Err(refusal::bad_request("weight_grams", "is not at least 1"));
    }
    let number = request.invoice_number.as_ref();
    if number.is_some_and(|number| !(1..=LONGEST_NUMBER).contains(&number.chars().count())) {
        let message = "has not 1 to 16 characters";
        return Err(refusal::bad_request("invoice_number", message));
    }
    Ok(())
}

fn count(world: &mut World, request: &B2bInvoiceRequest) {
    let count = world.counters.invoices.entry(request.order_id.clone());
    let count = count.or_default();
    count.requests = count.requests.saturating_add(1);
    count.numbers.extend(request.invoice_number.clone());
}

/// The 400 of units that the order does not have.
fn adds_up(request: &B2bInvoiceRequest, order: &Order) -> Result<(), Reply> {
    let wrong = |what: &str| Err(refusal::bad_request("order_lines", what));
    let mut named = BTreeSet::new();
    for line in &request.order_lines {
        if !named.insert(&line.order_item_id) {
            return wrong("name a line twice");
        }
        let known = order.lines.iter().find(|one| one.id == line.order_item_id);
        let Some(known) = known else {
            return wrong("name a line that the order does not have");
        };
        if line.invoiced_quantity > known.open() {
            return wrong("hold more than was confirmed");
        }
    }
    if request
        .order_lines
        .iter()
        .all(|line| line.invoiced_quantity == 0)
    {
        return wrong("hold nothing");
    }
    Ok(())
}

/// The seller's number, or the next one of AJIO's series; a number belongs to one order for good.
fn number_for(
    world: &mut World,
    pob: &str,
    request: &B2bInvoiceRequest,
) -> Result<String, &'static str> {
    let day = clock::day(world.now);
    let Ok(pob) = world.pob_mut(pob) else {
        return Err("unknown POB");
    };
    if let Some(number) = &request.invoice_number {
        let of_other = pob
            .invoice_numbers
            .get(number)
            .is_some_and(|order| *order != request.order_id);
        return match of_other {
            true => Err("invoice number was used for another order"),
            false => Ok(number.clone()),
        };
    }
    let first_year = match day.month() {
        4..=12 => day.year(),
        _ => day.year().saturating_sub(1),
    };
    let years = format!(
        "{:02}{:02}",
        first_year.rem_euclid(100),
        first_year.saturating_add(1).rem_euclid(100)
    );
    loop {
        pob.invoices = pob.invoices.saturating_add(1);
        let number = format!("AJ{years}{:08}", pob.invoices);
        if !pob.invoice_numbers.contains_key(&number) {
            return Ok(number);
        }
    }
}

/// Units that were confirmed and are not invoiced are cancelled.
fn pick_short(world: &mut World, index: usize, request: &B2bInvoiceRequest) {
    let Some(order) = world.orders.get_mut(index) else {
        return;
    };
    for line in &mut order.lines {
        let invoiced = request
            .order_lines
            .iter()
            .find(|one| one.order_item_id == line.id)
            .map_or(0, |one| one.invoiced_quantity);
        line.short_picked = line.open().saturating_sub(invoiced);
    }
}

fn packed(world: &World, order: &Order) -> Reply {
    let parcel = order.parcel.as_ref();
    Reply::json(json!({
        "status": "SUCCESS",
        "order_id": order.id,
        "order_status": order.state.word(),
        "invoice_number": parcel.map_or("", |parcel| &parcel.b2b_number),
        "invoice_date": parcel.map_or(0, |parcel| parcel.b2b_date),
        "b2b_invoice_url": world.file("b2b", &order.id),
        "carrier": order.carrier.name,
        "tracking_number": parcel.map_or("", |parcel| &parcel.awb),
        "error_message": "",
    }))
}

fn failed(order_id: &str, message: &str) -> Reply {
    Reply::json(json!({
        "status": "FAILED",
        "order_id": order_id,
        "error_message": message,
    }))
}

pub(crate) fn update_invoice(world: &mut World, call: &Call) -> Answer {
    let pob = caller(world, call)?;
    let request: EInvoice = call.read()?;
    if request
        .irn
        .as_ref()
        .is_some_and(|irn| irn.chars().count() != 64)
    {
        return Err(refusal::bad_request("irn", "has not 64 characters"));
    }
    let index = world.order_of(&pob, &request.order_id);
    let order = index.and_then(|index| world.orders.get_mut(index));
    let wrong = match &order {
        None => Some("unknown order"),
        Some(order) if order.state == State::Cancelled => Some("order was cancelled"),
        Some(order) => match (&order.po, &order.parcel) {
            (Some(po), _) if po.number != request.po_number => Some("wrong purchase order number"),
            (Some(_), Some(parcel)) if parcel.b2b_number != request.invoice_number => {
                Some("wrong invoice number")
            }
            (Some(_), Some(_)) => None,
            (None, _) | (_, None) => Some("order is not packed"),
        },
    };
    if let (Some(order), None) = (order, wrong) {
        order.e_invoice = true;
    }
    Ok(simple(wrong))
}

/// `SimpleOutcome`
pub(crate) fn simple(wrong: Option<&str>) -> Reply {
    let body: Value = match wrong {
        None => json!({"status": "SUCCESS", "error_message": ""}),
        Some(message) => json!({"status": "FAILED", "error_message": message}),
    };
    Reply::json(body)
}
