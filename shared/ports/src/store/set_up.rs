use async_trait::async_trait;
use haat_domain::{AccountId, AccountTest, Registration, RegistrationId, SellerId};

use super::StoreError;

/// Accounts that were applied for.
#[async_trait]
pub trait Registrations: Send + Sync {
    /// What a seller waits for.
    async fn registrations(&self, seller: &SellerId) -> Result<Vec<Registration>, StoreError>;

    /// One of them.
    async fn registration(
        &self,
        seller: &SellerId,
        id: &RegistrationId,
    ) -> Result<Option<Registration>, StoreError>;

    /// Writes one over the version it was read with (0: it must not exist).
    async fn put_registration(&self, registration: &Registration) -> Result<(), StoreError>;

    /// Forgets one: its account is connected, or it came to nothing.
    async fn drop_registration(
        &self,
        seller: &SellerId,
        id: &RegistrationId,
    ) -> Result<(), StoreError>;
}

/// Tests of accounts.
#[async_trait]
pub trait AccountTests: Send + Sync {
    /// Keeps a test in place of the one before.
    async fn put_test(&self, test: &AccountTest) -> Result<(), StoreError>;

    /// An account's last test.
    async fn test_of(
        &self,
        seller: &SellerId,
        account: &AccountId,
    ) -> Result<Option<AccountTest>, StoreError>;
}
