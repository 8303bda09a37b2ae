//! Labels, consumer invoices and manifests, and the files behind addresses.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::StatusCode;
use serde_json::json;

use super::{
    options::DocumentForm,
    order::{Order, State},
    paper, refusal,
    token::caller,
    wire::Call,
    world::World,
};
use crate::{
    clock,
    fault::{Fault, FaultKind},
    host::Answer,
    log::count,
    reply::{Content, Reply},
};

/// A document of the contract.
struct Document {
    /// What it is for: an order or a manifest.
    reference: String,
    kind: &'static str,
    folder: &'static str,
    bytes: Vec<u8>,
}

pub(crate) fn get_label(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let order = order_with_documents(world, call)?;
    let Some(found) = world.orders.get(order) else {
        return Err(refusal::not_found("order"));
    };
    let document = Document {
        reference: found.id.clone(),
        kind: "LABEL",
        folder: "label",
        bytes: paper::label(found),
    };
    count(&mut world.counters.labels, &document.reference);
    world.after_label(order);
    Ok(hand_over(world, document, fault))
}

pub(crate) fn get_b2c_invoice(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let index = order_with_documents(world, call)?;
    let Some(order) = world.orders.get(index) else {
        return Err(refusal::not_found("order"));
    };
    let document = Document {
        reference: order.id.clone(),
        kind: "B2C_INVOICE",
        folder: "b2c",
        bytes: paper::consumer_invoice(order),
    };
    Ok(hand_over(world, document, fault))
}

pub(crate) fn get_manifest(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let pob = caller(world, call)?;
    let id = call.needed("manifestId")?;
    let manifest = world
        .manifests
        .iter()
        .find(|manifest| manifest.pob == pob && manifest.id == id)
        .ok_or_else(|| refusal::not_found("manifest"))?;
    let document = Document {
        reference: id,
        kind: "MANIFEST",
        folder: "manifest",
        bytes: paper::manifest(manifest),
    };
    Ok(hand_over(world, document, fault))
}

/// The index of an order whose documents are drawn already.
fn order_with_documents(world: &mut World, call: &Call) -> Result<usize, Reply> {
    let pob = caller(world, call)?;
    let id = call.needed("orderId")?;
    let index = world.order_of(&pob, &id);
    let order = index.and_then(|index| world.orders.get(index));
    let (Some(index), Some(order)) = (index, order) else {
        return Err(refusal::not_found("order"));
    };
    if let Some(reason) = why_no_document(order) {
        return Err(refusal::not_ready("NOT_PACKED", reason));
    }
    let delay = i64::from(world.timings.label_delay_seconds);
    let parcel = order.parcel.as_ref();
    let drawn = parcel.is_some_and(|one| clock::later(one.packed_at, delay) <= world.now);
    if !drawn {
        let message = "the document is being made";
        return Err(refusal::not_ready("DOCUMENT_NOT_READY", message));
    }
    Ok(index)
}

fn why_no_document(order: &Order) -> Option<&'static str> {
    match order.state {
        State::Packed | State::ReadyToDispatch | State::Dispatched | State::Delivered => None,
        State::Pendency | State::Confirmed => Some("order is not packed yet"),
        State::Cancelled => Some("order was cancelled"),
    }
}

fn hand_over(world: &World, document: Document, fault: Option<&Fault>) -> Reply {
    let form = world.profile.documents;
    let body = match form {
        DocumentForm::Raw => return pdf(document.bytes, fault),
        DocumentForm::Base64 => json!({
            "reference": document.reference,
            "document_type": document.kind,
            "content_base64": STANDARD.encode(&document.bytes),
        }),
        DocumentForm::Url => json!({
            "reference": document.reference,
            "document_type": document.kind,
            "url": world.file(document.folder, &document.reference),
        }),
    };
    match fault.map(|fault| fault.kind) {
        Some(FaultKind::WrongContentType) => {
            let text = Bytes::from(body.to_string());
            Reply::of(StatusCode::OK, Content::Bytes("text/plain", text))
        }
        Some(_) | None => Reply::json(body),
    }
}

fn pdf(bytes: Vec<u8>, fault: Option<&Fault>) -> Reply {
    let content_type = match fault.map(|fault| fault.kind) {
        Some(FaultKind::WrongContentType) => "application/octet-stream",
        Some(_) | None => "application/pdf",
    };
    let bytes = Bytes::from(bytes);
    Reply::of(StatusCode::OK, Content::Bytes(content_type, bytes))
}

/// `/files/<folder>/<name>.pdf`: whoever has the address has the file.
pub(crate) fn get_file(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let path = call.path.strip_prefix("/files/").unwrap_or_default();
    let named = path
        .strip_suffix(".pdf")
        .and_then(|path| path.split_once('/'));
    let bytes = named.and_then(|(folder, name)| file(world, folder, name));
    let bytes = bytes.ok_or_else(|| refusal::not_found("file"))?;
    Ok(pdf(bytes, fault))
}

fn file(world: &World, folder: &str, name: &str) -> Option<Vec<u8>> {
    let order = || {
        let order = world.orders.get(*world.order_by_id.get(name)?)?;
        order.parcel.is_some().then_some(order)
    };
    match folder {
        "label" => order().map(paper::label),
        "b2c" => order().map(paper::consumer_invoice),
        "b2b" => {
            let order = order()?;
            Some(paper::seller_invoice(
                order,
                &world.pobs.get(&order.pob)?.shop,
            ))
        }
        "po" => {
            let has_it = |order: &&Order| order.po.as_ref().is_some_and(|po| po.number == name);
            let order = world.orders.iter().find(has_it)?;
            Some(paper::purchase_order(
                order,
                &world.pobs.get(&order.pob)?.shop,
            ))
        }
        "manifest" => {
            let mut manifests = world.manifests.iter();
            manifests
                .find(|manifest| manifest.id == name)
                .map(paper::manifest)
        }
        "rsi" => {
            let mut returns = world.returns.iter();
            returns
                .find(|returned| returned.rsi.as_ref().is_some_and(|rsi| rsi.number == name))
                .map(paper::return_invoice)
        }
        _ => None,
    }
}
