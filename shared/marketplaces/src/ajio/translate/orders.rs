//! The pendency, and orders read by id.

use haat_domain::{
    DispatchBy, DispatchRule, OrderDetail, OrderLine, OrderNumber, OrderReport, Payment,
    PaymentMode, PurchaseOrder, Step, Supply, SupplyPrice,
};
use haat_ports::{LookUp, OrderPage, RefusedRow};
use jiff::{SignedDuration, Timestamp};
use serde_json::value::RawValue;

use super::{instant, packet, payment, sku, variation};
use crate::ajio::pages::Place;
use crate::ajio::profile::Profile;
use crate::ajio::wire::{self, OrderRows, PendencyLine, PendencyOrder, RowNumber};
use crate::fields::{Amount, filled, id};
use crate::known_pages::marked;
use crate::rows::{self, row};

/// A page of the pendency; or why it cannot be used as a whole.
pub(in crate::ajio) fn pendency(
    profile: &Profile,
    place: Place,
    answer: &OrderRows,
) -> Result<OrderPage, String> {
    page(profile, place, answer, pending)
}

/// A page of all orders; or why it cannot be used as a whole.
pub(in crate::ajio) fn all_orders(
    profile: &Profile,
    place: Place,
    answer: &OrderRows,
) -> Result<OrderPage, String> {
    page(profile, place, answer, listed)
}

fn page(
    profile: &Profile,
    place: Place,
    answer: &OrderRows,
    read: fn(&Profile, &RawValue) -> Result<OrderReport, String>,
) -> Result<OrderPage, String> {
    let ids: Vec<_> = answer.orders.iter().map(|raw| number(raw)).collect();
    let next = place.next(profile, &ids, answer.page.as_ref())?;
    let mut page = OrderPage {
        next: next.map(Place::cursor),
        ..OrderPage::default()
    };
    for raw in &answer.orders {
        match read(profile, raw) {
            Ok(report) => page.reports.push(report),
            Err(reason) => page.refused.push(refused(raw, reason)),
        }
    }
    Ok(marked(page))
}

/// Takes a page of orders that were asked for by id into the answer to a look-up. Gives where the
/// next page is.
pub(in crate::ajio) fn asked_orders(
    profile: &Profile,
    asked: &[OrderNumber],
    place: Place,
    answer: &OrderRows,
    look_up: &mut LookUp,
) -> Result<Option<Place>, String> {
    let ids: Vec<_> = answer.orders.iter().map(|raw| number(raw)).collect();
    let next = place.next(profile, &ids, answer.page.as_ref())?;
    for raw in &answer.orders {
        match listed(profile, raw) {
            Ok(report) if asked.contains(&report.number) => look_up.reports.push(report),
            Ok(_) => {
                let reason = "order_id: was not asked for".to_owned();
                look_up.refused.push(refused(raw, reason));
            }
            Err(reason) => look_up.refused.push(refused(raw, reason)),
        }
    }
    // Without a page object the answer is all there is.
    Ok(next.filter(|_| answer.page.is_some()))
}

fn number(raw: &RawValue) -> Option<String> {
    let row = serde_json::from_str::<RowNumber>(raw.get()).ok();
    row.map(|row| row.order_id)
}

fn refused(raw: &RawValue, reason: String) -> RefusedRow {
    rows::refused(raw, number(raw), reason)
}

/// An order that waits to be acknowledged. AJIO shows no buyer: there is no more to look up.
fn pending(profile: &Profile, raw: &RawValue) -> Result<OrderReport, String> {
    let row: PendencyOrder = row(raw)?;
    let number: OrderNumber = id("order_id", &row.order_id)?;
    let ordered_at = instant("order_date", Some(row.order_date))?;
    let named = instant("dispatch_by", row.dispatch_by)?;
    let value = row.total_amount.map(|Amount(total)| total);
    let mode = payment(profile, number.as_str(), row.payment_method);
    if row.order_lines.is_empty() {
        return Err("order_lines: is empty".to_owned());
    }
    let lines = row.order_lines.into_iter();
    Ok(OrderReport {
        purchase: number.to_string(),
        number,
        step: profile.step(&profile.pendency_word),
        word: profile.pendency_word.clone(),
        reason: None,
        lines: lines
            .map(|line| pending_line(profile, line))
            .collect::<Result<_, _>>()?,
        ordered_at,
        dispatch_by: named
            .map(|at| DispatchBy {
                at,
                rule: DispatchRule::Marketplace,
            })
            .or(ordered_at.and_then(|at| hours_after(profile, at))),
        supply: Supply::default(),
        packet: packet(row.carrier, row.tracking_number)?,
        detail: Some(OrderDetail {
            payment: mode.map(|mode| Payment {
                mode,
                collect: value.filter(|_| mode == PaymentMode::Cod),
            }),
            value,
            buyer: None,
        }),
    })
}

