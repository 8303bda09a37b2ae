//! Accounts that were applied for and wait for a marketplace's approval.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use haat_domain::{Registration, RegistrationId, Scope, Warehouse, ist};
use haat_workflows::{
    Application, RegistrationRefusal, change_registration, withdraw_registration,
};
use jiff::Timestamp;
use maud::{Markup, html};

use crate::Console;
use crate::answer::Failure;
use crate::form::{Refused, Sheet, Typed, Wrong};
use crate::integrations;
use crate::layout::{self, Place};
use crate::notice::{Message, Notice};
use crate::session::Visitor;
use crate::warehouses::choices;
use crate::words::{dotted, marketplace, sentence};

/// Whether somebody is to ask after it by now: from that day on, in India.
fn is_due(one: &Registration, now: Timestamp) -> bool {
    one.remind_on <= ist(now).date()
}

/// On the first page: whom to ask, from the day of the reminder on.
pub(crate) fn reminder(waiting: &[Registration], now: Timestamp) -> Markup {
    html! {
        @for one in waiting.iter().filter(|one| is_due(one, now)) {
            p.notice.plain {
                "“" (one.name) "” waits for approval at " (marketplace(&one.marketplace)) ": ask "
                (one.contact.as_deref().unwrap_or("your account manager there")) " now. "
                a href={ "/console/integrations#" (one.id) } { "See it" }
            }
        }
    }
}

/// What a seller waits for, the next reminder first.
pub(crate) fn section(
    waiting: &[Registration],
    warehouses: &[Warehouse],
    visitor: &Visitor,
    refused: Option<&Refused>,
) -> Markup {
    html! {
        @if !waiting.is_empty() {
            section id="registrations" {
                h2 { "Waiting for approval" }
                div.cards {
                    @for one in waiting { (card(one, warehouses, visitor, refused)) }
                }
            }
        }
    }
}

fn card(
    one: &Registration,
    warehouses: &[Warehouse],
    visitor: &Visitor,
    refused: Option<&Refused>,
) -> Markup {
    let remind = one.remind_on.strftime("%-d %b %Y").to_string();
    let contact = one.contact.as_deref();
    html! {
        article.card id=(one.id) {
            header {
                h2 { (one.name) }
                p.quiet { (marketplace(&one.marketplace)) " · applied for " (one.applied_on.strftime("%-d %b %Y").to_string()) }
            }
            p.health {
                @if is_due(one, visitor.now) {
                    (dotted("stop", "Ask now")) ": the reminder was for " (remind) "."
                } @else {
                    (dotted("wait", "Waits for approval")) ", ask on " (remind) "."
                }
            }
            p { "Ask: " @match contact {
                Some(contact) => b { (contact) },
                None => span.quiet { "no contact noted" },
            } }
            @if visitor.may(Scope::Admin) { (forms(one, warehouses, refused)) }
        }
    }
}

fn forms(one: &Registration, warehouses: &[Warehouse], refused: Option<&Refused>) -> Markup {
    let warehouse = one.warehouse.as_ref();
    let stored = Typed::of([
        ("contact", one.contact.clone().unwrap_or_default()),
        ("remind_on", one.remind_on.to_string()),
        (
            "warehouse",
            warehouse.map(ToString::to_string).unwrap_or_default(),
        ),
    ]);
    let sheet = Sheet::new(one.id.as_str(), stored, refused);
    let address = format!("/console/registrations/{}", one.id);
    html! {
        details open[refused.is_some_and(|refused| refused.form == one.id.as_str())] {
            summary { "Change" }
            form.sheet method="post" action=(address) {
                (sheet.text("contact", "Contact", "Who hands out the credentials."))
                (sheet.date("remind_on", "Remind on", ""))
                (sheet.choice("warehouse", "Warehouse", "", &choices(warehouses)))
                div.acts {
                    button type="submit" { "Save" }
                    button.plain type="submit" formaction={ (address) "/forget" } {
                        "It came to nothing: forget it"
                    }
                }
            }
        }
    }
}

/// Takes over another contact, reminder or warehouse.
pub(crate) async fn change(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    visitor.needs(Scope::Admin)?;
    let id: RegistrationId = id.parse().map_err(|_| Failure::NotFound)?;
    let (store, seller) = (console.store.as_ref(), visitor.seller());
    let known = store
        .registration(seller, &id)
        .await?
        .ok_or(Failure::NotFound)?;
    let wrong = match application(&known, &typed) {
        Ok(application) => {
            let changed = change_registration(store, seller, &id, &application, visitor.now).await;
            match changed {
                Ok(_) => {
                    let page = Notice::Saved.on("/console/integrations");
                    return Ok(Redirect::to(&format!("{page}#{id}")).into_response());
                }
                Err(refusal) => wrong(refusal)?,
            }
        }
        Err(wrong) => wrong,
    };
    let said = Message::Refused(wrong.said.clone());
    let form = id.to_string();
    let refused = Refused { form, typed, wrong };
    let (frame, content) =
        integrations::content(&console, &visitor, &headers, Some(&refused)).await?;
    let place = Some(Place::Integrations);
    let page = layout::page("Integrations", place, &visitor, &frame, said, content);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn application(known: &Registration, typed: &Typed) -> Result<Application, Wrong> {
    Ok(Application {
        marketplace: known.marketplace.clone(),
        name: known.name.clone(),
        warehouse: typed.optional_id("warehouse", "Warehouse")?,
        contact: typed.optional_name("contact", "Contact")?,
        applied_on: Some(known.applied_on),
        remind_on: Some(typed.date("remind_on", "Remind on")?),
    })
}

fn wrong(refusal: RegistrationRefusal) -> Result<Wrong, Failure> {
    let said = sentence(&refusal.to_string());
    match refusal {
        RegistrationRefusal::NoSuchWarehouse(_) => Ok(Wrong::new("warehouse", said)),
        RegistrationRefusal::Reminder => Ok(Wrong::new(
            "remind_on",
            "“Remind on” must not lie before the day it was applied for.",
        )),
        RegistrationRefusal::NoSuchRegistration(_) => Err(Failure::NotFound),
        RegistrationRefusal::Store(error) => Err(error.into()),
        RegistrationRefusal::NoSuchMarketplace(_) | RegistrationRefusal::Id(_) => {
            Err(Failure::Unavailable(said))
        }
    }
}

/// Forgets an application.
pub(crate) async fn forget(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    visitor.needs(Scope::Admin)?;
    let id: RegistrationId = id.parse().map_err(|_| Failure::NotFound)?;
    let dropped = withdraw_registration(console.store.as_ref(), visitor.seller(), &id).await;
    if let Err(refusal) = dropped {
        return Err(wrong(refusal).err().unwrap_or(Failure::NotFound));
    }
    Ok(Redirect::to(&Notice::Forgotten.on("/console/integrations")))
}
