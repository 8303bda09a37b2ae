//! Logging in, answering a challenge, and finding out whom a session may act for.

use haat_domain::{AttentionReason, Secret};
use haat_ports::{Challenge, Credentials, ErrorKind, MarketplaceError, MarketplaceSeller, Session};
use jiff::SignedDuration;
use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};

use super::Supplier;
use super::client::{Client, Operation};
use super::cookies::Cookies;
use super::errors::login_refusal;
use super::profile::OtpForm;
use super::wire::{
    Empty, IdentifierOnly, LoginRequest, LoginResult, OtpRequest, RegistrationStatus,
    SupplierDetails, SupplyData,
};
use crate::call::{Answer, Effect};
use crate::http::{Kind, repeatable};

const LOGIN: Operation = Operation {
    name: "meesho login",
    path: |paths| &paths.login,
    effect: Effect::None,
};
const VERIFY_LOGIN_OTP: Operation = Operation {
    name: "meesho verifyLoginOtp",
    path: |paths| &paths.verify_login_otp,
    effect: Effect::None,
};
const PREFETCH_SUPPLY_DATA: Operation = Operation {
    name: "meesho prefetchSupplyData",
    path: |paths| &paths.prefetch_supply_data,
    effect: Effect::None,
};
const FETCH_REGISTRATION_STATUS: Operation = Operation {
    name: "meesho fetchRegistrationStatus",
    path: |paths| &paths.fetch_registration_status,
    effect: Effect::None,
};
const GET_SUPPLIER_DETAILS: Operation = Operation {
    name: "meesho getSupplierDetails",
    path: |paths| &paths.get_supplier_details,
    effect: Effect::None,
};

/// A log-in is good only when these two came back; the status proves nothing.
const SESSION_COOKIES: [&str; 2] = [SESSION_COOKIE, IDENTIFIER_COOKIE];
/// The one that lets in whoever has it.
pub(super) const SESSION_COOKIE: &str = "connect.sid";
const IDENTIFIER_COOKIE: &str = "current_az_identifier";

/// What a challenge must remember until it is answered.
#[derive(Serialize, Deserialize)]
struct ChallengeKey {
    challenge_id: String,
    instance: String,
}

pub(super) async fn log_in(
    client: &Client,
    credentials: &Credentials,
) -> Result<Session, MarketplaceError> {
    let (email, password) = (credentials.field("email"), credentials.field("password"));
    let instance = format!("inst_{}", client.now().as_millisecond());
    let request = LoginRequest {
        email,
        password,
        device_id: email,
        instance: &instance,
    };
    let answer = client.post(&LOGIN, HeaderMap::new(), &request).await?;
    finish(client, &LOGIN, &answer, &instance, &[password, email])
}

pub(super) async fn answer_otp(
    client: &Client,
    credentials: &Credentials,
    challenge: &Challenge,
    otp: &Secret,
) -> Result<Session, MarketplaceError> {
    let (email, password) = (credentials.field("email"), credentials.field("password"));
    let key: ChallengeKey = serde_json::from_str(challenge.id.expose()).map_err(|_| {
        let said = "the stored challenge cannot be read: log in again for a new one";
        MarketplaceError::new(ErrorKind::Rejected, VERIFY_LOGIN_OTP.name, said)
    })?;
    let otp = otp.expose().trim();
    let request = OtpRequest {
        challenge_id: &key.challenge_id,
        otp,
        email,
        device_id: email,
        instance: &key.instance,
    };
    let sent = client.post(&VERIFY_LOGIN_OTP, HeaderMap::new(), &request);
    let answer = sent.await?;
    let secrets = [password, email, otp, key.challenge_id.as_str()];
    finish(client, &VERIFY_LOGIN_OTP, &answer, &key.instance, &secrets)
}

/// A session, a challenge, or what the refusal means.
fn finish(
    client: &Client,
    operation: &Operation,
    answer: &Answer,
    instance: &str,
    secrets: &[&str],
) -> Result<Session, MarketplaceError> {
    let cookies = Cookies::set_by(&answer.headers);
    let came = |name| cookies.get(name).is_some();
    if answer.status == 200 && SESSION_COOKIES.into_iter().all(came) {
        return session(client, operation, &cookies);
    }
    let body: LoginResult = match answer.kind {
        Kind::Json => serde_json::from_slice(&answer.body).unwrap_or_default(),
        Kind::Html | Kind::Pdf | Kind::Other => LoginResult::default(),
    };
    let success = body.success;
    let challenged = match client.profile.otp_challenge_form {
        OtpForm::BodyFlag => answer.status == 200 && body.otp_required == Some(true),
        OtpForm::Status403 => answer.status == 403 && body.challenge_id.is_some(),
    };
    if challenged {
        return Err(otp_required(operation, body, instance, secrets));
    }
    Err(login_refusal(operation.name, answer, success, secrets))
}

