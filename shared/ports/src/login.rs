//! Credentials, sessions and the state of a login.

use std::collections::BTreeMap;

use async_trait::async_trait;
use haat_domain::{Attention, LoginId, MarketplaceId, Secret, SellerId};
use jiff::Timestamp;

use crate::{MarketplaceError, Sealed};

/// What the seller typed into the marketplace's settings form: field name to text, byte for
/// byte. Its `Debug` shows the names alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials(pub BTreeMap<String, Secret>);

impl Credentials {
    /// The text of a field; empty when it was not typed.
    pub fn field(&self, name: &str) -> &str {
        self.0.get(name).map_or("", Secret::expose)
    }
}

/// A live session, in the connector's own form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Cookies or token; only the connector reads it.
    pub secret: Secret,
    /// When it ends for certain.
    pub expires_at: Timestamp,
}

/// A one-time password is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The marketplace's key of the challenge.
    pub id: Secret,
    /// Where the password was sent, masked by the marketplace.
    pub sent_to: Option<String>,
}

/// A marketplace seller that a login owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketplaceSeller {
    /// The connector's own key of it, stored with the account.
    pub key: String,
    /// Its name at the marketplace.
    pub name: String,
}

/// One set of credentials as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Haat's id: the same credentials' user name gives the same id.
    pub id: LoginId,
    /// The tenant.
    pub seller: SellerId,
    /// The marketplace.
    pub marketplace: MarketplaceId,
    /// The credentials, sealed.
    pub credentials: Sealed,
    /// What the login is doing.
    pub state: LoginState,
    /// No call before this time: the marketplace asked for a rest.
    pub rest_until: Option<Timestamp>,
    /// Counts the writes; a write against an older version is refused.
    pub version: u64,
}

/// What a login is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginState {
    /// It may be used.
    Ready,
    /// Someone is logging in. The lease outlives every function, so when it has run out that
    /// someone is dead.
    LoggingIn {
        /// End of the lease.
        until: Timestamp,
        /// What the login was stopped for before a person tried something new: it still is, should
        /// that someone be dead.
        before: Option<Stop>,
    },
    /// It must not be used until a person has done something.
    Stopped(Stop),
}

/// Why a login must not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Why and since when.
    pub attention: Attention,
    /// The challenge to answer, sealed, when a one-time password is wanted.
    pub challenge: Option<Sealed>,
}

impl Login {
    /// Why the login must not be used now, if so.
    pub fn stop(&self, now: Timestamp) -> Option<&Stop> {
        match &self.state {
            LoginState::Stopped(stop) => Some(stop),
            LoginState::LoggingIn { until, before } => before.as_ref().filter(|_| *until <= now),
            LoginState::Ready => None,
        }
    }
}

/// Where a connection gets its session from. One per login; shared by all its accounts.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// A session that is believed to be alive.
    ///
    /// # Behavior
    /// - Logs in when there is none; never when the login is stopped.
    /// - At most one log-in per login at a time, over all functions.
    async fn current(&self) -> Result<Session, MarketplaceError>;

    /// A session other than the one the marketplace just refused.
    ///
    /// # Behavior
    /// - Gives the stored one when someone has renewed it already, else logs in once.
    async fn renew(&self, refused: &Session) -> Result<Session, MarketplaceError>;
}
