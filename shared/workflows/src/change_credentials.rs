//! New credentials for an account that exists: tried live, checked to lead to the same
//! marketplace seller, and only then stored. Then everything catches up.

use haat_domain::{Account, AccountId, AttentionReason, SellerId};
use haat_ports::{
    Credentials, ErrorKind, Login, Marketplace, MarketplaceError, PollsQueue, QueueError, Session,
    ShipQueue, StoreError,
};

use crate::Hub;
use crate::account_trouble::{accounts_of, all_is_well, take_note};
use crate::credentials_form::{self, FormRefusal};
use crate::log_in::{LEASE_OF_A_REQUEST, end_lease, keep_session, stopped, take_lease};
use crate::login_secrets::seal_credentials;
use crate::resume::look_at;

/// Nothing was changed, unless a one-time password is wanted: then the new credentials wait for
/// it.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsRefusal {
    /// The seller has no such account.
    #[error("there is no account {0}")]
    NoSuchAccount(AccountId),
    /// A field of the form cannot be used.
    #[error(transparent)]
    Form(#[from] FormRefusal),
    /// The marketplace said no.
    #[error("{0}")]
    Marketplace(#[from] MarketplaceError),
    /// The credentials belong to someone else.
    #[error(
        "these credentials lead to another marketplace seller than account {0}; nothing was changed"
    )]
    OtherSeller(AccountId),
    /// The marketplace wants a one-time password; answer it for this account.
    #[error("the marketplace sent a one-time password{}; answer it to go on", sent(.0))]
    OtpRequired(Option<String>),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Changed, but the catching up could not be asked for; the account goes on needing attention
    /// until someone asks to go on.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

fn sent(to: &Option<String>) -> String {
    to.as_ref().map_or(String::new(), |to| format!(" to {to}"))
}

/// Changes the credentials behind an account, and with it of all accounts of that login.
pub async fn change_credentials(
    hub: &Hub,
    queues: (&dyn PollsQueue, &dyn ShipQueue),
    seller: &SellerId,
    account: &AccountId,
    credentials: &Credentials,
) -> Result<(), CredentialsRefusal> {
    let (account, mut login, marketplace) = find(hub, seller, account).await?;
    credentials_form::check(marketplace.descriptor(), credentials)?;
    let before = login.state.clone();
    take_lease(hub, &mut login, LEASE_OF_A_REQUEST).await?;
    let tried = try_out(hub, marketplace.as_ref(), &account, credentials).await;
    match tried {
        Ok(session) => {
            login.credentials = seal_credentials(hub, seller, &login.id, credentials).await?;
            keep_session(hub, &mut login, &session).await?;
            catch_up(hub, queues, seller, &login).await
        }
        Err(CredentialsRefusal::Marketplace(error))
            if error.kind == ErrorKind::Attention(AttentionReason::OtpRequired) =>
        {
            login.credentials = seal_credentials(hub, seller, &login.id, credentials).await?;
            let state = stopped(hub, &login, AttentionReason::OtpRequired, &error).await?;
            end_lease(hub, &mut login, state).await?;
            take_note(hub, seller, &account.id, &login.id, &error).await?;
            let sent_to = error.challenge.and_then(|challenge| challenge.sent_to);
            Err(CredentialsRefusal::OtpRequired(sent_to))
        }
        Err(refusal) => {
            // The old credentials are as good or bad as they were.
            end_lease(hub, &mut login, before).await?;
            Err(refusal)
        }
    }
}

async fn try_out(
    hub: &Hub,
    marketplace: &dyn Marketplace,
    account: &Account,
    credentials: &Credentials,
) -> Result<Session, CredentialsRefusal> {
    let session = marketplace.log_in(credentials).await?;
    let owned = marketplace.sellers(&session).await?;
    let accounts = hub.store.accounts(&account.seller).await?;
    let theirs = accounts
        .iter()
        .filter(|other| other.login == account.login && !other.marketplace_seller.is_empty());
    for other in theirs {
        if !owned
            .iter()
            .any(|seller| seller.key == other.marketplace_seller)
        {
            return Err(CredentialsRefusal::OtherSeller(other.id.clone()));
        }
    }
    Ok(session)
}

/// The account, its login and its marketplace.
pub(crate) async fn find(
    hub: &Hub,
    seller: &SellerId,
    id: &AccountId,
) -> Result<(Account, Login, std::sync::Arc<dyn Marketplace>), CredentialsRefusal> {
    let unknown = || CredentialsRefusal::NoSuchAccount(id.clone());
    let account = hub.store.account(seller, id).await?.ok_or_else(unknown)?;
    let (login, _) = hub
        .store
        .login(seller, &account.login)
        .await?
        .ok_or_else(unknown)?;
    let marketplace = hub.marketplaces.get(&account.marketplace).ok_or_else(|| {
        let said = format!("this deployment does not speak to {}", account.marketplace);
        MarketplaceError::new(ErrorKind::Rejected, "connect", said)
    })?;
    Ok((account, login, marketplace))
}

/// Polls the login's accounts, looks after their work and marks them as well.
pub(crate) async fn catch_up(
    hub: &Hub,
    queues: (&dyn PollsQueue, &dyn ShipQueue),
    seller: &SellerId,
    login: &Login,
) -> Result<(), CredentialsRefusal> {
    let accounts = accounts_of(hub.store.as_ref(), seller, &login.id).await?;
    look_at(queues, seller, &accounts).await?;
    Ok(all_is_well(hub.store.as_ref(), seller, &login.id).await?)
}
