//! The head of an order's letter: where it stands, until when, and what can be done now.

use haat_domain::{Action, IntentState, Order, Scope, Stage};
use maud::{Markup, html};

use crate::layout::Frame;
use crate::orders::{has_label, offered, verb};
use crate::session::Visitor;
use crate::words::came_through;
use crate::{search, when, words};

/// Number, stage, deadline and actions.
pub(crate) fn head(order: &Order, frame: &Frame, visitor: &Visitor) -> Markup {
    let now = visitor.now;
    html! {
        header.head {
            div {
                h1 { "Order " span.sku { (order.id.number) } }
                p.quiet {
                    (came_through(order, &frame.accounts)) " · ordered "
                    (when::moment(order.ordered_at, now))
                    @if order.purchase != order.id.number.as_str() {
                        " · the buyer knows it as " span.sku { (order.purchase) }
                    }
                }
            }
            (search::field(""))
        }
        section.top {
            div.state {
                @if order.stage == Stage::Cancelled { p.stop { "Do not pack this order." } }
                p { (words::stage(order, now)) }
                @if order.is_test { p.quiet { "The account is tested with this order." } }
                @match order.closed_at {
                    Some(at) => p.quiet { "Closed " (when::moment(at, now)) },
                    None => p {
                        "Hand over " (when::deadline(order.dispatch_by, now))
                        small { (when::whole(order.dispatch_by.at)) ", " (when::rule(order.dispatch_by.rule)) }
                    },
                }
            }
            (actions(order, frame, visitor))
        }
    }
}

/// The first thing that can be done is the page's main action; what cannot be done says why.
fn actions(order: &Order, frame: &Frame, visitor: &Visitor) -> Markup {
    let address = format!("/console/orders/{}", order.id);
    let (possible, refused): (Vec<Action>, Vec<Action>) =
        offered(order, frame).partition(|action| order.allows(*action).is_ok());
    html! {
        @if visitor.may(Scope::Pack) {
            form.acts method="post" {
                input type="hidden" name="back" value=(address);
                @if has_label(order) {
                    a.button.main href={ (address) "/label" } target="_blank" rel="noopener" {
                        "Open the label"
                    }
                }
                @for action in possible {
                    @if action == Action::Cancel && !order.wants(action) {
                        a.button href={ (address) "/cancel" } { (verb(action)) "…" }
                    } @else { button type="submit" name="sure" value="yes" .main[!order.wants(action)]
                        formaction={ (address) "/" (action.word()) } {
                        @match order.intent(action).map(|intent| intent.state) {
                            None => (verb(action)),
                            Some(IntentState::Failed) => { (verb(action)) " again" },
                            Some(IntentState::Open) => { "Look after “" (verb(action)) "” now" },
                        }
                    } }
                }
            }
        } @else {
            p.quiet { "Your token may look at orders, not work on them." }
        }
        @if !refused.is_empty() {
            ul.not-possible {
                @for action in refused {
                    @if let Err(why) = order.allows(action) {
                        li { b { (verb(action)) } " is not possible: " (why) "." }
                    }
                }
            }
        }
    }
}
