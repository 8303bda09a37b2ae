//! What must be true at AJIO once it has behaved for a while.

use std::collections::BTreeSet;

use haat_domain::{Label, Order};
use haat_ports::Files as _;
use haat_sandbox::ajio::Control;

use crate::shops::Shops;
use crate::truth::{Verdict, must};

/// Every deed was done once at most, and asked for once more only where a fault or a death hid what
/// became of it.
pub(crate) async fn nothing_is_doubled(shops: &Shops, control: &Control) -> Verdict {
    let counters = control.counters();
    for order in control.orders() {
        let number = &order.order_id;
        let invoices = counters.invoices_of(number);
        let (acknowledged, ready, manifest) = (
            counters.acknowledgements_of(number),
            counters.ready_of(number),
            counters.manifests_of(number),
        );
        for (what, operation, requests, done) in [
            (
                "acknowledged",
                "acknowledgeOrder",
                acknowledged.requests,
                acknowledged.done,
            ),
            (
                "packed",
                "generateB2bInvoice",
                invoices.requests,
                invoices.packs,
            ),
            (
                "told ready",
                "markReadyToDispatch",
                ready.requests,
                ready.done,
            ),
            (
                "handed over",
                "createManifest",
                manifest.requests,
                manifest.done,
            ),
        ] {
            must!(done <= 1, "{number} was {what} {done} times");
            let explained = done.max(1) + hidden(shops, operation);
            must!(
                requests <= explained,
                "{number}: asked to be {what} {requests} times, at most {explained} explained"
            );
        }
        must!(
            invoices.numbers.len() <= 1,
            "{number} has the invoice numbers {:?}",
            invoices.numbers
        );
    }
    series_has_no_gap(&shops.cloud.world.orders().await)
}

/// How often what became of a call was hidden: it failed, or its caller died; and how often a person
/// asked again for what had failed.
fn hidden(shops: &Shops, operation: &str) -> u64 {
    let log = shops.cloud.double.log();
    let faulty = log.iter().filter(|call| call.fault.is_some());
    let faulty = faulty.filter(|call| call.operation == operation);
    u64::try_from(faulty.count()).unwrap()
        + u64::from(shops.cloud.deaths.get())
        + shops.resumed.get()
}

/// Every number of the seller's own series belongs to one order, and none is left out.
fn series_has_no_gap(orders: &[Order]) -> Verdict {
    let numbers = orders
        .iter()
        .filter_map(|order| order.supply.invoice.as_ref());
    let numbers: Vec<String> = numbers.map(|invoice| invoice.number.to_string()).collect();
    let own = numbers
        .iter()
        .filter(|number| number.starts_with("AJ26-27/"));
    let own: Vec<&String> = own.collect();
    let different: BTreeSet<&&String> = own.iter().collect();
    must!(
        different.len() == own.len(),
        "a number was given twice: {own:?}"
    );
    let last = different
        .iter()
        .next_back()
        .and_then(|last| last.get(last.len() - 5..));
    let last: usize = last.map_or(0, |digits| digits.parse().unwrap());
    must!(
        last == own.len(),
        "{} numbers, and the last is {last}",
        own.len()
    );
    Ok(())
}

/// Every label is a stored PDF.
pub(crate) async fn papers_are_right(shops: &Shops) -> Verdict {
    for order in shops.cloud.world.orders().await {
        let (Label::Ready(page) | Label::Stale(page)) = &order.label else {
            continue;
        };
        let bytes = shops.cloud.world.files.get(&page.file).await;
        let bytes = bytes.map_err(|error| format!("{}: {error}", order.id))?;
        must!(
            bytes.starts_with(b"%PDF-"),
            "{}: its label is no PDF",
            order.id
        );
    }
    Ok(())
}
