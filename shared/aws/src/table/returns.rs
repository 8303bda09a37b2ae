use std::collections::HashMap;

use async_trait::async_trait;
use haat_domain::{AccountId, Return, ReturnNumber, ReturnReport, SellerId};
use haat_ports::{Page, ReturnStore, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::item::{Item, KEPT_SECONDS, Stored, corrupt};
use super::lists::List;
use super::{Table, keys};

#[derive(Serialize, Deserialize)]
struct StoredReturn {
    said: ReturnReport,
    seen_at: Timestamp,
    moved_at: Timestamp,
}

fn return_of(seller: &SellerId, stored: Stored<StoredReturn>) -> Result<Return, StoreError> {
    let (account, _) = keys::return_of(&stored.sk)
        .ok_or_else(|| corrupt(&stored.sk, "the key names no return"))?;
    Ok(Return {
        seller: seller.clone(),
        account,
        said: stored.body.said,
        seen_at: stored.body.seen_at,
        moved_at: stored.body.moved_at,
        version: stored.version,
    })
}

#[async_trait]
impl ReturnStore for Table {
    async fn put_return(&self, one: &mut Return) -> Result<(), StoreError> {
        let (seller, account, number) = (&one.seller, &one.account, &one.said.number);
        let what = format!("return {number} of account {account}");
        let body = StoredReturn {
            said: one.said.clone(),
            seen_at: one.seen_at,
            moved_at: one.moved_at,
        };
        let key = keys::one_return(seller, account, number);
        let item = Item::new(what, key, &body)?
            .over(one.version)
            .indexed(keys::returned(seller, one.moved_at, account, number))
            .until(one.moved_at.as_second().saturating_add(KEPT_SECONDS));
        self.put(item).await?;
        one.version = one.version.saturating_add(1);
        Ok(())
    }

    async fn returns(
        &self,
        seller: &SellerId,
        account: &AccountId,
        numbers: &[ReturnNumber],
    ) -> Result<Vec<Return>, StoreError> {
        let what = format!("returns of account {account}");
        let mut wanted: Vec<&ReturnNumber> = numbers.iter().collect();
        wanted.sort();
        wanted.dedup();
        let wanted = wanted.into_iter();
        let wanted = wanted.map(|number| keys::one_return(seller, account, number));
        let stored = self.batch_get(&what, wanted.collect()).await?;
        let returns = stored.into_iter().map(|stored| return_of(seller, stored));
        returns.collect()
    }

    async fn list_returns(
        &self,
        seller: &SellerId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Return>, StoreError> {
        let what = format!("the returns of seller {seller}");
        let list = List::descending(seller, keys::RETURNS);
        let entries = self.list(&what, &list, cursor, limit).await?;
        let stored = self.batch_get(&what, entries.items.clone()).await?;
        let mut found = HashMap::with_capacity(stored.len());
        for stored in stored {
            found.insert(stored.sk.clone(), return_of(seller, stored)?);
        }
        let in_order = entries.items.iter();
        Ok(Page {
            items: in_order.filter_map(|key| found.remove(&key.sk)).collect(),
            next: entries.next,
        })
    }
}
