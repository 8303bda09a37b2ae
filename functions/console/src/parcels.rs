//! Weight and size of products, for marketplaces that want to know them.

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use haat_domain::{Parcel, Scope, Sku};
use haat_ports::Page;
use maud::{Markup, html};
use serde::Deserialize;
use url::form_urlencoded::byte_serialize;

use crate::Console;
use crate::answer::Failure;
use crate::form::{Refused, Sheet, Typed, Wrong};
use crate::layout::{self, Frame, Place};
use crate::notice::{Message, Notice, of_code};
use crate::session::Visitor;
use crate::shipping::tabs;

const PER_PAGE: u32 = 50;
const ADDRESS: &str = "/console/parcels";
const FORM: &str = "sku";
const FIELDS: [(&str, &str); 4] = [
    ("weight_grams", "Weight in grams"),
    ("length_mm", "Length in mm"),
    ("breadth_mm", "Breadth in mm"),
    ("height_mm", "Height in mm"),
];

/// Which part of the list.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ParcelsQuery {
    cursor: Option<String>,
    notice: Option<String>,
    /// The SKU to begin the form with.
    sku: Option<String>,
}

/// What is known of products, by SKU.
pub(crate) async fn page(
    State(console): State<Console>,
    visitor: Visitor,
    Query(query): Query<ParcelsQuery>,
) -> Result<Markup, Failure> {
    let message = of_code(query.notice.as_deref()).into();
    show(&console, &visitor, &query, message, None).await
}

async fn show(
    console: &Console,
    visitor: &Visitor,
    query: &ParcelsQuery,
    message: Message,
    refused: Option<&Refused>,
) -> Result<Markup, Failure> {
    let (store, cursor) = (console.store.as_ref(), query.cursor.as_deref());
    let (frame, known) = tokio::try_join!(
        Frame::load(store, visitor),
        store.list_parcels(visitor.seller(), cursor, PER_PAGE),
    )?;
    let sku = query.sku.clone().unwrap_or_default();
    let sheet = Sheet::new(FORM, Typed::of([("sku", sku)]), refused);
    let content = html! {
        header.head { h1 { "Weight and size" } }
        (tabs(ADDRESS))
        p {
            "Of one piece, packaging included. Several pieces in one parcel lie on each other: weights "
            "and heights add up. One order's page may say otherwise. Where the marketplace decides "
            "weight and size itself, nothing need be set."
        }
        @if visitor.may(Scope::Pack) {
            form.sheet.connect method="post" action=(ADDRESS) {
                (sheet.text("sku", "SKU", "Letter for letter as the marketplace's orders say it. One that is \
                    set already is replaced."))
                (fields(&sheet))
                div.acts { button.main type="submit" { "Save" } }
            }
        }
        (table(&known))
        @if let Some(next) = &known.next {
            nav.parts aria-label="Parts of the list" {
                a rel="next" href={ (ADDRESS) "?cursor=" (encoded(next)) } { "Next page" }
            }
        }
    };
    let place = Some(Place::Shipping);
    Ok(layout::page(
        "Weight and size",
        place,
        visitor,
        &frame,
        message,
        content,
    ))
}

pub(crate) fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

fn table(known: &Page<(Sku, Parcel)>) -> Markup {
    html! {
        @if known.items.is_empty() {
            div.empty { p { "Nothing is set yet." } }
        } @else {
            table.list {
                thead { tr { th scope="col" { "SKU" } th scope="col" { "Weight" } th scope="col" { "Size" } } }
                tbody {
                    @for (sku, parcel) in &known.items {
                        tr {
                            td data-is="SKU" {
                                a href={ (ADDRESS) "?sku=" (encoded(sku.as_str())) } { (sku) }
                            }
                            td data-is="Weight" { (parcel.weight_grams) " g" }
                            td data-is="Size" { (size(parcel)) }
                        }
                    }
                }
            }
        }
    }
}

/// Length, breadth and height.
pub(crate) fn size(parcel: &Parcel) -> Markup {
    html! { (parcel.length_mm) " × " (parcel.breadth_mm) " × " (parcel.height_mm) " mm" }
}

/// The four fields of a parcel.
pub(crate) fn fields(sheet: &Sheet) -> Markup {
    html! { @for (field, label) in FIELDS { (sheet.number(field, label, "")) } }
}

/// What is stored of a parcel, as if it were typed.
pub(crate) fn stored(parcel: Option<&Parcel>) -> Typed {
    let text = |of: fn(&Parcel) -> u32| parcel.map(|it| of(it).to_string()).unwrap_or_default();
    Typed::of([
        ("weight_grams", text(|it| it.weight_grams)),
        ("length_mm", text(|it| it.length_mm)),
        ("breadth_mm", text(|it| it.breadth_mm)),
        ("height_mm", text(|it| it.height_mm)),
    ])
}

/// The parcel that was typed, if it can be.
pub(crate) fn typed_parcel(typed: &Typed) -> Result<Parcel, Wrong> {
    let number = |field: &str| {
        let label = FIELDS.iter().find(|(name, _)| *name == field);
        typed.number(
            field,
            label.map_or(field, |(_, label)| *label),
            0..=u32::MAX,
        )
    };
    let parcel = Parcel {
        weight_grams: number("weight_grams")?,
        length_mm: number("length_mm")?,
        breadth_mm: number("breadth_mm")?,
        height_mm: number("height_mm")?,
    };
    parcel.checked().map_err(|wrong| {
        let label = FIELDS.iter().find(|(name, _)| *name == wrong.field);
        let label = label.map_or(wrong.field, |(_, label)| *label);
        let said = format!(
            "“{label}” must be from 1 to {}, not {}.",
            wrong.most, wrong.given
        );
        Wrong::new(wrong.field, said)
    })
}

/// Sets weight and size of a product.
pub(crate) async fn set(
    State(console): State<Console>,
    visitor: Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    visitor.needs(Scope::Pack)?;
    let wanted = typed
        .id::<Sku>("sku", "SKU")
        .and_then(|sku| Ok((sku, typed_parcel(&typed)?)));
    match wanted {
        Ok((sku, parcel)) => {
            console
                .store
                .put_parcel(visitor.seller(), &sku, &parcel)
                .await?;
            Ok(Redirect::to(&Notice::Saved.on(ADDRESS)).into_response())
        }
        Err(wrong) => {
            let message = Message::Refused(wrong.said.clone());
            let form = FORM.to_owned();
            let refused = Refused { form, typed, wrong };
            let query = ParcelsQuery::default();
            let page = show(&console, &visitor, &query, message, Some(&refused)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
