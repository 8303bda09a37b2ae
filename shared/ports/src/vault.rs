use async_trait::async_trait;
use haat_domain::{Secret, SellerId};

/// Text encrypted for one seller and one place; useless anywhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);

/// Sealing or opening failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The key service did not answer; try again later.
    #[error("the key of seller {seller} could not be used: {reason}")]
    Unavailable {
        /// Whose key.
        seller: SellerId,
        /// What the service said.
        reason: String,
    },
    /// The sealed text was altered, or belongs to another seller or place.
    #[error(
        "what is sealed as {place} of seller {seller} cannot be opened; it was altered or moved"
    )]
    Broken {
        /// Whose text.
        seller: SellerId,
        /// The place it was sealed for.
        place: String,
    },
}

/// Envelope encryption with one data key per seller.
#[async_trait]
pub trait Vault: Send + Sync {
    /// Encrypts a text for a seller and a place (as in `login/l_1/credentials`).
    ///
    /// # Behavior
    /// - The same text sealed twice gives different bytes.
    /// - It opens only with the same seller and the same place.
    async fn seal(
        &self,
        seller: &SellerId,
        place: &str,
        text: &Secret,
    ) -> Result<Sealed, VaultError>;

    /// Decrypts what was sealed for this seller and place.
    async fn open(
        &self,
        seller: &SellerId,
        place: &str,
        sealed: &Sealed,
    ) -> Result<Secret, VaultError>;
}
