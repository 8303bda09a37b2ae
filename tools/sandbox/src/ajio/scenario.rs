//! Named scenarios.

use serde::Deserialize;

use super::{
    invent::{self, Wish},
    options::NewPob,
    order::{Plan, State},
    token,
    world::World,
};
use crate::{
    control::ControlError,
    fault::{Fault, FaultKind},
};

/// A scenario's name; what each does stands in the README.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the README says what each does")]
pub enum Scenario {
    Happy,
    BuyerCancelsBeforeAccept,
    CancelAfterLabel,
    LabelLate,
    Rto,
    CustomerReturn,
    PoNever,
    PartAcknowledge,
    NoShippingAccess,
    PasswordChanged,
    TokenExpired,
    Throttled,
    DuplicateAcrossPages,
    PageShiftWhilePaging,
    HtmlInsteadOfJson,
    MultiPob,
    SaleDay,
}

/// A scenario to be loaded, as `POST /_sandbox/scenarios` reads it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioRequest {
    /// Which.
    pub name: Scenario,
    /// For whom.
    pub pob: String,
    /// Starts the double's dice anew, so that the scenario is the same wherever it is loaded.
    #[serde(default)]
    pub seed: Option<u64>,
    /// How many orders; the scenario's own number when missing.
    #[serde(default)]
    pub count: Option<u32>,
}

/// Loads a scenario and gives the ids of its orders.
pub(crate) fn load(
    world: &mut World,
    request: &ScenarioRequest,
) -> Result<Vec<String>, ControlError> {
    let pob = request.pob.as_str();
    world.pob_mut(pob)?;
    if let Some(seed) = request.seed {
        world.rng.seed(seed);
    }
    let mut pending = |usual: u32, wish: &Wish| {
        let count = request.count.unwrap_or(usual);
        invent::add_orders(world, pob, State::Pendency, count, wish)
    };
    let stay = Wish::with_plan(Plan::Stay);
    let mut fault = None;
    let ids = match request.name {
        Scenario::Happy => pending(1, &Wish::with_plan(Plan::Deliver)),
        Scenario::BuyerCancelsBeforeAccept => pending(1, &Wish::with_plan(Plan::CancelPending)),
        Scenario::CancelAfterLabel => pending(1, &Wish::with_plan(Plan::CancelLabelled)),
        Scenario::Rto => pending(1, &Wish::with_plan(Plan::Rto)),
        Scenario::CustomerReturn => pending(1, &Wish::with_plan(Plan::CustomerReturn)),
        Scenario::SaleDay => pending(10_000, &stay),
        Scenario::PoNever => {
            let never = Wish {
                po_never: true,
                ..stay
            };
            pending(1, &never)
        }
        Scenario::PartAcknowledge => {
            let two_lines = Wish {
                lines: Some(2),
                ..stay
            };
            pending(1, &two_lines)
        }
        Scenario::DuplicateAcrossPages => {
            fault = Some(Fault::new("listPendency", FaultKind::DuplicateRow));
            pending(60, &stay)
        }
        Scenario::PageShiftWhilePaging => {
            fault = Some(Fault::new("listPendency", FaultKind::PageShift));
            pending(60, &stay)
        }
        Scenario::HtmlInsteadOfJson => {
            fault = Some(Fault::new("listPendency", FaultKind::HtmlInsteadOfJson));
            pending(1, &stay)
        }
        Scenario::Throttled => {
            fault = Some(Fault::status("*", 429).retry_after(30).times(10));
            pending(1, &stay)
        }
        Scenario::LabelLate => {
            let ids = pending(1, &stay);
            world.timings.label_delay_seconds = 6 * 3_600;
            ids
        }
        Scenario::NoShippingAccess => {
            let ids = pending(1, &stay);
            world.pob_mut(pob)?.shipping_access = false;
            ids
        }
        Scenario::PasswordChanged => {
            token::change_password(world, pob, None)?;
            Vec::new()
        }
        Scenario::TokenExpired => {
            token::expire(world, pob)?;
            Vec::new()
        }
        Scenario::MultiPob => second_pob(world, pob, request.count.unwrap_or(3))?,
    };
    world
        .weather
        .faults
        .extend(fault.map(|fault| fault.of(pob)));
    Ok(ids)
}

/// Another POB of the same seller, named `<pob>B` with the same password; both get orders.
fn second_pob(world: &mut World, pob: &str, count: u32) -> Result<Vec<String>, ControlError> {
    let password = world.pob_mut(pob)?.password.clone();
    let other = format!("{pob}B");
    world.add_pob(&NewPob::new(&other, &password))?;
    let wish = Wish::with_plan(Plan::Stay);
    let mut ids = invent::add_orders(world, pob, State::Pendency, count, &wish);
    ids.extend(invent::add_orders(
        world,
        &other,
        State::Pendency,
        count,
        &wish,
    ));
    Ok(ids)
}
