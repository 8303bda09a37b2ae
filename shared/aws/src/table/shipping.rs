//! What shipping needs beside orders: parcels, warehouses, invoice numbers, manifests.

use std::collections::BTreeMap;

use async_trait::async_trait;
use haat_domain::{
    AccountId, Address, Gstin, InvoiceSeries, Manifest, ManifestId, Order, OrderNumber, Parcel,
    SellerId, Sku, StoredPaper, Warehouse, WarehouseId,
};
use haat_ports::{InvoiceNumbers, ManifestStore, Page, Parcels, StoreError, Warehouses};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::item::{Item, KEPT_SECONDS, Stored, corrupt};
use super::parts::Part;
use super::{Table, keys, orders};

#[derive(Serialize, Deserialize)]
struct StoredWarehouse {
    name: String,
    address: Address,
    gstin: Gstin,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_format: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredSeries {
    given: u32,
}

#[derive(Serialize, Deserialize)]
struct StoredManifest {
    courier: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    orders: Vec<OrderNumber>,
    closed_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    paper: Option<StoredPaper>,
}

#[async_trait]
impl Parcels for Table {
    async fn parcels(
        &self,
        seller: &SellerId,
        skus: &[Sku],
    ) -> Result<BTreeMap<Sku, Parcel>, StoreError> {
        let what = format!("parcels of seller {seller}");
        let mut wanted: Vec<&Sku> = skus.iter().collect();
        wanted.sort();
        wanted.dedup();
        let wanted = wanted.into_iter().map(|sku| keys::parcel(seller, sku));
        let stored = self.batch_get::<Parcel>(&what, wanted.collect()).await?;
        stored.into_iter().map(|one| sized(&what, one)).collect()
    }

    async fn list_parcels(
        &self,
        seller: &SellerId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<(Sku, Parcel)>, StoreError> {
        let what = format!("parcels of seller {seller}");
        let part = Part {
            pk: keys::tenant(seller),
            prefix: keys::PARCELS.to_owned(),
            ascending: true,
        };
        let page = self.part::<Parcel>(&what, &part, cursor, limit).await?;
        let items = page.items.into_iter().map(|one| sized(&what, one));
        Ok(Page {
            items: items.collect::<Result<_, _>>()?,
            next: page.next,
        })
    }

    async fn put_parcel(
        &self,
        seller: &SellerId,
        sku: &Sku,
        parcel: &Parcel,
    ) -> Result<(), StoreError> {
        let what = format!("the parcel of SKU {sku} of seller {seller}");
        self.put(Item::new(what, keys::parcel(seller, sku), parcel)?)
            .await
    }
}

fn sized(what: &str, stored: Stored<Parcel>) -> Result<(Sku, Parcel), StoreError> {
    let sku = stored.sk.strip_prefix(keys::PARCELS).unwrap_or_default();
    let sku = sku.parse().map_err(|error| corrupt(what, error))?;
    Ok((sku, stored.body))
}

#[async_trait]
impl Warehouses for Table {
    async fn warehouses(&self, seller: &SellerId) -> Result<Vec<Warehouse>, StoreError> {
        let what = format!("the warehouses of seller {seller}");
        let pk = keys::tenant(seller);
        let stored = self.query::<StoredWarehouse>(&what, pk, keys::WAREHOUSES);
        let mut warehouses = Vec::new();
        for stored in stored.await? {
            let id = stored.sk.strip_prefix(keys::WAREHOUSES).unwrap_or_default();
            let id = id.parse().map_err(|error| corrupt(&what, error))?;
            warehouses.push(warehouse_of(seller, id, stored));
        }
        warehouses.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(warehouses)
    }

    async fn warehouse(
        &self,
        seller: &SellerId,
        id: &WarehouseId,
    ) -> Result<Option<Warehouse>, StoreError> {
        let what = format!("warehouse {id} of seller {seller}");
        let stored = self.get(&what, keys::warehouse(seller, id)).await?;
        Ok(stored.map(|stored| warehouse_of(seller, id.clone(), stored)))
    }

