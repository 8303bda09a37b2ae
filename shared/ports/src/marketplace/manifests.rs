//! Handing parcels over with a manifest.

use async_trait::async_trait;
use haat_domain::{Awb, OrderNumber};

use super::{MarketplaceError, RefusedOrder};

/// A parcel on a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestParcel {
    /// The order.
    pub order: OrderNumber,
    /// Its AWB.
    pub awb: Awb,
    /// The number of the seller's invoice, where there is one.
    pub invoice: Option<String>,
}

/// A manifest that was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedManifest {
    /// The marketplace's key of it, by which its paper is fetched.
    pub id: Option<String>,
    /// The parcels that are not on it, and why.
    pub refused: Vec<RefusedOrder>,
}

/// Manifests that the marketplace makes.
#[async_trait]
pub trait Manifests: Send + Sync {
    /// Closes a manifest of one courier, with at most
    /// [`Limits::manifest`](super::Limits::manifest) parcels: they count as handed over.
    ///
    /// # Behavior
    /// - Never repeats itself; a lost answer is
    ///   [`ErrorKind::Ambiguous`](super::ErrorKind::Ambiguous): the orders tell whether it happened.
    async fn close(
        &self,
        courier: &str,
        parcels: &[ManifestParcel],
    ) -> Result<ClosedManifest, MarketplaceError>;

    /// The paper of a closed manifest: bytes that begin like a PDF and are no larger than the
    /// limit.
    async fn paper(&self, id: &str) -> Result<Vec<u8>, MarketplaceError>;
}