fn pending_line(profile: &Profile, line: PendencyLine) -> Result<OrderLine, String> {
    if line.ordered_quantity == 0 {
        return Err("ordered_quantity: is 0".to_owned());
    }
    let details = line.item_details;
    let sku = sku(profile, &details)?;
    Ok(OrderLine {
        title: filled(details.name).unwrap_or_else(|| sku.to_string()),
        sku,
        variation: variation(details.color, details.size),
        quantity: line.ordered_quantity,
        cancelled: 0,
        price: line.unit_price.or(line.listing_price).map(|Amount(it)| it),
        item: Some(key(&line.order_item_id)?),
        supply: line.b2b_base_price.map(|Amount(base)| SupplyPrice {
            base,
            tax: line.b2b_tax.map(|Amount(tax)| tax),
        }),
        hsn: None,
    })
}

fn key(item: &str) -> Result<String, String> {
    filled(Some(item.to_owned())).ok_or_else(|| "order_item_id: is empty".to_owned())
}

fn hours_after(profile: &Profile, ordered_at: Timestamp) -> Option<DispatchBy> {
    let hours = SignedDuration::from_hours(profile.dispatch_hours.into());
    let at = ordered_at.checked_add(hours).ok()?;
    Some(DispatchBy {
        at,
        rule: DispatchRule::HoursAfterOrder,
    })
}

/// An order that was asked for by id.
fn listed(profile: &Profile, raw: &RawValue) -> Result<OrderReport, String> {
    let row: wire::Order = row(raw)?;
    let number: OrderNumber = id("order_id", &row.order_id)?;
    let step = profile.step(&row.status);
    let ordered_at = instant("order_date", row.order_date)?;
    let mode = payment(profile, number.as_str(), row.payment_method);
    let raised = filled(row.po_number).map(|number| {
        Ok::<_, String>(PurchaseOrder {
            number,
            at: instant("po_date", row.po_date)?,
            amount: row.po_amount.map(|Amount(amount)| amount),
            tax: row.total_tax.map(|Amount(tax)| tax),
        })
    });
    Ok(OrderReport {
        purchase: number.to_string(),
        number,
        step,
        word: row.status,
        reason: (step == Some(Step::Cancel))
            .then(|| cancelled_by(&row.order_lines))
            .flatten(),
        lines: listed_lines(profile, row.order_lines)?,
        ordered_at,
        dispatch_by: ordered_at.and_then(|at| hours_after(profile, at)),
        supply: Supply {
            purchase_order: raised.transpose()?,
            invoice: None,
        },
        packet: packet(row.carrier, row.tracking_number)?,
        detail: Some(OrderDetail {
            payment: mode.map(|mode| Payment {
                mode,
                collect: None,
            }),
            value: None,
            buyer: None,
        }),
    })
}

/// The order's lines; none where AJIO leaves the products out, which its contract lets it do. The
/// pendency has told them then, unless pieces were cancelled since.
fn listed_lines(profile: &Profile, lines: Vec<wire::OrderLine>) -> Result<Vec<OrderLine>, String> {
    if lines.iter().any(|line| line.item_details.is_none()) {
        return if lines.iter().all(|line| cancelled(line) == 0) {
            Ok(Vec::new())
        } else {
            Err("order_lines.item_details: missing field, and pieces were cancelled".to_owned())
        };
    }
    lines
        .into_iter()
        .filter_map(|mut line| Some((line.item_details.take()?, line)))
        .map(|(details, line)| {
            let sku = sku(profile, &details)?;
            Ok(OrderLine {
                title: filled(details.name).unwrap_or_else(|| sku.to_string()),
                sku,
                variation: variation(details.color, details.size),
                quantity: line.quantity,
                cancelled: cancelled(&line),
                price: None,
                item: Some(key(&line.order_item_id)?),
                // What the tax summary counts, a piece or the line, is not public.
                supply: line
                    .item_base_price
                    .map(|Amount(base)| SupplyPrice { base, tax: None }),
                hsn: filled(line.hsn),
            })
        })
        .collect()
}

fn cancelled(line: &wire::OrderLine) -> u32 {
    [
        line.customer_cancelled_qty,
        line.seller_cancelled_qty,
        line.seller_short_picked_qty,
    ]
    .into_iter()
    .flatten()
    .fold(0, u32::saturating_add)
}

/// Who cancelled, as far as the quantities tell.
fn cancelled_by(lines: &[wire::OrderLine]) -> Option<String> {
    let any = |pieces: fn(&wire::OrderLine) -> Option<u32>| {
        lines.iter().any(|line| pieces(line).unwrap_or(0) > 0)
    };
    let by_buyer = any(|line| line.customer_cancelled_qty);
    let by_seller =
        any(|line| line.seller_cancelled_qty) || any(|line| line.seller_short_picked_qty);
    let who = [(by_buyer, "buyer"), (by_seller, "seller")];
    let who: Vec<_> = who
        .into_iter()
        .filter(|(did, _)| *did)
        .map(|(_, who)| who)
        .collect();
    (!who.is_empty()).then(|| format!("cancelled by {}", who.join(" and ")))
}
