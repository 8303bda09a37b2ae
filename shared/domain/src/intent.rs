//! What someone wants done with an order, written down before it is done.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::order::Actor;
use crate::{Order, Stage};

/// What the hub can ask a marketplace to do with an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Accept the order, so that it may be shipped.
    Accept,
    /// Create the shipment: AWB and label.
    Ship,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 2] = [Self::Accept, Self::Ship];

    /// The word used in table, messages, API and page.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Ship => "ship",
        }
    }
}

/// One thing asked of the marketplace for one order. There is at most one per order and action:
/// that is what makes asking twice harmless. It ends by being fulfilled or withdrawn, both of
/// which remove it and leave a line in the order's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Whether the hub is at work on it.
    pub state: IntentState,
    /// Who asked.
    pub asked_by: Actor,
    /// When it was asked, or resumed after a failure.
    pub asked_at: Timestamp,
    /// Why it waits or failed, in words for the seller.
    pub reason: Option<String>,
}

/// Whether the hub is at work on an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntentState {
    /// The hub works on it by itself; `reason` says what it waits for, if anything.
    Open,
    /// The hub has stopped; it goes on when someone resumes it.
    Failed,
}

/// Why an order does not take an action now. Nothing was changed or sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The order was cancelled.
    #[error("the order was cancelled; do not pack it")]
    Cancelled,
    /// The marketplace holds the order back.
    #[error("the marketplace holds the order back ({reason}); it opens by itself or is cancelled")]
    OnHold {
        /// The marketplace's reason, or "no reason given".
        reason: String,
    },
    /// Accepting what is accepted.
    #[error("the order is accepted already; ask for its label with ship")]
    AcceptedAlready,
    /// Shipping what is not accepted.
    #[error("the order is not accepted yet; accept it first")]
    NotAccepted,
    /// The label is there.
    #[error("the order has its label already; open it with the label link")]
    LabelReady,
    /// The parcel has left.
    #[error("the order has left the warehouse already (stage {0})")]
    Left(&'static str),
}

impl Order {
    /// Whether the order takes this action now. The one rule book for API, console and rules.
    pub fn allows(&self, action: Action) -> Result<(), Refusal> {
        match (self.stage, action) {
            (Stage::Cancelled, _) => Err(Refusal::Cancelled),
            (Stage::OnHold, _) => Err(Refusal::OnHold {
                reason: self
                    .reason
                    .clone()
                    .unwrap_or_else(|| "no reason given".to_owned()),
            }),
            (Stage::New, Action::Accept) => Ok(()),
            (Stage::New, Action::Ship) => Err(Refusal::NotAccepted),
            (
                Stage::Accepted | Stage::Picking | Stage::Packed | Stage::ReadyToShip,
                Action::Accept,
            ) => Err(Refusal::AcceptedAlready),
            (
                Stage::Accepted | Stage::Picking | Stage::Packed | Stage::ReadyToShip,
                Action::Ship,
            ) => match self.label {
                crate::Label::Ready(_) => Err(Refusal::LabelReady),
                crate::Label::None | crate::Label::Stale(_) => Ok(()),
            },
            (
                Stage::Shipped
                | Stage::OutForDelivery
                | Stage::Delivered
                | Stage::Completed
                | Stage::ReturningToOrigin
                | Stage::Returned
                | Stage::Lost,
                _,
            ) => Err(Refusal::Left(self.stage.word())),
        }
    }

    /// The intent for an action, if one is there.
    pub fn intent(&self, action: Action) -> Option<&Intent> {
        match action {
            Action::Accept => self.accept.as_ref(),
            Action::Ship => self.ship.as_ref(),
        }
    }

    /// Whether the hub has to work on this action.
    pub fn wants(&self, action: Action) -> bool {
        self.intent(action)
            .is_some_and(|intent| intent.state == IntentState::Open)
    }

    pub(crate) fn intent_slot(&mut self, action: Action) -> &mut Option<Intent> {
        match action {
            Action::Accept => &mut self.accept,
            Action::Ship => &mut self.ship,
        }
    }
}
