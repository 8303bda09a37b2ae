//! What a seller sets for an account.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use haat_domain::{Account, AccountId, Actor, CourierSettings, Scope, Warehouse};
use haat_workflows::{
    CourierRefusal, SettingsChange, SettingsRefusal, change_courier, change_settings,
};
use maud::{Markup, html};

use crate::answer::Failure;
use crate::form::{Refused, Sheet, Typed, Wrong};
use crate::notice::Notice;
use crate::session::Visitor;
use crate::warehouses::choices;
use crate::words::sentence;
use crate::{Console, account};

const FORM: &str = "settings";
const NAME: &str = "Name";
const INTERVAL: &str = "Read orders every so many minutes";
const DELAY: &str = "Accept after so many minutes";
const SERIES: &str = "Own invoice series";
const WAREHOUSE: &str = "Warehouse";

/// Whether the account's orders are asked for one by one, with papers of their own. Known by what
/// such a marketplace wants: weight and size of each parcel. Switches that do nothing elsewhere are
/// shown there alone.
const fn is_one_by_one(account: &Account) -> bool {
    account.terms.wants_parcel
}

/// The settings, to be changed with the scope `admin`.
pub(crate) fn section(
    account: &Account,
    warehouses: &[Warehouse],
    visitor: &Visitor,
    refused: Option<&Refused>,
) -> Markup {
    let on = |is: bool| if is { "on" } else { "" }.to_owned();
    let (settings, series) = (&account.settings, account.invoice_series.as_ref());
    let warehouse = account.warehouse.as_ref();
    let stored = Typed::of([
        ("name", account.name.clone()),
        (
            "orders_every_minutes",
            settings.orders_every_minutes.to_string(),
        ),
        ("auto_accept", on(settings.auto_accept)),
        (
            "accept_after_minutes",
            settings.accept_after_minutes.to_string(),
        ),
        (
            "invoice_series",
            series.map(|it| it.as_str().to_owned()).unwrap_or_default(),
        ),
        (
            "warehouse",
            warehouse.map(ToString::to_string).unwrap_or_default(),
        ),
    ]);
    let sheet = Sheet::new(FORM, stored, refused);
    html! {
        section id="settings" {
            h2 { "Settings" }
            form.sheet method="post" action={ "/console/integrations/" (account.id) "/settings" } {
                fieldset disabled[!visitor.may(Scope::Admin)] {
                    (sheet.text("name", NAME, "What you call the account."))
                    (sheet.number("orders_every_minutes", INTERVAL, "1 to 60."))
                    (sheet.tick("auto_accept", "Accept new orders by themselves",
                        "Switching it on also accepts those that wait."))
                    @if is_one_by_one(account) {
                        (sheet.number("accept_after_minutes", DELAY,
                            "0 to 360, by itself only: accepting may end the buyer's right to cancel."))
                        (sheet.text("invoice_series", SERIES,
                            "1 to 5 letters or digits. Empty: the marketplace numbers the invoices to it."))
                    }
                    (sheet.choice("warehouse", WAREHOUSE, "Where its parcels leave from.",
                        &choices(warehouses)))
                    div.acts { button type="submit" { "Save" } }
                }
                (whose(visitor))
            }
        }
    }
}

/// What the hub does by itself when it ships. A switch without its machinery is not there.
pub(crate) fn courier_section(
    account: &Account,
    visitor: &Visitor,
    refused: Option<&Refused>,
) -> Markup {
    let on = |is: bool| if is { "on" } else { "" }.to_owned();
    let stored = Typed::of([
        ("auto_label", on(account.courier.auto_label)),
        ("auto_documents", on(account.courier.auto_documents)),
    ]);
    let sheet = Sheet::new("courier", stored, refused);
    html! {
        section id="courier" {
            h2 { "Shipping by itself" }
            form.sheet method="post" action={ "/console/integrations/" (account.id) "/courier" } {
                fieldset disabled[!visitor.may(Scope::Admin)] {
                    (sheet.tick("auto_label", "Ask for the label as soon as an order is accepted",
                        "Switching it on also asks for those of orders that wait."))
                    @if is_one_by_one(account) {
                        (sheet.tick("auto_documents", "Fetch the invoice to the buyer with the label",
                            "It goes into the parcel."))
                    }
                    div.acts { button type="submit" { "Save" } }
                }
                (whose(visitor))
            }
        }
    }
}

