//! The named scenarios of the contract that concern session, orders, accept and labels.

use serde::Deserialize;

use super::{
    accounts,
    options::NewAccount,
    order::{HoldReason, PaymentMode, Plan, State},
    seed::{self, Wish},
    session,
    world::World,
};
use crate::{
    control::ControlError,
    fault::{Fault, FaultKind},
};

/// A scenario's name; what each does stands in the README.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the words are the contract's own")]
pub enum Scenario {
    HappyCod,
    HappyPrepaid,
    HoldToPending,
    ExchangeHold,
    BuyerCancelsBeforeAccept,
    CancelAfterLabel,
    LabelLate,
    PartialLabelJob,
    Rto,
    PasswordChanged,
    OtpDemanded,
    SessionExpired,
    IdentifierMissing,
    Throttled,
    DuplicateAcrossPages,
    PageShiftWhilePaging,
    HtmlInsteadOfJson,
    MultiSupplier,
    SaleDay,
}

/// A scenario to be loaded, as `POST /_sandbox/scenarios` reads it.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioRequest {
    /// Which.
    pub name: Scenario,
    /// For whom.
    pub supplier_id: u64,
    /// Starts the sandbox's dice anew, so that the scenario is the same wherever it is loaded.
    #[serde(default)]
    pub seed: Option<u64>,
    /// How many orders; the scenario's own number when missing.
    #[serde(default)]
    pub count: Option<u32>,
}

/// Loads a scenario and gives the numbers of its sub-orders.
pub(crate) fn load(
    world: &mut World,
    request: &ScenarioRequest,
) -> Result<Vec<String>, ControlError> {
    let supplier_id = request.supplier_id;
    let Some(identifier) = world
        .supplier(supplier_id)
        .map(|supplier| supplier.identifier.clone())
    else {
        return Err(ControlError::UnknownSupplier(supplier_id));
    };
    if let Some(seed) = request.seed {
        world.rng.seed(seed);
    }
    let mut orders = |state, usual: u32, wish: &Wish| {
        let count = request.count.unwrap_or(usual);
        seed::add_orders(world, supplier_id, state, count, wish)
    };
    let mut fault = None;
    let numbers = match request.name {
        Scenario::HappyCod => orders(State::Pending, 1, &paid(PaymentMode::Cod)),
        Scenario::HappyPrepaid => orders(State::Pending, 1, &paid(PaymentMode::Prepaid)),
        Scenario::HoldToPending => {
            orders(State::OnHold, 1, &held(HoldReason::UnserviceableAddress))
        }
        Scenario::ExchangeHold => {
            orders(State::OnHold, 1, &held(HoldReason::ExchangeReturnPending))
        }
        Scenario::BuyerCancelsBeforeAccept => {
            orders(State::Pending, 1, &Wish::with_plan(Plan::CancelUnaccepted))
        }
        Scenario::CancelAfterLabel => {
            orders(State::Pending, 1, &Wish::with_plan(Plan::CancelLabelled))
        }
        Scenario::LabelLate => {
            let late = Wish {
                label_delay_seconds: Some(6 * 3_600),
                ..Wish::with_plan(Plan::Stay)
            };
            orders(State::Pending, 1, &late)
        }
        Scenario::PartialLabelJob => {
            let numbers = orders(State::Pending, 5, &Wish::with_plan(Plan::Stay));
            if let Some(supplier) = world.supplier_mut(supplier_id) {
                supplier.leave_out_of_next_label_job = 2;
            }
            numbers
        }
        Scenario::Rto => orders(State::Pending, 1, &Wish::with_plan(Plan::Return)),
        Scenario::SaleDay => {
            let three_couriers = Wish {
                carriers: 3,
                ..Wish::with_plan(Plan::Stay)
            };
            orders(State::Pending, 10_000, &three_couriers)
        }
        Scenario::DuplicateAcrossPages => {
            fault = Some(Fault::new("listOrders", FaultKind::DuplicateRow));
            orders(State::Pending, 60, &Wish::with_plan(Plan::Stay))
        }
        Scenario::PageShiftWhilePaging => {
            fault = Some(Fault::new("listOrders", FaultKind::PageShift));
            orders(State::Pending, 60, &Wish::with_plan(Plan::Stay))
        }
        Scenario::HtmlInsteadOfJson => {
            fault = Some(Fault::new("listOrders", FaultKind::HtmlInsteadOfJson));
            orders(State::Pending, 1, &Wish::with_plan(Plan::Stay))
        }
        Scenario::Throttled => {
            fault = Some(Fault::status("*", 429).retry_after(30).times(10));
            orders(State::Pending, 1, &Wish::with_plan(Plan::Stay))
        }
        // The header is always demanded; the scenario has only something to ask for.
        Scenario::IdentifierMissing => orders(State::Pending, 1, &Wish::with_plan(Plan::Stay)),
        Scenario::PasswordChanged => {
            session::change_password(world, supplier_id, None)?;
            Vec::new()
        }
        Scenario::OtpDemanded => {
            session::demand_otp(world, supplier_id, "1234")?;
            Vec::new()
        }
        Scenario::SessionExpired => {
            session::expire(world, supplier_id)?;
            Vec::new()
        }
        Scenario::MultiSupplier => second_supplier(world, supplier_id, request.count)?,
    };
    world
        .weather
        .faults
        .extend(fault.map(|fault| fault.of(&identifier)));
    Ok(numbers)
}

fn paid(payment: PaymentMode) -> Wish {
    Wish {
        payment: Some(payment),
        ..Wish::with_plan(Plan::Deliver)
    }
}

fn held(reason: HoldReason) -> Wish {
    Wish {
        hold_reason: Some(reason),
        ..Wish::with_plan(Plan::Deliver)
    }
}

/// The supplier's log-in gets another supplier, and both get orders.
fn second_supplier(
    world: &mut World,
    supplier_id: u64,
    count: Option<u32>,
) -> Result<Vec<String>, ControlError> {
    let Some(account) = world.account_of_supplier(supplier_id) else {
        return Err(ControlError::UnknownSupplier(supplier_id));
    };
    let (email, password) = (account.email.clone(), account.password.clone());
    let other = supplier_id.saturating_add(1);
    let identifier = format!("m{:04}", other.checked_rem(10_000).unwrap_or(0));
    let account = NewAccount::new(&email, &password, &[(other, &identifier)]);
    accounts::add(world, &account)?;
    let wish = Wish::with_plan(Plan::Stay);
    let count = count.unwrap_or(3);
    let mut numbers = seed::add_orders(world, supplier_id, State::Pending, count, &wish);
    numbers.extend(seed::add_orders(world, other, State::Pending, count, &wish));
    Ok(numbers)
}
