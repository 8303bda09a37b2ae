//! What a seller sets for an account.

use haat_domain::{
    Account, AccountId, Action, Actor, InvalidId, SellerId, SeriesPrefix, Stage, WarehouseId,
};
use haat_ports::{PollState, Store, StoreError};
use jiff::Timestamp;

use crate::ask_waiting::ask_waiting;
use crate::connect_account::choose_pack;
use crate::write_order::WriteError;

/// What is to change; what is `None` stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SettingsChange {
    /// The seller's name for the account.
    pub name: Option<String>,
    /// Minutes between two order polls, 1 to 60.
    pub orders_every_minutes: Option<u8>,
    /// Whether new orders are accepted without asking. Switching it on also accepts those that
    /// wait.
    pub auto_accept: Option<bool>,
    /// How many minutes an order is old before the hub accepts it by itself, 0 to 360.
    pub accept_after_minutes: Option<u16>,
    /// The seller's own series of invoices to the marketplace; `Some(None)`: the marketplace numbers
    /// them.
    pub invoice_series: Option<Option<SeriesPrefix>>,
    /// Where its parcels leave from; `Some(None)`: not said.
    pub warehouse: Option<Option<WarehouseId>>,
}

/// Longer than this no order is held back from acceptance.
const ACCEPT_AFTER_AT_MOST: u16 = 360;

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SettingsRefusal {
    /// The seller has no such account.
    #[error("there is no account {0}")]
    NoSuchAccount(AccountId),
    /// The interval is out of range.
    #[error("orders_every_minutes must be 1 to 60, not {0}")]
    Interval(u8),
    /// The delay is out of range.
    #[error("accept_after_minutes must be 0 to 360, not {0}")]
    Delay(u16),
    /// The seller has no such warehouse.
    #[error("there is no warehouse {0}")]
    NoSuchWarehouse(WarehouseId),
    /// Invoices are made under the GSTIN of a warehouse.
    #[error("invoice_series needs a warehouse: its GSTIN is the one that invoices are made under")]
    SeriesWithoutWarehouse,
    /// The table failed.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// An id could not be made.
    #[error(transparent)]
    Id(#[from] InvalidId),
}

impl From<StoreError> for SettingsRefusal {
    fn from(error: StoreError) -> Self {
        Self::Write(error.into())
    }
}

/// Changes an account's settings.
pub async fn change_settings(
    store: &dyn Store,
    seller: &SellerId,
    id: &AccountId,
    change: &SettingsChange,
    by: Actor,
    now: Timestamp,
) -> Result<Account, SettingsRefusal> {
    let found = store.account(seller, id).await?;
    let mut account = found.ok_or_else(|| SettingsRefusal::NoSuchAccount(id.clone()))?;
    let before = account.clone();
    check(store, seller, &account, change).await?;
    take_over(&mut account, change);
    if account.settings.orders_every_minutes != before.settings.orders_every_minutes {
        account.pack = choose_pack(&store.packs().await?, account.settings.orders_every_minutes)?;
        let poll = PollState::new(&before);
        store.move_to_pack(&poll, &account).await?;
    } else if account != before {
        store.put_account(&account).await?;
    }
    if account != before {
        account.version = account.version.saturating_add(1);
    }
    // Said again, it is done again: a first try may have been cut off.
    if change.auto_accept == Some(true) {
        ask_waiting(store, (seller, id), Stage::New, Action::Accept, &by, now).await?;
    }
    Ok(account)
}

async fn check(
    store: &dyn Store,
    seller: &SellerId,
    account: &Account,
    change: &SettingsChange,
) -> Result<(), SettingsRefusal> {
    if let Some(minutes) = change.orders_every_minutes
        && !(1..=60).contains(&minutes)
    {
        return Err(SettingsRefusal::Interval(minutes));
    }
    if let Some(minutes) = change.accept_after_minutes
        && minutes > ACCEPT_AFTER_AT_MOST
    {
        return Err(SettingsRefusal::Delay(minutes));
    }
    let warehouse = change.warehouse.as_ref().unwrap_or(&account.warehouse);
    let series = change.invoice_series.as_ref();
    let series = series.unwrap_or(&account.invoice_series);
    if series.is_some() && warehouse.is_none() {
        return Err(SettingsRefusal::SeriesWithoutWarehouse);
    }
    if let Some(Some(id)) = &change.warehouse
        && store.warehouse(seller, id).await?.is_none()
    {
        return Err(SettingsRefusal::NoSuchWarehouse(id.clone()));
    }
    Ok(())
}

fn take_over(account: &mut Account, change: &SettingsChange) {
    let settings = &mut account.settings;
    if let Some(name) = &change.name {
        account.name.clone_from(name);
    }
    if let Some(minutes) = change.orders_every_minutes {
        settings.orders_every_minutes = minutes;
    }
    if let Some(auto_accept) = change.auto_accept {
        settings.auto_accept = auto_accept;
    }
    if let Some(minutes) = change.accept_after_minutes {
        settings.accept_after_minutes = minutes;
    }
    if let Some(series) = &change.invoice_series {
        account.invoice_series.clone_from(series);
    }
    if let Some(warehouse) = &change.warehouse {
        account.warehouse.clone_from(warehouse);
    }
}
