//! Orders by number, with buyer, money and parcel.

use serde_json::{Number, Value, json};

use super::{
    order::{Order, PaymentMode, State},
    session::caller,
    wire::{Call, OrderDetailsRequest},
    world::World,
};
use crate::{
    clock,
    fault::{Fault, FaultKind},
    host::Answer,
    reply::Reply,
};

const MOST_ORDERS: usize = 50;

pub(crate) fn fetch_order_details(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let caller = caller(world, call)?;
    let request: OrderDetailsRequest = call.read()?;
    caller.must_be(
        request.supplier_details.id,
        &request.supplier_details.identifier,
    )?;
    caller.must_be(caller.supplier_id, &request.identifier)?;
    let numbers = &request.sub_order_nums;
    if !(1..=MOST_ORDERS).contains(&numbers.len()) || has_twins(numbers) {
        return Err(Reply::server_error());
    }
    let mut found = Vec::new();
    let mut not_found = Vec::new();
    for number in numbers {
        let index = world.order_of(caller.supplier_id, number);
        match index.and_then(|index| world.orders.get(index)) {
            Some(order) => found.push(detail(world, order)),
            None => not_found.push(number),
        }
    }
    if let (Some(fault), Some(first)) = (fault, found.first_mut()) {
        break_row(first, fault);
    }
    Ok(Reply::json(json!({"data": found, "not_found": not_found})))
}

fn has_twins(numbers: &[String]) -> bool {
    let distinct: std::collections::HashSet<&String> = numbers.iter().collect();
    distinct.len() != numbers.len()
}

fn detail(world: &World, order: &Order) -> Value {
    let cash = (order.payment == PaymentMode::Cod).then(|| money(order.total()));
    json!({
        "order_num": order.order_num,
        "sub_order_num": order.sub_order_num,
        "supplier_order_status": order.state,
        "hold_reason": order.hold_reason.filter(|_| order.state == State::OnHold),
        "cancelled_by": order.cancelled_by,
        "payment_mode": order.payment,
        "customer_cod_amount": cash,
        "sub_total": money(order.sub_total()),
        "shipping_charges": money(order.shipping),
        "cod_charges": 0,
        "total": money(order.total()),
        "created_iso": clock::iso(order.created),
        "updated_iso": clock::iso(order.updated),
        "expected_dispatch_date_iso": order.dispatch_by.to_string(),
        "ship_by_iso": clock::iso(order.ship_by()),
        "address": address(order),
        "products": [{
            "sub_order_num": order.sub_order_num,
            "product_id": order.product.id,
            "variation_id": variation_id(order.size),
            "product_sku": order.sku(),
            "name": order.product.name,
            "variation": order.size,
            "quantity": order.quantity,
            "price": money(order.unit_price),
            "hsn": order.product.hsn,
            "gst_percent": order.product.gst_percent,
        }],
        "shipment": shipment(world, order),
    })
}

fn address(order: &Order) -> Value {
    let buyer = &order.buyer;
    json!({
        "name": buyer.name,
        "address_line_1": buyer.line_1,
        "address_line_2": buyer.line_2,
        "landmark": buyer.landmark,
        "city": buyer.place.city,
        "state": buyer.place.state,
        "pin": buyer.pin,
        "mobile": buyer.mobile,
    })
}

fn shipment(world: &World, order: &Order) -> Value {
    let opens = order.label_opens_at(world.timings.label_delay_seconds);
    let open = opens.is_some_and(|opens| opens <= world.now);
    let parcel = order.parcel.as_ref();
    json!({
        "eligible": order.state == State::ReadyToShip && open,
        "packet_id": parcel.map(|parcel| &parcel.packet_id),
        "awb": parcel.map(|parcel| &parcel.awb),
        "carrier_id": parcel.map(|_| order.carrier.id),
        "carrier_name": parcel.map(|_| order.carrier.name),
        "label_available_at_iso": opens.map(clock::iso),
        "label_downloaded": order.label_downloaded,
        "is_manifested": false,
        "weight_grams": parcel.map(|_| u64::from(order.product.weight_grams).saturating_mul(order.quantity)),
    })
}

fn variation_id(size: &str) -> u64 {
    match size {
        "S" => 166,
        "M" => 167,
        "L" => 168,
        "XL" => 169,
        "XXL" => 170,
        _ => 299,
    }
}

/// Rupees as a JSON number without a detour over floating point.
pub(crate) fn money(paise: u64) -> Value {
    let text = crate::gst::rupees(paise);
    let short = text.strip_suffix(".00").unwrap_or(&text);
    short.parse::<Number>().map_or(Value::Null, Value::Number)
}

/// Makes one row of an answer unreadable, or puts a word into it that nobody knows.
pub(crate) fn break_row(row: &mut Value, fault: &Fault) {
    let Some(fields) = row.as_object_mut() else {
        return;
    };
    match (fault.kind, fault.field.as_deref().unwrap_or("price")) {
        (FaultKind::MalformedRow, "price") => {
            let priced = match fields.get_mut("products") {
                Some(products) => products.pointer_mut("/0").and_then(Value::as_object_mut),
                None => Some(fields),
            };
            if let Some(priced) = priced {
                priced.insert("price".to_owned(), json!("three hundred"));
            }
        }
        (FaultKind::MalformedRow, field) => {
            fields.remove(field);
        }
        (FaultKind::UnknownWord, _) => {
            let word = fault.word.as_deref().unwrap_or("TELEPORTED");
            fields.insert("supplier_order_status".to_owned(), json!(word));
        }
        _ => {}
    }
}
