//! What could not be processed: kept, shown, resumable.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, Action, LabelPage, SellerId};

/// Something of an account that could not be processed. Kept until someone resumes it or it
/// has resolved itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// The tenant.
    pub seller: SellerId,
    /// The account it came through.
    pub account: AccountId,
    /// What it is.
    pub kind: ParkedKind,
    /// Its key within account and kind: the order number where one could be read, else a hash of
    /// the content. The same thing parked twice is one entry.
    pub key: String,
    /// Why it could not be processed, without buyer's data.
    pub reason: String,
    /// When it was first seen.
    pub since: Timestamp,
    /// For a label page of an order that Haat did not know: where the page lies, so that it is
    /// filed when the order arrives.
    pub label: Option<LabelPage>,
}

/// What can be parked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParkedKind {
    /// A row of an order list that could not be read.
    OrderRow,
    /// A page of a label PDF that belongs to no known order.
    LabelPage,
    /// A change of the table that could not be acted upon.
    Change,
    /// An order that the hub could not get accepted.
    Accept,
    /// An order that the hub could not get cancelled.
    Cancel,
    /// An order that the hub could not get shipped.
    Ship,
    /// An order that the hub could not hand over.
    HandOver,
    /// A row of a list of returns that could not be read.
    ReturnRow,
    /// A row of a list of offers that could not be read.
    OfferRow,
}

impl ParkedKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::OrderRow,
        Self::LabelPage,
        Self::Change,
        Self::Accept,
        Self::Cancel,
        Self::Ship,
        Self::HandOver,
        Self::ReturnRow,
        Self::OfferRow,
    ];

    /// The word used in table, API and page.
    pub const fn word(self) -> &'static str {
        match self {
            Self::OrderRow => "order_row",
            Self::LabelPage => "label_page",
            Self::Change => "change",
            Self::Accept => "accept",
            Self::Cancel => "cancel",
            Self::Ship => "ship",
            Self::HandOver => "hand_over",
            Self::ReturnRow => "return_row",
            Self::OfferRow => "offer_row",
        }
    }

    /// The kind under which a failed action of an order is parked.
    pub const fn of_action(action: Action) -> Self {
        match action {
            Action::Accept => Self::Accept,
            Action::Cancel => Self::Cancel,
            Action::Ship => Self::Ship,
            Action::HandOver => Self::HandOver,
        }
    }

    /// The action that waits behind the kind, if one does.
    pub const fn action(self) -> Option<Action> {
        match self {
            Self::Accept => Some(Action::Accept),
            Self::Cancel => Some(Action::Cancel),
            Self::Ship => Some(Action::Ship),
            Self::HandOver => Some(Action::HandOver),
            Self::OrderRow | Self::LabelPage | Self::Change | Self::ReturnRow | Self::OfferRow => {
                None
            }
        }
    }

    /// The kind of a word, if it is one.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
