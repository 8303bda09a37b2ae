//! Accounts that were applied for at a marketplace and wait for its approval.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use haat_domain::{Registration, RegistrationId};
use haat_workflows::{Application, change_registration, register, withdraw_registration};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::caller::{Admin, Reader};
use crate::input::{self, Body, Named};
use crate::problem::{BAD_INPUT, Problem};

/// What was applied for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRegistration {
    /// The marketplace's id, of `GET /marketplaces`.
    #[schema(example = "ajio")]
    marketplace: String,
    /// What the account is to be called, 1 to 100 characters.
    #[schema(example = "AJIO, Mumbai")]
    name: String,
    /// Where its parcels will leave from, of `GET /warehouses`.
    #[schema(example = "w_5d41402abc4b2a76")]
    warehouse: Option<String>,
    /// Who at the marketplace hands out the credentials, 1 to 100 characters.
    #[schema(example = "R. Iyer")]
    contact: Option<String>,
    /// The day it was applied for; today in India when left out.
    #[schema(value_type = Option<String>, format = Date, example = "2026-11-20")]
    applied_on: Option<Date>,
    /// The day to ask after it; three days after the application when left out.
    #[schema(value_type = Option<String>, format = Date, example = "2026-11-25")]
    remind_on: Option<Date>,
}

/// An account that waits for the marketplace's approval. Without credentials nothing is read or
/// sent; with them, `POST /accounts` names it and it becomes an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Registration)]
pub(crate) struct RegistrationAnswer {
    /// Haat's id of it.
    #[schema(example = "r_5d41402abc4b2a76")]
    id: String,
    /// The marketplace's id.
    #[schema(example = "ajio")]
    marketplace: String,
    /// What the account is to be called.
    name: String,
    /// Where its parcels will leave from.
    warehouse: Option<String>,
    /// Who at the marketplace hands out the credentials.
    contact: Option<String>,
    /// The day it was applied for.
    #[schema(value_type = String, format = Date)]
    applied_on: Date,
    /// The day to ask after it.
    #[schema(value_type = String, format = Date)]
    remind_on: Date,
}

/// What a seller waits for, the next reminder first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegistrationList {
    registrations: Vec<RegistrationAnswer>,
}

impl From<Registration> for RegistrationAnswer {
    fn from(registration: Registration) -> Self {
        Self {
            id: registration.id.into(),
            marketplace: registration.marketplace.into(),
            name: registration.name,
            warehouse: registration.warehouse.map(Into::into),
            contact: registration.contact,
            applied_on: registration.applied_on,
            remind_on: registration.remind_on,
        }
    }
}

fn application(wanted: NewRegistration) -> Result<Application, Problem> {
    let marketplace = wanted.marketplace.parse();
    Ok(Application {
        marketplace: marketplace
            .map_err(|wrong: haat_domain::InvalidId| BAD_INPUT.because(wrong.to_string()))?,
        name: input::name(wanted.name)?,
        warehouse: input::optional_id(wanted.warehouse)?,
        contact: wanted.contact.map(input::name).transpose()?,
        applied_on: wanted.applied_on,
        remind_on: wanted.remind_on,
    })
}

/// List what was applied for
#[utoipa::path(get, path = "/registrations", tag = "accounts", security(("token" = ["read"])),
    responses((status = 200, description = "All of it", body = RegistrationList)))]
pub(crate) async fn list_registrations(
    State(api): State<Api>,
    Reader(caller): Reader,
) -> Result<Json<RegistrationList>, Problem> {
    let known = api.store().registrations(&caller.seller).await?;
    let registrations = known.into_iter().map(RegistrationAnswer::from).collect();
    Ok(Json(RegistrationList { registrations }))
}

/// Note that an account was applied for
///
/// The marketplace's approval takes days; the hub reminds of it.
#[utoipa::path(post, path = "/registrations", tag = "accounts", security(("token" = ["admin"])),
    request_body = NewRegistration,
    responses((status = 201, description = "Noted", body = RegistrationAnswer)))]
pub(crate) async fn note_registration(
    State(api): State<Api>,
    Admin(caller): Admin,
    Body(wanted): Body<NewRegistration>,
) -> Result<(StatusCode, Json<RegistrationAnswer>), Problem> {
    let application = application(wanted)?;
    let marketplaces = api.hub.marketplaces.as_ref();
    let (store, seller) = (api.store(), &caller.seller);
    let noted = register(store, marketplaces, seller, &application, api.now()).await?;
    Ok((StatusCode::CREATED, Json(noted.into())))
}

/// Change what was noted
#[utoipa::path(put, path = "/registrations/{registration}", tag = "accounts",
    params(("registration" = String, Path, description = "Its id", example = "r_5d41402abc4b2a76")),
    security(("token" = ["admin"])), request_body = NewRegistration,
    responses((status = 200, description = "As it is now", body = RegistrationAnswer)))]
pub(crate) async fn replace_registration(
    State(api): State<Api>,
    Admin(caller): Admin,
    Named(id): Named<RegistrationId>,
    Body(wanted): Body<NewRegistration>,
) -> Result<Json<RegistrationAnswer>, Problem> {
    let application = application(wanted)?;
    let (store, seller) = (api.store(), &caller.seller);
    let changed = change_registration(store, seller, &id, &application, api.now()).await?;
    Ok(Json(changed.into()))
}

/// Forget an application
#[utoipa::path(delete, path = "/registrations/{registration}", tag = "accounts",
    params(("registration" = String, Path, description = "Its id", example = "r_5d41402abc4b2a76")),
    security(("token" = ["admin"])),
    responses((status = 204, description = "Forgotten")))]
pub(crate) async fn drop_registration(
    State(api): State<Api>,
    Admin(caller): Admin,
    Named(id): Named<RegistrationId>,
) -> Result<StatusCode, Problem> {
    withdraw_registration(api.store(), &caller.seller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
