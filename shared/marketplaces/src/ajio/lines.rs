//! The lines of an order, as AJIO's calls name them.

use std::collections::BTreeMap;

use haat_domain::{Order, OrderLine};
use haat_ports::{ErrorKind, MarketplaceError};

use super::client::Operation;
use super::wire::{AckLine, CancelLine, InvoiceLine};

/// The lines of an acknowledgement without these pieces; confirmed and cancelled make up what was
/// ordered. Nothing may be accepted that was to be left out.
pub(super) fn acknowledged<'a>(
    operation: &Operation,
    order: &'a Order,
    without: &BTreeMap<String, u32>,
) -> Result<Vec<AckLine<'a>>, MarketplaceError> {
    for (item, pieces) in without {
        let mut lines = order.lines.iter();
        let line = lines.find(|line| line.item.as_ref() == Some(item));
        if line.is_none_or(|line| *pieces > line.to_pack()) {
            let said = format!(
                "the order has no line {item} with {pieces} pieces to leave out; nothing was sent"
            );
            return Err(operation.error(ErrorKind::Rejected, said));
        }
    }
    named(operation, order, |line, item| {
        let left_out = without.get(item).copied().unwrap_or(0);
        ack_line(line, item, line.to_pack().saturating_sub(left_out))
    })
}

/// The lines of an order that is refused.
pub(super) fn refused<'a>(
    operation: &Operation,
    order: &'a Order,
) -> Result<Vec<AckLine<'a>>, MarketplaceError> {
    named(operation, order, |line, item| ack_line(line, item, 0))
}

fn ack_line<'a>(line: &OrderLine, item: &'a str, confirmed: u32) -> AckLine<'a> {
    AckLine {
        order_item_id: item,
        confirmed_quantity: confirmed,
        cancelled_quantity: line.quantity.saturating_sub(confirmed),
    }
}

/// The lines of an order that is cancelled after it was accepted: all pieces that are left.
pub(super) fn cancelled<'a>(
    operation: &Operation,
    order: &'a Order,
) -> Result<Vec<CancelLine<'a>>, MarketplaceError> {
    let lines = named(operation, order, |line, item| CancelLine {
        order_item_id: item,
        cancelled_quantity: line.to_pack(),
    })?;
    let left = lines.into_iter().filter(|line| line.cancelled_quantity > 0);
    Ok(left.collect())
}

/// The lines of the seller's invoice: what is left out counts as short-picked.
pub(super) fn invoiced<'a>(
    operation: &Operation,
    order: &'a Order,
) -> Result<Vec<InvoiceLine<'a>>, MarketplaceError> {
    named(operation, order, |line, item| InvoiceLine {
        order_item_id: item,
        invoiced_quantity: line.to_pack(),
    })
}

/// All lines by AJIO's keys; an order without lines, or a line without its key, cannot be named.
fn named<'a, T>(
    operation: &Operation,
    order: &'a Order,
    name: impl Fn(&'a OrderLine, &'a str) -> T,
) -> Result<Vec<T>, MarketplaceError> {
    let lines = order.lines.iter();
    let lines = lines.map(|line| Some(name(line, line.item.as_deref()?)));
    let lines: Option<Vec<T>> = lines.collect();
    lines.filter(|lines| !lines.is_empty()).ok_or_else(|| {
        let said = "AJIO has not told the keys of all order lines yet; nothing was sent";
        operation.error(ErrorKind::NotReady, said)
    })
}
