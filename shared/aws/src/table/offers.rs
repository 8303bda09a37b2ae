use async_trait::async_trait;
use haat_domain::{AccountId, Offer, OfferKey, SellerId};
use haat_ports::{OfferStore, Page, StoreError};

use super::item::Item;
use super::parts::Part;
use super::{Table, keys};

fn what(account: &AccountId) -> String {
    format!("offers of account {account}")
}

#[async_trait]
impl OfferStore for Table {
    async fn put_offer(
        &self,
        seller: &SellerId,
        account: &AccountId,
        offer: &Offer,
    ) -> Result<(), StoreError> {
        let key = keys::offer(seller, account, &offer.key);
        self.put(Item::new(what(account), key, offer)?).await
    }

    async fn offers(
        &self,
        seller: &SellerId,
        account: &AccountId,
        keys: &[OfferKey],
    ) -> Result<Vec<Offer>, StoreError> {
        let mut wanted: Vec<&OfferKey> = keys.iter().collect();
        wanted.sort();
        wanted.dedup();
        let wanted = wanted
            .into_iter()
            .map(|key| keys::offer(seller, account, key));
        let stored = self.batch_get(&what(account), wanted.collect()).await?;
        Ok(stored.into_iter().map(|stored| stored.body).collect())
    }

    async fn list_offers(
        &self,
        seller: &SellerId,
        account: &AccountId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Offer>, StoreError> {
        let part = Part {
            pk: keys::offers_of(seller, account),
            prefix: keys::OFFERS.to_owned(),
            ascending: true,
        };
        let page = self.part(&what(account), &part, cursor, limit).await?;
        Ok(Page {
            items: page.items.into_iter().map(|stored| stored.body).collect(),
            next: page.next,
        })
    }
}
