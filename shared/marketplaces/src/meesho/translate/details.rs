//! What the panel says of single orders.

use haat_domain::{
    Buyer, OrderDetail, OrderNumber, OrderReport, Packet, Payment, PaymentMode, Supply,
};
use haat_ports::LookUp;
use serde_json::value::RawValue;

use super::{Product, dispatch, instant, refused};
use crate::fields::{Amount, filled, id};
use crate::meesho::profile::Profile;
use crate::meesho::wire::{self, Address, OrderDetailsResult, Rows, ShipmentState};
use crate::rows::{left_out, row};

/// The answer to a look-up of these orders. Every one of them is in it: found, refused or
/// unknown.
pub(in crate::meesho) fn look_up(
    profile: &Profile,
    asked: &[OrderNumber],
    answer: OrderDetailsResult,
) -> LookUp {
    let mut look_up = LookUp {
        reports: Vec::new(),
        refused: Vec::new(),
        unknown: Vec::new(),
    };
    let Rows(rows) = answer.data;
    for raw in &rows {
        match detail(profile, raw) {
            Ok(report) if asked.contains(&report.number) => look_up.reports.push(report),
            Ok(_) => look_up
                .refused
                .push(refused(raw, "sub_order_num: was not asked for".to_owned())),
            Err(reason) => look_up.refused.push(refused(raw, reason)),
        }
    }
    for number in asked {
        if answer.not_found.iter().any(|text| text == number.as_str()) {
            look_up.unknown.push(number.clone());
        } else if !is_in(&look_up, number) {
            look_up.refused.push(left_out(number));
        }
    }
    look_up
}

fn is_in(look_up: &LookUp, number: &OrderNumber) -> bool {
    let found = look_up
        .reports
        .iter()
        .any(|report| report.number == *number);
    let refused = look_up.refused.iter();
    found
        || refused
            .map(|row| &row.number)
            .any(|named| named.as_ref() == Some(number))
}

fn detail(profile: &Profile, raw: &RawValue) -> Result<OrderReport, String> {
    let row: wire::OrderDetail = row(raw)?;
    let payment = payment(&row.payment_mode, row.customer_cod_amount);
    if payment.is_none() {
        tracing::warn!(order = row.sub_order_num, "meesho: unknown payment mode");
    }
    let mut lines = Vec::new();
    for product in row.products {
        let product = Product {
            sku: Some(product.product_sku),
            name: product.name,
            variation: product.variation,
            quantity: Some(product.quantity),
            price: Some(product.price),
        };
        lines.extend(product.lines()?);
    }
    let day = dispatch("expected_dispatch_date_iso", row.expected_dispatch_date_iso)?;
    Ok(OrderReport {
        number: id("sub_order_num", &row.sub_order_num)?,
        purchase: id::<OrderNumber>("order_num", &row.order_num)?.into(),
        step: profile.step(&row.supplier_order_status),
        word: row.supplier_order_status,
        reason: filled(row.hold_reason).or_else(|| {
            let by = filled(row.cancelled_by)?;
            Some(format!("cancelled by {}", by.to_lowercase()))
        }),
        lines,
        ordered_at: instant("created_iso", row.created_iso)?,
        dispatch_by: dispatch("ship_by_iso", row.ship_by_iso)?.or(day),
        supply: Supply::default(),
        packet: row.shipment.map(packet).transpose()?,
        detail: Some(OrderDetail {
            payment,
            value: row.total.map(|Amount(total)| total),
            buyer: row.address.map(buyer),
        }),
    })
}

/// How an order is paid; nothing for a word we do not know.
fn payment(word: &str, collect: Option<Amount>) -> Option<Payment> {
    let (mode, collect) = match word.trim().to_ascii_lowercase().as_str() {
        "cod" => (PaymentMode::Cod, collect.map(|Amount(amount)| amount)),
        "prepaid" => (PaymentMode::Prepaid, None),
        _ => return None,
    };
    Some(Payment { mode, collect })
}

fn buyer(address: Address) -> Buyer {
    let lines = [
        address.address_line_1,
        address.address_line_2,
        address.landmark,
    ];
    Buyer {
        name: filled(address.name),
        lines: lines.into_iter().filter_map(filled).collect(),
        city: filled(address.city),
        state: address.state,
        pin: filled(address.pin),
        phone: filled(address.mobile),
    }
}

fn packet(shipment: ShipmentState) -> Result<Packet, String> {
    let awb = filled(shipment.awb).map(|awb| id("shipment.awb", &awb));
    let opens = shipment.label_available_at_iso;
    Ok(Packet {
        awb: awb.transpose()?,
        courier: filled(shipment.carrier_name),
        packet: filled(shipment.packet_id),
        label_open: Some(shipment.eligible),
        label_opens_at: instant("shipment.label_available_at_iso", opens)?,
    })
}