    async fn put_warehouse(&self, warehouse: &Warehouse) -> Result<(), StoreError> {
        let Warehouse { seller, id, .. } = warehouse;
        let what = format!("warehouse {id} of seller {seller}");
        let body = StoredWarehouse {
            name: warehouse.name.clone(),
            address: warehouse.address.clone(),
            gstin: warehouse.gstin.clone(),
            invoice_format: warehouse.invoice_format.clone(),
        };
        let item = Item::new(what, keys::warehouse(seller, id), &body)?;
        self.put(item.over(warehouse.version)).await
    }
}

fn warehouse_of(seller: &SellerId, id: WarehouseId, stored: Stored<StoredWarehouse>) -> Warehouse {
    Warehouse {
        id,
        seller: seller.clone(),
        name: stored.body.name,
        address: stored.body.address,
        gstin: stored.body.gstin,
        invoice_format: stored.body.invoice_format,
        version: stored.version,
    }
}

#[async_trait]
impl InvoiceNumbers for Table {
    async fn numbers_given(
        &self,
        seller: &SellerId,
        series: &InvoiceSeries,
    ) -> Result<u32, StoreError> {
        let what = format!("an invoice series of seller {seller}");
        let stored = self.get::<StoredSeries>(&what, keys::series(seller, series));
        Ok(stored.await?.map_or(0, |stored| stored.body.given))
    }

    async fn put_numbered(
        &self,
        order: &mut Order,
        series: &InvoiceSeries,
        given: u32,
    ) -> Result<(), StoreError> {
        let what = format!("the invoice number of order {}", order.id);
        let next = StoredSeries {
            given: given.saturating_add(1),
        };
        let key = keys::series(&order.seller, series);
        // Its version is the number of writes, which is the number of numbers.
        let series = Item::new(&what, key, &next)?.over(u64::from(given));
        let writes = vec![
            self.put_in_transaction(series)?,
            self.put_in_transaction(orders::item(order)?)?,
        ];
        self.transact(&what, writes).await?;
        order.version = order.version.saturating_add(1);
        Ok(())
    }
}

#[async_trait]
impl ManifestStore for Table {
    async fn put_manifest(&self, manifest: &mut Manifest) -> Result<(), StoreError> {
        let Manifest {
            seller,
            account,
            id,
            ..
        } = &*manifest;
        let what = format!("manifest {id} of account {account}");
        let body = StoredManifest {
            courier: manifest.courier.clone(),
            key: manifest.key.clone(),
            orders: manifest.orders.clone(),
            closed_at: manifest.closed_at,
            paper: manifest.paper.clone(),
        };
        let item = Item::new(what, keys::manifest(seller, account, id), &body)?;
        let until = manifest.closed_at.as_second().saturating_add(KEPT_SECONDS);
        self.put(item.over(manifest.version).until(until)).await?;
        manifest.version = manifest.version.saturating_add(1);
        Ok(())
    }

    async fn manifest(
        &self,
        seller: &SellerId,
        account: &AccountId,
        id: &ManifestId,
    ) -> Result<Option<Manifest>, StoreError> {
        let what = format!("manifest {id} of account {account}");
        let key = keys::manifest(seller, account, id);
        let stored = self.get(&what, key).await?;
        Ok(stored.map(|stored| manifest_of(seller, account, id.clone(), stored)))
    }

    async fn manifests(
        &self,
        seller: &SellerId,
        account: &AccountId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Manifest>, StoreError> {
        let what = format!("the manifests of account {account}");
        let part = Part {
            pk: keys::tenant(seller),
            prefix: keys::manifests_of(account),
            ascending: false,
        };
        let page = self.part(&what, &part, cursor, limit).await?;
        let mut items = Vec::new();
        for stored in page.items {
            let id = stored.sk.strip_prefix(&part.prefix).unwrap_or_default();
            let id = id.parse().map_err(|error| corrupt(&what, error))?;
            items.push(manifest_of(seller, account, id, stored));
        }
        Ok(Page {
            items,
            next: page.next,
        })
    }
}

fn manifest_of(
    seller: &SellerId,
    account: &AccountId,
    id: ManifestId,
    stored: Stored<StoredManifest>,
) -> Manifest {
    Manifest {
        id,
        seller: seller.clone(),
        account: account.clone(),
        courier: stored.body.courier,
        key: stored.body.key,
        orders: stored.body.orders,
        closed_at: stored.body.closed_at,
        paper: stored.body.paper,
        version: stored.version,
    }
}
