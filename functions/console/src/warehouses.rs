//! Warehouses: where parcels leave from, and under which GSTIN.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use haat_domain::{Account, Address, Scope, Warehouse, WarehouseId};
use haat_workflows::{NewWarehouse, WarehouseRefusal, add_warehouse, change_warehouse};
use maud::{Markup, html};

use crate::Console;
use crate::answer::Failure;
use crate::form::{Refused, Sheet, Typed, Wrong};
use crate::layout::{self, Frame, Place};
use crate::notice::{Message, Notice, NoticeQuery};
use crate::session::Visitor;
use crate::shipping::tabs;
use crate::words::sentence;

/// The form of a warehouse that is not there yet.
const NEW: &str = "new";
const LINES: [(&str, &str); 3] = [
    ("line1", "Address"),
    ("line2", "Address, second line"),
    ("line3", "Address, third line"),
];

/// The warehouses to choose from, and none.
pub(crate) fn choices(warehouses: &[Warehouse]) -> Vec<(String, String)> {
    let none = (String::new(), "Not said".to_owned());
    let named = |one: &Warehouse| (one.id.to_string(), one.name.clone());
    std::iter::once(none)
        .chain(warehouses.iter().map(named))
        .collect()
}

/// All of them.
pub(crate) async fn page(
    State(console): State<Console>,
    visitor: Visitor,
    Query(query): Query<NoticeQuery>,
) -> Result<Markup, Failure> {
    show(&console, &visitor, query.notice().into(), None).await
}

async fn show(
    console: &Console,
    visitor: &Visitor,
    message: Message,
    refused: Option<&Refused>,
) -> Result<Markup, Failure> {
    let (store, seller) = (console.store.as_ref(), visitor.seller());
    let loaded = tokio::try_join!(Frame::load(store, visitor), store.warehouses(seller));
    let (frame, warehouses) = loaded?;
    let content = html! {
        header.head { h1 { "Warehouses" } }
        (tabs("/console/warehouses"))
        @if warehouses.is_empty() {
            div.empty {
                h2 { "No warehouse yet" }
                p { "Add the place that parcels are fetched from, with the GSTIN of its invoices." }
            }
        }
        div.cards {
            @for one in &warehouses { (card(one, &frame.accounts, visitor, refused)) }
        }
        @if visitor.may(Scope::Admin) {
            section.connect {
                h2 { "Add a warehouse" }
                p.quiet { "Bank details are never asked for." }
                (form(NEW, "/console/warehouses", Typed::default(), refused))
            }
        }
    };
    let place = Some(Place::Shipping);
    Ok(layout::page(
        "Warehouses",
        place,
        visitor,
        &frame,
        message,
        content,
    ))
}

fn card(
    one: &Warehouse,
    accounts: &[Account],
    visitor: &Visitor,
    refused: Option<&Refused>,
) -> Markup {
    let id = one.id.as_str();
    let bound = accounts
        .iter()
        .filter(|account| account.warehouse.as_ref() == Some(&one.id));
    let bound: Vec<&Account> = bound.collect();
    html! {
        article.card id=(one.id) {
            header { h2 { (one.name) } }
            p { @for line in &one.address.lines { (line) br; } (one.address.city) " " (one.address.pin) }
            dl {
                dt { "GSTIN" } dd.sku { (one.gstin) }
                dt { "State" } dd { (one.gstin.state().unwrap_or_default()) }
                @if let Some(format) = &one.invoice_format { dt { "Invoices" } dd { (format) } }
                dt { "Accounts" }
                dd {
                    @if bound.is_empty() { span.quiet { "none; choose it in an account's settings" } }
                    @for account in bound {
                        a href={ "/console/integrations/" (account.id) "#settings" } { (account.name) }
                        " "
                    }
                }
            }
            @if visitor.may(Scope::Admin) {
                details open[refused.is_some_and(|refused| refused.form == id)] {
                    summary { "Change" }
                    (form(id, &format!("/console/warehouses/{id}"), stored(one), refused))
                }
            }
        }
    }
}

