//! Handing parcels over, and the papers of it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use haat_domain::{AccountId, Manifest, ManifestId, OrderId};
use haat_workflows::{hand_over_all, invoice_link, manifest_link};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::caller::{Packer, Reader};
use crate::input::{self, Asked, Named};
use crate::order_actions::LinkAnswer;
use crate::problem::{Problem, Told};

/// Which manifests.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichManifests {
    /// Of this account.
    #[param(value_type = String, example = "a_5d41402abc4b2a76")]
    account: String,
    /// Where the part begins: `next` of the part before.
    cursor: Option<String>,
    /// How many, 1 to 100; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// A closed manifest.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Manifest)]
pub(crate) struct ManifestAnswer {
    /// Haat's id of it.
    #[schema(example = "20261123T062000Z-5d41402a")]
    id: String,
    /// The account.
    account: String,
    /// Who took the parcels.
    courier: String,
    /// The marketplace's key of it; null where the answer that named it was lost.
    key: Option<String>,
    /// The orders on it.
    orders: Vec<String>,
    /// When it was closed.
    closed_at: Timestamp,
    /// Whether its paper is stored.
    has_paper: bool,
}

/// A part of an account's manifests, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManifestList {
    manifests: Vec<ManifestAnswer>,
    /// Send it back as `cursor` for the next part; null at the end.
    next: Option<String>,
}

/// What was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HandedOver {
    /// For how many orders it is new.
    #[schema(example = 240)]
    orders: usize,
}

impl From<Manifest> for ManifestAnswer {
    fn from(manifest: Manifest) -> Self {
        let account = &manifest.account;
        let order = |number| format!("{account}.{number}");
        Self {
            id: manifest.id.to_string(),
            orders: manifest.orders.iter().map(order).collect(),
            account: account.to_string(),
            courier: manifest.courier,
            key: manifest.key,
            closed_at: manifest.closed_at,
            has_paper: manifest.paper.is_some(),
        }
    }
}

/// Hand over all that is ready
///
/// All orders of the account that are ready to ship go on manifests, one for each courier, as many
/// parcels on each as the marketplace takes. What was cancelled meanwhile stays here.
#[utoipa::path(post, path = "/accounts/{account}/hand_over", tag = "shipping",
    params(("account" = String, Path, description = "The account's id", example = "a_5d41402abc4b2a76")),
    security(("token" = ["pack"])),
    responses((status = 202, description = "Asked for", body = HandedOver)))]
pub(crate) async fn hand_all_over(
    State(api): State<Api>,
    Packer(caller): Packer,
    Named(id): Named<AccountId>,
) -> Result<(StatusCode, Json<HandedOver>), Problem> {
    let by = caller.actor();
    let orders = hand_over_all(api.store(), &caller.seller, &id, &by, api.now()).await?;
    Ok((StatusCode::ACCEPTED, Json(HandedOver { orders })))
}

/// List an account's manifests
#[utoipa::path(get, path = "/manifests", tag = "shipping", params(WhichManifests),
    security(("token" = ["read"])),
    responses((status = 200, description = "A part of the list", body = ManifestList)))]
pub(crate) async fn list_manifests(
    State(api): State<Api>,
    Reader(caller): Reader,
    Asked(which): Asked<WhichManifests>,
) -> Result<Json<ManifestList>, Problem> {
    let account = input::id(&which.account)?;
    let (cursor, limit) = (which.cursor.as_deref(), input::limit(which.limit)?);
    let (store, seller) = (api.store(), &caller.seller);
    let page = store.manifests(seller, &account, cursor, limit).await?;
    Ok(Json(ManifestList {
        manifests: page.items.into_iter().map(ManifestAnswer::from).collect(),
        next: page.next,
    }))
}

/// Get a link to a manifest's paper
///
/// The link opens for five minutes.
#[utoipa::path(get, path = "/manifests/{account}/{manifest}/paper", tag = "shipping",
    params(("account" = String, Path, description = "The account's id", example = "a_5d41402abc4b2a76"),
        ("manifest" = String, Path, description = "The manifest's id",
            example = "20261123T062000Z-5d41402a")),
    security(("token" = ["pack"])),
    responses(
        (status = 200, description = "The link", body = LinkAnswer),
        (status = 409, description = "There is no paper: the detail says why",
            body = Told, content_type = "application/problem+json")))]
pub(crate) async fn link_manifest(
    State(api): State<Api>,
    Packer(caller): Packer,
    Named((account, id)): Named<(AccountId, ManifestId)>,
) -> Result<Json<LinkAnswer>, Problem> {
    let (store, files) = (api.store(), api.files.as_ref());
    let place = (&account, &id);
    let link = manifest_link(store, files, &caller.seller, place, api.now()).await?;
    Ok(Json(link.into()))
}

/// Get a link to the marketplace's invoice to the buyer
///
/// It goes into the parcel. The link opens for five minutes.
#[utoipa::path(get, path = "/orders/{order}/invoice", tag = "shipping",
    params(("order" = String, Path, description = "The order's id",
        example = "a_5d41402abc4b2a76.S900000001")),
    security(("token" = ["pack"])),
    responses(
        (status = 200, description = "The link", body = LinkAnswer),
        (status = 409, description = "There is no such paper: the detail says why",
            body = Told, content_type = "application/problem+json")))]
pub(crate) async fn link_invoice(
    State(api): State<Api>,
    Packer(caller): Packer,
    Named(id): Named<OrderId>,
) -> Result<Json<LinkAnswer>, Problem> {
    let (store, files) = (api.store(), api.files.as_ref());
    let link = invoice_link(store, files, &caller.seller, &id, api.now()).await?;
    Ok(Json(link.into()))
}
