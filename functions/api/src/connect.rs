//! Connecting accounts, their credentials and one-time passwords. Credentials go in, never out.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use haat_domain::{AccountId, Health, MarketplaceId, Registration, RegistrationId};
use haat_ports::Credentials;
use haat_workflows::{
    ConnectRequest, CredentialsRefusal, answer_otp, change_credentials, connect_account,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::account_answer::AccountAnswer;
use crate::accounts::now_of;
use crate::caller::{Admin, Caller};
use crate::input::{self, Body, Named, Typed};
use crate::problem::{BAD_INPUT, Problem, Told};

/// What to connect.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccount {
    /// The marketplace's id, of `GET /marketplaces`.
    #[schema(example = "meesho")]
    marketplace: String,
    /// The seller's name for the account, 1 to 100 characters.
    #[schema(example = "Meesho, Surat")]
    name: String,
    /// The marketplace's fields, byte for byte as they were typed.
    #[schema(value_type = BTreeMap<String, String>,
        example = json!({"email": "seller@example.test", "password": "…"}))]
    credentials: BTreeMap<String, Typed>,
    /// Which of the login's marketplace sellers, when it owns several.
    #[schema(example = "4100001/ab1cd")]
    marketplace_seller: Option<String>,
    /// Where its parcels leave from, of `GET /warehouses`, where an account is one such place.
    #[schema(example = "w_5d41402abc4b2a76")]
    warehouse: Option<String>,
    /// Who looks after it at the marketplace, 1 to 100 characters.
    #[schema(example = "R. Iyer")]
    contact: Option<String>,
    /// The registration that becomes this account, of `GET /registrations`. Its warehouse and
    /// contact count where none are named here.
    #[schema(example = "r_5d41402abc4b2a76")]
    registration: Option<String>,
    /// How many days of past orders are read; 30 when left out.
    #[schema(minimum = 1, maximum = 90, example = 30)]
    back_fill_days: Option<u16>,
}

/// New credentials.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCredentials {
    /// The marketplace's fields, all of them, byte for byte as they were typed.
    #[schema(value_type = BTreeMap<String, String>,
        example = json!({"email": "seller@example.test", "password": "…"}))]
    credentials: BTreeMap<String, Typed>,
}

/// A one-time password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OneTimePassword {
    /// As the marketplace sent it.
    #[schema(value_type = String, example = "424242")]
    otp: Typed,
    /// Which of the login's marketplace sellers, when it owns several and none was named before.
    marketplace_seller: Option<String>,
}

/// An account, and the one-time password that it waits for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountAndOtp {
    account: AccountAnswer,
    /// Null when none is wanted.
    otp: Option<OtpWanted>,
    /// What looks wrong about the credentials and may be right all the same.
    warnings: Vec<String>,
}

/// Where a one-time password went, and where to send it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OtpWanted {
    /// Where the marketplace sent it, masked by the marketplace; null when it does not say.
    #[schema(example = "******0000")]
    sent_to: Option<String>,
    /// The path to POST it to.
    #[schema(example = "/accounts/a_5d41402abc4b2a76/otp")]
    answer_at: String,
}

impl OtpWanted {
    fn of(account: &AccountId, sent_to: Option<String>) -> Self {
        Self {
            sent_to,
            answer_at: format!("/accounts/{account}/otp"),
        }
    }
}

fn credentials(typed: BTreeMap<String, Typed>) -> Credentials {
    Credentials(
        typed
            .into_iter()
            .map(|(name, Typed(text))| (name, text))
            .collect(),
    )
}

/// Connect an account
///
/// Logs in at the marketplace first. If it refuses, nothing is stored and the problem says why.
#[utoipa::path(post, path = "/accounts", tag = "accounts", security(("token" = ["admin"])),
    request_body = NewAccount,
    responses(
        (status = 201, description = "Connected; its orders are being read", body = AccountAndOtp,
            headers(("Location" = String, description = "Path of the account"))),
        (status = 202, description = "Stored, and waits for a one-time password", body = AccountAndOtp,
            headers(("Location" = String, description = "Path of the account"))),
        (status = 502, description = "The marketplace's answer makes no sense",
            body = Told, content_type = "application/problem+json")))]
