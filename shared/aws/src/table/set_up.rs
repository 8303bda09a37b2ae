//! The way to an account: what was applied for, and what tests found.

use async_trait::async_trait;
use haat_domain::{
    AccountId, AccountTest, Finding, MarketplaceId, OrderNumber, Registration, RegistrationId,
    SellerId, WarehouseId,
};
use haat_ports::{AccountTests, Registrations, StoreError};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::item::{Item, Stored, corrupt, key_attributes};
use super::{Table, failed, keys};

#[derive(Serialize, Deserialize)]
struct StoredRegistration {
    marketplace: MarketplaceId,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    warehouse: Option<WarehouseId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<String>,
    applied_on: Date,
    remind_on: Date,
}

#[derive(Serialize, Deserialize)]
struct StoredTest {
    asked_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    done_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<OrderNumber>,
    found: Vec<Finding>,
}

fn registration_of(
    seller: &SellerId,
    id: RegistrationId,
    stored: Stored<StoredRegistration>,
) -> Registration {
    Registration {
        id,
        seller: seller.clone(),
        marketplace: stored.body.marketplace,
        name: stored.body.name,
        warehouse: stored.body.warehouse,
        contact: stored.body.contact,
        applied_on: stored.body.applied_on,
        remind_on: stored.body.remind_on,
        version: stored.version,
    }
}

#[async_trait]
impl Registrations for Table {
    async fn registrations(&self, seller: &SellerId) -> Result<Vec<Registration>, StoreError> {
        let what = format!("what seller {seller} applied for");
        let pk = keys::tenant(seller);
        let stored = self.query::<StoredRegistration>(&what, pk, keys::REGISTRATIONS);
        let mut registrations = Vec::new();
        for stored in stored.await? {
            let id = stored.sk.strip_prefix(keys::REGISTRATIONS);
            let id = id.unwrap_or_default().parse();
            let id = id.map_err(|error| corrupt(&what, error))?;
            registrations.push(registration_of(seller, id, stored));
        }
        registrations.sort_by_key(|registration| registration.remind_on);
        Ok(registrations)
    }

    async fn registration(
        &self,
        seller: &SellerId,
        id: &RegistrationId,
    ) -> Result<Option<Registration>, StoreError> {
        let what = format!("registration {id} of seller {seller}");
        let stored = self.get(&what, keys::registration(seller, id)).await?;
        Ok(stored.map(|stored| registration_of(seller, id.clone(), stored)))
    }

    async fn put_registration(&self, registration: &Registration) -> Result<(), StoreError> {
        let Registration { seller, id, .. } = registration;
        let what = format!("registration {id} of seller {seller}");
        let body = StoredRegistration {
            marketplace: registration.marketplace.clone(),
            name: registration.name.clone(),
            warehouse: registration.warehouse.clone(),
            contact: registration.contact.clone(),
            applied_on: registration.applied_on,
            remind_on: registration.remind_on,
        };
        let item = Item::new(what, keys::registration(seller, id), &body)?;
        self.put(item.over(registration.version)).await
    }

    async fn drop_registration(
        &self,
        seller: &SellerId,
        id: &RegistrationId,
    ) -> Result<(), StoreError> {
        let what = format!("registration {id} of seller {seller}");
        let request = self.client.delete_item().table_name(&self.name);
        let request = request.set_key(Some(key_attributes(keys::registration(seller, id))));
        let answer = request.send().await;
        answer.map_err(|error| failed(&what, &error))?;
        Ok(())
    }
}

#[async_trait]
impl AccountTests for Table {
    async fn put_test(&self, test: &AccountTest) -> Result<(), StoreError> {
        let AccountTest {
            seller, account, ..
        } = test;
        let what = format!("the test of account {account}");
        let body = StoredTest {
            asked_at: test.asked_at,
            done_at: test.done_at,
            order: test.order.clone(),
            found: test.found.clone(),
        };
        self.put(Item::new(what, keys::test(seller, account), &body)?)
            .await
    }

    async fn test_of(
        &self,
        seller: &SellerId,
        account: &AccountId,
    ) -> Result<Option<AccountTest>, StoreError> {
        let what = format!("the test of account {account}");
        let stored = self.get::<StoredTest>(&what, keys::test(seller, account));
        Ok(stored.await?.map(|stored| AccountTest {
            seller: seller.clone(),
            account: account.clone(),
            asked_at: stored.body.asked_at,
            done_at: stored.body.done_at,
            order: stored.body.order,
            found: stored.body.found,
        }))
    }
}
