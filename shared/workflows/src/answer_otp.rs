//! Answering a marketplace's one-time password.

use haat_domain::{AccountId, AttentionReason, InvalidId, Secret, SellerId};
use haat_ports::{
    ErrorKind, LoginState, MarketplaceError, PollsQueue, Sealed, ShipQueue, StoreError,
};

use crate::Hub;
use crate::change_credentials::{CredentialsRefusal, catch_up, find};
use crate::connect_account::{ConnectRefusal, pick, poll_state};
use crate::log_in::{keep_session, open_challenge, open_credentials, put, take_lease};

/// The answer was not taken.
#[derive(Debug, thiserror::Error)]
pub enum OtpRefusal {
    /// Nobody asked for a one-time password.
    #[error("account {0} does not wait for a one-time password")]
    NotAsked(AccountId),
    /// The marketplace said no; the same challenge may be answered again.
    #[error("the one-time password was not taken: {0}")]
    Wrong(MarketplaceError),
    /// The account's marketplace seller could not be settled.
    #[error(transparent)]
    Seller(#[from] ConnectRefusal),
    /// As when credentials change.
    #[error(transparent)]
    Credentials(#[from] CredentialsRefusal),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The marketplace failed.
    #[error(transparent)]
    Marketplace(#[from] MarketplaceError),
    /// An id could not be made.
    #[error(transparent)]
    Id(#[from] InvalidId),
}

/// Answers the challenge an account's login waits for, once. On success everything goes on.
pub async fn answer_otp(
    hub: &Hub,
    queues: (&dyn PollsQueue, &dyn ShipQueue),
    seller: &SellerId,
    account: &AccountId,
    otp: &Secret,
    marketplace_seller: Option<&str>,
) -> Result<(), OtpRefusal> {
    let (mut account, mut login, marketplace) = find(hub, seller, account).await?;
    let stopped = login.state.clone();
    let Some(challenge) = wanted(&stopped) else {
        return Err(OtpRefusal::NotAsked(account.id));
    };
    let challenge = open_challenge(hub, &login, challenge).await?;
    let credentials = open_credentials(hub, &login).await?;
    take_lease(hub, &mut login).await?;
    let session = match marketplace.answer_otp(&credentials, &challenge, otp).await {
        Ok(session) => session,
        Err(error) => {
            // The challenge stands: a person may type the password again.
            login.state = stopped;
            put(hub, &mut login).await?;
            let wrong = matches!(error.kind, ErrorKind::Attention(_));
            return Err(if wrong {
                OtpRefusal::Wrong(error)
            } else {
                OtpRefusal::Marketplace(error)
            });
        }
    };
    keep_session(hub, &mut login, &session).await?;
    let owned = marketplace.sellers(&session).await?;
    if account.marketplace_seller.is_empty() {
        account.marketplace_seller = pick(owned, marketplace_seller)?;
        hub.store.put_seen(&poll_state(&account)).await?;
        hub.store.put_account(&account).await?;
    } else if !owned
        .iter()
        .any(|seller| seller.key == account.marketplace_seller)
    {
        return Err(CredentialsRefusal::OtherSeller(account.id).into());
    }
    Ok(catch_up(hub, queues, seller, &login).await?)
}

fn wanted(state: &LoginState) -> Option<&Sealed> {
    match state {
        LoginState::Stopped {
            attention,
            challenge: Some(challenge),
        } if attention.reason == AttentionReason::OtpRequired => Some(challenge),
        LoginState::Stopped { .. } | LoginState::Ready | LoginState::LoggingIn { .. } => None,
    }
}
