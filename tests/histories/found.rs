//! Histories that once went wrong, named by what they showed.

use haat_domain::Action;
use haat_sandbox::{FaultKind, State};

use crate::cloud::End;
use crate::double::Market;
use crate::play::play;
use crate::runtime;
use crate::steps::{Step, Wrong};

fn goes_well(steps: &[Step]) {
    let (runtime, http) = runtime();
    runtime
        .block_on(play(Market::Meesho, steps, &http))
        .unwrap();
}

/// The month of seed 1, day 1: the details were lost while the hub looked whether labels are open,
/// and the trouble was saved without the orders that were looked at.
#[test]
fn labels_asked_for_while_the_details_are_lost() {
    goes_well(&[
        Step::Arrive {
            shop: 0,
            state: State::ReadyToShip,
            count: 2,
        },
        Step::Schedule,
        Step::Settle,
        Step::Ask {
            order: 0,
            action: Action::Ship,
            end: End::Whole,
        },
        Step::Trouble {
            operation: "fetchOrderDetails",
            wrong: Wrong::Kind(FaultKind::LostResponse),
            times: 1,
            skip: 0,
        },
        Step::Settle,
        Step::Pass { minutes: 5 },
    ]);
}

/// The month of seed 1, day 8: a row came again on a later page, after its order was written, and
/// was counted among what was written and among what was repeated.
#[test]
fn a_row_that_comes_again_after_it_was_written() {
    goes_well(&[
        Step::Arrive {
            shop: 0,
            state: State::Pending,
            count: 55,
        },
        Step::Trouble {
            operation: "listOrders",
            wrong: Wrong::Kind(FaultKind::DuplicateRow),
            times: 2,
            skip: 1,
        },
        Step::Schedule,
        Step::Settle,
        Step::Pass { minutes: 30 },
    ]);
}

/// History 4619: the refusal of a changed password was lost on its way. The hub tried once more, and
/// that was counted against it.
#[test]
fn a_refusal_that_nobody_heard_is_asked_for_again() {
    goes_well(&[
        Step::Trouble {
            operation: "login",
            wrong: Wrong::Kind(FaultKind::LostResponse),
            times: 1,
            skip: 0,
        },
        Step::ChangePassword { login: 0 },
        Step::Settle,
        Step::Arrive {
            shop: 0,
            state: State::OnHold,
            count: 1,
        },
    ]);
}
