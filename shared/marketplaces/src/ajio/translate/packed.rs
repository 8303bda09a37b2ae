//! The answer to packing.

use haat_domain::{InvoiceNumber, Order, OrderReport, Supply, SupplyInvoice};
use haat_ports::Packing;

use super::outcomes::{Trouble, done};
use super::{instant, packet};
use crate::ajio::profile::Profile;
use crate::ajio::wire::B2bInvoiceResult;
use crate::fields::{filled, id};

/// What AJIO says of an order that it was told to be packed.
pub(in crate::ajio) fn packed(
    profile: &Profile,
    order: &Order,
    packing: &Packing,
    answer: B2bInvoiceResult,
) -> Result<OrderReport, Trouble> {
    done(profile, &answer.status, answer.error_message.as_deref())?;
    if answer.order_id != order.id.number.as_str() {
        let said = "order_id: another order than was packed".to_owned();
        return Err(Trouble::Unclear(said));
    }
    report(profile, order, packing, answer).map_err(Trouble::Unclear)
}

fn report(
    profile: &Profile,
    order: &Order,
    packing: &Packing,
    answer: B2bInvoiceResult,
) -> Result<OrderReport, String> {
    // The number in force: AJIO's own where the seller gave none.
    let number = filled(answer.invoice_number)
        .map(|number| id::<InvoiceNumber>("invoice_number", &number))
        .transpose()?
        .or_else(|| packing.invoice.clone());
    let at = instant("invoice_date", answer.invoice_date)?.unwrap_or(packing.invoiced_at);
    let word = filled(answer.order_status).unwrap_or_else(|| profile.packed_word.clone());
    Ok(OrderReport {
        number: order.id.number.clone(),
        purchase: order.purchase.clone(),
        step: profile.step(&word),
        word,
        reason: None,
        lines: order.lines.clone(),
        ordered_at: None,
        dispatch_by: None,
        supply: Supply {
            purchase_order: order.supply.purchase_order.clone(),
            invoice: number.map(|number| SupplyInvoice { number, at }),
        },
        packet: packet(answer.carrier, answer.tracking_number)?,
        detail: None,
    })
}