pub(crate) async fn connect(
    State(api): State<Api>,
    Admin(caller): Admin,
    Body(wanted): Body<NewAccount>,
) -> Result<Response, Problem> {
    let marketplace = wanted.marketplace.parse::<MarketplaceId>();
    let registration: Option<RegistrationId> = input::optional_id(wanted.registration)?;
    let applied = applied_for(&api, &caller, registration.as_ref()).await?;
    let warehouse = input::optional_id(wanted.warehouse)?;
    let contact = wanted.contact.map(input::name).transpose()?;
    let request = ConnectRequest {
        marketplace: marketplace.map_err(|error| BAD_INPUT.because(error.to_string()))?,
        name: input::name(wanted.name)?,
        credentials: credentials(wanted.credentials),
        marketplace_seller: wanted.marketplace_seller,
        warehouse: warehouse.or_else(|| applied.as_ref()?.warehouse.clone()),
        back_fill_days: wanted.back_fill_days,
        contact: contact.or_else(|| applied.as_ref()?.contact.clone()),
    };
    let connected = connect_account(&api.hub, api.queues(), &caller.seller, &request).await?;
    let account = connected.account;
    if let Some(id) = &registration {
        api.store().drop_registration(&caller.seller, id).await?;
    }
    let (status, otp) = match account.health {
        Health::Connected => (StatusCode::CREATED, None),
        Health::NeedsAttention(_) => {
            let otp = OtpWanted::of(&account.id, connected.otp_sent_to);
            (StatusCode::ACCEPTED, Some(otp))
        }
    };
    let place = [(LOCATION, format!("/accounts/{}", account.id))];
    let account = AccountAnswer::just_connected(account);
    let warnings = connected.doubts;
    let answer = AccountAndOtp {
        account,
        otp,
        warnings,
    };
    Ok((status, place, Json(answer)).into_response())
}

async fn applied_for(
    api: &Api,
    caller: &Caller,
    id: Option<&RegistrationId>,
) -> Result<Option<Registration>, Problem> {
    let Some(id) = id else {
        return Ok(None);
    };
    let applied = api.store().registration(&caller.seller, id).await?;
    let none = || BAD_INPUT.because(format!("there is no registration {id}"));
    applied.ok_or_else(none).map(Some)
}

/// Replace an account's credentials
///
/// They are tried at the marketplace and must lead to the same seller; only then they are stored.
/// All accounts of the same login get them, go on and catch up.
#[utoipa::path(put, path = "/accounts/{account}/credentials", tag = "accounts",
    params(("account" = String, Path, description = "The account's id", example = "a_5d41402abc4b2a76")),
    security(("token" = ["admin"])), request_body = NewCredentials,
    responses(
        (status = 200, description = "Replaced; the account catches up", body = AccountAndOtp),
        (status = 202, description = "Stored, and they wait for a one-time password", body = AccountAndOtp),
        (status = 502, description = "The marketplace's answer makes no sense",
            body = Told, content_type = "application/problem+json")))]
pub(crate) async fn replace_credentials(
    State(api): State<Api>,
    Admin(caller): Admin,
    Named(id): Named<AccountId>,
    Body(wanted): Body<NewCredentials>,
) -> Result<(StatusCode, Json<AccountAndOtp>), Problem> {
    let new = credentials(wanted.credentials);
    let changed = change_credentials(&api.hub, api.queues(), &caller.seller, &id, &new).await;
    let (status, otp) = match changed {
        Ok(()) => (StatusCode::OK, None),
        Err(CredentialsRefusal::OtpRequired(sent_to)) => {
            (StatusCode::ACCEPTED, Some(OtpWanted::of(&id, sent_to)))
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let Json(account) = now_of(&api, &caller, &id).await?;
    let answer = AccountAndOtp {
        account,
        otp,
        warnings: Vec::new(),
    };
    Ok((status, Json(answer)))
}

/// Answer a one-time password
///
/// Sent to the marketplace once. If it was wrong, the same challenge may be answered again.
#[utoipa::path(post, path = "/accounts/{account}/otp", tag = "accounts",
    params(("account" = String, Path, description = "The account's id", example = "a_5d41402abc4b2a76")),
    security(("token" = ["admin"])), request_body = OneTimePassword,
    responses(
        (status = 200, description = "Taken; the account goes on", body = AccountAnswer),
        (status = 502, description = "The marketplace's answer makes no sense",
            body = Told, content_type = "application/problem+json")))]
pub(crate) async fn answer_one_time_password(
    State(api): State<Api>,
    Admin(caller): Admin,
    Named(id): Named<AccountId>,
    Body(answer): Body<OneTimePassword>,
) -> Result<Json<AccountAnswer>, Problem> {
    let Typed(otp) = &answer.otp;
    let seller = answer.marketplace_seller.as_deref();
    answer_otp(&api.hub, api.queues(), &caller.seller, &id, otp, seller).await?;
    now_of(&api, &caller, &id).await
}
