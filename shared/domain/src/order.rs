//! An order as Haat keeps it.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Action, Awb, DispatchBy, Intent, IntentState, Label, MarketplaceId, OrderId, Paise, Parcel,
    Refusal, SellerId, Sku, Stage, StoredPaper, Supply, SupplyPrice, TokenId,
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
    /// What stands between seller and marketplace, where the marketplace buys before it sells.
    pub supply: Supply,
    /// Weight and size of its parcel, where they differ from what its products say.
    pub parcel: Option<Parcel>,
    /// AWB and courier, once the marketplace has made the shipment.
    pub shipment: Option<Shipment>,
    /// Its label.
    pub label: Label,
    /// The marketplace's invoice to the buyer, to be put into the parcel.
    pub buyer_invoice: Option<StoredPaper>,
    /// The wish to accept it, while there is one.
    pub accept: Option<Intent>,
    /// The wish to cancel it, while there is one.
    pub cancel: Option<Intent>,
    /// The wish to ship it, while there is one.
    pub ship: Option<Intent>,
    /// The wish to hand it over, while there is one.
    pub hand_over: Option<Intent>,
    /// Whether the account is tested with it.
    pub is_test: bool,
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
    /// Pieces that were ordered.
    pub quantity: u32,
    /// Pieces of them that were cancelled since.
    pub cancelled: u32,
    /// Price of one piece, tax included; `None` where the list does not say.
    pub price: Option<Paise>,
    /// The marketplace's own key of the line, where it has one.
    pub item: Option<String>,
    /// What the marketplace pays for one piece, where it buys before it sells.
    pub supply: Option<SupplyPrice>,
    /// The product's number in the harmonised system, where the marketplace says.
    pub hsn: Option<String>,
}

impl OrderLine {
    /// Keeps what an earlier word told of the same line and this one leaves out.
    pub(crate) fn complete_from(&mut self, earlier: &[Self]) {
        let same = |line: &&Self| self.item.is_some() && line.item == self.item;
        let Some(line) = earlier.iter().find(same) else {
            return;
        };
        self.price = self.price.or(line.price);
        self.supply = match (self.supply, line.supply) {
            (Some(now), Some(then)) if now.tax.is_none() && now.base == then.base => Some(then),
            (now, then) => now.or(then),
        };
        self.hsn = self.hsn.take().or_else(|| line.hsn.clone());
    }

    /// Pieces that go into the parcel.
    pub fn to_pack(&self) -> u32 {
        self.quantity.saturating_sub(self.cancelled)
    }
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
    /// The marketplace raised its purchase order of this number.
    PurchaseOrder(String),
    /// The seller's invoice to the marketplace got this number.
    Invoiced(String),
    /// The marketplace no longer knows the order.
    Unlisted,
    /// The label was stored, though nobody had asked through the hub.
    LabelTakenOver,
    /// The parcel got another AWB; the stored label is stale.
    LabelStale,
}

impl Order {
    /// Asks for an action. `Ok(false)`: it is being worked on already, nothing changed.
    /// Asking again after a failure resumes it.
    pub fn ask(&mut self, action: Action, by: Actor, now: Timestamp) -> Result<bool, Refusal> {
        let without = self
            .intent(action)
            .map(|intent| intent.without.clone())
            .unwrap_or_default();
        self.ask_without(action, without, by, now)
    }

    /// Asks to accept an order without these pieces of these lines.
    pub fn ask_without(
        &mut self,
        action: Action,
        without: BTreeMap<String, u32>,
        by: Actor,
        now: Timestamp,
    ) -> Result<bool, Refusal> {
        self.allows(action)?;
        self.allows_without(&without)?;
        let same = |intent: &Intent| intent.without == without;
        if self.wants(action) && self.intent(action).is_some_and(same) {
            return Ok(false);
        }
        if action == Action::Cancel {
            self.withdraw(Action::Accept, "it is to be cancelled", now);
            self.withdraw(Action::Ship, "it is to be cancelled", now);
        }
        *self.intent_slot(action) = Some(Intent {
            state: IntentState::Open,
            asked_by: by.clone(),
            asked_at: now,
            reason: None,
            not_before: self.intent(action).and_then(|intent| intent.not_before),
            without,
        });
        self.note(now, by, Event::Asked(action));
        Ok(true)
    }

    pub(crate) fn withdraw(&mut self, action: Action, why: &str, now: Timestamp) {
        if self.intent_slot(action).take().is_some() {
            let withdrawn = Event::Withdrawn(action, why.to_owned());
            self.note(now, Actor::Marketplace, withdrawn);
        }
    }

    /// Ends an intent that is fulfilled. Returns whether there was one.
    pub fn finish(&mut self, action: Action, now: Timestamp) -> bool {
        let was_there = self.intent_slot(action).take().is_some();
        if was_there {
            self.note(now, Actor::Marketplace, Event::Done(action));
        }
        was_there
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

    /// Says that an open intent may have been fulfilled and does not show it yet. Returns whether
    /// anything changed.
    pub fn leave_alone(&mut self, action: Action, until: Timestamp, reason: &str) -> bool {
        match self.intent_slot(action) {
            Some(intent) if intent.state == IntentState::Open => {
                intent.not_before = Some(until);
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

    /// Whether the hub has stopped on this action.
    pub fn has_failed(&self, action: Action) -> bool {
        self.intent(action)
            .is_some_and(|intent| intent.state == IntentState::Failed)
    }

    pub(crate) fn note(&mut self, at: Timestamp, by: Actor, event: Event) {
        self.history.push(HistoryEntry { at, by, event });
    }
}