fn whose(visitor: &Visitor) -> Markup {
    html! {
        @if !visitor.may(Scope::Admin) {
            p.quiet { "To change this, sign in with a token that has the scope “admin”." }
        }
    }
}

/// Takes over settings.
pub(crate) async fn change(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    visitor.needs(Scope::Admin)?;
    let id: AccountId = id.parse().map_err(|_| Failure::NotFound)?;
    let wrong = match wanted(&typed) {
        Ok(change) => {
            let by = Actor::Token(visitor.token.id.clone());
            let (store, seller) = (console.store.as_ref(), visitor.seller());
            match change_settings(store, seller, &id, &change, by, visitor.now).await {
                Ok(_) => return Ok(saved(&id, FORM)),
                Err(refusal) => wrong(refusal)?,
            }
        }
        Err(wrong) => wrong,
    };
    let form = FORM.to_owned();
    let refused = Refused { form, typed, wrong };
    account::again(&console, &visitor, &id, &headers, refused).await
}

fn wanted(typed: &Typed) -> Result<SettingsChange, Wrong> {
    let delay = typed.has("accept_after_minutes");
    let delay = delay.then(|| typed.number("accept_after_minutes", DELAY, 0..=360));
    let series = typed.has("invoice_series");
    let series = series.then(|| typed.optional_id("invoice_series", SERIES));
    Ok(SettingsChange {
        name: Some(typed.name("name", NAME)?),
        orders_every_minutes: Some(typed.number("orders_every_minutes", INTERVAL, 1..=60)?),
        auto_accept: Some(!typed.text("auto_accept").is_empty()),
        accept_after_minutes: delay.transpose()?,
        invoice_series: series.transpose()?,
        warehouse: Some(typed.optional_id("warehouse", WAREHOUSE)?),
    })
}

fn wrong(refusal: SettingsRefusal) -> Result<Wrong, Failure> {
    let said = sentence(&refusal.to_string());
    match refusal {
        SettingsRefusal::NoSuchAccount(_) => Err(Failure::NotFound),
        SettingsRefusal::Interval(_) => Ok(Wrong::new("orders_every_minutes", said)),
        SettingsRefusal::Delay(_) => Ok(Wrong::new("accept_after_minutes", said)),
        SettingsRefusal::NoSuchWarehouse(_) => Ok(Wrong::new("warehouse", said)),
        SettingsRefusal::SeriesWithoutWarehouse => Ok(Wrong::new("invoice_series", said)),
        SettingsRefusal::Write(error) => Err(error.into()),
        SettingsRefusal::Id(error) => Err(Failure::Unavailable(error.to_string())),
    }
}

/// Takes over what the hub does by itself when it ships.
pub(crate) async fn change_shipping(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    visitor.needs(Scope::Admin)?;
    let id: AccountId = id.parse().map_err(|_| Failure::NotFound)?;
    let (store, seller) = (console.store.as_ref(), visitor.seller());
    let known = store.account(seller, &id).await?.ok_or(Failure::NotFound)?;
    let is_on = |field| !typed.text(field).is_empty();
    let courier = CourierSettings {
        auto_label: is_on("auto_label"),
        // A switch that the page does not show stays as it is.
        auto_documents: match is_one_by_one(&known) {
            true => is_on("auto_documents"),
            false => known.courier.auto_documents,
        },
    };
    let by = Actor::Token(visitor.token.id.clone());
    match change_courier(store, seller, &id, courier, by, visitor.now).await {
        Ok(_) => Ok(saved(&id, "courier")),
        Err(CourierRefusal::NoSuchAccount(_)) => Err(Failure::NotFound),
        Err(CourierRefusal::Write(error)) => Err(error.into()),
    }
}

fn saved(id: &AccountId, section: &str) -> Response {
    let page = Notice::Saved.on(&format!("/console/integrations/{id}"));
    Redirect::to(&format!("{page}#{section}")).into_response()
}
