//! One login at a time, one session for all.
//!
//! The lease covers logging in only and outlives every function, so a lease that has run out
//! belongs to someone dead. A refused login is stopped before anything else happens, and a
//! stopped login is never used.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::lock::Mutex;
use haat_domain::{Attention, AttentionReason, LoginId, SellerId};
use haat_ports::{
    ErrorKind, Login, LoginState, Marketplace, MarketplaceError, Session, Sessions, Stop,
    StoreError,
};
use jiff::SignedDuration;

use crate::Hub;
use crate::login_secrets::{open_credentials, open_session, seal_challenge, seal_session};

/// The lease of a function that works in the background: longer than any function may run
/// (15 minutes is the cloud's own limit).
pub(crate) const LEASE: SignedDuration = SignedDuration::from_mins(16);
/// The lease of a request that a person waits for: longer than the 30 seconds in which the HTTP
/// API gives up on it, and short enough that a request that died does not lock him out.
pub(crate) const LEASE_OF_A_REQUEST: SignedDuration = SignedDuration::from_mins(1);
/// How long a marketplace that is in trouble is left alone when it does not say.
const REST: SignedDuration = SignedDuration::from_secs(60);
const LONGEST_REST: SignedDuration = SignedDuration::from_hours(1);
/// How often a refusal is written anew when others write as well, or the table does not answer.
const TRIES: u32 = 5;
pub(crate) const OPERATION: &str = "log in";

/// The sessions of one login, for one piece of work: the session is read once and then kept, so
/// that ten calls to the marketplace cost one read of the table. Accounts of the login that work
/// side by side wait for the one that logs in.
pub(crate) struct LoginSessions {
    hub: Hub,
    marketplace: Arc<dyn Marketplace>,
    seller: SellerId,
    login: LoginId,
    kept: Mutex<Option<Session>>,
}

impl LoginSessions {
    pub(crate) fn new(
        hub: &Hub,
        marketplace: &Arc<dyn Marketplace>,
        seller: &SellerId,
        login: &LoginId,
    ) -> Self {
        Self {
            hub: hub.clone(),
            marketplace: Arc::clone(marketplace),
            seller: seller.clone(),
            login: login.clone(),
            kept: Mutex::new(None),
        }
    }
}

#[async_trait]
impl Sessions for LoginSessions {
    async fn current(&self) -> Result<Session, MarketplaceError> {
        let mut kept = self.kept.lock().await;
        if let Some(session) = kept.as_ref() {
            return Ok(session.clone());
        }
        let (login, stored) = self.read().await?;
        let session = match stored {
            Some(session) => session,
            None => self.log_in(login).await?,
        };
        *kept = Some(session.clone());
        Ok(session)
    }

    async fn renew(&self, refused: &Session) -> Result<Session, MarketplaceError> {
        let mut kept = self.kept.lock().await;
        if let Some(session) = kept.as_ref()
            && session.secret != refused.secret
        {
            return Ok(session.clone());
        }
        let (login, stored) = self.read().await?;
        let session = match stored {
            Some(session) if session.secret != refused.secret => session,
            Some(_) | None => self.log_in(login).await?,
        };
        *kept = Some(session.clone());
        Ok(session)
    }
}

impl LoginSessions {
    async fn read(&self) -> Result<(Login, Option<Session>), MarketplaceError> {
        let now = self.hub.clock.now();
        let (login, sealed) = self
            .hub
            .store
            .login(&self.seller, &self.login)
            .await
            .map_err(from_store)?
            .ok_or_else(|| {
                MarketplaceError::new(ErrorKind::Rejected, OPERATION, "the login is not stored")
            })?;
        if let Some(Stop { attention, .. }) = login.stop(now) {
            let kind = ErrorKind::Attention(attention.reason);
            return Err(MarketplaceError::new(
                kind,
                OPERATION,
                attention.said.clone(),
            ));
        }
        if let Some(until) = login.rest_until
            && until > now
        {
            return Err(resting(until.duration_since(now)));
        }
        let session = match sealed {
            Some(sealed) => open_session(&self.hub, &login, &sealed).await?,
            None => None,
        };
        Ok((login, session.filter(|session| session.expires_at > now)))
    }

