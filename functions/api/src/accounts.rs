//! Looking at accounts, setting them up, reading them now.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use haat_domain::AccountId;
use haat_workflows::{
    SettingsChange, back_fill, change_settings, look_at_account, look_at_accounts, sync_now,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::account_answer::AccountAnswer;
use crate::caller::{Admin, Caller, Packer, Reader};
use crate::input::{self, Body, Named};
use crate::problem::Problem;
use crate::refusals::no_account;

/// A seller's accounts, in the order they were connected.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountList {
    accounts: Vec<AccountAnswer>,
}

/// What is to change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountChange {
    /// The seller's name for the account, 1 to 100 characters.
    #[schema(example = "Meesho, Surat")]
    name: Option<String>,
    /// Minutes between two order polls.
    #[schema(minimum = 1, maximum = 60, example = 5)]
    orders_every_minutes: Option<u8>,
    /// Whether new orders are accepted without asking. Switching it on also accepts those that
    /// wait.
    auto_accept: Option<bool>,
    /// How many minutes an order is old before the hub accepts it by itself: accepting may end the
    /// buyer's right to cancel.
    #[schema(minimum = 0, maximum = 360, example = 240)]
    accept_after_minutes: Option<u16>,
    /// What the numbers of the seller's own invoices to the marketplace begin with, 1 to 5 letters
    /// or digits; null: the marketplace numbers them.
    #[serde(default, deserialize_with = "input::said")]
    #[schema(value_type = Option<String>, example = "HUB")]
    invoice_series: Option<Option<String>>,
    /// Where its parcels leave from, of `GET /warehouses`; null: not said.
    #[serde(default, deserialize_with = "input::said")]
    #[schema(value_type = Option<String>, example = "w_5d41402abc4b2a76")]
    warehouse: Option<Option<String>>,
}

/// Work that was asked for and goes on by itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Started {
    /// What happens now, and where to see it.
    #[schema(value_type = String)]
    pub(crate) what_happens: &'static str,
}

/// The account as it is now.
pub(crate) async fn now_of(
    api: &Api,
    caller: &Caller,
    id: &AccountId,
) -> Result<Json<AccountAnswer>, Problem> {
    let found = look_at_account(api.store(), &caller.seller, id, api.now()).await?;
    Ok(Json(found.ok_or_else(|| no_account(id))?.into()))
}

/// List the accounts
///
/// With their health, and how far behind they are.
#[utoipa::path(get, path = "/accounts", tag = "accounts", security(("token" = ["read"])),
    responses((status = 200, description = "All of them", body = AccountList)))]
pub(crate) async fn list_accounts(
    State(api): State<Api>,
    Reader(caller): Reader,
) -> Result<Json<AccountList>, Problem> {
    let views = look_at_accounts(api.store(), &caller.seller, api.now()).await?;
    let accounts = views.into_iter().map(AccountAnswer::from).collect();
    Ok(Json(AccountList { accounts }))
}

/// Show one account
#[utoipa::path(get, path = "/accounts/{account}", tag = "accounts",
    params(("account" = String, Path, description = "The account's id", example = "a_5d41402abc4b2a76")),
    security(("token" = ["read"])),
    responses((status = 200, description = "The account", body = AccountAnswer)))]
pub(crate) async fn show_account(
    State(api): State<Api>,
    Reader(caller): Reader,
    Named(id): Named<AccountId>,
) -> Result<Json<AccountAnswer>, Problem> {
    now_of(&api, &caller, &id).await
}

/// Change an account's name or settings
#[utoipa::path(patch, path = "/accounts/{account}", tag = "accounts",
    params(("account" = String, Path, description = "The account's id", example = "a_5d41402abc4b2a76")),
    security(("token" = ["admin"])), request_body = AccountChange,
    responses((status = 200, description = "The account as it is now", body = AccountAnswer)))]
pub(crate) async fn change_account(
    State(api): State<Api>,
    Admin(caller): Admin,
    Named(id): Named<AccountId>,
    Body(wanted): Body<AccountChange>,
) -> Result<Json<AccountAnswer>, Problem> {
    let change = SettingsChange {
        name: wanted.name.map(input::name).transpose()?,
        orders_every_minutes: wanted.orders_every_minutes,
        auto_accept: wanted.auto_accept,
        accept_after_minutes: wanted.accept_after_minutes,
        invoice_series: wanted.invoice_series.map(input::optional_id).transpose()?,
        warehouse: wanted.warehouse.map(input::optional_id).transpose()?,
    };
    let by = caller.actor();
    change_settings(api.store(), &caller.seller, &id, &change, by, api.now()).await?;
    now_of(&api, &caller, &id).await
}

/// How far back to read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Past {
    /// Days.
    #[schema(minimum = 1, maximum = 90, example = 30)]
    days: u16,
}

/// Read an account's past orders
///
/// In the polls that follow. What is known already changes nothing.
#[utoipa::path(post, path = "/accounts/{account}/back_fill", tag = "accounts",
    params(("account" = String, Path, description = "The account's id", example = "a_5d41402abc4b2a76")),
    security(("token" = ["admin"])), request_body = Past,
    responses((status = 202, description = "It is under way", body = Started)))]
pub(crate) async fn back_fill_account(
    State(api): State<Api>,
    Admin(caller): Admin,
    Named(id): Named<AccountId>,
    Body(past): Body<Past>,
) -> Result<(StatusCode, Json<Started>), Problem> {
    let (seller, queue) = (&caller.seller, api.polls.as_ref());
    back_fill(&api.hub, queue, seller, &id, past.days).await?;
    let what_happens = "The account's past orders are read over the next polls.";
    Ok((StatusCode::ACCEPTED, Json(Started { what_happens })))
}

/// Read an account's orders now
///
/// Also ends a standstill that may be ended by trying again: `blocked` and `session_refused`.
#[utoipa::path(post, path = "/accounts/{account}/sync", tag = "accounts",
    params(("account" = String, Path, description = "The account's id", example = "a_5d41402abc4b2a76")),
    security(("token" = ["pack"])),
    responses((status = 202, description = "It is under way", body = Started)))]
pub(crate) async fn sync_account(
    State(api): State<Api>,
    Packer(caller): Packer,
    Named(id): Named<AccountId>,
) -> Result<(StatusCode, Json<Started>), Problem> {
    sync_now(api.store(), api.queues(), &caller.seller, &id, api.now()).await?;
    let what_happens = "The account's orders are read within seconds; its last_success tells when.";
    Ok((StatusCode::ACCEPTED, Json(Started { what_happens })))
}
