//! One cell of the matrix: a scenario, and what disturbs it.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use haat_tests::crash_proxy::{Fault, Plan};

use crate::promises;
use crate::run::{Delivery, Expected, Run};
use crate::scenario::Scenario;
use crate::state::State;

pub(crate) const FAULTS: [(Fault, &str); 6] = [
    (Fault::KillBefore, "killed_before"),
    (Fault::KillAfter, "killed_after"),
    (Fault::Cut, "answer_lost"),
    (Fault::Refuse, "refused"),
    (Fault::Repeat, "doubled"),
    (Fault::Hold, "held_past_every_lease"),
];

/// Calls that change nothing: to do them twice says nothing.
const READS: [&str; 15] = [
    "BatchGetItem",
    "Decrypt",
    "GetItem",
    "Query",
    "fetchLabelDownloadHistory",
    "fetchOrderDetails",
    "fetchPendingOrdersHistory",
    "getB2cInvoice",
    "getLabel",
    "getLabelFile",
    "getManifest",
    "listOrders",
    "listPendency",
    "listProducts",
    "listReturns",
];

/// Whether this fault tells anything of this call.
pub(crate) fn tells(fault: Fault, call: &str) -> bool {
    match fault {
        Fault::Repeat => !READS.contains(&call),
        // Clients of AWS try again by themselves what was refused with a 5xx.
        Fault::Refuse => !call.starts_with(char::is_uppercase),
        Fault::KillBefore | Fault::KillAfter | Fault::Cut | Fault::Hold => true,
    }
}

pub(crate) const DELIVERIES: [(Delivery, &str); 3] = [
    (Delivery::Twice, "delivered_twice"),
    (Delivery::AtOnce, "delivered_to_two_at_once"),
    (Delivery::OutOfOrder, "delivered_out_of_order"),
];

/// A scenario that nothing disturbs.
pub(crate) async fn undisturbed(scenario: Scenario) -> Expected {
    let mut run = Run::prepare(scenario, None, Delivery::Once).await;
    run.until_rest().await;
    Expected {
        calls: run.shop.proxy.calls(),
        state: State::of(&run.shop).await,
    }
}

/// A scenario with one disturbed call, or with messages that come in another way. When it goes
/// wrong: what the function called and wrote.
pub(crate) async fn disturbed(
    scenario: Scenario,
    plan: Option<Plan>,
    delivery: Delivery,
    expected: &Expected,
) -> Result<(), String> {
    let mut run = Run::prepare(scenario, plan, delivery).await;
    let checked = async {
        run.until_rest().await;
        let calls = run.shop.proxy.calls();
        if let Some(Plan { at, .. }) = plan {
            assert!(calls.len() >= at, "call {at} never came");
        }
        promises::check(scenario, plan, &run.shop, expected).await;
    };
    match AssertUnwindSafe(checked).catch_unwind().await {
        Ok(()) => Ok(()),
        Err(panic) => {
            let said = panic.downcast_ref::<String>().cloned();
            let said = said.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned()));
            let calls = run.shop.proxy.calls().join(" ");
            Err(format!(
                "{}\ncalls: {calls}\nlog:\n{}",
                said.unwrap_or_default(),
                run.shop.log()
            ))
        }
    }
}
