use async_trait::async_trait;
use haat_domain::{Account, AccountId, LoginId, SellerId};
use jiff::Timestamp;

use super::{PollState, StoreError};
use crate::{Login, Sealed};

/// Accounts, logins and sessions.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Stores a newly connected account with its login and its place in a pack, all or nothing.
    ///
    /// # Behavior
    /// - A login that exists already (another account of the same credentials) is replaced when
    ///   `login.version` is the stored one.
    /// - [`StoreError::Conflict`] when the account exists, or any of them changed meanwhile.
    async fn connect_account(
        &self,
        account: &Account,
        login: &Login,
        poll: &PollState,
    ) -> Result<(), StoreError>;

    /// A seller's accounts, in the order they were connected.
    async fn accounts(&self, seller: &SellerId) -> Result<Vec<Account>, StoreError>;

    /// One account.
    async fn account(
        &self,
        seller: &SellerId,
        id: &AccountId,
    ) -> Result<Option<Account>, StoreError>;

    /// Writes an account over the version it was read with.
    async fn put_account(&self, account: &Account) -> Result<(), StoreError>;
}

/// Logins and their sessions, as those who call a marketplace need them.
#[async_trait]
pub trait Logins: Send + Sync {
    /// A login and its stored session, read in one go.
    async fn login(
        &self,
        seller: &SellerId,
        id: &LoginId,
    ) -> Result<Option<(Login, Option<Sealed>)>, StoreError>;

    /// Writes a login over the version it was read with.
    async fn put_login(&self, login: &Login) -> Result<(), StoreError>;

    /// Stores the login's session; it vanishes after `expires_at`.
    async fn put_session(
        &self,
        seller: &SellerId,
        id: &LoginId,
        session: &Sealed,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;
}
