//! Where a seller's parcels leave from.

use haat_domain::{Address, Gstin, InvalidId, SellerId, Warehouse, WarehouseId};
use haat_ports::{Store, StoreError};
use sha2::{Digest, Sha256};

/// What a seller says of a warehouse. Bank details are nobody's business here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWarehouse {
    /// The seller's name for it.
    pub name: String,
    /// Where it is.
    pub address: Address,
    /// The GST registration that its invoices are made under.
    pub gstin: Gstin,
    /// How invoices of this place are made out, as it was told to the marketplace.
    pub invoice_format: Option<String>,
}

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum WarehouseRefusal {
    /// The seller has no such warehouse.
    #[error("there is no warehouse {0}")]
    NoSuchWarehouse(WarehouseId),
    /// The seller has one of that name.
    #[error("there is another warehouse of that name already: {0}")]
    NameTaken(WarehouseId),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An id could not be made.
    #[error(transparent)]
    Id(#[from] InvalidId),
}

/// Adds a warehouse. Said twice, it is one.
pub async fn add_warehouse(
    store: &dyn Store,
    seller: &SellerId,
    said: NewWarehouse,
) -> Result<Warehouse, WarehouseRefusal> {
    let mut hash = Sha256::new();
    hash.update(seller.as_str().as_bytes());
    hash.update([0]);
    hash.update(said.name.as_bytes());
    let digest: String = hex::encode(hash.finalize()).chars().take(16).collect();
    let id: WarehouseId = format!("w_{digest}").parse()?;
    if let Some(known) = store.warehouse(seller, &id).await? {
        return if says_of(&known) == said {
            Ok(known)
        } else {
            Err(WarehouseRefusal::NameTaken(id))
        };
    }
    write(store, seller, id, 0, said).await
}

fn says_of(known: &Warehouse) -> NewWarehouse {
    NewWarehouse {
        name: known.name.clone(),
        address: known.address.clone(),
        gstin: known.gstin.clone(),
        invoice_format: known.invoice_format.clone(),
    }
}

/// Changes what is said of a warehouse. Invoices that were made keep what they were made with.
pub async fn change_warehouse(
    store: &dyn Store,
    seller: &SellerId,
    id: &WarehouseId,
    said: NewWarehouse,
) -> Result<Warehouse, WarehouseRefusal> {
    let known = store.warehouse(seller, id).await?;
    let known = known.ok_or_else(|| WarehouseRefusal::NoSuchWarehouse(id.clone()))?;
    write(store, seller, known.id, known.version, said).await
}

async fn write(
    store: &dyn Store,
    seller: &SellerId,
    id: WarehouseId,
    version: u64,
    said: NewWarehouse,
) -> Result<Warehouse, WarehouseRefusal> {
    let mut warehouse = Warehouse {
        id,
        seller: seller.clone(),
        name: said.name,
        address: said.address,
        gstin: said.gstin,
        invoice_format: said.invoice_format,
        version,
    };
    store.put_warehouse(&warehouse).await?;
    warehouse.version = warehouse.version.saturating_add(1);
    Ok(warehouse)
}
