//! Which marketplaces there are, and what to type to connect one.

use axum::Json;
use axum::extract::State;
use haat_ports::Descriptor;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::caller::Reader;

/// The marketplaces of this deployment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MarketplaceList {
    marketplaces: Vec<Marketplace>,
}

/// A marketplace that this deployment speaks to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Marketplace {
    /// What to send as `marketplace`.
    #[schema(value_type = String, example = "meesho")]
    id: &'static str,
    /// Its name.
    #[schema(value_type = String, example = "Meesho")]
    name: &'static str,
    /// What `credentials` must hold.
    fields: Vec<Field>,
    /// What it decides itself and nobody can set.
    #[schema(value_type = Vec<String>)]
    decides: &'static [&'static str],
}

/// A field of `credentials`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Field {
    /// Its name there.
    #[schema(value_type = String, example = "password")]
    name: &'static str,
    /// What to call it for people.
    #[schema(value_type = String, example = "Password")]
    label: &'static str,
    /// Whether to hide what is typed. No field is ever shown again.
    secret: bool,
    /// The words it takes, the usual one first; empty where any text will do.
    #[schema(value_type = Vec<String>)]
    choices: &'static [&'static str],
}

impl From<&'static Descriptor> for Marketplace {
    fn from(descriptor: &'static Descriptor) -> Self {
        let field = |field: &'static haat_ports::Field| Field {
            name: field.name,
            label: field.label,
            secret: field.secret,
            choices: field.choices,
        };
        Self {
            id: descriptor.id,
            name: descriptor.name,
            fields: descriptor.fields.iter().map(field).collect(),
            decides: descriptor.decides,
        }
    }
}

/// List the marketplaces
///
/// Those that accounts can be connected to, with the credentials each one wants.
#[utoipa::path(get, path = "/marketplaces", tag = "accounts", security(("token" = ["read"])),
    responses((status = 200, description = "All of them", body = MarketplaceList)))]
pub(crate) async fn list_marketplaces(
    State(api): State<Api>,
    Reader(_caller): Reader,
) -> Json<MarketplaceList> {
    let all = api.hub.marketplaces.all();
    let marketplaces = all.iter().map(|one| one.descriptor().into()).collect();
    Json(MarketplaceList { marketplaces })
}