    async fn log_in(&self, mut login: Login) -> Result<Session, MarketplaceError> {
        take_lease(&self.hub, &mut login, LEASE).await?;
        let credentials = open_credentials(&self.hub, &login).await?;
        match self.marketplace.log_in(&credentials).await {
            Ok(session) => {
                keep_session(&self.hub, &mut login, &session).await?;
                Ok(session)
            }
            Err(mut error) => {
                settle_refusal(&self.hub, &mut login, &error).await?;
                // What it means for the login is written; whoever reports it adds nothing.
                error.operation = OPERATION;
                Err(error)
            }
        }
    }
}

/// Takes the lease to log in, or says that someone else has it.
pub(crate) async fn take_lease(
    hub: &Hub,
    login: &mut Login,
    lease: SignedDuration,
) -> Result<(), MarketplaceError> {
    let now = hub.clock.now();
    if matches!(login.state, LoginState::LoggingIn { until, .. } if until > now) {
        return Err(busy());
    }
    let before = login.stop(now).cloned();
    login.state = LoginState::LoggingIn {
        until: now.saturating_add(lease).unwrap_or(now),
        before,
    };
    put(hub, login).await
}

/// Stores a fresh session and opens the login for use.
pub(crate) async fn keep_session(
    hub: &Hub,
    login: &mut Login,
    session: &Session,
) -> Result<(), MarketplaceError> {
    let sealed = seal_session(hub, login, session).await?;
    hub.store
        .put_session(&login.seller, &login.id, &sealed, session.expires_at)
        .await
        .map_err(from_store)?;
    login.rest_until = None;
    end_lease(hub, login, LoginState::Ready).await
}

/// Ends what this one holds the login for, whatever rest others noted meanwhile. Who stopped the
/// login or took it over has the last word.
pub(crate) async fn end_lease(
    hub: &Hub,
    login: &mut Login,
    state: LoginState,
) -> Result<(), MarketplaceError> {
    let held = std::mem::replace(&mut login.state, state);
    for _try in 0..TRIES {
        match hub.store.put_login(login).await {
            Ok(()) => {
                login.version = login.version.saturating_add(1);
                return Ok(());
            }
            Err(StoreError::Conflict(_)) => match read(hub, login).await? {
                Some(stored) if stored.state == held => {
                    login.version = stored.version;
                    login.rest_until = stored.rest_until;
                }
                Some(_) | None => return Err(busy()),
            },
            Err(failed) => return Err(from_store(failed)),
        }
    }
    Err(busy())
}

async fn read(hub: &Hub, login: &Login) -> Result<Option<Login>, MarketplaceError> {
    let stored = hub.store.login(&login.seller, &login.id).await;
    Ok(stored.map_err(from_store)?.map(|(stored, _)| stored))
}

