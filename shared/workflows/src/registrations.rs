//! Accounts that were applied for and wait for the marketplace's approval.

use haat_domain::{
    InvalidId, MarketplaceId, Registration, RegistrationId, SellerId, WarehouseId, ist,
};
use haat_ports::{Marketplaces, Store, StoreError};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use sha2::{Digest, Sha256};

/// When the hub reminds of an application of which nothing is said: approval takes days.
const REMIND_AFTER_DAYS: i64 = 3;

/// What was applied for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// The marketplace.
    pub marketplace: MarketplaceId,
    /// What the account is to be called.
    pub name: String,
    /// Where its parcels will leave from.
    pub warehouse: Option<WarehouseId>,
    /// Who at the marketplace hands out the credentials.
    pub contact: Option<String>,
    /// When it was applied for; today where nothing is said.
    pub applied_on: Option<Date>,
    /// When to ask after it; three days later where nothing is said.
    pub remind_on: Option<Date>,
}

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationRefusal {
    /// This deployment does not speak to it.
    #[error("there is no marketplace {0} in this deployment")]
    NoSuchMarketplace(MarketplaceId),
    /// The seller has no such warehouse.
    #[error("there is no warehouse {0}")]
    NoSuchWarehouse(WarehouseId),
    /// The reminder lies before the application.
    #[error("remind_on lies before applied_on")]
    Reminder,
    /// The seller has no such registration.
    #[error("there is no registration {0}")]
    NoSuchRegistration(RegistrationId),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An id could not be made.
    #[error(transparent)]
    Id(#[from] InvalidId),
}

/// Notes that an account was applied for. The same application noted again is one.
pub async fn register(
    store: &dyn Store,
    marketplaces: &dyn Marketplaces,
    seller: &SellerId,
    application: &Application,
    now: Timestamp,
) -> Result<Registration, RegistrationRefusal> {
    if marketplaces.get(&application.marketplace).is_none() {
        let unknown = application.marketplace.clone();
        return Err(RegistrationRefusal::NoSuchMarketplace(unknown));
    }
    let id = registration_id(seller, application)?;
    let known = store.registration(seller, &id).await?;
    let version = known.map_or(0, |known| known.version);
    write(store, seller, id, version, application, now).await
}

/// Changes what was noted: another reminder, the contact's name.
pub async fn change_registration(
    store: &dyn Store,
    seller: &SellerId,
    id: &RegistrationId,
    application: &Application,
    now: Timestamp,
) -> Result<Registration, RegistrationRefusal> {
    let known = store.registration(seller, id).await?;
    let known = known.ok_or_else(|| RegistrationRefusal::NoSuchRegistration(id.clone()))?;
    write(store, seller, id.clone(), known.version, application, now).await
}

async fn write(
    store: &dyn Store,
    seller: &SellerId,
    id: RegistrationId,
    version: u64,
    application: &Application,
    now: Timestamp,
) -> Result<Registration, RegistrationRefusal> {
    if let Some(warehouse) = &application.warehouse
        && store.warehouse(seller, warehouse).await?.is_none()
    {
        return Err(RegistrationRefusal::NoSuchWarehouse(warehouse.clone()));
    }
    let applied_on = application.applied_on.unwrap_or_else(|| ist(now).date());
    let later = applied_on.saturating_add(REMIND_AFTER_DAYS.days());
    let remind_on = application.remind_on.unwrap_or(later);
    if remind_on < applied_on {
        return Err(RegistrationRefusal::Reminder);
    }
    let mut registration = Registration {
        id,
        seller: seller.clone(),
        marketplace: application.marketplace.clone(),
        name: application.name.clone(),
        warehouse: application.warehouse.clone(),
        contact: application.contact.clone(),
        applied_on,
        remind_on,
        version,
    };
    store.put_registration(&registration).await?;
    registration.version = registration.version.saturating_add(1);
    Ok(registration)
}

/// Forgets an application that came to nothing.
pub async fn withdraw_registration(
    store: &dyn Store,
    seller: &SellerId,
    id: &RegistrationId,
) -> Result<(), RegistrationRefusal> {
    if store.registration(seller, id).await?.is_none() {
        return Err(RegistrationRefusal::NoSuchRegistration(id.clone()));
    }
    Ok(store.drop_registration(seller, id).await?)
}

fn registration_id(
    seller: &SellerId,
    application: &Application,
) -> Result<RegistrationId, InvalidId> {
    let mut hash = Sha256::new();
    for part in [
        seller.as_str(),
        application.marketplace.as_str(),
        &application.name,
    ] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digest: String = hex::encode(hash.finalize()).chars().take(16).collect();
    format!("r_{digest}").parse()
}
