//! What the hub does by itself when it ships for an account.

use haat_domain::{Account, AccountId, Action, Actor, CourierSettings, SellerId, Stage};
use haat_ports::{Store, StoreError};
use jiff::Timestamp;

use crate::ask_waiting::ask_waiting;
use crate::write_order::WriteError;

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CourierRefusal {
    /// The seller has no such account.
    #[error("there is no account {0}")]
    NoSuchAccount(AccountId),
    /// The table failed.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl From<StoreError> for CourierRefusal {
    fn from(error: StoreError) -> Self {
        Self::Write(error.into())
    }
}

/// Changes an account's courier settings. Switching `auto_label` on also asks for the labels of
/// the orders that wait for one.
pub async fn change_courier(
    store: &dyn Store,
    seller: &SellerId,
    id: &AccountId,
    courier: CourierSettings,
    by: Actor,
    now: Timestamp,
) -> Result<Account, CourierRefusal> {
    let found = store.account(seller, id).await?;
    let mut account = found.ok_or_else(|| CourierRefusal::NoSuchAccount(id.clone()))?;
    if account.courier != courier {
        account.courier = courier;
        store.put_account(&account).await?;
        account.version = account.version.saturating_add(1);
    }
    // Said again, it is done again: a first try may have been cut off.
    if courier.auto_label {
        let place = (seller, id);
        ask_waiting(store, place, Stage::Accepted, Action::Ship, &by, now).await?;
    }
    Ok(account)
}
