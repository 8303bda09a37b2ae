//! Where parcels leave from.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use haat_domain::{Address, Warehouse, WarehouseId};
use haat_workflows::{NewWarehouse, add_warehouse, change_warehouse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::caller::{Admin, Reader};
use crate::input::{self, Body, Named};
use crate::problem::Problem;

/// A warehouse, as a seller tells of it. Bank details are never asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WarehouseSaid {
    /// The seller's name for it, 1 to 100 characters.
    #[schema(example = "Mumbai, Bhiwandi")]
    name: String,
    /// House, street, quarter.
    lines: Vec<String>,
    /// City.
    #[schema(example = "Bhiwandi")]
    city: String,
    /// PIN code, six digits.
    #[schema(example = "421302")]
    pin: String,
    /// The GST registration that its invoices are made under; the State is read from it.
    #[schema(example = "27AABCR1718E1ZP")]
    gstin: String,
    /// How invoices of this place are made out, as it was told to the marketplace.
    invoice_format: Option<String>,
}

/// A warehouse.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Warehouse)]
pub(crate) struct WarehouseAnswer {
    /// Haat's id of it.
    #[schema(example = "w_5d41402abc4b2a76")]
    id: String,
    /// The seller's name for it.
    name: String,
    /// House, street, quarter.
    lines: Vec<String>,
    /// City.
    city: String,
    /// PIN code.
    pin: String,
    /// The State its GSTIN was given in.
    #[schema(value_type = String, example = "Maharashtra")]
    state: &'static str,
    /// The GST registration that its invoices are made under.
    gstin: String,
    /// How invoices of this place are made out.
    invoice_format: Option<String>,
}

/// A seller's warehouses, by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WarehouseList {
    warehouses: Vec<WarehouseAnswer>,
}

impl From<Warehouse> for WarehouseAnswer {
    fn from(warehouse: Warehouse) -> Self {
        Self {
            id: warehouse.id.into(),
            name: warehouse.name,
            state: warehouse.gstin.state().unwrap_or_default(),
            gstin: warehouse.gstin.into(),
            lines: warehouse.address.lines,
            city: warehouse.address.city,
            pin: warehouse.address.pin.into(),
            invoice_format: warehouse.invoice_format,
        }
    }
}

fn said(warehouse: WarehouseSaid) -> Result<NewWarehouse, Problem> {
    let lines = warehouse.lines.into_iter().map(input::name);
    Ok(NewWarehouse {
        name: input::name(warehouse.name)?,
        address: Address {
            lines: lines.collect::<Result<_, _>>()?,
            city: input::name(warehouse.city)?,
            pin: input::id(&warehouse.pin)?,
        },
        gstin: input::id(&warehouse.gstin)?,
        invoice_format: warehouse.invoice_format.map(input::name).transpose()?,
    })
}

/// List the warehouses
#[utoipa::path(get, path = "/warehouses", tag = "shipping", security(("token" = ["read"])),
    responses((status = 200, description = "All of them", body = WarehouseList)))]
pub(crate) async fn list_warehouses(
    State(api): State<Api>,
    Reader(caller): Reader,
) -> Result<Json<WarehouseList>, Problem> {
    let known = api.store().warehouses(&caller.seller).await?;
    let warehouses = known.into_iter().map(WarehouseAnswer::from).collect();
    Ok(Json(WarehouseList { warehouses }))
}

/// Add a warehouse
#[utoipa::path(post, path = "/warehouses", tag = "shipping", security(("token" = ["admin"])),
    request_body = WarehouseSaid,
    responses((status = 201, description = "Added", body = WarehouseAnswer)))]
pub(crate) async fn add(
    State(api): State<Api>,
    Admin(caller): Admin,
    Body(wanted): Body<WarehouseSaid>,
) -> Result<(StatusCode, Json<WarehouseAnswer>), Problem> {
    let added = add_warehouse(api.store(), &caller.seller, said(wanted)?).await?;
    Ok((StatusCode::CREATED, Json(added.into())))
}

/// Change a warehouse
///
/// Invoices that were made keep what they were made with.
#[utoipa::path(put, path = "/warehouses/{warehouse}", tag = "shipping",
    params(("warehouse" = String, Path, description = "Its id", example = "w_5d41402abc4b2a76")),
    security(("token" = ["admin"])), request_body = WarehouseSaid,
    responses((status = 200, description = "As it is now", body = WarehouseAnswer)))]
pub(crate) async fn replace(
    State(api): State<Api>,
    Admin(caller): Admin,
    Named(id): Named<WarehouseId>,
    Body(wanted): Body<WarehouseSaid>,
) -> Result<Json<WarehouseAnswer>, Problem> {
    let changed = change_warehouse(api.store(), &caller.seller, &id, said(wanted)?).await?;
    Ok(Json(changed.into()))
}
