//! The test of an account: its button, and its report, step by step.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use haat_domain::{
    Account, AccountId, AccountTest, Actor, Check, CheckOutcome, Finding, OrderId, Scope,
};
use haat_workflows::{AskRefusal, TestRefusal, ask_for_test};
use maud::{Markup, html};

use crate::answer::Failure;
use crate::form::{Refused, Sheet, Typed, Wrong};
use crate::notice::Notice;
use crate::order_parcel::missing;
use crate::session::Visitor;
use crate::words::{dotted, sentence};
use crate::{Console, account, when};

const FORM: &str = "test";
const ORDER: &str = "Order number";

/// The report of the last test, and the form that starts another one.
pub(crate) fn section(
    account: &Account,
    test: Option<&AccountTest>,
    visitor: &Visitor,
    refused: Option<&Refused>,
) -> Markup {
    let sheet = Sheet::new(FORM, Typed::default(), refused);
    html! {
        section id="test" {
            h2 { "Test" }
            @match test {
                Some(test) => (report(account, test, visitor)),
                None => p.quiet { "Nobody has tested the account yet." },
            }
            @if visitor.may(Scope::Pack) {
                form.sheet method="post" action={ "/console/integrations/" (account.id) "/test" } {
                    (sheet.text("order", ORDER, "Empty: log-in, orders, shipping access and stock \
                        are looked at, nothing is changed. With a number, that order goes one step \
                        on at each test, from acceptance to tracking: it is a real one."))
                    div.acts { button type="submit" { "Test" } }
                }
            }
        }
    }
}

fn report(account: &Account, test: &AccountTest, visitor: &Visitor) -> Markup {
    let now = visitor.now;
    html! {
        p {
            "Asked for " (when::moment(test.asked_at, now))
            @match test.done_at {
                Some(at) => { ", done " (when::moment(at, now)) "." },
                None => ", under way. Load the page again in a minute.",
            }
            @if let Some(number) = &test.order {
                " With order "
                a.sku href={ "/console/orders/" (account.id) "." (number) } { (number) } "."
            }
        }
        ol.report {
            @for found in &test.found {
                li {
                    (outcome(found.outcome)) " " b { (name(found.check)) } ": " (found.said)
                    @if found.outcome == CheckOutcome::Failed { (where_to_go(found)) }
                }
            }
        }
    }
}

fn outcome(outcome: CheckOutcome) -> Markup {
    match outcome {
        CheckOutcome::Passed => dotted("go", "Passed"),
        CheckOutcome::Waits => dotted("wait", "Waits"),
        CheckOutcome::Failed => dotted("stop", "Failed"),
        CheckOutcome::Skipped => dotted("rest", "Skipped"),
    }
}

const fn name(check: Check) -> &'static str {
    match check {
        Check::LogIn => "Log-in",
        Check::Orders => "Orders",
        Check::ShippingAccess => "Shipping access",
        Check::Stock => "Stock",
        Check::Warehouse => "Warehouse",
        Check::Parcels => "Parcels",
        Check::Accepted => "Order accepted",
        Check::PurchaseOrder => "Purchase order",
        Check::Packed => "Packed",
        Check::LabelStored => "Label stored",
        Check::ReadyToShip => "Ready to ship",
        Check::Tracked => "Tracked",
    }
}

/// Where it is mended. What to do stands in the finding's own words.
fn where_to_go(found: &Finding) -> Markup {
    html! {
        small { @match found.check {
            Check::LogIn => {
                "Type the credentials that the marketplace gave for its API, not those of its panel: "
                "see “Change the credentials” below."
            },
            Check::Orders => "Sync the account; if it stays so, see what its card says.",
            Check::ShippingAccess => {
                "Ask the account manager at the marketplace to switch shipping access on, then test "
                "again. The credentials need no change for that."
            },
            Check::Warehouse => { a href="#settings" { "Choose the warehouse" } },
            Check::Stock => "List products there, with SKUs that are the same in Haat.",
            Check::Parcels => { a href="/console/parcels" { "Set weight and size" } },
            Check::Accepted
            | Check::PurchaseOrder
            | Check::Packed
            | Check::LabelStored
            | Check::ReadyToShip
            | Check::Tracked => "Mend the reason, then test again with the same order.",
        } }
    }
}

/// Starts a test.
pub(crate) async fn start(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    visitor.needs(Scope::Pack)?;
    let id: AccountId = id.parse().map_err(|_| Failure::NotFound)?;
    let wrong = match order(&id, &typed) {
        Ok(order) => {
            let by = Actor::Token(visitor.token.id.clone());
            let queues = (console.polls.as_ref(), console.ship.as_ref());
            let place = (visitor.seller(), &id);
            let store = console.store.as_ref();
            match ask_for_test(store, queues, place, order.as_ref(), by, visitor.now).await {
                Ok(_) => {
                    let page = Notice::TestAsked.on(&format!("/console/integrations/{id}"));
                    return Ok(Redirect::to(&format!("{page}#test")).into_response());
                }
                Err(refusal) => wrong(refusal)?,
            }
        }
        Err(wrong) => wrong,
    };
    let form = FORM.to_owned();
    let refused = Refused { form, typed, wrong };
    account::again(&console, &visitor, &id, &headers, refused).await
}

/// The order by its number, or by Haat's id of it.
fn order(account: &AccountId, typed: &Typed) -> Result<Option<OrderId>, Wrong> {
    if typed.text("order").contains('.') {
        return typed.optional_id("order", ORDER);
    }
    let number = typed.optional_id("order", ORDER)?;
    let account = account.clone();
    Ok(number.map(|number| OrderId { account, number }))
}

fn wrong(refusal: TestRefusal) -> Result<Wrong, Failure> {
    let said = sentence(&refusal.to_string());
    match refusal {
        TestRefusal::NoSuchAccount(_) => Err(Failure::NotFound),
        TestRefusal::NoSuchOrder(_) => Ok(Wrong::new("order", said)),
        TestRefusal::Ask(AskRefusal::NoParcel { why, .. }) => {
            Ok(Wrong::new("order", missing(&why)))
        }
        TestRefusal::Ask(AskRefusal::Refused { .. } | AskRefusal::NotOffered { .. }) => {
            Ok(Wrong::new("order", said))
        }
        TestRefusal::Ask(refusal) => Err(refusal.into()),
        TestRefusal::Write(error) => Err(error.into()),
        TestRefusal::Queue(error) => Err(error.into()),
    }
}
