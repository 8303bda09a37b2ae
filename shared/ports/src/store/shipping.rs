use std::collections::BTreeMap;

use async_trait::async_trait;
use haat_domain::{
    AccountId, InvoiceSeries, Manifest, ManifestId, Order, Parcel, SellerId, Sku, Warehouse,
    WarehouseId,
};

use super::{Page, StoreError};

/// Weight and size of a seller's products.
#[async_trait]
pub trait Parcels: Send + Sync {
    /// The parcels of one piece of these products, as far as they are known.
    async fn parcels(
        &self,
        seller: &SellerId,
        skus: &[Sku],
    ) -> Result<BTreeMap<Sku, Parcel>, StoreError>;

    /// What the seller has set, by SKU.
    async fn list_parcels(
        &self,
        seller: &SellerId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<(Sku, Parcel)>, StoreError>;

    /// Sets the parcel of one piece; the last write wins.
    async fn put_parcel(
        &self,
        seller: &SellerId,
        sku: &Sku,
        parcel: &Parcel,
    ) -> Result<(), StoreError>;
}

/// Where parcels leave from.
#[async_trait]
pub trait Warehouses: Send + Sync {
    /// A seller's warehouses, by name.
    async fn warehouses(&self, seller: &SellerId) -> Result<Vec<Warehouse>, StoreError>;

    /// One of them.
    async fn warehouse(
        &self,
        seller: &SellerId,
        id: &WarehouseId,
    ) -> Result<Option<Warehouse>, StoreError>;

    /// Writes one over the version it was read with (0: it must not exist).
    async fn put_warehouse(&self, warehouse: &Warehouse) -> Result<(), StoreError>;
}

/// Series of invoice numbers.
#[async_trait]
pub trait InvoiceNumbers: Send + Sync {
    /// How many numbers of a series are given.
    async fn numbers_given(
        &self,
        seller: &SellerId,
        series: &InvoiceSeries,
    ) -> Result<u32, StoreError>;

    /// Writes an order over the version it was read with and counts its number, the one after
    /// `given`, as given.
    ///
    /// # Behavior
    /// - Both happen or neither: a series has no gap, and no number is given twice.
    /// - [`StoreError::Conflict`] when another number was given, or the order written, meanwhile.
    async fn put_numbered(
        &self,
        order: &mut Order,
        series: &InvoiceSeries,
        given: u32,
    ) -> Result<(), StoreError>;
}

/// Closed manifests.
#[async_trait]
pub trait ManifestStore: Send + Sync {
    /// Writes one over the version it was read with (0: it must not exist) and raises
    /// `manifest.version` by one.
    async fn put_manifest(&self, manifest: &mut Manifest) -> Result<(), StoreError>;

    /// One of them.
    async fn manifest(
        &self,
        seller: &SellerId,
        account: &AccountId,
        id: &ManifestId,
    ) -> Result<Option<Manifest>, StoreError>;

    /// An account's manifests, the latest first.
    async fn manifests(
        &self,
        seller: &SellerId,
        account: &AccountId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Manifest>, StoreError>;
}
