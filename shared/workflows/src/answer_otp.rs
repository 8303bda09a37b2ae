//! Answering a marketplace's one-time password.

use haat_domain::{Account, AccountId, AttentionReason, InvalidId, Secret, SellerId};
use haat_ports::{
    ErrorKind, Login, LoginState, Marketplace, MarketplaceError, MarketplaceSeller, PollsQueue,
    Sealed, Session, Sessions as _, ShipQueue, StoreError,
};
use jiff::Timestamp;

use crate::Hub;
use crate::account_trouble::take_note;
use crate::back_fill::first_state;
use crate::change_credentials::{CredentialsRefusal, catch_up, find};
use crate::connect_account::{ConnectRefusal, pick};
use crate::log_in::{LEASE_OF_A_REQUEST, LoginSessions, end_lease, keep_session, take_lease};
use crate::login_secrets::{open_challenge, open_credentials};

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
///
/// When the login turns out to own several marketplace sellers and none was named, the answer is
/// [`ConnectRefusal::ChooseSeller`]; called once more with a name, the login's session serves, for
/// no challenge can be answered twice.
pub async fn answer_otp(
    hub: &Hub,
    queues: (&dyn PollsQueue, &dyn ShipQueue),
    seller: &SellerId,
    account: &AccountId,
    otp: &Secret,
    marketplace_seller: Option<&str>,
) -> Result<(), OtpRefusal> {
    let (mut account, mut login, marketplace) = find(hub, seller, account).await?;
    let session = match (&login.state, wanted(&login, hub.clock.now())) {
        (_, Some(challenge)) => {
            answer(hub, marketplace.as_ref(), &mut login, &challenge, otp).await?
        }
        (LoginState::Ready, None) if account.marketplace_seller.is_empty() => {
            let sessions = LoginSessions::new(hub, &marketplace, seller, &login.id);
            sessions.current().await?
        }
        (_, None) => return Err(OtpRefusal::NotAsked(account.id)),
    };
    let owned = marketplace.sellers(&session).await?;
    if account.marketplace_seller.is_empty() {
        account.marketplace_seller = choose(hub, &account, owned, marketplace_seller).await?;
        hub.store
            .put_seen(&first_state(hub, &account, None)?)
            .await?;
        hub.store.put_account(&account).await?;
    } else if !owned
        .iter()
        .any(|seller| seller.key == account.marketplace_seller)
    {
        return Err(other_seller(hub, account).await?);
    }
    Ok(catch_up(hub, queues, seller, &login).await?)
}

/// The login leads to somebody else now: it must not be used for this account.
async fn other_seller(hub: &Hub, account: Account) -> Result<OtpRefusal, StoreError> {
    let reason = ErrorKind::Attention(AttentionReason::OtherSeller);
    let said = "after the one-time password the login led to another marketplace seller";
    let error = MarketplaceError::new(reason, "answer the one-time password", said);
    take_note(hub, &account.seller, &account.id, &account.login, &error).await?;
    Ok(CredentialsRefusal::OtherSeller(account.id).into())
}

async fn answer(
    hub: &Hub,
    marketplace: &dyn Marketplace,
    login: &mut Login,
    challenge: &Sealed,
    otp: &Secret,
) -> Result<Session, OtpRefusal> {
    let stopped = login.state.clone();
    let challenge = open_challenge(hub, login, challenge).await?;
    let credentials = open_credentials(hub, login).await?;
    take_lease(hub, login, LEASE_OF_A_REQUEST).await?;
    match marketplace.answer_otp(&credentials, &challenge, otp).await {
        Ok(session) => {
            keep_session(hub, login, &session).await?;
            Ok(session)
        }
        Err(error) => {
            // The challenge stands: a person may type the password again.
            end_lease(hub, login, stopped).await?;
            let wrong = matches!(error.kind, ErrorKind::Attention(_));
            Err(if wrong {
                OtpRefusal::Wrong(error)
            } else {
                OtpRefusal::Marketplace(error)
            })
        }
    }
}

/// The marketplace seller the account is for; one that has an account already is refused.
async fn choose(
    hub: &Hub,
    account: &Account,
    owned: Vec<MarketplaceSeller>,
    named: Option<&str>,
) -> Result<String, OtpRefusal> {
    let key = pick(owned, named)?;
    let accounts = hub.store.accounts(&account.seller).await?;
    let mut others = accounts.into_iter().filter(|other| other.id != account.id);
    match others.find(|other| other.login == account.login && other.marketplace_seller == key) {
        Some(twin) => Err(ConnectRefusal::ConnectedAlready(twin.id).into()),
        None => Ok(key),
    }
}

fn wanted(login: &Login, now: Timestamp) -> Option<Sealed> {
    let stop = login.stop(now)?;
    let asked = stop.attention.reason == AttentionReason::OtpRequired;
    stop.challenge.clone().filter(|_| asked)
}
