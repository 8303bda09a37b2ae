//! What the marketplaces count: nothing is done twice, and nothing is asked twice but where the call
//! itself was doubled on the way.

use std::collections::BTreeSet;

use haat_tests::crash_proxy::{Fault, Plan};

use crate::market::Market;
use crate::run::Expected;
use crate::scenario::Scenario;
use crate::shop::Shop;

/// What is done once for each order, the operation that asks for it, and its counts.
struct Count<'a> {
    what: &'static str,
    operation: &'static str,
    order: &'a str,
    requests: u64,
    done: u64,
    /// Whether it was to be done.
    wanted: bool,
}

/// Checks the marketplace's own counts.
pub(crate) fn check(scenario: Scenario, plan: Option<Plan>, shop: &Shop, expected: &Expected) {
    let refused: u64 = match &shop.market {
        Market::Meesho(meesho) => meesho.control().counters().refused_logins.values().sum(),
        Market::Ajio(ajio) => ajio.control().counters().refused_logins.values().sum(),
    };
    let wanted = u64::from(scenario.is_shut_out());
    // A refusal that the function did not live to store, or never heard, is met once more.
    let unheard = wanted == 1 && plan.is_some_and(|plan| is_around_login(plan, shop));
    assert!(
        (wanted..=wanted + u64::from(unheard)).contains(&refused),
        "{refused} refused log-ins instead of {wanted}"
    );
    match &shop.market {
        Market::Meesho(_) => at_meesho(scenario, plan, shop, expected),
        Market::Ajio(_) => at_ajio(scenario, plan, shop, expected),
    }
}

/// Accepting is exactly once. A label job may be asked for once more, which is harmless, when its
/// request itself was doubled on the way.
fn at_meesho(scenario: Scenario, plan: Option<Plan>, shop: &Shop, expected: &Expected) {
    let control = shop.meesho().control();
    let counters = control.counters();
    for order in control.orders() {
        let number = &order.sub_order_num;
        let accepts = counters.accepts_of(number);
        let accepted = Count {
            what: "accepted",
            operation: "reqPendingOrders",
            order: number,
            requests: accepts.requests,
            done: accepts.transitions,
            wanted: scenario == Scenario::ShipAccept,
        };
        accepted.check(plan, shop, expected);
        let labels = counters.labels_of(number);
        let wanted = u64::from(scenario == Scenario::ShipLabel);
        let most = if is_doubled(plan, shop, "reqDownloadLabelV2") {
            2
        } else {
            wanted
        };
        assert!(
            (wanted..=most).contains(&labels),
            "order {number} has {labels} labels instead of {wanted}"
        );
    }
}

/// Acknowledged, packed, told ready and handed over exactly once.
fn at_ajio(scenario: Scenario, plan: Option<Plan>, shop: &Shop, expected: &Expected) {
    let ajio = shop.ajio();
    let counters = ajio.counters();
    let mut numbers = BTreeSet::new();
    for order in ajio.orders() {
        let number = &order.order_id;
        let invoices = counters.invoices_of(number);
        let ships = scenario == Scenario::AjioShip && !invoices.numbers.is_empty();
        numbers.extend(invoices.numbers.iter().cloned());
        let (acknowledged, ready, manifest) = (
            counters.acknowledgements_of(number),
            counters.ready_of(number),
            counters.manifests_of(number),
        );
        let counted = |what, operation, requests, done, wanted| Count {
            what,
            operation,
            order: number,
            requests,
            done,
            wanted,
        };
        let accepts = scenario == Scenario::AjioAccept;
        let leaves = scenario == Scenario::AjioHandOver;
        let (ack, rtd) = ("acknowledgeOrder", "markReadyToDispatch");
        let (packs, closes) = ("generateB2bInvoice", "createManifest");
        for count in [
            counted(
                "acknowledged",
                ack,
                acknowledged.requests,
                acknowledged.done,
                accepts,
            ),
            counted("packed", packs, invoices.requests, invoices.packs, ships),
            counted("told ready", rtd, ready.requests, ready.done, ships),
            counted(
                "handed over",
                closes,
                manifest.requests,
                manifest.done,
                leaves,
            ),
        ] {
            count.check(plan, shop, expected);
        }
        assert!(
            invoices.numbers.len() <= 1,
            "order {number} has the invoice numbers {:?}",
            invoices.numbers
        );
    }
    let wanted: &[&str] = match scenario == Scenario::AjioShip {
        true => &["AJ26-27/00001", "AJ26-27/00002"],
        false => &[],
    };
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    assert_eq!(numbers, wanted, "the seller's series has no gap");
}

impl Count<'_> {
    fn check(&self, plan: Option<Plan>, shop: &Shop, expected: &Expected) {
        let (what, order, wanted) = (self.what, self.order, u64::from(self.wanted));
        assert_eq!(self.done, wanted, "order {order} is {what} once");
        let again =
            is_doubled(plan, shop, self.operation) || is_held(plan, expected, self.operation);
        let most = if again { wanted + wanted } else { wanted };
        assert!(
            (wanted..=most).contains(&self.requests),
            "order {order} is asked to be {what} {} times",
            self.requests
        );
    }
}

/// Whether the disturbed call is this one, and reached the marketplace once more than it was made.
pub(crate) fn is_doubled(plan: Option<Plan>, shop: &Shop, operation: &str) -> bool {
    plan.is_some_and(|Plan { at, fault }| {
        let calls = shop.proxy.calls();
        let named = calls.get(at - 1).is_some_and(|name| name == operation);
        named && matches!(fault, Fault::Repeat | Fault::Hold)
    })
}

/// Whoever is held past his own time limit, which ends before the lease, asks once more: if he has
/// not asked yet.
fn is_held(plan: Option<Plan>, expected: &Expected, operation: &str) -> bool {
    plan.is_some_and(|Plan { at, fault }| {
        let mut to_come = expected.calls.iter().skip(at - 1);
        fault == Fault::Hold && to_come.any(|call| call == operation)
    })
}

/// Whether the disturbed call is the log-in, or what stores its refusal.
fn is_around_login(plan: Plan, shop: &Shop) -> bool {
    const LOG_INS: [&str; 3] = ["login", "getAuthToken", "postAuthToken"];
    let calls = shop.proxy.calls();
    let mut around = calls.iter().take(plan.at).rev().take(2);
    around.any(|name| LOG_INS.contains(&name.as_str()))
}

/// Whether the disturbed call is one that closes a manifest, or what stores that it is closed.
pub(crate) fn is_around_manifest(plan: Plan, shop: &Shop) -> bool {
    let calls = shop.proxy.calls();
    let mut around = calls.iter().take(plan.at).rev().take(2);
    around.any(|name| name == "createManifest")
}
