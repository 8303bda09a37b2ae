//! Ready to dispatch, and the manifest that hands the parcels over.

use serde_json::{Value, json};

use super::{
    counters,
    order::{Order, State},
    refusal,
    rows::outcome,
    token::caller,
    wire::{Call, ManifestItem, ManifestRequest, ReadyRequest},
    world::{Manifest, World},
};
use crate::{fault::Fault, host::Answer, reply::Reply};

const MOST_READY: usize = 50;
const MOST_MANIFESTED: usize = 250;

pub(crate) fn mark_ready(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let pob = caller(world, call)?;
    let request: ReadyRequest = call.read()?;
    let ids = &request.order_ids;
    if ids.len() > MOST_READY {
        return Err(refusal::bad_request("order_ids", "holds more than 50 ids"));
    }
    let mut sorted = ids.clone();
    sorted.sort();
    sorted.dedup();
    if sorted.len() != ids.len() {
        return Err(refusal::bad_request("order_ids", "holds an id twice"));
    }
    let mut unlucky = fault.and_then(Fault::failed_item);
    let mut failed = Vec::new();
    for id in ids {
        counters::requested(&mut world.counters.ready, id);
        let index = world.order_of(&pob, id);
        let order = index.and_then(|index| world.orders.get(index));
        let wrong = unlucky
            .take()
            .or_else(|| why_not_ready(order).map(str::to_owned));
        match (wrong, index) {
            (Some(message), _) => failed.push(failure(id, &message)),
            (None, Some(index)) if order.is_some_and(|one| one.state == State::Packed) => {
                counters::done(&mut world.counters.ready, id);
                world.enter(index, State::ReadyToDispatch, None);
            }
            // Said before: the same outcome.
            (None, _) => {}
        }
    }
    let status = outcome(failed.len(), ids.len());
    Ok(Reply::json(
        json!({"status": status, "failed_items": failed}),
    ))
}

fn why_not_ready(order: Option<&Order>) -> Option<&'static str> {
    let Some(order) = order else {
        return Some("unknown order");
    };
    match order.state {
        State::Packed | State::ReadyToDispatch | State::Dispatched | State::Delivered => None,
        State::Pendency | State::Confirmed => Some("order is not packed"),
        State::Cancelled => Some("order was cancelled"),
    }
}

fn failure(order_id: &str, message: &str) -> Value {
    json!({"order_id": order_id, "error_message": message})
}

pub(crate) fn create_manifest(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let pob = caller(world, call)?;
    let request: ManifestRequest = call.read()?;
    let items = &request.manifest_items;
    if items.len() > MOST_MANIFESTED {
        let message = "holds more than 250 items";
        return Err(refusal::bad_request("manifest_items", message));
    }
    let id = format!("MF-{}", world.manifests.len().saturating_add(1));
    let mut unlucky = fault.and_then(Fault::failed_item);
    let mut failed = Vec::new();
    let mut rows = Vec::new();
    for item in items {
        counters::requested(&mut world.counters.manifests, &item.order_id);
        let index = world.order_of(&pob, &item.order_id);
        let order = index.and_then(|index| world.orders.get_mut(index));
        let wrong = unlucky.take().or_else(|| {
            let order = order.as_deref();
            why_not_manifested(order, item, &request.carrier).map(str::to_owned)
        });
        match (wrong, order, index) {
            (None, Some(order), Some(index)) => {
                order.manifest = Some(id.clone());
                rows.push((item.order_id.clone(), item.tracking_number.clone()));
                counters::done(&mut world.counters.manifests, &item.order_id);
                world.enter(index, State::Dispatched, None);
            }
            (wrong, ..) => {
                let message = wrong.unwrap_or_else(|| "unknown order".to_owned());
                failed.push(failure(&item.order_id, &message));
            }
        }
    }
    let status = outcome(failed.len(), items.len());
    if rows.is_empty() {
        return Ok(Reply::json(
            json!({"status": status, "failed_items": failed}),
        ));
    }
    world.manifests.push(Manifest {
        pob,
        id: id.clone(),
        carrier: request.carrier,
        at: world.now,
        rows,
    });
    Ok(Reply::json(json!({
        "status": status,
        "manifest_id": id,
        "manifest_url": world.file("manifest", &id),
        "failed_items": failed,
    })))
}

fn why_not_manifested(
    order: Option<&Order>,
    item: &ManifestItem,
    carrier: &str,
) -> Option<&'static str> {
    let Some(order) = order else {
        return Some("unknown order");
    };
    match order.state {
        State::ReadyToDispatch => {}
        State::Pendency | State::Confirmed => return Some("order is not packed"),
        State::Packed => return Some("order is not ready to dispatch"),
        State::Dispatched | State::Delivered => return Some("already dispatched"),
        State::Cancelled => return Some("order was cancelled"),
    }
    let parcel = order.parcel.as_ref()?;
    if order.carrier.name != carrier {
        return Some("another carrier takes this order");
    }
    if parcel.awb != item.tracking_number {
        return Some("wrong tracking number");
    }
    let number = item.invoice_number.as_ref();
    number
        .is_some_and(|number| !number.is_empty() && *number != parcel.b2b_number)
        .then_some("wrong invoice number")
}
