//! Testing an account: what is looked at, what was found, and what to do where it failed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, Action, IntentState, Label, Order, OrderNumber, SellerId, Stage};

/// A test of an account. Nothing at the marketplace is changed by it, but for the one order that it
/// may be done with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountTest {
    /// The tenant.
    pub seller: SellerId,
    /// The account.
    pub account: AccountId,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When it was done; `None` while it is under way.
    pub done_at: Option<Timestamp>,
    /// The order that goes through it from acceptance to tracking, where one was named.
    pub order: Option<OrderNumber>,
    /// What was found, in the order in which it was looked at.
    pub found: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What.
    pub check: Check,
    /// How it is.
    pub outcome: CheckOutcome,
    /// What was seen, in words for the seller; for one that failed, with what to do.
    pub said: String,
}

/// How a thing that was looked at is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// As it should be.
    Passed,
    /// Not there yet; it comes by itself.
    Waits,
    /// Not as it should be.
    Failed,
    /// There is nothing to look at.
    Skipped,
}

/// What can be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The credentials open a session.
    LogIn,
    /// New orders can be read.
    Orders,
    /// The marketplace lets the account ship.
    ShippingAccess,
    /// The stock of one offer can be read.
    Stock,
    /// It is known where parcels leave from.
    Warehouse,
    /// Weight and size of what is offered are known.
    Parcels,
    /// The test order is accepted.
    Accepted,
    /// The marketplace has raised its purchase order.
    PurchaseOrder,
    /// The test order has an AWB.
    Packed,
    /// Its label is stored.
    LabelStored,
    /// The marketplace knows that it may be fetched.
    ReadyToShip,
    /// The courier has scanned it.
    Tracked,
}

impl Check {
    /// The word used in API and page.
    pub const fn word(self) -> &'static str {
        match self {
            Self::LogIn => "log_in",
            Self::Orders => "orders",
            Self::ShippingAccess => "shipping_access",
            Self::Stock => "stock",
            Self::Warehouse => "warehouse",
            Self::Parcels => "parcels",
            Self::Accepted => "accepted",
            Self::PurchaseOrder => "purchase_order",
            Self::Packed => "packed",
            Self::LabelStored => "label_stored",
            Self::ReadyToShip => "ready_to_ship",
            Self::Tracked => "tracked",
        }
    }
}

impl Finding {
    /// Something that is as it should be.
    pub fn passed(check: Check, said: impl Into<String>) -> Self {
        Self::new(check, CheckOutcome::Passed, said)
    }

    /// Something that is not as it should be, with what to do.
    pub fn failed(check: Check, said: impl Into<String>) -> Self {
        Self::new(check, CheckOutcome::Failed, said)
    }

    /// Something that cannot be told yet.
    pub fn waits(check: Check, said: impl Into<String>) -> Self {
        Self::new(check, CheckOutcome::Waits, said)
    }

    /// Something that is not there.
    pub fn skipped(check: Check, said: impl Into<String>) -> Self {
        Self::new(check, CheckOutcome::Skipped, said)
    }

    fn new(check: Check, outcome: CheckOutcome, said: impl Into<String>) -> Self {
        let said = said.into();
        Self {
            check,
            outcome,
            said,
        }
    }
}

/// How far a test order is, from acceptance to tracking.
pub fn test_order(order: &Order, by_purchase_order: bool) -> Vec<Finding> {
    let is_accepted = !matches!(order.stage, Stage::New | Stage::OnHold | Stage::Cancelled);
    let has_left = !order.stage.is_open() && order.stage != Stage::Cancelled;
    let is_ready = order.stage == Stage::ReadyToShip || has_left;
    let number = order.supply.purchase_order.as_ref();
    let number = number.map(|order| order.number.clone());
    let awb = order.shipment.as_ref().map(|parcel| parcel.awb.to_string());
    let label = matches!(order.label, Label::Ready(_));
    let mut steps = vec![(
        Check::Accepted,
        is_accepted.then(|| "the marketplace shows it as accepted".to_owned()),
        Action::Accept,
    )];
    if by_purchase_order {
        let raised = number.map(|number| format!("purchase order {number}"));
        steps.push((Check::PurchaseOrder, raised, Action::Ship));
    }
    steps.push((
        Check::Packed,
        awb.map(|awb| format!("AWB {awb}")),
        Action::Ship,
    ));
    let stored = label.then(|| "the label is stored".to_owned());
    steps.push((Check::LabelStored, stored, Action::Ship));
    let ready = is_ready.then(|| "the marketplace shows it as ready".to_owned());
    steps.push((Check::ReadyToShip, ready, Action::Ship));
    let tracked = has_left.then(|| "the courier has it".to_owned());
    steps.push((Check::Tracked, tracked, Action::HandOver));
    steps
        .into_iter()
        .map(|(check, done, by)| match done {
            Some(said) => Finding::passed(check, said),
            None => not_done(order, check, by),
        })
        .collect()
}

/// Why a step of a test order is not done: it failed, or it waits.
fn not_done(order: &Order, check: Check, by: Action) -> Finding {
    if order.stage == Stage::Cancelled {
        return Finding::failed(check, "the order was cancelled; test with another one");
    }
    let Some(intent) = order.intent(by) else {
        let said = format!("not asked for yet ({})", by.word());
        return Finding::waits(check, said);
    };
    let said = intent.reason.clone();
    match intent.state {
        IntentState::Open => {
            let said = said.unwrap_or_else(|| "asked for".to_owned());
            Finding::waits(check, said)
        }
        IntentState::Failed => {
            let said = said.unwrap_or_else(|| "no reason given".to_owned());
            Finding::failed(check, said)
        }
    }
}
