//! The parcel of an order: AWB, courier, label, and its weight and size.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use haat_domain::{Order, OrderId, Parcel, Scope};
use haat_ports::Store;
use haat_workflows::{NoParcel, ParcelRefusal, parcel_of, set_parcel};
use maud::{Markup, html};

use crate::answer::Failure;
use crate::form::{Refused, Sheet, Typed, Wrong};
use crate::notice::Notice;
use crate::parcels::{encoded, fields, size, stored, typed_parcel};
use crate::session::Visitor;
use crate::words::sentence;
use crate::{Console, order, words};

const FORM: &str = "parcel";

/// What is known of a parcel's weight and size.
pub(crate) enum Measure {
    /// The marketplace does not ask.
    Theirs,
    /// Added up from the products, or said for this order.
    Known(Parcel),
    /// Not known of this product.
    Missing(NoParcel),
    /// The marketplace has not said yet what to pack.
    NothingToPack,
}

/// Looks up what the marketplace would be told.
pub(crate) async fn measure(
    store: &dyn Store,
    order: &Order,
    wants_parcel: bool,
) -> Result<Measure, Failure> {
    if !wants_parcel {
        return Ok(Measure::Theirs);
    }
    if order.parcel.is_none() && order.lines.is_empty() {
        return Ok(Measure::NothingToPack);
    }
    Ok(match parcel_of(store, order).await? {
        Ok(parcel) => Measure::Known(parcel),
        Err(missing) => Measure::Missing(missing),
    })
}

/// What to do about a product whose weight and size nobody has said.
pub(crate) fn missing(missing: &NoParcel) -> String {
    format!(
        "Weight and size of SKU {} are not known, and the marketplace gives no label without them. \
         Set them for the SKU, or for this order alone under “Parcel”.",
        missing.0
    )
}

/// The part of the letter.
pub(crate) fn section(
    order: &Order,
    measure: &Measure,
    visitor: &Visitor,
    refused: Option<&Refused>,
) -> Markup {
    html! {
        section id="parcel" {
            h2 { "Parcel" }
            dl {
                @match &order.shipment {
                    Some(shipment) => {
                        dt { "AWB" } dd.sku { (shipment.awb) }
                        dt { "Courier" }
                        dd { (shipment.courier.as_deref().unwrap_or("Not named by the marketplace")) }
                    },
                    None => { dt { "AWB" } dd.quiet { "None yet; it comes with the shipment." } },
                }
                dt { "Label" } dd { (words::label(order, visitor.now)) }
                @match measure {
                    Measure::Theirs => {
                        dt { "Weight, size" } dd.quiet { "The marketplace decides." }
                    },
                    Measure::NothingToPack => {
                        dt { "Weight, size" } dd.quiet { "Nothing to pack is known yet." }
                    },
                    Measure::Known(parcel) => {
                        dt { "Weight" } dd { (parcel.weight_grams) " g" }
                        dt { "Size" } dd { (size(parcel)) small {
                            @if order.parcel.is_some() { "Said for this order." }
                            @else { "Added up from its products." }
                        } }
                    },
                    Measure::Missing(why) => {
                        dt { "Weight, size" }
                        dd {
                            span.late { "Missing. " } (missing(why)) " "
                            a href={ "/console/parcels?sku=" (encoded(why.0.as_str())) } { "Set them for the SKU" }
                        }
                    },
                }
            }
            @if order.stage.is_unpacked() && !matches!(measure, Measure::Theirs) && visitor.may(Scope::Pack) {
                (form(order, refused))
            }
        }
    }
}

fn form(order: &Order, refused: Option<&Refused>) -> Markup {
    let sheet = Sheet::new(FORM, stored(order.parcel.as_ref()), refused);
    let address = format!("/console/orders/{}/parcel", order.id);
    html! {
        details open[refused.is_some_and(|refused| refused.form == FORM)] {
            summary { "Set weight and size of this order alone" }
            form.sheet method="post" action=(address) {
                (fields(&sheet))
                div.acts {
                    button type="submit" { "Save" }
                    @if order.parcel.is_some() {
                        button.plain type="submit" formaction={ (address) "/forget" } {
                            "What its products say counts again"
                        }
                    }
                }
            }
        }
    }
}

/// Sets weight and size of this order's parcel.
pub(crate) async fn set(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    visitor.needs(Scope::Pack)?;
    let id: OrderId = id.parse().map_err(|_| Failure::NotFound)?;
    let wrong = match typed_parcel(&typed) {
        Ok(parcel) => {
            let (store, seller) = (console.store.as_ref(), visitor.seller());
            match set_parcel(store, seller, &id, Some(parcel)).await {
                Ok(_) => return Ok(saved(&id)),
                Err(ParcelRefusal::Invalid(wrong)) => {
                    Wrong::new(wrong.field, sentence(&wrong.to_string()))
                }
                Err(refusal) => return Err(refusal.into()),
            }
        }
        Err(wrong) => wrong,
    };
    let form = FORM.to_owned();
    let refused = Refused { form, typed, wrong };
    order::again(&console, &visitor, &id, refused).await
}

/// What its products say counts again.
pub(crate) async fn forget(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    visitor.needs(Scope::Pack)?;
    let id: OrderId = id.parse().map_err(|_| Failure::NotFound)?;
    set_parcel(console.store.as_ref(), visitor.seller(), &id, None).await?;
    Ok(saved(&id))
}

fn saved(id: &OrderId) -> Response {
    let page = Notice::Saved.on(&format!("/console/orders/{id}"));
    Redirect::to(&format!("{page}#parcel")).into_response()
}

impl From<ParcelRefusal> for Failure {
    fn from(refusal: ParcelRefusal) -> Self {
        let said = sentence(&refusal.to_string());
        match refusal {
            ParcelRefusal::NoSuchOrder(_) => Self::NotFound,
            ParcelRefusal::Invalid(_) | ParcelRefusal::PackedAlready(_) => Self::Refused(said),
            ParcelRefusal::Write(error) => error.into(),
        }
    }
}
