//! What comes back.

use haat_domain::{OrderNumber, ReturnLine, ReturnNumber, ReturnReport};
use haat_ports::{RefusedRow, ReturnPage, ReturnSalesInvoice};
use serde_json::value::RawValue;

use super::instant;
use super::outcomes::{Trouble, done};
use crate::ajio::pages::Place;
use crate::ajio::profile::Profile;
use crate::ajio::wire::{self, ReturnItem, ReturnKeys, ReturnOrder, ReturnRows, RtoResult};
use crate::fields::{filled, id};
use crate::known_pages::marked;
use crate::rows::{self, row};

/// A page of returns; or why it cannot be used as a whole.
pub(in crate::ajio) fn returns(
    profile: &Profile,
    place: Place,
    answer: &ReturnRows,
) -> Result<ReturnPage, String> {
    let keys = |raw: &RawValue| serde_json::from_str::<ReturnKeys>(raw.get()).ok();
    let ids = answer.orders.iter();
    let ids: Vec<_> = ids.map(|raw| keys(raw)?.return_order_id).collect();
    let next = place.next(profile, &ids, answer.page.as_ref())?;
    let mut page = ReturnPage {
        next: next.map(Place::cursor),
        ..ReturnPage::default()
    };
    for raw in &answer.orders {
        match one(profile, raw) {
            Ok(report) => page.reports.push(report),
            Err(reason) => page.refused.push(refused(raw, keys(raw), reason)),
        }
    }
    Ok(marked(page))
}

fn refused(raw: &RawValue, keys: Option<ReturnKeys>, reason: String) -> RefusedRow {
    rows::refused(raw, keys.and_then(|keys| keys.order_id), reason)
}

fn one(profile: &Profile, raw: &RawValue) -> Result<ReturnReport, String> {
    let row: ReturnOrder = row(raw)?;
    let awb = filled(row.tracking_number).map(|awb| id("tracking_number", &awb));
    let kind = filled(row.return_type);
    Ok(ReturnReport {
        number: id("return_order_id", &row.return_order_id)?,
        order: id::<OrderNumber>("order_id", &row.order_id)?,
        stage: profile.return_stage(&row.return_status),
        word: row.return_status,
        kind: kind.and_then(|kind| profile.return_kind(&kind)),
        reason: None,
        awb: awb.transpose()?,
        courier: None,
        began_at: instant("return_date", row.return_date)?,
        expected_at: None,
        lines: row.return_order_items.into_iter().map(line).collect(),
    })
}

fn line(item: ReturnItem) -> ReturnLine {
    ReturnLine {
        item: item.return_item_id,
        order_line: item.order_item_id,
        sku: None,
        title: None,
        variation: None,
        pieces: item.return_quantity,
        cancelled: item.cancelled_return_quantity.unwrap_or(0),
    }
}

/// The return that was made for a parcel that came back unannounced.
pub(in crate::ajio) fn announced(
    profile: &Profile,
    answer: RtoResult,
) -> Result<ReturnNumber, Trouble> {
    done(profile, &answer.status, answer.error_message.as_deref())?;
    let number = answer.return_order_id.unwrap_or_default();
    id("return_order_id", &number).map_err(Trouble::Unclear)
}

/// AJIO's invoice for a return; nothing while it has no number.
pub(in crate::ajio) fn sales_invoice(
    number: &ReturnNumber,
    answer: wire::ReturnSalesInvoice,
) -> Result<Option<ReturnSalesInvoice>, String> {
    if answer.return_order_id != number.as_str() {
        return Err("return_order_id: another return than was asked for".to_owned());
    }
    let Some(number) = filled(answer.rsi_number) else {
        return Ok(None);
    };
    Ok(Some(ReturnSalesInvoice {
        number,
        at: instant("rsi_date", answer.rsi_date)?,
        invoice: filled(answer.forward_invoice_number),
    }))
}
