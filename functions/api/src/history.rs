//! What happened to an order, and who did it.

use haat_domain::{Actor, Event, HistoryEntry};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::words;

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Who {
    #[schema(schema_with = words::who)]
    kind: &'static str,
    /// The setting's name or the token's id.
    #[schema(example = "t_9b74c9897bac770f")]
    name: Option<String>,
}

/// One line of an order's history.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistoryLine {
    /// When.
    at: Timestamp,
    /// Who.
    who: Who,
    /// What kind of thing happened: `moved`, `contradicted`, `unknown_word`, `asked`, `done`,
    /// `withdrawn`, `failed`, `shipment`, `purchase_order`, `invoiced`, `unlisted`,
    /// `label_taken_over` or `label_stale`.
    #[schema(value_type = String, example = "moved")]
    event: &'static str,
    /// The stage it moved to, with `moved`.
    #[schema(value_type = Option<String>, example = "accepted")]
    stage: Option<&'static str>,
    /// The action, with `asked`, `done`, `withdrawn` and `failed`.
    #[schema(value_type = Option<String>)]
    action: Option<&'static str>,
    /// The whole of it, for people.
    #[schema(example = "moved to accepted")]
    text: String,
}

impl From<&Actor> for Who {
    fn from(actor: &Actor) -> Self {
        let (kind, name) = match actor {
            Actor::Marketplace => ("marketplace", None),
            Actor::Rule(name) => ("rule", Some(name.clone())),
            Actor::Token(id) => ("token", Some(id.to_string())),
        };
        Self { kind, name }
    }
}

impl From<&HistoryEntry> for HistoryLine {
    fn from(entry: &HistoryEntry) -> Self {
        let (event, stage, action, text) = match &entry.event {
            Event::Moved(stage) => (
                "moved",
                Some(stage),
                None,
                format!("moved to {}", stage.word()),
            ),
            Event::Contradicted(word) => {
                let text =
                    format!("the marketplace said {word}, which cannot follow; the stage stayed");
                ("contradicted", None, None, text)
            }
            Event::UnknownWord(word) => {
                let text =
                    format!("the marketplace said {word}, a word not known; the stage stayed");
                ("unknown_word", None, None, text)
            }
            Event::Asked(action) => (
                "asked",
                None,
                Some(action),
                format!("asked to {}", action.word()),
            ),
            Event::Done(action) => (
                "done",
                None,
                Some(action),
                format!("{}: done", action.word()),
            ),
            Event::Withdrawn(action, reason) => {
                let text = format!("{}: withdrawn, {reason}", action.word());
                ("withdrawn", None, Some(action), text)
            }
            Event::Failed(action, reason) => {
                let text = format!("{}: failed, {reason}", action.word());
                ("failed", None, Some(action), text)
            }
            Event::Shipment(awb) => ("shipment", None, None, format!("got the AWB {awb}")),
            Event::LabelTakenOver => {
                let text = "the label made in the marketplace's panel was taken over".to_owned();
                ("label_taken_over", None, None, text)
            }
            Event::PurchaseOrder(number) => {
                let text = format!("the marketplace raised its purchase order {number}");
                ("purchase_order", None, None, text)
            }
            Event::Invoiced(number) => {
                let text = format!("the invoice to the marketplace got the number {number}");
                ("invoiced", None, None, text)
            }
            Event::Unlisted => {
                let text = "the marketplace no longer knows the order; the stage stayed".to_owned();
                ("unlisted", None, None, text)
            }
            Event::LabelStale => {
                let text = "the parcel got another AWB; the stored label is stale".to_owned();
                ("label_stale", None, None, text)
            }
        };
        Self {
            at: entry.at,
            who: (&entry.by).into(),
            event,
            stage: stage.map(|stage| stage.word()),
            action: action.map(|action| action.word()),
            text,
        }
    }
}
