//! A login's secrets, sealed into the table and opened again: credentials, session, challenge.

use std::collections::BTreeMap;

use haat_domain::{LoginId, Secret, SellerId};
use haat_ports::{
    Challenge, Credentials, ErrorKind, Login, MarketplaceError, Sealed, Session, VaultError,
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Hub;
use crate::log_in::OPERATION;

#[derive(Serialize, Deserialize)]
struct StoredSession {
    secret: String,
    expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct StoredChallenge {
    id: String,
    sent_to: Option<String>,
}

/// The challenge that a stopped login waits for an answer to.
pub(crate) async fn open_challenge(
    hub: &Hub,
    login: &Login,
    sealed: &Sealed,
) -> Result<Challenge, MarketplaceError> {
    let stored: StoredChallenge = open_json(hub, login, "challenge", sealed).await?;
    Ok(Challenge {
        id: Secret::new(stored.id),
        sent_to: stored.sent_to,
    })
}

/// The credentials of a login, opened.
pub(crate) async fn open_credentials(
    hub: &Hub,
    login: &Login,
) -> Result<Credentials, MarketplaceError> {
    let fields: BTreeMap<String, String> =
        open_json(hub, login, "credentials", &login.credentials).await?;
    Ok(Credentials(
        fields
            .into_iter()
            .map(|(name, text)| (name, Secret::new(text)))
            .collect(),
    ))
}

/// Credentials sealed for a login.
pub(crate) async fn seal_credentials(
    hub: &Hub,
    seller: &SellerId,
    login: &LoginId,
    credentials: &Credentials,
) -> Result<Sealed, MarketplaceError> {
    let fields: BTreeMap<&str, &str> = credentials
        .0
        .iter()
        .map(|(name, text)| (name.as_str(), text.expose()))
        .collect();
    let json = serde_json::to_string(&fields).map_err(|error| unreadable(&error))?;
    hub.vault
        .seal(seller, &place(login, "credentials"), &Secret::new(json))
        .await
        .map_err(from_vault)
}

/// The stored session of a login, opened. One that cannot be opened or read is none: the next
/// log-in replaces it.
pub(crate) async fn open_session(
    hub: &Hub,
    login: &Login,
    sealed: &Sealed,
) -> Result<Option<Session>, MarketplaceError> {
    let place = place(&login.id, "session");
    let json = match hub.vault.open(&login.seller, &place, sealed).await {
        Ok(json) => json,
        Err(VaultError::Broken { .. }) => return Ok(unusable(login)),
        Err(error @ VaultError::Unavailable { .. }) => return Err(from_vault(error)),
    };
    let Ok(stored) = serde_json::from_str::<StoredSession>(json.expose()) else {
        return Ok(unusable(login));
    };
    Ok(Some(Session {
        secret: Secret::new(stored.secret),
        expires_at: stored.expires_at,
    }))
}

fn unusable(login: &Login) -> Option<Session> {
    tracing::warn!(
        event = "login.session_unreadable",
        seller = %login.seller,
        login = %login.id,
        "the stored session cannot be opened; the hub logs in anew"
    );
    None
}

async fn seal_json<T: Serialize>(
    hub: &Hub,
    login: &Login,
    what: &str,
    value: &T,
) -> Result<Sealed, MarketplaceError> {
    let json = serde_json::to_string(value).map_err(|error| unreadable(&error))?;
    hub.vault
        .seal(&login.seller, &place(&login.id, what), &Secret::new(json))
        .await
        .map_err(from_vault)
}

async fn open_json<T: DeserializeOwned>(
    hub: &Hub,
    login: &Login,
    what: &str,
    sealed: &Sealed,
) -> Result<T, MarketplaceError> {
    let json = hub
        .vault
        .open(&login.seller, &place(&login.id, what), sealed)
        .await
        .map_err(from_vault)?;
    serde_json::from_str(json.expose()).map_err(|error| unreadable(&error))
}

fn place(login: &LoginId, what: &str) -> String {
    format!("login/{login}/{what}")
}

/// A session sealed for a login.
pub(crate) async fn seal_session(
    hub: &Hub,
    login: &Login,
    session: &Session,
) -> Result<Sealed, MarketplaceError> {
    let stored = StoredSession {
        secret: session.secret.expose().to_owned(),
        expires_at: session.expires_at,
    };
    seal_json(hub, login, "session", &stored).await
}

/// A challenge sealed for a login.
pub(crate) async fn seal_challenge(
    hub: &Hub,
    login: &Login,
    challenge: &Challenge,
) -> Result<Sealed, MarketplaceError> {
    let stored = StoredChallenge {
        id: challenge.id.expose().to_owned(),
        sent_to: challenge.sent_to.clone(),
    };
    seal_json(hub, login, "challenge", &stored).await
}

fn from_vault(error: VaultError) -> MarketplaceError {
    MarketplaceError::new(ErrorKind::Unavailable, OPERATION, error.to_string())
}

fn unreadable(error: &serde_json::Error) -> MarketplaceError {
    // serde_json's text may quote the value, which is a secret here.
    let said = format!(
        "what is stored for the login is not readable (line {})",
        error.line()
    );
    MarketplaceError::new(ErrorKind::Rejected, OPERATION, said)
}
