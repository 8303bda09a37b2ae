//! Order tabs, page by page.
//!
//! The cursor is a page number, so a tab that changes while it is read skips and repeats rows, as
//! the contract warns. Open tabs list the oldest order first, closed
//! ones the latest change (the real order of rows is unknown).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    details::{break_row, money},
    order::{CancelledBy, Order, State},
    session::caller,
    wire::{Call, OrderListRequest, Tab},
    world::World,
};
use crate::{
    clock,
    fault::{Fault, FaultKind},
    host::Answer,
    reply::Reply,
};

const LARGEST_PAGE: usize = 50;
/// `orders_readable_days`: closed orders leave their tab.
const READABLE_SECONDS: i64 = 30 * 86_400;

#[derive(Deserialize)]
struct Cursor {
    p: usize,
}

impl Tab {
    fn state(self) -> State {
        match self {
            Self::OnHold => State::OnHold,
            Self::Pending => State::Pending,
            Self::ReadyToShip => State::ReadyToShip,
            Self::Shipped => State::Shipped,
            Self::Cancelled => State::Cancelled,
        }
    }
}

pub(crate) fn list_orders(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let caller = caller(world, call)?;
    let request: OrderListRequest = call.read()?;
    let identifier = &request.supplier_details.identifier;
    caller.must_be(request.supplier_details.id, identifier)?;
    caller.must_be(
        caller.supplier_id,
        request.identifier.as_ref().unwrap_or(identifier),
    )?;
    let readable =
        (1..=LARGEST_PAGE).contains(&request.limit) && matches!(request.status, 0 | 1 | 3 | 4 | 5);
    let asked_page = page_number(request.cursor.as_deref())
        .filter(|_| readable)
        .ok_or_else(Reply::server_error)?;

    let kind = fault.map(|fault| fault.kind);
    if kind == Some(FaultKind::PageShift) {
        shift_first(world, caller.supplier_id, request.tab);
    }
    let page = match kind {
        Some(FaultKind::RepeatPage) => asked_page.saturating_sub(1),
        _ => asked_page,
    };
    let tab = orders_of(world, caller.supplier_id, request.tab);
    let start = page.saturating_mul(request.limit);
    let mut shown: Vec<&Order> = tab
        .iter()
        .skip(start)
        .take(request.limit)
        .copied()
        .collect();
    if kind == Some(FaultKind::DuplicateRow) {
        let before = start.checked_sub(1).and_then(|index| tab.get(index));
        shown.splice(0..0, before.copied());
    }
    let more = start.saturating_add(request.limit) < tab.len();
    let next = more.then(|| cursor(page.saturating_add(1)));
    let mut rows: Vec<Value> = shown
        .iter()
        .map(|order| row(world, order, request.tab))
        .collect();
    if let (Some(fault), Some(first)) = (fault, rows.first_mut()) {
        break_list_row(first, fault);
    }
    Ok(Reply::json(json!({
        "total_count": tab.len(),
        "cursor": next,
        "data": shape(request.tab, rows),
    })))
}

fn page_number(cursor: Option<&str>) -> Option<usize> {
    let Some(cursor) = cursor else {
        return Some(0);
    };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    serde_json::from_slice::<Cursor>(&bytes)
        .ok()
        .map(|cursor| cursor.p)
}

fn cursor(page: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("{{\"p\":{page}}}"))
}

fn orders_of(world: &World, supplier_id: u64, tab: Tab) -> Vec<&Order> {
    let closed = matches!(tab, Tab::Shipped | Tab::Cancelled);
    let mut orders: Vec<&Order> = world
        .orders
        .iter()
        .filter(|order| order.supplier_id == supplier_id && order.state == tab.state())
        .filter(|order| {
            !closed || clock::seconds_between(order.updated, world.now) <= READABLE_SECONDS
        })
        .collect();
    orders.sort_by_key(|order| (order.created, order.sub_order_id));
    if closed {
        // Which way the panel lists them is not known; the connector assumes the latest first.
        orders.sort_by_key(|order| std::cmp::Reverse((order.updated, order.sub_order_id)));
    }
    orders
}

