//! What a seller sets for an account.

use futures_util::{StreamExt, TryStreamExt, stream};
use haat_domain::{Account, AccountId, Action, Actor, InvalidId, SellerId, Stage};
use haat_ports::{Listing, PollState, Store, StoreError};
use jiff::Timestamp;

use crate::connect_account::choose_pack;
use crate::look_at_orders::{OrderFilter, look_at_orders};
use crate::write_order::{self, WRITERS, WriteError};

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
}

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SettingsRefusal {
    /// The seller has no such account.
    #[error("there is no account {0}")]
    NoSuchAccount(AccountId),
    /// The interval is out of range.
    #[error("orders_every_minutes must be 1 to 60, not {0}")]
    Interval(u8),
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
    if let Some(name) = &change.name {
        account.name.clone_from(name);
    }
    if let Some(minutes) = change.orders_every_minutes {
        if !(1..=60).contains(&minutes) {
            return Err(SettingsRefusal::Interval(minutes));
        }
        account.settings.orders_every_minutes = minutes;
    }
    if let Some(auto_accept) = change.auto_accept {
        account.settings.auto_accept = auto_accept;
    }
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
        accept_waiting(store, seller, id, &by, now).await?;
    }
    Ok(account)
}

async fn accept_waiting(
    store: &dyn Store,
    seller: &SellerId,
    account: &AccountId,
    by: &Actor,
    now: Timestamp,
) -> Result<(), SettingsRefusal> {
    let filter = OrderFilter {
        stage: Some(Stage::New),
        account: Some(account.clone()),
    };
    let mut cursor = None;
    loop {
        let page = look_at_orders(
            store,
            seller,
            Listing::Open,
            &filter,
            cursor.as_deref(),
            100,
        );
        let page = page.await?;
        stream::iter(page.items)
            .map(|mut order| async move {
                write_order::change(store, &mut order, |order| {
                    order.ask(Action::Accept, by.clone(), now).unwrap_or(false)
                })
                .await
            })
            .buffer_unordered(WRITERS)
            .try_collect::<Vec<bool>>()
            .await?;
        cursor = page.next;
        if cursor.is_none() {
            return Ok(());
        }
    }
}
