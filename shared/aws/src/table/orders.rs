use std::collections::{BTreeSet, HashMap, HashSet};

use async_trait::async_trait;
use haat_domain::{AccountId, Action, Awb, Order, OrderId, OrderNumber, ParkedKind, SellerId};
use haat_ports::{Listing, Numbers, OrderStore, Page, Sealed, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::item::{Item, KEPT_SECONDS, Stored, corrupt};
use super::lists::List;
use super::stored_order::StoredOrder;
use super::{Table, keys};

#[derive(Serialize, Deserialize)]
struct StoredAwb {
    order: OrderId,
}

#[derive(Serialize, Deserialize)]
struct StoredBuyer {
    #[serde(with = "serde_bytes")]
    buyer: Vec<u8>,
}

pub(super) fn item(order: &Order) -> Result<Item, StoreError> {
    let (seller, id) = (&order.seller, &order.id);
    let what = format!("order {id} of seller {seller}");
    let item = Item::new(what, keys::order(seller, id), &StoredOrder::from(order))?;
    let item = item.over(order.version);
    Ok(match order.closed_at {
        // Only the deadline stands in the index, so a change of stage does not touch it.
        None => item.indexed(keys::open_order(seller, order.dispatch_by.at, id)),
        Some(at) => item
            .indexed(keys::closed_order(seller, at, id, order.stage.is_moving()))
            .until(at.as_second().saturating_add(KEPT_SECONDS)),
    })
}

fn order_of(stored: Stored<StoredOrder>) -> Result<Order, StoreError> {
    let (seller, id) = keys::order_of_key(&stored.pk)
        .ok_or_else(|| corrupt(&stored.pk, "the key names no order"))?;
    Ok(stored.body.into_order(seller, id, stored.version))
}

fn is_listed(order: &Order, listing: Listing) -> bool {
    match listing {
        Listing::Open => order.closed_at.is_none(),
        Listing::Closed => order.closed_at.is_some(),
    }
}

#[async_trait]
impl OrderStore for Table {
    async fn put_order(&self, order: &mut Order) -> Result<(), StoreError> {
        self.put(item(order)?).await?;
        order.version = order.version.saturating_add(1);
        Ok(())
    }

    async fn put_order_and_unpark(
        &self,
        order: &mut Order,
        over: &[Action],
    ) -> Result<(), StoreError> {
        let item = item(order)?;
        let what = item.what.clone();
        let mut writes = vec![self.put_in_transaction(item)?];
        let OrderId { account, number } = &order.id;
        for action in over {
            let kind = ParkedKind::of_action(*action);
            let place = keys::parked(&order.seller, account, kind, number.as_str());
            writes.push(self.delete_in_transaction(&what, place, None)?);
        }
        self.transact(&what, writes).await?;
        order.version = order.version.saturating_add(1);
        Ok(())
    }

    async fn orders(&self, seller: &SellerId, ids: &[OrderId]) -> Result<Vec<Order>, StoreError> {
        let what = format!("{} orders of seller {seller}", ids.len());
        // DynamoDB refuses a call that names a key twice.
        let once: HashSet<&OrderId> = ids.iter().collect();
        let wanted = once.into_iter().map(|id| keys::order(seller, id));
        let stored = self.batch_get(&what, wanted.collect()).await?;
        stored.into_iter().map(order_of).collect()
    }

    async fn list_orders(
        &self,
        seller: &SellerId,
        listing: Listing,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Order>, StoreError> {
        let what = format!("a list of orders of seller {seller}");
        let list = match listing {
            Listing::Open => List::ascending(seller, keys::OPEN),
            Listing::Closed => List::descending(seller, keys::CLOSED),
        };
        let entries = self.list(&what, &list, cursor, limit).await?;
        let stored = self.batch_get(&what, entries.items.clone()).await?;
        let mut found = HashMap::with_capacity(stored.len());
        for order in stored {
            found.insert(order.pk.clone(), order_of(order)?);
        }
        let listed = entries.items.iter().filter_map(|key| found.remove(&key.pk));
        Ok(Page {
            // The index may lag: an order that has just been closed is no longer open.
            items: listed.filter(|order| is_listed(order, listing)).collect(),
            next: entries.next,
        })
    }

    async fn numbers(
        &self,
        seller: &SellerId,
        account: &AccountId,
        which: Numbers,
    ) -> Result<BTreeSet<OrderNumber>, StoreError> {
        self.numbers_of(seller, account, which).await
    }

    async fn put_awb(
        &self,
        seller: &SellerId,
        awb: &Awb,
        order: &OrderId,
    ) -> Result<(), StoreError> {
        let what = format!("AWB {awb} of seller {seller}");
        let body = StoredAwb {
            order: order.clone(),
        };
        let item = Item::new(what, keys::awb(seller, awb), &body)?;
        let end = self.now().as_second().saturating_add(KEPT_SECONDS);
        self.put(item.until(end)).await
    }

    async fn order_of_awb(
        &self,
        seller: &SellerId,
        awb: &Awb,
    ) -> Result<Option<OrderId>, StoreError> {
        let what = format!("AWB {awb} of seller {seller}");
        let stored = self.get::<StoredAwb>(&what, keys::awb(seller, awb)).await?;
        Ok(stored.map(|stored| stored.body.order))
    }

    async fn put_buyer(
        &self,
        seller: &SellerId,
        order: &OrderId,
        buyer: &Sealed,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let what = format!("the buyer of order {order} of seller {seller}");
        let body = StoredBuyer {
            buyer: buyer.0.clone(),
        };
        let item = Item::new(what, keys::buyer(seller, order), &body)?;
        self.put(item.until(expires_at.as_second())).await
    }

    async fn buyer(
        &self,
        seller: &SellerId,
        order: &OrderId,
    ) -> Result<Option<Sealed>, StoreError> {
        let what = format!("the buyer of order {order} of seller {seller}");
        let key = keys::buyer(seller, order);
        let stored = self.get::<StoredBuyer>(&what, key).await?;
        Ok(stored.map(|stored| Sealed(stored.body.buyer)))
    }
}