/// The first order of the tab goes on with its life while the client pages.
fn shift_first(world: &mut World, supplier_id: u64, tab: Tab) {
    let first = orders_of(world, supplier_id, tab)
        .first()
        .map(|order| order.sub_order_num.clone());
    let index = first.and_then(|number| world.order_of(supplier_id, &number));
    if let (Some(index), Some(next)) = (index, tab.state().next()) {
        world.enter(index, next);
    }
}

fn shape(tab: Tab, rows: Vec<Value>) -> Value {
    match tab {
        Tab::ReadyToShip => json!({"count": rows.len(), "groups": rows}),
        // Both shapes were seen; this tab has the one keyed by sub-order.
        Tab::OnHold => {
            let keyed: Map<String, Value> =
                rows.into_iter().map(|row| (id_of(&row), row)).collect();
            json!({"subOrders": keyed})
        }
        Tab::Pending | Tab::Shipped | Tab::Cancelled => json!({"subOrders": rows}),
    }
}

fn id_of(row: &Value) -> String {
    let id = row.get("id").and_then(Value::as_str);
    id.unwrap_or_default().to_owned()
}

fn row(world: &World, order: &Order, tab: Tab) -> Value {
    if tab == Tab::ReadyToShip {
        return packet(order);
    }
    let late = world.now > order.ship_by();
    let mut row = json!({
        "id": order.grouping_key(),
        "order_num": order.order_num,
        "sub_order_num": order.sub_order_num,
        "sub_order_id": order.sub_order_id,
        "grouping_key": order.grouping_key(),
        "product_id": order.product.id,
        "product_sku": order.sku(),
        "name": order.product.name,
        "image": format!("http://{}/images/{}.jpg", world.file_host, order.product.id),
        "variation": order.size,
        "quantity": order.quantity,
        "price": money(order.unit_price),
        "created_iso": clock::iso(order.created),
        "expected_dispatch_date_iso": order.dispatch_by.to_string(),
        "sla_status": if late { "BREACHED" } else { "ON_TIME" },
        "sub_order_source": if order.from_advertisement { "AD" } else { "ORGANIC" },
        "cancelled_message": order.cancelled_by.map(cancelled_message),
    });
    if let (Tab::OnHold, Some(fields)) = (tab, row.as_object_mut()) {
        fields.insert("hold_reason".to_owned(), json!(order.hold_reason));
    }
    row
}

fn packet(order: &Order) -> Value {
    json!({
        "grouping_key": order.grouping_key(),
        "carrier_id": order.carrier.id,
        "carrier_name": order.carrier.name,
        "awb": order.parcel.as_ref().map(|parcel| &parcel.awb),
        "packet_id": order.parcel.as_ref().map(|parcel| &parcel.packet_id),
        "is_manifested": false,
        "label_downloaded": order.label_downloaded,
        "orders": [{
            "order_num": order.order_num,
            "created_iso": clock::iso(order.created),
            "sub_orders": [{
                "sub_order_num": order.sub_order_num,
                "product_id": order.product.id,
                "product_sku": order.sku(),
                "name": order.product.name,
                "variation": order.size,
                "quantity": order.quantity,
                "price": money(order.unit_price),
                "expected_dispatch_date_iso": order.dispatch_by.to_string(),
            }],
        }],
    })
}

fn cancelled_message(by: CancelledBy) -> &'static str {
    match by {
        CancelledBy::Buyer => "Cancelled by customer",
        CancelledBy::Seller => "Cancelled by supplier",
        CancelledBy::Marketplace => "Cancelled by Meesho",
    }
}

fn break_list_row(row: &mut Value, fault: &Fault) {
    if fault.kind != FaultKind::MalformedRow {
        return;
    }
    let line = row.pointer_mut("/orders/0/sub_orders/0").map(Value::take);
    match line {
        Some(mut line) => {
            break_row(&mut line, fault);
            if let Some(place) = row.pointer_mut("/orders/0/sub_orders/0") {
                *place = line;
            }
        }
        None => break_row(row, fault),
    }
}
