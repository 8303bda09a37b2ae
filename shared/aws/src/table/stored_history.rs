//! What was asked for an order and what happened to it, as it lies in the order's item.

use haat_domain::{Action, Actor, Awb, Event, HistoryEntry, Intent, IntentState, Stage, TokenId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(super) struct StoredIntent {
    #[serde(rename = "s")]
    state: IntentState,
    #[serde(rename = "b")]
    asked_by: StoredActor,
    #[serde(rename = "at")]
    asked_at: Timestamp,
    #[serde(rename = "why", skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(rename = "nb", skip_serializing_if = "Option::is_none")]
    not_before: Option<Timestamp>,
    /// A list, for a name in a map must have a letter, and a marketplace's key is any text.
    #[serde(rename = "wo", default, skip_serializing_if = "Vec::is_empty")]
    without: Vec<(String, u32)>,
}

#[derive(Serialize, Deserialize)]
enum StoredActor {
    #[serde(rename = "m")]
    Marketplace,
    #[serde(rename = "r")]
    Rule(String),
    #[serde(rename = "t")]
    Token(TokenId),
}

/// When, who, what. Always at our own clock's time, so nanoseconds since 1970 fit.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredEntry(
    #[serde(with = "nanoseconds")] Timestamp,
    StoredActor,
    StoredEvent,
);

#[derive(Serialize, Deserialize)]
enum StoredEvent {
    #[serde(rename = "m")]
    Moved(Stage),
    #[serde(rename = "c")]
    Contradicted(String),
    #[serde(rename = "u")]
    UnknownWord(String),
    #[serde(rename = "a")]
    Asked(Action),
    #[serde(rename = "d")]
    Done(Action),
    #[serde(rename = "w")]
    Withdrawn(Action, String),
    #[serde(rename = "f")]
    Failed(Action, String),
    #[serde(rename = "s")]
    Shipment(Awb),
    #[serde(rename = "t")]
    LabelTakenOver,
    #[serde(rename = "x")]
    LabelStale,
    #[serde(rename = "po")]
    PurchaseOrder(String),
    #[serde(rename = "i")]
    Invoiced(String),
    #[serde(rename = "n")]
    Unlisted,
}

mod nanoseconds {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de, ser};

    pub(super) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        let since_1970 = i64::try_from(at.as_nanosecond()).map_err(ser::Error::custom)?;
        to.serialize_i64(since_1970)
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Timestamp, D::Error> {
        let since_1970 = i64::deserialize(from)?;
        Timestamp::from_nanosecond(i128::from(since_1970)).map_err(de::Error::custom)
    }
}

impl From<&Intent> for StoredIntent {
    fn from(intent: &Intent) -> Self {
        Self {
            state: intent.state,
            asked_by: StoredActor::from(&intent.asked_by),
            asked_at: intent.asked_at,
            reason: intent.reason.clone(),
            not_before: intent.not_before,
            without: intent.without.clone().into_iter().collect(),
        }
    }
}

impl From<StoredIntent> for Intent {
    fn from(intent: StoredIntent) -> Self {
        Self {
            state: intent.state,
            asked_by: Actor::from(intent.asked_by),
            asked_at: intent.asked_at,
            reason: intent.reason,
            not_before: intent.not_before,
            without: intent.without.into_iter().collect(),
        }
    }
}

impl From<&Actor> for StoredActor {
    fn from(actor: &Actor) -> Self {
        match actor {
            Actor::Marketplace => Self::Marketplace,
            Actor::Rule(name) => Self::Rule(name.clone()),
            Actor::Token(token) => Self::Token(token.clone()),
        }
    }
}

impl From<StoredActor> for Actor {
    fn from(actor: StoredActor) -> Self {
        match actor {
            StoredActor::Marketplace => Self::Marketplace,
            StoredActor::Rule(name) => Self::Rule(name),
            StoredActor::Token(token) => Self::Token(token),
        }
    }
}

impl From<&HistoryEntry> for StoredEntry {
    fn from(entry: &HistoryEntry) -> Self {
        Self(
            entry.at,
            StoredActor::from(&entry.by),
            match &entry.event {
                Event::Moved(stage) => StoredEvent::Moved(*stage),
                Event::Contradicted(word) => StoredEvent::Contradicted(word.clone()),
                Event::UnknownWord(word) => StoredEvent::UnknownWord(word.clone()),
                Event::Asked(action) => StoredEvent::Asked(*action),
                Event::Done(action) => StoredEvent::Done(*action),
                Event::Withdrawn(action, why) => StoredEvent::Withdrawn(*action, why.clone()),
                Event::Failed(action, why) => StoredEvent::Failed(*action, why.clone()),
                Event::Shipment(awb) => StoredEvent::Shipment(awb.clone()),
                Event::LabelTakenOver => StoredEvent::LabelTakenOver,
                Event::LabelStale => StoredEvent::LabelStale,
                Event::PurchaseOrder(number) => StoredEvent::PurchaseOrder(number.clone()),
                Event::Invoiced(number) => StoredEvent::Invoiced(number.clone()),
                Event::Unlisted => StoredEvent::Unlisted,
            },
        )
    }
}

impl From<StoredEntry> for HistoryEntry {
    fn from(StoredEntry(at, by, event): StoredEntry) -> Self {
        Self {
            at,
            by: Actor::from(by),
            event: match event {
                StoredEvent::Moved(stage) => Event::Moved(stage),
                StoredEvent::Contradicted(word) => Event::Contradicted(word),
                StoredEvent::UnknownWord(word) => Event::UnknownWord(word),
                StoredEvent::Asked(action) => Event::Asked(action),
                StoredEvent::Done(action) => Event::Done(action),
                StoredEvent::Withdrawn(action, why) => Event::Withdrawn(action, why),
                StoredEvent::Failed(action, why) => Event::Failed(action, why),
                StoredEvent::Shipment(awb) => Event::Shipment(awb),
                StoredEvent::LabelTakenOver => Event::LabelTakenOver,
                StoredEvent::LabelStale => Event::LabelStale,
                StoredEvent::PurchaseOrder(number) => Event::PurchaseOrder(number),
                StoredEvent::Invoiced(number) => Event::Invoiced(number),
                StoredEvent::Unlisted => Event::Unlisted,
            },
        }
    }
}
