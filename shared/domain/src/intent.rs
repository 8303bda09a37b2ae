//! What someone wants done with an order, written down before it is done.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::order::Actor;
use crate::{Label, Order, OrderLine, Stage};

/// What the hub can ask a marketplace to do with an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Accept the order, so that it may be shipped.
    Accept,
    /// Cancel the order in the seller's name.
    Cancel,
    /// Create the shipment: AWB and label.
    Ship,
    /// Hand the parcel over: close a manifest with it.
    HandOver,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 4] = [Self::Accept, Self::Cancel, Self::Ship, Self::HandOver];

    /// The word used in table, messages, API and page.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Cancel => "cancel",
            Self::Ship => "ship",
            Self::HandOver => "hand_over",
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
    /// The answer to a call was lost, or what it did does not show yet: the marketplace is not asked
    /// again before this instant, and the order is looked up first.
    pub not_before: Option<Timestamp>,
    /// For accepting: pieces that are not accepted, by the marketplace's key of the line.
    pub without: BTreeMap<String, u32>,
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
    /// Accepting what is to be cancelled.
    #[error("the order is to be cancelled, as was asked for")]
    ToBeCancelled,
    /// Cancelling what is packed.
    #[error("the order is packed already; it can no longer be cancelled")]
    PackedAlready,
    /// Handing over what is not ready.
    #[error("the order is not ready to ship yet; ask for its label with ship")]
    NotReadyToShip,
    /// Leaving out pieces that are not there.
    #[error("the order has no line {item} with {pieces} pieces to leave out")]
    NoSuchPieces {
        /// The key of the line.
        item: String,
        /// The pieces that were to be left out.
        pieces: u32,
    },
    /// Leaving out all pieces.
    #[error("nothing of the order would be left; cancel it instead")]
    NothingLeft,
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
            (Stage::New, Action::Accept) if self.wants(Action::Cancel) => {
                Err(Refusal::ToBeCancelled)
            }
            (Stage::New, Action::Accept) => Ok(()),
            (Stage::New, Action::Ship | Action::HandOver) => Err(Refusal::NotAccepted),
            (
                Stage::Accepted | Stage::Picking | Stage::Packed | Stage::ReadyToShip,
                Action::Accept,
            ) => Err(Refusal::AcceptedAlready),
            (Stage::New | Stage::Accepted | Stage::Picking, Action::Cancel) => Ok(()),
            (Stage::Packed | Stage::ReadyToShip, Action::Cancel) => Err(Refusal::PackedAlready),
            (Stage::Accepted | Stage::Picking, Action::Ship) if self.wants(Action::Cancel) => {
                Err(Refusal::ToBeCancelled)
            }
            (
                Stage::Accepted | Stage::Picking | Stage::Packed | Stage::ReadyToShip,
                Action::Ship,
            ) => match (&self.label, &self.ship) {
                (Label::Ready(_), None) => Err(Refusal::LabelReady),
                // What follows the label may have failed.
                (Label::Ready(_), Some(_)) | (Label::None | Label::Stale(_), _) => Ok(()),
            },
            (Stage::ReadyToShip, Action::HandOver) => Ok(()),
            (Stage::Accepted | Stage::Picking | Stage::Packed, Action::HandOver) => {
                Err(Refusal::NotReadyToShip)
            }
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

    /// Whether these pieces can be left out.
    pub(crate) fn allows_without(&self, without: &BTreeMap<String, u32>) -> Result<(), Refusal> {
        for (item, pieces) in without {
            let line = |line: &&OrderLine| line.item.as_ref() == Some(item);
            let line = self.lines.iter().find(line);
            if !line.is_some_and(|line| (1..=line.to_pack()).contains(pieces)) {
                let (item, pieces) = (item.clone(), *pieces);
                return Err(Refusal::NoSuchPieces { item, pieces });
            }
        }
        let all: u64 = self
            .lines
            .iter()
            .map(|line| u64::from(line.to_pack()))
            .sum();
        let left_out: u64 = without.values().copied().map(u64::from).sum();
        if left_out > 0 && left_out >= all {
            return Err(Refusal::NothingLeft);
        }
        Ok(())
    }

    /// The intent for an action, if one is there.
    pub fn intent(&self, action: Action) -> Option<&Intent> {
        match action {
            Action::Accept => self.accept.as_ref(),
            Action::Cancel => self.cancel.as_ref(),
            Action::Ship => self.ship.as_ref(),
            Action::HandOver => self.hand_over.as_ref(),
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
            Action::Cancel => &mut self.cancel,
            Action::Ship => &mut self.ship,
            Action::HandOver => &mut self.hand_over,
        }
    }
}