fn session(
    client: &Client,
    operation: &Operation,
    cookies: &Cookies,
) -> Result<Session, MarketplaceError> {
    let life = SignedDuration::from_hours(client.profile.session_hours.into());
    let expires_at = client.now().checked_add(life).map_err(|_| {
        let said = "the session's end lies beyond the calendar: correct session_hours";
        MarketplaceError::new(ErrorKind::Malformed, operation.name, said)
    })?;
    Ok(Session {
        secret: cookies.seal(),
        expires_at,
    })
}

fn otp_required(
    operation: &Operation,
    body: LoginResult,
    instance: &str,
    secrets: &[&str],
) -> MarketplaceError {
    let kind = ErrorKind::Attention(AttentionReason::OtpRequired);
    let wanted = MarketplaceError::new(kind, operation.name, "a one-time password is wanted");
    let key = body.challenge_id.map(|challenge_id| ChallengeKey {
        challenge_id,
        instance: instance.to_owned(),
    });
    let Some(id) = key.and_then(|key| serde_json::to_string(&key).ok()) else {
        let said = "a one-time password is wanted, but the answer names no challenge: sign in to \
                    the marketplace's own panel, then type the password again";
        return MarketplaceError::new(kind, operation.name, said);
    };
    let sent_to = body.masked_mobile.map(|text| repeatable(&text, secrets));
    MarketplaceError {
        challenge: Some(Box::new(Challenge {
            id: Secret::new(id),
            sent_to,
        })),
        ..wanted
    }
}

/// The supplier the session stands in comes first, then the others of the same log-in.
pub(super) async fn sellers(
    client: &Client,
    session: &Session,
) -> Result<Vec<MarketplaceSeller>, MarketplaceError> {
    let wrong = |operation: &Operation, said: &str| {
        MarketplaceError::new(ErrorKind::Malformed, operation.name, said)
    };
    let cookies = Cookies::of(session);
    let standing = cookies
        .as_ref()
        .and_then(|cookies| cookies.get(IDENTIFIER_COOKIE));
    let identifier = standing.ok_or_else(|| {
        let said = "the session has no cookie current_az_identifier";
        wrong(&PREFETCH_SUPPLY_DATA, said)
    })?;
    let request = IdentifierOnly { identifier };
    let sent = client.call_with(session, identifier, &PREFETCH_SUPPLY_DATA, &request);
    let own: SupplyData = sent.await?;
    let supplier = Supplier::new(own.supplier.supplier_id, &own.supplier.identifier);
    let supplier = supplier.ok_or_else(|| {
        let said = "supplier: its id and identifier cannot be right";
        wrong(&PREFETCH_SUPPLY_DATA, said)
    })?;
    let mut sellers = vec![MarketplaceSeller {
        key: supplier.to_string(),
        name: own.supplier.name,
    }];
    for other in others(client, session, &supplier).await? {
        let request = other.reference();
        let sent = client.call_with(session, &other.identifier, &GET_SUPPLIER_DETAILS, &request);
        let details: SupplierDetails = sent.await?;
        sellers.push(MarketplaceSeller {
            key: other.to_string(),
            name: details.supplier.name,
        });
    }
    Ok(sellers)
}

async fn others(
    client: &Client,
    session: &Session,
    own: &Supplier,
) -> Result<Vec<Supplier>, MarketplaceError> {
    let sent = client.call_with(
        session,
        &own.identifier,
        &FETCH_REGISTRATION_STATUS,
        &Empty {},
    );
    let status: RegistrationStatus = sent.await?;
    let token = status.decoded_token;
    let mut others = Vec::new();
    for identifier in &token.supplier_identifiers {
        let id = token.supplier_identifier_to_id_mapping.get(identifier);
        let supplier = id.and_then(|id| Supplier::new(*id, identifier));
        let Some(supplier) = supplier else {
            tracing::warn!("meesho: a supplier of this log-in has no usable id and is left out");
            continue;
        };
        if supplier.id != own.id && !others.contains(&supplier) {
            others.push(supplier);
        }
    }
    Ok(others)
}
