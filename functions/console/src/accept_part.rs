//! Accepting an order in part, where the marketplace tells order lines apart.

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use haat_domain::{Action, Actor, Order, OrderId, Refusal, Scope};
use haat_workflows::{AskRefusal, Wish, ask};
use maud::{Markup, html};

use crate::answer::Failure;
use crate::form::{Refused, Sheet, Typed, Wrong};
use crate::layout::Frame;
use crate::notice::Notice;
use crate::orders::offered;
use crate::session::Visitor;
use crate::words::sentence;
use crate::{Console, order};

const FORM: &str = "part";
/// What the name of each field begins with; the marketplace's key of the line follows.
const WITHOUT: &str = "without.";

/// What was asked to be left out, and the form that asks for it.
pub(crate) fn section(
    order: &Order,
    frame: &Frame,
    visitor: &Visitor,
    refused: Option<&Refused>,
) -> Markup {
    let accepts = offered(order, frame).any(|action| action == Action::Accept);
    let pieces: u64 = order
        .lines
        .iter()
        .map(|line| u64::from(line.to_pack()))
        .sum();
    let told_apart = order.lines.iter().any(|line| line.item.is_some());
    let possible = accepts && order.allows(Action::Accept).is_ok() && told_apart && pieces > 1;
    let sheet = Sheet::new(FORM, left_out(order), refused);
    html! {
        @if possible && visitor.may(Scope::Pack) {
            details open[refused.is_some_and(|refused| refused.form == FORM)] {
                summary { "Accept in part" }
                p.quiet { "What is left out is cancelled at the marketplace, and counts against you there." }
                form.sheet method="post" action={ "/console/orders/" (order.id) "/accept_part" } {
                    @for line in &order.lines {
                        @if let Some(item) = &line.item {
                            (sheet.number(&format!("{WITHOUT}{item}"), &label(line.sku.as_str()),
                                &format!("0 to {} pieces to leave out.", line.to_pack())))
                        }
                    }
                    div.acts { button type="submit" { "Accept the rest" } }
                }
            }
        }
    }
}

/// What is left out by the wish that is there.
fn left_out(order: &Order) -> Typed {
    let wish = order.intent(Action::Accept);
    let without = wish.map(|wish| &wish.without).into_iter().flatten();
    Typed::from_iter(without.map(|(item, pieces)| (format!("{WITHOUT}{item}"), pieces.to_string())))
}

fn label(sku: &str) -> String {
    format!("Leave out of {sku}")
}

/// Asks to accept an order without some of its pieces.
pub(crate) async fn accept(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    visitor.needs(Scope::Pack)?;
    let id: OrderId = id.parse().map_err(|_| Failure::NotFound)?;
    let wrong = match without(&typed) {
        Ok(without) => {
            let action = Action::Accept;
            let wish = Wish {
                action,
                without: Some(without),
            };
            let by = Actor::Token(visitor.token.id.clone());
            let (store, queue) = (console.store.as_ref(), console.ship.as_ref());
            match ask(store, queue, visitor.seller(), &id, &wish, by, visitor.now).await {
                Ok(asked) => {
                    let notice = if asked.new {
                        Notice::AcceptAsked
                    } else {
                        Notice::UnderWay
                    };
                    let page = notice.on(&format!("/console/orders/{id}"));
                    return Ok(Redirect::to(&page).into_response());
                }
                Err(AskRefusal::Refused { why, .. }) => wrong(&why),
                Err(refusal) => return Err(refusal.into()),
            }
        }
        Err(wrong) => wrong,
    };
    let form = FORM.to_owned();
    let refused = Refused { form, typed, wrong };
    order::again(&console, &visitor, &id, refused).await
}

/// The pieces to leave out, by the marketplace's key of their line.
fn without(typed: &Typed) -> Result<BTreeMap<String, u32>, Wrong> {
    let mut without = BTreeMap::new();
    for (item, _) in typed.all(WITHOUT) {
        let field = format!("{WITHOUT}{item}");
        let pieces = typed.number(&field, "Leave out", 0..=u32::MAX)?;
        if pieces > 0 {
            without.insert(item.to_owned(), pieces);
        }
    }
    if without.is_empty() {
        let said = "Say how many pieces to leave out. To accept the whole order, press Accept.";
        return Err(Wrong::new(WITHOUT, said));
    }
    Ok(without)
}

fn wrong(why: &Refusal) -> Wrong {
    let said = sentence(&why.to_string());
    match why {
        Refusal::NoSuchPieces { item, .. } => Wrong::new(&format!("{WITHOUT}{item}"), said),
        Refusal::NothingLeft
        | Refusal::Cancelled
        | Refusal::OnHold { .. }
        | Refusal::AcceptedAlready
        | Refusal::NotAccepted
        | Refusal::LabelReady
        | Refusal::ToBeCancelled
        | Refusal::PackedAlready
        | Refusal::NotReadyToShip
        | Refusal::Left(_) => Wrong::new(WITHOUT, said),
    }
}
