//! What happened to an order, newest first, in words.

use haat_domain::{Action, Actor, Event, HistoryEntry, Order, Stage, Token};
use jiff::Timestamp;
use maud::{Markup, html};

use crate::when;
use crate::words::{marketplace, stage_name};

/// The order's history. Tokens are called by the names their seller gave them.
pub(crate) fn list(order: &Order, tokens: &[Token], now: Timestamp) -> Markup {
    html! {
        ol.timeline {
            @for (position, entry) in order.history.iter().enumerate().rev() {
                li {
                    (when::moment(entry.at, now))
                    div {
                        (what(entry, position == 0))
                        small { (who(&entry.by, order, tokens)) }
                    }
                }
            }
        }
    }
}

fn who(actor: &Actor, order: &Order, tokens: &[Token]) -> Markup {
    html! {
        @match actor {
            Actor::Marketplace => (marketplace(&order.marketplace)),
            Actor::Rule(name) => { "by the setting “" (name) "”" },
            Actor::Token(id) => @match tokens.iter().find(|token| token.id == *id) {
                Some(token) => { "by “" (token.name) "”" },
                None => { "by a token that is revoked (" (id) ")" },
            },
        }
    }
}

fn what(entry: &HistoryEntry, first: bool) -> Markup {
    html! {
        @match &entry.event {
            Event::Moved(stage) if first => { "Found as " b { (stage_name(*stage)) } },
            Event::Moved(stage) => { "Moved to " b { (stage_name(*stage)) } },
            Event::Contradicted(word) => {
                "Said “" (word) "”, which cannot follow; the stage stayed"
            },
            Event::UnknownWord(word) => {
                "Said “" (word) "”, a word that Haat does not know; the stage stayed"
            },
            Event::Asked(Action::Accept) => "Asked to accept it",
            Event::Asked(Action::Cancel) => "Asked to cancel it",
            Event::Asked(Action::Ship) => "Asked for shipment and label",
            Event::Asked(Action::HandOver) => "Asked to hand it over",
            Event::Done(Action::Accept) => "Accepted",
            Event::Done(Action::Cancel) => "Cancelled, as was asked for",
            Event::Done(Action::Ship) => { b { "Label stored" } },
            Event::Done(Action::HandOver) => "Handed over",
            Event::Withdrawn(action, reason) => {
                (noun(*action)) " was dropped: " (stage_or_reason(reason))
            },
            Event::Failed(action, reason) => {
                span.late { (noun(*action)) " failed" } ": " (reason)
            },
            Event::Shipment(awb) => { "Shipment made, AWB " span.sku { (awb) } },
            Event::PurchaseOrder(number) => {
                "The marketplace raised its purchase order " span.sku { (number) }
            },
            Event::Invoiced(number) => {
                "The invoice to the marketplace got the number " span.sku { (number) }
            },
            Event::Unlisted => "The marketplace no longer knows the order; the stage stayed",
            Event::LabelTakenOver => "Label taken over; it was made in the marketplace's own panel",
            Event::LabelStale => "The parcel got another AWB; the stored label must not be used",
        }
    }
}

const fn noun(action: Action) -> &'static str {
    match action {
        Action::Accept => "Accepting",
        Action::Cancel => "Cancelling",
        Action::Ship => "Shipping",
        Action::HandOver => "Handing over",
    }
}

/// The hub writes a stage's word when a stage was the reason.
fn stage_or_reason(reason: &str) -> String {
    match Stage::of_word(reason) {
        Some(stage) => format!("the order is now “{}”", stage_name(stage)),
        None => reason.to_owned(),
    }
}
