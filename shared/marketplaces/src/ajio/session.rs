//! Logging in, and whom a session acts for.

use haat_domain::Secret;
use haat_ports::{Credentials, ErrorKind, MarketplaceError, MarketplaceSeller, Session};
use jiff::SignedDuration;
use reqwest::header::HeaderValue;
use serde::{Deserialize, Serialize};

use super::client::{Client, Operation};
use super::errors::login_refusal;
use super::profile::{AuthMethod, Outcome};
use super::wire::{AuthResult, CredentialsBody};
use crate::call::Answer;
use crate::fields::filled;
use crate::http::Kind;

pub(super) const GET_AUTH_TOKEN: Operation =
    Operation::reads("ajio getAuthToken", |profile| &profile.paths.auth_token);
const POST_AUTH_TOKEN: Operation =
    Operation::reads("ajio postAuthToken", |profile| &profile.paths.auth_token);

/// What a session consists of: no call tells whose token it is, so the POB is kept with it.
#[derive(Serialize, Deserialize)]
pub(super) struct Token {
    user: String,
    token: String,
}

impl Token {
    /// The token of a session that [`log_in`] made; nothing when it is not one.
    pub(super) fn of(session: &Session) -> Option<Self> {
        serde_json::from_str(session.secret.expose()).ok()
    }

    fn seal(&self) -> Option<Secret> {
        serde_json::to_string(self).ok().map(Secret::new)
    }

    pub(super) fn header(&self) -> Option<HeaderValue> {
        let mut header = HeaderValue::from_str(&self.token).ok()?;
        header.set_sensitive(true);
        Some(header)
    }

    pub(super) fn expose(&self) -> &str {
        &self.token
    }
}

/// The usual shape of a POB's user name; AJIO's partners call it typical, so others are possible.
pub(super) fn doubts(credentials: &Credentials) -> Vec<String> {
    let user = credentials.field("username");
    let rest = user.strip_prefix("DV");
    let usual = rest.is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    if usual {
        return Vec::new();
    }
    vec![
        "POB user names usually begin with DV, and letters or digits follow. If AJIO refuses this \
         one, look whether it is the portal's."
            .to_owned(),
    ]
}

/// Only dropship is served: the other models have other calls and other papers.
fn is_served(credentials: &Credentials) -> Result<(), String> {
    match credentials.field("model") {
        "" | "dropship" => Ok(()),
        "jit" => Err(
            "Haat serves AJIO's dropship model alone: JIT orders are packed against \
                      AJIO's own pick lists by another API"
                .to_owned(),
        ),
        "b2b" => Err(
            "Haat serves AJIO's dropship model alone: B2B accounts deliver bulk purchase \
                      orders to AJIO's warehouses"
                .to_owned(),
        ),
        _ => Err("the model is none of dropship, jit and b2b".to_owned()),
    }
}

pub(super) async fn log_in(
    client: &Client,
    credentials: &Credentials,
) -> Result<Session, MarketplaceError> {
    is_served(credentials).map_err(|why| GET_AUTH_TOKEN.error(ErrorKind::Rejected, why))?;
    let (username, password) = (credentials.field("username"), credentials.field("password"));
    let (operation, answer) = match client.profile.auth_method {
        AuthMethod::Get => {
            let query = [("username", username), ("password", password)];
            let sent = client.get_without_session(&GET_AUTH_TOKEN, &query);
            (&GET_AUTH_TOKEN, sent.await?)
        }
        AuthMethod::Post => {
            let body = CredentialsBody { username, password };
            let sent = client.post_without_session(&POST_AUTH_TOKEN, &body);
            (&POST_AUTH_TOKEN, sent.await?)
        }
    };
    match token(client, &answer) {
        Some(token) => session(client, operation, username, token),
        None => {
            // An answer may quote the address, where the password stands encoded.
            let encoded: String =
                url::form_urlencoded::byte_serialize(password.as_bytes()).collect();
            let rest = client.profile.throttled_seconds;
            Err(login_refusal(
                operation,
                rest,
                &answer,
                &[password, &encoded],
            ))
        }
    }
}

/// The token of a log-in that succeeded; whatever else came is none.
fn token(client: &Client, answer: &Answer) -> Option<String> {
    if !(200..=299).contains(&answer.status) || answer.kind != Kind::Json {
        return None;
    }
    let body: AuthResult = serde_json::from_slice(&answer.body).ok()?;
    let outcome = client.profile.outcome(&body.status?);
    filled(body.access_token).filter(|_| outcome == Some(Outcome::All))
}

fn session(
    client: &Client,
    operation: &Operation,
    user: &str,
    token: String,
) -> Result<Session, MarketplaceError> {
    let wrong = |said: &str| operation.error(ErrorKind::Malformed, said);
    let user = user.to_owned();
    let token = Token { user, token };
    if token.header().is_none() {
        return Err(wrong("accessToken: cannot be a header"));
    }
    let life = SignedDuration::from_secs(client.profile.login_again_at.into());
    let expires_at = client.now().checked_add(life);
    Ok(Session {
        secret: token
            .seal()
            .ok_or_else(|| wrong("the session cannot be kept"))?,
        expires_at: expires_at.map_err(|_| wrong("login_again_at: beyond the calendar"))?,
    })
}

/// The one POB that the session was opened for.
pub(super) fn sellers(session: &Session) -> Result<Vec<MarketplaceSeller>, MarketplaceError> {
    let token = Token::of(session).ok_or_else(|| {
        GET_AUTH_TOKEN.error(ErrorKind::Auth, "the stored session cannot be read")
    })?;
    Ok(vec![MarketplaceSeller {
        name: format!("POB {}", token.user),
        key: token.user,
    }])
}
