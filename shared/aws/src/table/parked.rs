use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::ReturnValue;
use haat_domain::{AccountId, LabelPage, Parked, ParkedKind, SellerId};
use haat_ports::{Page, ParkedStore, Sealed, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::item::{Item, KEPT_SECONDS, Stored, corrupt, has_expired, key_attributes};
use super::lists::List;
use super::{Table, failed, keys};

/// An item may have 400 KB; the rest of a parked thing is small.
const RAW_LIMIT: usize = 380 * 1024;

#[derive(Serialize, Deserialize)]
struct StoredParked {
    reason: String,
    since: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<ByteBuf>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    label: Option<LabelPage>,
}

fn parked_of(seller: &SellerId, stored: Stored<StoredParked>) -> Result<Parked, StoreError> {
    let (account, kind, key) = keys::parked_of(&stored.sk)
        .ok_or_else(|| corrupt(&stored.sk, "the key names no parked thing"))?;
    Ok(Parked {
        seller: seller.clone(),
        account,
        kind,
        key,
        reason: stored.body.reason,
        since: stored.body.since,
        label: stored.body.label,
    })
}

fn item(parked: &Parked, raw: Option<&Sealed>, end: i64) -> Result<Item, StoreError> {
    let Parked {
        seller,
        account,
        kind,
        key,
        ..
    } = parked;
    let mut reason = parked.reason.clone();
    let raw = match raw {
        Some(sealed) if sealed.0.len() > RAW_LIMIT => {
            let size = sealed.0.len();
            reason.push_str(&format!(
                " (its raw form, {size} bytes, is too large to keep)"
            ));
            None
        }
        Some(sealed) => Some(ByteBuf::from(sealed.0.clone())),
        None => None,
    };
    let body = StoredParked {
        reason,
        since: parked.since,
        raw,
        label: parked.label.clone(),
    };
    let what = format!(
        "{} {key} of account {account} of seller {seller}",
        kind.word()
    );
    let item = Item::new(what, keys::parked(seller, account, *kind, key), &body)?;
    let place = keys::parked_since(seller, parked.since, account, *kind, key);
    Ok(item.if_absent().indexed(place).until(end))
}

#[async_trait]
impl ParkedStore for Table {
    async fn park(&self, parked: &Parked, raw: Option<&Sealed>) -> Result<bool, StoreError> {
        let end = self.now().as_second().saturating_add(KEPT_SECONDS);
        match self.put(item(parked, raw, end)?).await {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn parked(
        &self,
        seller: &SellerId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Parked>, StoreError> {
        let what = format!("what is parked for seller {seller}");
        let list = List::ascending(seller, keys::PARKED);
        let entries = self.list(&what, &list, cursor, limit).await?;
        let stored = self.batch_get::<StoredParked>(&what, entries.items.clone());
        let mut found = HashMap::new();
        for parked in stored.await? {
            found.insert(parked.sk.clone(), parked_of(seller, parked)?);
        }
        let listed = entries.items.iter().filter_map(|key| found.remove(&key.sk));
        Ok(Page {
            items: listed.collect(),
            next: entries.next,
        })
    }

    async fn one_parked(
        &self,
        seller: &SellerId,
        account: &AccountId,
        kind: ParkedKind,
        key: &str,
    ) -> Result<Option<Parked>, StoreError> {
        let what = format!(
            "{} {key} of account {account} of seller {seller}",
            kind.word()
        );
        let place = keys::parked(seller, account, kind, key);
        let stored = self.get::<StoredParked>(&what, place).await?;
        stored.map(|stored| parked_of(seller, stored)).transpose()
    }

    async fn unpark(
        &self,
        seller: &SellerId,
        account: &AccountId,
        kind: ParkedKind,
        key: &str,
    ) -> Result<bool, StoreError> {
        let what = format!(
            "{} {key} of account {account} of seller {seller}",
            kind.word()
        );
        let request = self.client.delete_item().table_name(&self.name);
        let place = keys::parked(seller, account, kind, key);
        let request = request.set_key(Some(key_attributes(place)));
        let answer = request.return_values(ReturnValue::AllOld).send().await;
        let answer = answer.map_err(|error| failed(&what, &error))?;
        let now = self.now();
        Ok(answer.attributes.is_some_and(|old| !has_expired(&old, now)))
    }
}
