//! Handing over all that is ready: what a person asks for when the courier stands at the door.

use haat_domain::{AccountId, Action, Actor, SellerId, Stage};
use haat_ports::{Store, StoreError};
use jiff::Timestamp;

use crate::ask_waiting::ask_waiting;
use crate::write_order::WriteError;

/// Nothing was asked for.
#[derive(Debug, thiserror::Error)]
pub enum HandOverRefusal {
    /// The seller has no such account.
    #[error("there is no account {0}")]
    NoSuchAccount(AccountId),
    /// Its marketplace takes no manifests through Haat.
    #[error("the marketplace of account {0} takes no manifests through Haat")]
    NotOffered(AccountId),
    /// The table failed.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl From<StoreError> for HandOverRefusal {
    fn from(error: StoreError) -> Self {
        Self::Write(error.into())
    }
}

/// Asks for all orders of an account that are ready to ship to be handed over. Returns for how many
/// that is new; done again, it asks nobody twice.
pub async fn hand_over_all(
    store: &dyn Store,
    seller: &SellerId,
    id: &AccountId,
    by: &Actor,
    now: Timestamp,
) -> Result<usize, HandOverRefusal> {
    let account = store.account(seller, id).await?;
    let account = account.ok_or_else(|| HandOverRefusal::NoSuchAccount(id.clone()))?;
    if !account.terms.actions.contains(&Action::HandOver) {
        return Err(HandOverRefusal::NotOffered(id.clone()));
    }
    let place = (seller, id);
    Ok(ask_waiting(store, place, Stage::ReadyToShip, Action::HandOver, by, now).await?)
}
