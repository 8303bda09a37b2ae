//! Weight and size of products and parcels, for marketplaces that want to know them.

use axum::Json;
use axum::extract::State;
use haat_domain::{InvalidParcel, OrderId, Parcel, Sku};
use haat_workflows::set_parcel;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::caller::{Packer, Reader};
use crate::input::{self, Asked, Body, Named, WhichPart};
use crate::order_answer::OrderAnswer;
use crate::problem::{BAD_INPUT, Problem};

/// Weight and size, packaging included.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Parcel)]
pub(crate) struct ParcelAnswer {
    /// Grams.
    #[schema(minimum = 1, maximum = 100_000, example = 350)]
    weight_grams: u32,
    /// The longest side, millimetres.
    #[schema(minimum = 1, maximum = 3_000, example = 300)]
    length_mm: u32,
    /// The next one, millimetres.
    #[schema(minimum = 1, maximum = 3_000, example = 250)]
    breadth_mm: u32,
    /// The shortest one, millimetres.
    #[schema(minimum = 1, maximum = 3_000, example = 30)]
    height_mm: u32,
}

/// A product's parcel: of one piece.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ParcelOfSku {
    /// The SKU.
    #[schema(example = "KURTI-BLUE-M")]
    sku: String,
    /// Weight and size of one piece.
    parcel: ParcelAnswer,
}

/// A part of what is known of products, by SKU.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ParcelList {
    parcels: Vec<ParcelOfSku>,
    /// Send it back as `cursor` for the next part; null at the end.
    next: Option<String>,
}

impl From<Parcel> for ParcelAnswer {
    fn from(parcel: Parcel) -> Self {
        Self {
            weight_grams: parcel.weight_grams,
            length_mm: parcel.length_mm,
            breadth_mm: parcel.breadth_mm,
            height_mm: parcel.height_mm,
        }
    }
}

impl From<ParcelAnswer> for Parcel {
    fn from(parcel: ParcelAnswer) -> Self {
        Self {
            weight_grams: parcel.weight_grams,
            length_mm: parcel.length_mm,
            breadth_mm: parcel.breadth_mm,
            height_mm: parcel.height_mm,
        }
    }
}

fn impossible(wrong: &InvalidParcel) -> Problem {
    BAD_INPUT.because(wrong.to_string())
}

/// List weight and size of products
#[utoipa::path(get, path = "/parcels", tag = "shipping", params(WhichPart),
    security(("token" = ["read"])),
    responses((status = 200, description = "A part of the list", body = ParcelList)))]
pub(crate) async fn list_parcels(
    State(api): State<Api>,
    Reader(caller): Reader,
    Asked(part): Asked<WhichPart>,
) -> Result<Json<ParcelList>, Problem> {
    let (cursor, limit) = (part.cursor.as_deref(), input::limit(part.limit)?);
    let page = api
        .store()
        .list_parcels(&caller.seller, cursor, limit)
        .await?;
    let parcels = page.items.into_iter().map(|(sku, parcel)| ParcelOfSku {
        sku: sku.into(),
        parcel: parcel.into(),
    });
    Ok(Json(ParcelList {
        parcels: parcels.collect(),
        next: page.next,
    }))
}

/// Set weight and size of a product
///
/// Of one piece, packaging included. Several pieces in one parcel lie on each other: weights and
/// heights add up.
#[utoipa::path(put, path = "/parcels/{sku}", tag = "shipping",
    params(("sku" = String, Path, description = "The SKU, percent-encoded", example = "KURTI-BLUE-M")),
    security(("token" = ["pack"])), request_body = ParcelAnswer,
    responses((status = 200, description = "As it is now", body = ParcelOfSku)))]
pub(crate) async fn put_parcel(
    State(api): State<Api>,
    Packer(caller): Packer,
    Named(sku): Named<Sku>,
    Body(wanted): Body<ParcelAnswer>,
) -> Result<Json<ParcelOfSku>, Problem> {
    let parcel = Parcel::from(wanted).checked();
    let parcel = parcel.map_err(|wrong| impossible(&wrong))?;
    api.store()
        .put_parcel(&caller.seller, &sku, &parcel)
        .await?;
    Ok(Json(ParcelOfSku {
        sku: sku.into(),
        parcel: parcel.into(),
    }))
}

/// Set weight and size of one order's parcel
///
/// Counts instead of what its products say, until it is packed.
#[utoipa::path(put, path = "/orders/{order}/parcel", tag = "shipping",
    params(("order" = String, Path, description = "The order's id",
        example = "a_5d41402abc4b2a76.S900000001")),
    security(("token" = ["pack"])), request_body = ParcelAnswer,
    responses((status = 200, description = "The order", body = OrderAnswer)))]
pub(crate) async fn put_order_parcel(
    State(api): State<Api>,
    Packer(caller): Packer,
    Named(id): Named<OrderId>,
    Body(wanted): Body<ParcelAnswer>,
) -> Result<Json<OrderAnswer>, Problem> {
    let order = set_parcel(api.store(), &caller.seller, &id, Some(wanted.into())).await?;
    Ok(Json((&order).into()))
}

/// Forget weight and size of one order's parcel
///
/// What its products say counts again.
#[utoipa::path(delete, path = "/orders/{order}/parcel", tag = "shipping",
    params(("order" = String, Path, description = "The order's id",
        example = "a_5d41402abc4b2a76.S900000001")),
    security(("token" = ["pack"])),
    responses((status = 200, description = "The order", body = OrderAnswer)))]
pub(crate) async fn drop_order_parcel(
    State(api): State<Api>,
    Packer(caller): Packer,
    Named(id): Named<OrderId>,
) -> Result<Json<OrderAnswer>, Problem> {
    let order = set_parcel(api.store(), &caller.seller, &id, None).await?;
    Ok(Json((&order).into()))
}
