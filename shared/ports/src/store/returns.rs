use async_trait::async_trait;
use haat_domain::{AccountId, Return, ReturnNumber, SellerId};

use super::{Page, StoreError};

/// What comes back.
#[async_trait]
pub trait ReturnStore: Send + Sync {
    /// Writes a return over the version it was read with (0: it must not exist) and raises its
    /// version by one.
    async fn put_return(&self, one: &mut Return) -> Result<(), StoreError>;

    /// The returns that exist among these, in any order.
    async fn returns(
        &self,
        seller: &SellerId,
        account: &AccountId,
        numbers: &[ReturnNumber],
    ) -> Result<Vec<Return>, StoreError>;

    /// A seller's returns, those that moved last first. It may lag a write by a moment.
    async fn list_returns(
        &self,
        seller: &SellerId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Return>, StoreError>;
}
