//! An order as Haat keeps it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Action, Awb, DispatchBy, Intent, IntentState, MarketplaceId, OrderId, Paise, Refusal, SellerId,
    Sku, Stage, TokenId,
};

/// One order: the marketplace's unit of life, with all that Haat knows of it but the buyer,
/// who is kept apart and encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Account and marketplace number.
    pub id: OrderId,
    /// The tenant.
    pub seller: SellerId,
    /// Where the order was placed.
    pub marketplace: MarketplaceId,
    /// The number buyers see; several orders of one purchase share it.
    pub purchase: String,
    /// What to pack.
    pub lines: Vec<OrderLine>,
    /// Where it stands.
    pub stage: Stage,
    /// The marketplace's own last word on it, kept raw beside the stage.
    pub word: String,
    /// Why it is held or who cancelled it, as the marketplace says.
    pub reason: Option<String>,
    /// How it is paid; `None` while the marketplace has not said.
    pub payment: Option<Payment>,
    /// What the buyer pays in all; `None` while the marketplace has not said.
    pub value: Option<Paise>,
    /// When the buyer ordered; when Haat first saw it if the marketplace does not say.
    pub ordered_at: Timestamp,
    /// When it must be handed over.
    pub dispatch_by: DispatchBy,
    /// AWB and courier, once the marketplace has made the shipment.
    pub shipment: Option<Shipment>,
    /// Its label.
    pub label: Label,
    /// The wish to accept it, while there is one.
    pub accept: Option<Intent>,
    /// The wish to ship it, while there is one.
    pub ship: Option<Intent>,
    /// When it was shipped or cancelled, which takes it off the list of deadlines.
    pub closed_at: Option<Timestamp>,
    /// What happened, oldest first.
    pub history: Vec<HistoryEntry>,
    /// Counts the writes; a write against an older version is refused.
    pub version: u64,
}

/// One product of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The seller's key of the product.
    pub sku: Sku,
    /// Product name as the marketplace shows it.
    pub title: String,
    /// Size or other variation.
    pub variation: Option<String>,
    /// Pieces.
    pub quantity: u32,
    /// Price of one piece, tax included; `None` where the list does not say.
    pub price: Option<Paise>,
}

/// Who bought it. Never logged: its `Debug` shows the State alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    /// Name on the parcel.
    pub name: Option<String>,
    /// Address lines, as many as are known.
    pub lines: Vec<String>,
    /// City.
    pub city: Option<String>,
    /// State: the one part to count on, it decides the tax.
    pub state: String,
    /// PIN code, six digits.
    pub pin: Option<String>,
    /// Phone.
    pub phone: Option<String>,
}

impl fmt::Debug for Buyer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buyer")
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// How an order is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Cash on delivery or prepaid.
    pub mode: PaymentMode,
    /// What the courier collects, for cash on delivery, where the marketplace says.
    pub collect: Option<Paise>,
}

/// Cash on delivery or prepaid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMode {
    /// The courier collects the money.
    Cod,
    /// Paid already.
    Prepaid,
}

/// The parcel as the marketplace made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// The courier's number of the parcel.
    pub awb: Awb,
    /// Courier, as the marketplace names it.
    pub courier: Option<String>,
    /// The marketplace's key of the parcel; several orders may share one.
    pub packet: Option<String>,
}

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

/// One page of a stored PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelPage {
    /// Key of the PDF in the file store.
    pub file: String,
    /// Page in it, counted from 1.
    pub page: u32,
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

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The marketplace, its courier or the buyer.
    Marketplace,
    /// The hub itself, by the setting or rule of this name.
    Rule(String),
    /// Whoever holds this token.
    Token(TokenId),
}

/// One line of an order's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
    /// What.
    pub event: Event,
}

/// What can stand in an order's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The order moved to this stage; the first entry tells the stage it was found in.
    Moved(Stage),
    /// The marketplace said something that cannot follow the stage; the stage stayed.
    Contradicted(String),
    /// The marketplace used a word we do not know; the stage stayed.
    UnknownWord(String),
    /// Someone asked for an action.
    Asked(Action),
    /// The action is done.
    Done(Action),
    /// The action became needless or impossible, for this reason.
    Withdrawn(Action, String),
    /// The hub gave up on the action, for this reason.
    Failed(Action, String),
    /// The marketplace made the shipment.
    Shipment(Awb),
    /// The label was stored, though nobody had asked through the hub.
    LabelTakenOver,
    /// The parcel got another AWB; the stored label is stale.
    LabelStale,
}

impl Order {
    /// Asks for an action. `Ok(false)`: it is being worked on already, nothing changed.
    /// Asking again after a failure resumes it.
    pub fn ask(&mut self, action: Action, by: Actor, now: Timestamp) -> Result<bool, Refusal> {
        self.allows(action)?;
        if self.wants(action) {
            return Ok(false);
        }
        *self.intent_slot(action) = Some(Intent {
            state: IntentState::Open,
            asked_by: by.clone(),
            asked_at: now,
            reason: None,
        });
        self.note(now, by, Event::Asked(action));
        Ok(true)
    }

    /// Says what an open intent waits for. Returns whether anything changed.
    pub fn wait(&mut self, action: Action, reason: &str) -> bool {
        match self.intent_slot(action) {
            Some(intent)
                if intent.state == IntentState::Open
                    && intent.reason.as_deref() != Some(reason) =>
            {
                intent.reason = Some(reason.to_owned());
                true
            }
            Some(_) | None => false,
        }
    }

    /// Stops work on an intent until someone resumes it. Returns whether anything changed.
    pub fn fail(&mut self, action: Action, reason: &str, now: Timestamp) -> bool {
        match self.intent_slot(action) {
            Some(intent) if intent.state == IntentState::Open => {
                intent.state = IntentState::Failed;
                intent.reason = Some(reason.to_owned());
                let failed = Event::Failed(action, reason.to_owned());
                self.note(now, Actor::Marketplace, failed);
                true
            }
            Some(_) | None => false,
        }
    }

    /// Takes a stored label page. Fulfils the wish to ship; without one the label, made in the
    /// marketplace's own panel, is taken over. Returns whether anything changed.
    pub fn file_label(&mut self, page: LabelPage, now: Timestamp) -> bool {
        let same = |stored: &LabelPage| stored.file == page.file && stored.page == page.page;
        // A page that went stale does not become good by being filed once more.
        if let Label::Ready(stored) | Label::Stale(stored) = &self.label
            && same(stored)
        {
            return false;
        }
        self.label = Label::Ready(page);
        let event = match self.ship.take() {
            Some(_) => Event::Done(Action::Ship),
            None => Event::LabelTakenOver,
        };
        self.note(now, Actor::Marketplace, event);
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

    /// Whether the hub has stopped on any action of this order.
    pub fn has_failed_work(&self) -> bool {
        Action::ALL.into_iter().any(|action| {
            self.intent(action)
                .is_some_and(|intent| intent.state == IntentState::Failed)
        })
    }

    pub(crate) fn note(&mut self, at: Timestamp, by: Actor, event: Event) {
        self.history.push(HistoryEntry { at, by, event });
    }
}