/// Records how a login failed: for good until a person acts, or for a while. An answer that is
/// neither yes nor no, nor mere trouble, is a no: nobody tries a password on a marketplace that does
/// not answer as it should.
pub(crate) async fn settle_refusal(
    hub: &Hub,
    login: &mut Login,
    error: &MarketplaceError,
) -> Result<(), MarketplaceError> {
    let now = hub.clock.now();
    let reason = match error.kind {
        ErrorKind::Attention(reason) => Some(reason),
        ErrorKind::Auth | ErrorKind::Rejected => Some(AttentionReason::LoginRefused),
        ErrorKind::NotFound | ErrorKind::Malformed => Some(AttentionReason::Blocked),
        ErrorKind::RateLimited
        | ErrorKind::Unavailable
        | ErrorKind::Ambiguous
        | ErrorKind::NotReady => None,
    };
    let rest_until = now.saturating_add(rest(error)).ok();
    let state = match reason {
        Some(reason) => stopped_in_any_case(hub, login, reason, error).await,
        None => LoginState::Ready,
    };
    let held = login.state.clone();
    let mut unwritten = busy();
    for _try in 0..TRIES {
        login.state = state.clone();
        if reason.is_none() {
            login.rest_until = rest_until;
        }
        match hub.store.put_login(login).await {
            // Someone noted a rest meanwhile; a refusal must not be lost to that.
            Err(StoreError::Conflict(_)) => match read(hub, login).await {
                // New credentials were stored: what became of the old ones is of no matter.
                Ok(Some(stored)) if stored.credentials != login.credentials => return Ok(()),
                // Trouble that passes ends no stop that was noted meanwhile.
                Ok(Some(stored)) if reason.is_none() && stored.state != held => return Ok(()),
                Ok(Some(stored)) => *login = stored,
                Ok(None) => return Err(busy()),
                Err(failed) => unwritten = failed,
            },
            Err(failed) => unwritten = from_store(failed),
            Ok(()) => {
                login.version = login.version.saturating_add(1);
                return Ok(());
            }
        }
    }
    Err(unwritten)
}

/// A login that was refused stops, even when its challenge cannot be kept: new credentials make a
/// new one.
async fn stopped_in_any_case(
    hub: &Hub,
    login: &Login,
    reason: AttentionReason,
    error: &MarketplaceError,
) -> LoginState {
    match stopped(hub, login, reason, error).await {
        Ok(state) => state,
        Err(failed) => {
            tracing::warn!(
                event = "login.challenge_lost",
                seller = %login.seller,
                login = %login.id,
                %failed,
                "the one-time password that is wanted cannot be answered; type the credentials anew"
            );
            let attention = attention(hub, reason, error);
            let challenge = None;
            LoginState::Stopped(Stop {
                attention,
                challenge,
            })
        }
    }
}

fn attention(hub: &Hub, reason: AttentionReason, error: &MarketplaceError) -> Attention {
    Attention {
        reason,
        since: hub.clock.now(),
        said: error.said.clone(),
    }
}

/// How long a marketplace wants to be left alone, an hour at most: what asks for more is no word
/// to hold back a day's orders for.
pub(crate) fn rest(error: &MarketplaceError) -> SignedDuration {
    error
        .retry_after
        .and_then(|wait| SignedDuration::try_from(wait).ok())
        .unwrap_or(REST)
        .min(LONGEST_REST)
}

/// The state of a login that a person must look at.
pub(crate) async fn stopped(
    hub: &Hub,
    login: &Login,
    reason: AttentionReason,
    error: &MarketplaceError,
) -> Result<LoginState, MarketplaceError> {
    let challenge = match &error.challenge {
        Some(challenge) => Some(seal_challenge(hub, login, challenge).await?),
        None => None,
    };
    let attention = attention(hub, reason, error);
    Ok(LoginState::Stopped(Stop {
        attention,
        challenge,
    }))
}

/// Writes a login and keeps its version in step.
async fn put(hub: &Hub, login: &mut Login) -> Result<(), MarketplaceError> {
    match hub.store.put_login(login).await {
        Ok(()) => {
            login.version = login.version.saturating_add(1);
            Ok(())
        }
        Err(StoreError::Conflict(_)) => Err(busy()),
        Err(error) => Err(from_store(error)),
    }
}

fn busy() -> MarketplaceError {
    let mut error = MarketplaceError::new(
        ErrorKind::Unavailable,
        OPERATION,
        "another part of the hub is logging in just now",
    );
    error.retry_after = Some(Duration::from_secs(15));
    error
}

fn resting(left: SignedDuration) -> MarketplaceError {
    let mut error = MarketplaceError::new(
        ErrorKind::RateLimited,
        OPERATION,
        "the marketplace asked to be left alone for a while",
    );
    error.retry_after = left.try_into().ok();
    error
}

pub(crate) fn from_store(error: StoreError) -> MarketplaceError {
    MarketplaceError::new(ErrorKind::Unavailable, OPERATION, error.to_string())
}
