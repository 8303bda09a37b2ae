//! A manifest: the parcels of one account that one courier took along together.

use jiff::Timestamp;

use crate::{AccountId, ManifestId, OrderNumber, SellerId, StoredPaper};

/// A manifest that was closed at its marketplace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Haat's id of it.
    pub id: ManifestId,
    /// The tenant.
    pub seller: SellerId,
    /// The account.
    pub account: AccountId,
    /// Who took the parcels.
    pub courier: String,
    /// The marketplace's key of it; `None` where the answer that named it was lost, and the
    /// paper can be had in the marketplace's own panel alone.
    pub key: Option<String>,
    /// The orders on it.
    pub orders: Vec<OrderNumber>,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// Its paper, once it is stored.
    pub paper: Option<StoredPaper>,
    /// Counts the writes; a write against an older version is refused.
    pub version: u64,
}
