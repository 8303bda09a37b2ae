//! Looking at orders. Reading alone; nothing here changes anything.

use haat_domain::{AccountId, Awb, Buyer, Order, OrderId, SellerId, Stage};
use haat_ports::{Listing, OrderStore, Page, StoreError, Vault, VaultError};

use crate::write_order::buyer_place;

/// Index entries read for one answer at most: a rare stage is found over several answers.
const READ_AT_MOST: u32 = 500;

/// Which orders of a list are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderFilter {
    /// Only this stage.
    pub stage: Option<Stage>,
    /// Only this account.
    pub account: Option<AccountId>,
}

impl OrderFilter {
    fn takes(&self, order: &Order) -> bool {
        self.stage.is_none_or(|stage| order.stage == stage)
            && self
                .account
                .as_ref()
                .is_none_or(|account| order.id.account == *account)
    }
}

/// A part of a list of orders. A part may hold fewer than `limit` orders and still have a next
/// one, when many had to be passed over.
pub async fn look_at_orders(
    store: &dyn OrderStore,
    seller: &SellerId,
    listing: Listing,
    filter: &OrderFilter,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<Order>, StoreError> {
    let mut items = Vec::new();
    let mut next = cursor.map(str::to_owned);
    let mut left = READ_AT_MOST;
    loop {
        // Never more than are still wanted, so that the cursor never skips one.
        let wanted = limit.saturating_sub(u32::try_from(items.len()).unwrap_or(limit));
        let page = store
            .list_orders(seller, listing, next.as_deref(), wanted.min(left).max(1))
            .await?;
        left = left.saturating_sub(u32::try_from(page.items.len()).unwrap_or(left).max(1));
        items.extend(page.items.into_iter().filter(|order| filter.takes(order)));
        next = page.next;
        let full = u32::try_from(items.len()).is_ok_and(|held| held >= limit);
        if next.is_none() || full || left == 0 {
            return Ok(Page { items, next });
        }
    }
}

/// One order.
pub async fn look_at_order(
    store: &dyn OrderStore,
    seller: &SellerId,
    id: &OrderId,
) -> Result<Option<Order>, StoreError> {
    Ok(store.orders(seller, std::slice::from_ref(id)).await?.pop())
}

/// The order whose parcel has this AWB.
pub async fn find_by_awb(
    store: &dyn OrderStore,
    seller: &SellerId,
    awb: &Awb,
) -> Result<Option<Order>, StoreError> {
    match store.order_of_awb(seller, awb).await? {
        Some(id) => look_at_order(store, seller, &id).await,
        None => Ok(None),
    }
}

/// A buyer could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BuyerError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The seal could not be opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// What is stored is no buyer.
    #[error("the stored buyer of order {0} cannot be read")]
    Unreadable(OrderId),
}

/// Who bought an order, as long as that is kept.
pub async fn buyer_of(
    store: &dyn OrderStore,
    vault: &dyn Vault,
    seller: &SellerId,
    id: &OrderId,
) -> Result<Option<Buyer>, BuyerError> {
    let Some(sealed) = store.buyer(seller, id).await? else {
        return Ok(None);
    };
    let json = vault.open(seller, &buyer_place(id), &sealed).await?;
    let buyer = serde_json::from_str(json.expose());
    Ok(Some(buyer.map_err(|_| BuyerError::Unreadable(id.clone()))?))
}