fn stored(one: &Warehouse) -> Typed {
    let line = |n: usize| one.address.lines.get(n).cloned().unwrap_or_default();
    Typed::of([
        ("name", one.name.clone()),
        ("line1", line(0)),
        ("line2", line(1)),
        ("line3", line(2)),
        ("city", one.address.city.clone()),
        ("pin", one.address.pin.to_string()),
        ("gstin", one.gstin.to_string()),
        (
            "invoice_format",
            one.invoice_format.clone().unwrap_or_default(),
        ),
    ])
}

fn form(name: &str, address: &str, stored: Typed, refused: Option<&Refused>) -> Markup {
    let sheet = Sheet::new(name, stored, refused);
    html! {
        form.sheet method="post" action=(address) {
            (sheet.text("name", "Name", "What you call it."))
            @for (field, label) in LINES { (sheet.text(field, label, "")) }
            (sheet.text("city", "City", ""))
            (sheet.number("pin", "PIN code", "Six digits."))
            (sheet.text("gstin", "GSTIN", "As on the GST certificate. The State is read from it."))
            (sheet.text("invoice_format", "Invoice format",
                "How its invoices are made out, as it was told to the marketplace. May stay empty."))
            div.acts { button type="submit" { "Save" } }
        }
    }
}

fn said(typed: &Typed) -> Result<NewWarehouse, Wrong> {
    let mut lines = Vec::new();
    for (field, label) in LINES {
        lines.extend(typed.optional_name(field, label)?);
    }
    Ok(NewWarehouse {
        name: typed.name("name", "Name")?,
        address: Address {
            lines,
            city: typed.name("city", "City")?,
            pin: typed.id("pin", "PIN code")?,
        },
        gstin: typed.id("gstin", "GSTIN")?,
        invoice_format: typed.optional_name("invoice_format", "Invoice format")?,
    })
}

/// Adds a warehouse.
pub(crate) async fn add(
    State(console): State<Console>,
    visitor: Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    visitor.needs(Scope::Admin)?;
    let done = match said(&typed) {
        Ok(new) => add_warehouse(console.store.as_ref(), visitor.seller(), new).await,
        Err(wrong) => return again(&console, &visitor, NEW, typed, wrong).await,
    };
    finish(&console, &visitor, NEW, typed, done).await
}

/// Changes a warehouse.
pub(crate) async fn change(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    visitor.needs(Scope::Admin)?;
    let id: WarehouseId = id.parse().map_err(|_| Failure::NotFound)?;
    let done = match said(&typed) {
        Ok(new) => change_warehouse(console.store.as_ref(), visitor.seller(), &id, new).await,
        Err(wrong) => return again(&console, &visitor, id.as_str(), typed, wrong).await,
    };
    finish(&console, &visitor, id.as_str(), typed, done).await
}

async fn finish(
    console: &Console,
    visitor: &Visitor,
    form: &str,
    typed: Typed,
    done: Result<Warehouse, WarehouseRefusal>,
) -> Result<Response, Failure> {
    match done {
        Ok(warehouse) => {
            let page = Notice::Saved.on("/console/warehouses");
            Ok(Redirect::to(&format!("{page}#{}", warehouse.id)).into_response())
        }
        Err(refusal @ WarehouseRefusal::NameTaken(_)) => {
            let wrong = Wrong::new("name", sentence(&refusal.to_string()));
            again(console, visitor, form, typed, wrong).await
        }
        Err(WarehouseRefusal::NoSuchWarehouse(_)) => Err(Failure::NotFound),
        Err(WarehouseRefusal::Store(error)) => Err(error.into()),
        Err(WarehouseRefusal::Id(error)) => Err(Failure::Unavailable(error.to_string())),
    }
}

async fn again(
    console: &Console,
    visitor: &Visitor,
    form: &str,
    typed: Typed,
    wrong: Wrong,
) -> Result<Response, Failure> {
    let message = Message::Refused(wrong.said.clone());
    let form = form.to_owned();
    let refused = Refused { form, typed, wrong };
    let page = show(console, visitor, message, Some(&refused)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
