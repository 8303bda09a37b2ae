//! The tabs of the panel.

use haat_domain::{OrderNumber, OrderReport, Packet, Supply};
use haat_ports::OrderPage;
use serde_json::value::RawValue;

use super::{MAX_PACKET_BYTES, Product, dispatch, instant, refused};
use crate::fields::{filled, id};
use crate::known_pages::marked;
use crate::meesho::profile::{Profile, Tab};
use crate::meesho::wire::{
    OrderListPage, PackedSubOrder, PacketGroup, PacketOrder, Rows, SubOrder,
};
use crate::rows::{row, row_within};

const MAX_CURSOR_BYTES: usize = 1024;

/// A page of a tab, asked for with this cursor; or why it cannot be used as a whole.
pub(in crate::meesho) fn page(
    profile: &Profile,
    tab: &Tab,
    asked: Option<&str>,
    page: OrderListPage,
) -> Result<OrderPage, String> {
    let (sub_orders, groups) = match (page.data.sub_orders, page.data.groups) {
        (None, None) => return Err("data: neither subOrders nor groups".to_owned()),
        (sub_orders, groups) => (rows(sub_orders), rows(groups)),
    };
    let is_empty = sub_orders.is_empty() && groups.is_empty();
    let next = page.cursor.filter(|cursor| !cursor.is_empty() && !is_empty);
    // It may be kept until the next poll.
    if next
        .as_ref()
        .is_some_and(|next| next.len() > MAX_CURSOR_BYTES)
    {
        return Err(format!("cursor: longer than {MAX_CURSOR_BYTES} bytes"));
    }
    // Such a page is the one before it once more: going on would not end.
    if next.is_some() && next.as_deref() == asked {
        return Err("cursor: the page points at itself".to_owned());
    }
    let mut answer = OrderPage {
        next,
        ..OrderPage::default()
    };
    for raw in &sub_orders {
        take(&mut answer, raw, sub_order(profile, tab, raw));
    }
    for raw in &groups {
        match row_within::<PacketGroup>(MAX_PACKET_BYTES, raw) {
            Ok(group) if group.is_empty() => {
                let reason = "orders: the packet holds none".to_owned();
                answer.refused.push(refused(raw, reason));
            }
            Ok(group) => packet(profile, tab, group, &mut answer),
            Err(reason) => answer.refused.push(refused(raw, reason)),
        }
    }
    Ok(marked(answer))
}

fn rows(rows: Option<Rows>) -> Vec<Box<RawValue>> {
    rows.map(|Rows(rows)| rows).unwrap_or_default()
}

fn take(answer: &mut OrderPage, raw: &RawValue, report: Result<OrderReport, String>) {
    match report {
        Ok(report) => answer.reports.push(report),
        Err(reason) => answer.refused.push(refused(raw, reason)),
    }
}

fn sub_order(profile: &Profile, tab: &Tab, raw: &RawValue) -> Result<OrderReport, String> {
    let row: SubOrder = row(raw)?;
    let product = Product {
        sku: row.product_sku,
        name: row.name,
        variation: row.variation,
        quantity: row.quantity,
        price: row.price,
    };
    Ok(OrderReport {
        number: id("sub_order_num", &row.sub_order_num)?,
        purchase: id::<OrderNumber>("order_num", &row.order_num)?.into(),
        step: profile.step(&tab.word),
        word: tab.word.clone(),
        reason: filled(row.hold_reason).or(filled(row.cancelled_message)),
        lines: product.lines()?,
        ordered_at: instant("created_iso", row.created_iso)?,
        dispatch_by: dispatch("expected_dispatch_date_iso", row.expected_dispatch_date_iso)?,
        supply: Supply::default(),
        packet: None,
        detail: None,
    })
}

/// A packet of the ready-to-ship tab: every sub-order in it becomes a report of its own.
fn packet(profile: &Profile, tab: &Tab, group: PacketGroup, answer: &mut OrderPage) {
    let awb = filled(group.awb).map(|awb| id("awb", &awb)).transpose();
    let packet = awb.map(|awb| Packet {
        awb,
        courier: filled(group.carrier_name),
        packet: filled(group.packet_id),
        label_open: None,
        label_opens_at: None,
    });
    for order in group.orders {
        for raw in &order.sub_orders.0 {
            let report = packet
                .clone()
                .and_then(|packet| packed(profile, tab, packet, &order, raw));
            take(answer, raw, report);
        }
    }
}

fn packed(
    profile: &Profile,
    tab: &Tab,
    packet: Packet,
    order: &PacketOrder,
    raw: &RawValue,
) -> Result<OrderReport, String> {
    let row: PackedSubOrder = row(raw)?;
    let product = Product {
        sku: row.product_sku,
        name: row.name,
        variation: row.variation,
        quantity: row.quantity,
        price: row.price,
    };
    Ok(OrderReport {
        number: id("sub_order_num", &row.sub_order_num)?,
        purchase: id::<OrderNumber>("order_num", &order.order_num)?.into(),
        step: profile.step(&tab.word),
        word: tab.word.clone(),
        reason: None,
        lines: product.lines()?,
        ordered_at: instant("created_iso", order.created_iso.clone())?,
        dispatch_by: dispatch("expected_dispatch_date_iso", row.expected_dispatch_date_iso)?,
        supply: Supply::default(),
        packet: Some(packet),
        detail: None,
    })
}
