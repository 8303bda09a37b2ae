//! Working on an order: accept it, ship it, fetch its label.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use haat_domain::{Action, OrderId};
use haat_workflows::{LabelLink, Wish, ask, label_link};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::caller::{Caller, Packer};
use crate::input::{Named, OptionalBody};
use crate::order_answer::OrderAnswer;
use crate::problem::{Problem, Told};

/// A link to a label or another paper.
#[derive(Serialize, ToSchema)]
#[schema(as = LabelLink)]
pub(crate) struct LinkAnswer {
    /// Opens the paper as PDF, without further sign-in. A label holds this order's page alone.
    url: String,
    /// When it stops to.
    expires_at: Timestamp,
}

impl From<LabelLink> for LinkAnswer {
    fn from(link: LabelLink) -> Self {
        Self {
            url: link.url,
            expires_at: link.expires_at,
        }
    }
}

async fn asked(
    api: &Api,
    caller: &Caller,
    id: &OrderId,
    wish: &Wish,
) -> Result<(StatusCode, Json<OrderAnswer>), Problem> {
    let (store, queue) = (api.store(), api.ship.as_ref());
    let (seller, by) = (&caller.seller, caller.actor());
    let asked = ask(store, queue, seller, id, wish, by, api.now()).await?;
    let status = match asked.new {
        true => StatusCode::ACCEPTED,
        false => StatusCode::OK,
    };
    Ok((status, Json((&asked.order).into())))
}

/// What is not accepted of an order.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acceptance {
    /// Pieces to leave out, by the `item` of their order line: they are cancelled.
    /// None: the order is accepted whole.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, u32>, example = json!({"S900000002-2": 1}))]
    without: BTreeMap<String, u32>,
}

/// Accept an order
///
/// Haat asks the marketplace and reads back; the order's stage tells when it is done. Asking again
/// is harmless. With a body it is accepted in part, where the marketplace tells order lines apart.
#[utoipa::path(post, path = "/orders/{order}/accept", tag = "orders",
    params(("order" = String, Path, description = "The order's id",
        example = "a_5d41402abc4b2a76.299000000000000001_1")),
    security(("token" = ["pack"])), request_body = Option<Acceptance>,
    responses(
        (status = 202, description = "Asked for", body = OrderAnswer),
        (status = 200, description = "It was asked for before and is under way", body = OrderAnswer)))]
pub(crate) async fn accept_order(
    State(api): State<Api>,
    Packer(caller): Packer,
    Named(id): Named<OrderId>,
    OptionalBody(part): OptionalBody<Acceptance>,
) -> Result<(StatusCode, Json<OrderAnswer>), Problem> {
    let without = part.map(|part| part.without);
    let without = without.filter(|without| !without.is_empty());
    let action = Action::Accept;
    asked(&api, &caller, &id, &Wish { action, without }).await
}

/// Cancel an order
///
/// In the seller's name, where the marketplace lets him: before it is packed. It counts against
/// the seller there.
#[utoipa::path(post, path = "/orders/{order}/cancel", tag = "orders",
    params(("order" = String, Path, description = "The order's id",
        example = "a_5d41402abc4b2a76.S900000001")),
    security(("token" = ["pack"])),
    responses(
        (status = 202, description = "Asked for", body = OrderAnswer),
        (status = 200, description = "It was asked for before and is under way", body = OrderAnswer)))]
pub(crate) async fn cancel_order(
    State(api): State<Api>,
    Packer(caller): Packer,
    Named(id): Named<OrderId>,
) -> Result<(StatusCode, Json<OrderAnswer>), Problem> {
    asked(&api, &caller, &id, &Action::Cancel.into()).await
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
    asked(&api, &caller, &id, &Action::Ship.into()).await
}

/// Hand an order over
///
/// It goes on the next manifest of its account and courier, together with all others that are asked
/// for about the same time. Asking again is harmless.
#[utoipa::path(post, path = "/orders/{order}/hand_over", tag = "orders",
    params(("order" = String, Path, description = "The order's id",
        example = "a_5d41402abc4b2a76.S900000001")),
    security(("token" = ["pack"])),
    responses(
        (status = 202, description = "Asked for", body = OrderAnswer),
        (status = 200, description = "It was asked for before and is under way", body = OrderAnswer)))]
pub(crate) async fn hand_order_over(
    State(api): State<Api>,
    Packer(caller): Packer,
    Named(id): Named<OrderId>,
) -> Result<(StatusCode, Json<OrderAnswer>), Problem> {
    asked(&api, &caller, &id, &Action::HandOver.into()).await
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
    Ok(Json(link.into()))
}

fn cut(pdf: &[u8], page: u32) -> Result<Vec<u8>, String> {
    haat_labels::cut(pdf, page).map_err(|error| error.to_string())
}
