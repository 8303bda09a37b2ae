//! Working on an order: accept it, ship it, fetch its label.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use haat_domain::{Action, OrderId};
use haat_workflows::{ask, label_link};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::caller::{Caller, Packer};
use crate::input::Named;
use crate::order_answer::OrderAnswer;
use crate::problem::{Problem, Told};

/// A link to a label.
#[derive(Serialize, ToSchema)]
#[schema(as = LabelLink)]
pub(crate) struct LinkAnswer {
    /// Opens the label as PDF, without further sign-in. It holds this order's page alone.
    url: String,
    /// When it stops to.
    expires_at: Timestamp,
}

async fn asked(
    api: &Api,
    caller: &Caller,
    id: &OrderId,
    action: Action,
) -> Result<(StatusCode, Json<OrderAnswer>), Problem> {
    let (store, queue) = (api.store(), api.ship.as_ref());
    let asked = ask(
        store,
        queue,
        &caller.seller,
        id,
        action,
        caller.actor(),
        api.now(),
    )
    .await?;
    let status = match asked.new {
        true => StatusCode::ACCEPTED,
        false => StatusCode::OK,
    };
    Ok((status, Json((&asked.order).into())))
}

/// Accept an order
///
/// Haat asks the marketplace and reads back; the order's stage tells when it is done. Asking again
/// is harmless.
#[utoipa::path(post, path = "/orders/{order}/accept", tag = "orders",
    params(("order" = String, Path, description = "The order's id",
        example = "a_5d41402abc4b2a76.299000000000000001_1")),
    security(("token" = ["pack"])),
    responses(
        (status = 202, description = "Asked for", body = OrderAnswer),
        (status = 200, description = "It was asked for before and is under way", body = OrderAnswer)))]
pub(crate) async fn accept_order(
    State(api): State<Api>,
    Packer(caller): Packer,
    Named(id): Named<OrderId>,
) -> Result<(StatusCode, Json<OrderAnswer>), Problem> {
    asked(&api, &caller, &id, Action::Accept).await
}

/// Ship an order
///
/// Haat gets AWB and label from the marketplace; the order's label tells how far that is. It may
/// wait for hours where the marketplace opens labels late. Asking again is harmless.
#[utoipa::path(post, path = "/orders/{order}/ship", tag = "orders",
    params(("order" = String, Path, description = "The order's id",
        example = "a_5d41402abc4b2a76.299000000000000001_1")),
    security(("token" = ["pack"])),
    responses(
        (status = 202, description = "Asked for", body = OrderAnswer),
        (status = 200, description = "It was asked for before and is under way", body = OrderAnswer)))]
pub(crate) async fn ship_order(
    State(api): State<Api>,
    Packer(caller): Packer,
    Named(id): Named<OrderId>,
) -> Result<(StatusCode, Json<OrderAnswer>), Problem> {
    asked(&api, &caller, &id, Action::Ship).await
}

/// Get a link to an order's label
///
/// The link opens for five minutes.
#[utoipa::path(get, path = "/orders/{order}/label", tag = "orders",
    params(("order" = String, Path, description = "The order's id",
        example = "a_5d41402abc4b2a76.299000000000000001_1")),
    security(("token" = ["pack"])),
    responses(
        (status = 200, description = "The link", body = LinkAnswer),
        (status = 409, description = "There is no label to print: the detail says why",
            body = Told, content_type = "application/problem+json"),
        (status = 410, description = "The label is no longer kept",
            body = Told, content_type = "application/problem+json")))]
pub(crate) async fn link_label(
    State(api): State<Api>,
    Packer(caller): Packer,
    Named(id): Named<OrderId>,
) -> Result<Json<LinkAnswer>, Problem> {
    let (store, files) = (api.store(), api.files.as_ref());
    let link = label_link(store, files, cut, &caller.seller, &id, api.now()).await?;
    Ok(Json(LinkAnswer {
        url: link.url,
        expires_at: link.expires_at,
    }))
}

fn cut(pdf: &[u8], page: u32) -> Result<Vec<u8>, String> {
    haat_labels::cut(pdf, page).map_err(|error| error.to_string())
}
