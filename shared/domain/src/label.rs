//! An order's label: what is stored, and what people see of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Action, Actor, Event, IntentState, Order};

/// The label as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// None yet.
    None,
    /// Stored.
    Ready(LabelPage),
    /// Stored, but the parcel got another AWB since: it must not be used.
    Stale(LabelPage),
}

/// A stored label: a page of a PDF that many orders share, or a PDF of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelPage {
    /// Key of the PDF in the file store.
    pub file: String,
    /// Page in it, counted from 1; `None` where the whole file is this order's label.
    pub page: Option<u32>,
    /// SHA-256 of the whole PDF, in hexadecimal.
    pub sha256: String,
    /// When it was stored.
    pub stored_at: Timestamp,
}

/// The label as people see it: what is stored, and what is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum LabelState {
    /// Nobody asked for it.
    NotAsked,
    /// Asked for; the marketplace has not given it yet.
    Waiting {
        /// Since when.
        since: Timestamp,
        /// What the hub waits for.
        reason: String,
    },
    /// The hub stopped asking.
    Failed {
        /// Since when.
        since: Timestamp,
        /// Why, and what to do.
        reason: String,
    },
    /// Stored and good.
    Ready,
    /// Stored, but replaced at the marketplace.
    Stale,
}

/// A stored paper that belongs to one order alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredPaper {
    /// Key of the PDF in the file store.
    pub file: String,
    /// SHA-256 of the PDF, in hexadecimal.
    pub sha256: String,
    /// When it was stored.
    pub stored_at: Timestamp,
}

impl Order {
    /// Takes a stored label page. Fulfils the wish to ship; without one the label, made in the
    /// marketplace's own panel, is taken over. Returns whether anything changed.
    pub fn file_label(&mut self, page: LabelPage, now: Timestamp) -> bool {
        if !self.keep_label(page) {
            return false;
        }
        let event = match self.ship.take() {
            Some(_) => Event::Done(Action::Ship),
            None => Event::LabelTakenOver,
        };
        self.note(now, Actor::Marketplace, event);
        true
    }

    /// Keeps a stored label; what was asked for is not over with it. Returns whether it is another
    /// one than was kept.
    pub fn keep_label(&mut self, page: LabelPage) -> bool {
        let same = |stored: &LabelPage| stored.file == page.file && stored.page == page.page;
        // A page that went stale does not become good by being filed once more.
        if let Label::Ready(stored) | Label::Stale(stored) = &self.label
            && same(stored)
        {
            return false;
        }
        self.label = Label::Ready(page);
        true
    }

    /// The label as people see it.
    pub fn label_state(&self) -> LabelState {
        match (&self.label, &self.ship) {
            (Label::Ready(_), _) => LabelState::Ready,
            (Label::None | Label::Stale(_), Some(intent)) => {
                let since = intent.asked_at;
                match (intent.state, intent.reason.clone()) {
                    (IntentState::Open, reason) => LabelState::Waiting {
                        since,
                        reason: reason.unwrap_or_else(|| "asked, not sent yet".to_owned()),
                    },
                    (IntentState::Failed, reason) => LabelState::Failed {
                        since,
                        reason: reason.unwrap_or_else(|| "no reason given".to_owned()),
                    },
                }
            }
            (Label::None, None) => LabelState::NotAsked,
            (Label::Stale(_), None) => LabelState::Stale,
        }
    }
}
