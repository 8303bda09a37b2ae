//! What a marketplace's refusal means for the account: rest for a while, or stop and call the
//! seller.

use haat_domain::{Account, AccountId, Attention, Health, LoginId, SellerId};
use haat_ports::{ErrorKind, LoginState, MarketplaceError, Store, StoreError};
use jiff::SignedDuration;
use tracing::warn;

use crate::Hub;
use crate::log_in::{self, OPERATION, stopped};

/// Takes note of a marketplace error. Temporary trouble with a stated rest is stored on the
/// login, for every function to obey; trouble that only a person can end stops the login and
/// shows on the account.
pub(crate) async fn take_note(
    hub: &Hub,
    seller: &SellerId,
    account: &AccountId,
    login: &LoginId,
    error: &MarketplaceError,
) -> Result<(), StoreError> {
    match (error.kind, error.retry_after) {
        (ErrorKind::Attention(_), _) => stop(hub, seller, account, login, error).await,
        // Not the hub's own word that someone is logging in: that is nobody's wish for rest.
        (ErrorKind::RateLimited | ErrorKind::Unavailable, Some(_))
            if error.operation != OPERATION =>
        {
            rest(hub, seller, login, log_in::rest(error)).await
        }
        _ => Ok(()),
    }
}

async fn rest(
    hub: &Hub,
    seller: &SellerId,
    login: &LoginId,
    wait: SignedDuration,
) -> Result<(), StoreError> {
    let until = hub.clock.now().saturating_add(wait).ok();
    let Some((mut login, _)) = hub.store.login(seller, login).await? else {
        return Ok(());
    };
    if login.rest_until >= until {
        return Ok(());
    }
    login.rest_until = until;
    match hub.store.put_login(&login).await {
        // Whoever wrote meanwhile has news of his own; the next refusal says this again.
        Err(StoreError::Conflict(_)) => Ok(()),
        other => other,
    }
}

async fn stop(
    hub: &Hub,
    seller: &SellerId,
    account: &AccountId,
    login: &LoginId,
    error: &MarketplaceError,
) -> Result<(), StoreError> {
    let ErrorKind::Attention(reason) = error.kind else {
        return Ok(());
    };
    let Some((mut login, _)) = hub.store.login(seller, login).await? else {
        return Ok(());
    };
    let attention = match &login.state {
        LoginState::Stopped(stop) => stop.attention.clone(),
        // Refused credentials stay refused, whatever becomes of the new ones that are tried now.
        LoginState::LoggingIn {
            before: Some(stop), ..
        } if !stop.attention.reason.may_be_retried() => {
            let stop = stop.clone();
            let attention = stop.attention.clone();
            login.state = LoginState::Stopped(stop);
            hub.store.put_login(&login).await?;
            attention
        }
        // Our own word that the login is stopped; a person has started it again since.
        LoginState::Ready | LoginState::LoggingIn { .. } if error.operation == OPERATION => {
            return Ok(());
        }
        LoginState::Ready | LoginState::LoggingIn { .. } => {
            let since = hub.clock.now();
            login.state = match stopped(hub, &login, reason, error).await {
                Ok(state) => state,
                Err(failed) => {
                    let what = format!("login {}", login.id);
                    let reason = failed.to_string();
                    return Err(StoreError::Unavailable { what, reason });
                }
            };
            hub.store.put_login(&login).await?;
            Attention {
                reason,
                since,
                said: error.said.clone(),
            }
        }
    };
    show(hub, seller, account, attention).await
}

/// Shows the trouble on one account, once.
async fn show(
    hub: &Hub,
    seller: &SellerId,
    account: &AccountId,
    attention: Attention,
) -> Result<(), StoreError> {
    let Some(mut account) = hub.store.account(seller, account).await? else {
        return Ok(());
    };
    if matches!(&account.health, Health::NeedsAttention(known) if known.reason == attention.reason)
    {
        return Ok(());
    }
    warn!(
        event = "account.needs_attention",
        seller = %seller,
        account = %account.id,
        reason = ?attention.reason,
        "an account stands still until its seller acts"
    );
    account.health = Health::NeedsAttention(attention);
    hub.store.put_account(&account).await
}

/// The accounts of a login.
pub(crate) async fn accounts_of(
    store: &dyn Store,
    seller: &SellerId,
    login: &LoginId,
) -> Result<Vec<Account>, StoreError> {
    let mut accounts = store.accounts(seller).await?;
    accounts.retain(|account| account.login == *login);
    Ok(accounts)
}

/// Marks every account of a login as working again. That is the last thing to do: an account that
/// is marked tells nobody any more that its work was to be woken.
pub(crate) async fn all_is_well(
    store: &dyn Store,
    seller: &SellerId,
    login: &LoginId,
) -> Result<(), StoreError> {
    for mut account in accounts_of(store, seller, login).await? {
        if account.health != Health::Connected {
            account.health = Health::Connected;
            store.put_account(&account).await?;
        }
    }
    Ok(())
}
