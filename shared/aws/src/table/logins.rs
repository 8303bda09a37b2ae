use async_trait::async_trait;
use haat_domain::{Attention, LoginId, MarketplaceId, SellerId};
use haat_ports::{Login, LoginState, Logins, Sealed, Stop, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::item::{Item, Stored};
use super::{Table, keys};

#[derive(Serialize, Deserialize)]
struct StoredLogin {
    id: LoginId,
    marketplace: MarketplaceId,
    #[serde(with = "serde_bytes")]
    credentials: Vec<u8>,
    doing: Doing,
    #[serde(skip_serializing_if = "Option::is_none")]
    rest_until: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Doing {
    Ready,
    LoggingIn {
        until: Timestamp,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        before: Option<StoredStop>,
    },
    Stopped(StoredStop),
}

#[derive(Serialize, Deserialize)]
struct StoredStop {
    attention: Attention,
    #[serde(skip_serializing_if = "Option::is_none", with = "serde_bytes", default)]
    challenge: Option<Vec<u8>>,
}

impl From<&Stop> for StoredStop {
    fn from(stop: &Stop) -> Self {
        Self {
            attention: stop.attention.clone(),
            challenge: stop.challenge.as_ref().map(|sealed| sealed.0.clone()),
        }
    }
}

impl From<StoredStop> for Stop {
    fn from(stored: StoredStop) -> Self {
        Self {
            attention: stored.attention,
            challenge: stored.challenge.map(Sealed),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct StoredSession {
    #[serde(with = "serde_bytes")]
    session: Vec<u8>,
}

/// A login or its session: both are read in one go.
#[derive(Deserialize)]
#[serde(untagged)]
enum Either {
    Login(StoredLogin),
    Session(StoredSession),
}

pub(super) fn item(login: &Login) -> Result<Item, StoreError> {
    let body = StoredLogin {
        id: login.id.clone(),
        marketplace: login.marketplace.clone(),
        credentials: login.credentials.0.clone(),
        doing: match &login.state {
            LoginState::Ready => Doing::Ready,
            LoginState::LoggingIn { until, before } => Doing::LoggingIn {
                until: *until,
                before: before.as_ref().map(StoredStop::from),
            },
            LoginState::Stopped(stop) => Doing::Stopped(stop.into()),
        },
        rest_until: login.rest_until,
    };
    let what = format!("login {} of seller {}", login.id, login.seller);
    let item = Item::new(what, keys::login(&login.seller, &login.id), &body)?;
    Ok(item.over(login.version))
}

fn login_of(seller: &SellerId, body: StoredLogin, version: u64) -> Login {
    Login {
        id: body.id,
        seller: seller.clone(),
        marketplace: body.marketplace,
        credentials: Sealed(body.credentials),
        state: match body.doing {
            Doing::Ready => LoginState::Ready,
            Doing::LoggingIn { until, before } => LoginState::LoggingIn {
                until,
                before: before.map(Stop::from),
            },
            Doing::Stopped(stop) => LoginState::Stopped(stop.into()),
        },
        rest_until: body.rest_until,
        version,
    }
}

#[async_trait]
impl Logins for Table {
    async fn login(
        &self,
        seller: &SellerId,
        id: &LoginId,
    ) -> Result<Option<(Login, Option<Sealed>)>, StoreError> {
        let what = format!("login {id} of seller {seller}");
        let both = vec![keys::login(seller, id), keys::session(seller, id)];
        let mut login = None;
        let mut session = None;
        for Stored { body, version, .. } in self.batch_get::<Either>(&what, both).await? {
            match body {
                Either::Login(stored) => login = Some(login_of(seller, stored, version)),
                Either::Session(stored) => session = Some(Sealed(stored.session)),
            }
        }
        Ok(login.map(|login| (login, session)))
    }

    async fn put_login(&self, login: &Login) -> Result<(), StoreError> {
        self.put(item(login)?).await
    }

    async fn put_session(
        &self,
        seller: &SellerId,
        id: &LoginId,
        session: &Sealed,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let body = StoredSession {
            session: session.0.clone(),
        };
        let what = format!("the session of login {id} of seller {seller}");
        let item = Item::new(what, keys::session(seller, id), &body)?;
        self.put(item.until(expires_at.as_second())).await
    }
}
