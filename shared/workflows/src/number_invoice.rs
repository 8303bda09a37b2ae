//! The seller's own invoice numbers: one after the other, without a gap, each for good.

use haat_domain::{Actor, InvoiceSeries, Order, SupplyInvoice};
use haat_ports::StoreError;

use crate::account_work::Work;
use crate::work_on_jobs::WorkError;

/// How often a number is drawn anew when others draw from the same series.
const TRIES: u32 = 20;
/// The name under which numbering stands in an order's history.
const SERIES: &str = "invoice series";

/// Gives the order its invoice number, if the seller numbers his invoices: it keeps it, whatever
/// becomes of the call. An inner `Err` says what the seller has to set first.
pub(crate) async fn number(
    work: &Work<'_>,
    order: &mut Order,
) -> Result<Result<(), String>, WorkError> {
    let store = work.desk.hub.store.as_ref();
    let seller = &work.account.seller;
    let (Some(prefix), None) = (&work.account.invoice_series, &order.supply.invoice) else {
        return Ok(Ok(()));
    };
    let warehouse = match &work.account.warehouse {
        Some(id) => store.warehouse(seller, id).await?,
        None => None,
    };
    let Some(warehouse) = warehouse else {
        let missing = "the account numbers its own invoices, and has no warehouse whose GSTIN they \
                       are made under: set one for the account, then resume";
        return Ok(Err(missing.to_owned()));
    };
    let at = work.now();
    let series = InvoiceSeries::at(warehouse.gstin, prefix.clone(), at);
    for _try in 0..TRIES {
        let given = store.numbers_given(seller, &series).await?;
        let number = match series.number(given.saturating_add(1)) {
            Ok(number) => number,
            Err(why) => return Ok(Err(why.to_string())),
        };
        let mut numbered = order.clone();
        let by = Actor::Rule(SERIES.to_owned());
        numbered.invoice_as(SupplyInvoice { number, at }, by, at);
        match store.put_numbered(&mut numbered, &series, given).await {
            Ok(()) => {
                *order = numbered;
                return Ok(Ok(()));
            }
            Err(StoreError::Conflict(_)) => {
                let ids = [order.id.clone()];
                if let Some(stored) = store.orders(seller, &ids).await?.pop() {
                    *order = stored;
                }
                if order.supply.invoice.is_some() {
                    return Ok(Ok(()));
                }
            }
            Err(failed) => return Err(failed.into()),
        }
    }
    let what = format!("the invoice series {}", series.financial_year());
    Err(StoreError::Conflict(what).into())
}
