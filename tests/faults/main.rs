//! Real programs of functions, killed and cheated at every call they make: `docs/faults.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod asked_once;
mod at_ajio;
mod cell;
mod market;
mod promises;
mod run;
mod scenario;
mod shop;
mod state;
mod watermark;

use std::sync::Arc;

use cell::{DELIVERIES, FAULTS, disturbed, tells, undisturbed};
use haat_tests::crash_proxy::Plan;
use libtest_mimic::{Arguments, Failed, Trial};
use run::{Delivery, Expected};
use scenario::Scenario;

fn main() {
    let arguments = Arguments::from_args();
    let filter = arguments.filter.as_deref().unwrap_or_default();
    let asked_for = Scenario::asked_for(filter);
    let trials = asked_for.into_iter().flat_map(|scenario| {
        // How many calls there are, only the undisturbed run can tell.
        let expected = Arc::new(in_a_runtime(undisturbed(scenario)));
        trials_of(scenario, &expected)
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

fn trials_of(scenario: Scenario, expected: &Arc<Expected>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (index, call) in expected.calls.iter().enumerate() {
        for (fault, word) in FAULTS.into_iter().filter(|(fault, _)| tells(*fault, call)) {
            let at = index + 1;
            let name = format!("{}::{at:02}_{call}::{word}", scenario.name());
            let plan = Some(Plan { at, fault });
            trials.push(trial(name, scenario, plan, Delivery::Once, expected));
        }
    }
    for (delivery, word) in DELIVERIES {
        let name = format!("{}::{word}", scenario.name());
        trials.push(trial(name, scenario, None, delivery, expected));
    }
    trials
}

fn trial(
    name: String,
    scenario: Scenario,
    plan: Option<Plan>,
    delivery: Delivery,
    expected: &Arc<Expected>,
) -> Trial {
    let expected = Arc::clone(expected);
    Trial::test(name.clone(), move || {
        let result = in_a_runtime(disturbed(scenario, plan, delivery, &expected));
        result.map_err(|said| {
            let again = format!("cargo test -p haat-tests --test faults -- --exact {name}");
            Failed::from(format!("{said}\nonly this: {again}"))
        })
    })
}

fn in_a_runtime<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}
