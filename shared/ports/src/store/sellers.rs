use async_trait::async_trait;
use haat_domain::{SellerId, Token, TokenId};
use jiff::Timestamp;

use super::StoreError;

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seller {
    /// Haat's id.
    pub id: SellerId,
    /// Name for people.
    pub name: String,
    /// Since when.
    pub created_at: Timestamp,
}

/// Tenants.
#[async_trait]
pub trait Sellers: Send + Sync {
    /// Creates a seller; [`StoreError::Conflict`] when the id is taken.
    async fn create_seller(&self, seller: &Seller) -> Result<(), StoreError>;

    /// A seller by id.
    async fn seller(&self, id: &SellerId) -> Result<Option<Seller>, StoreError>;
}

/// Tokens and console sessions, found by the SHA-256 of their text.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// Stores a token under its hash. Items past `expires_at` vanish by themselves.
    async fn put_token(&self, hash: &[u8; 32], token: &Token) -> Result<(), StoreError>;

    /// The token with this hash.
    async fn token(&self, hash: &[u8; 32]) -> Result<Option<Token>, StoreError>;

    /// A seller's tokens, newest first.
    async fn tokens(&self, seller: &SellerId) -> Result<Vec<Token>, StoreError>;

    /// Ends a token at once; `false` when there was none.
    async fn revoke(&self, seller: &SellerId, id: &TokenId) -> Result<bool, StoreError>;
}
