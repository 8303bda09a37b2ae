use async_trait::async_trait;
use haat_domain::SellerId;
use haat_ports::{Seller, Sellers, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::item::Item;
use super::{Table, keys};

#[derive(Serialize, Deserialize)]
struct StoredSeller {
    name: String,
    created_at: Timestamp,
}

#[async_trait]
impl Sellers for Table {
    async fn create_seller(&self, seller: &Seller) -> Result<(), StoreError> {
        let body = StoredSeller {
            name: seller.name.clone(),
            created_at: seller.created_at,
        };
        let what = format!("seller {}", seller.id);
        let item = Item::new(what, keys::seller(&seller.id), &body)?;
        self.put(item.if_absent()).await
    }

    async fn seller(&self, id: &SellerId) -> Result<Option<Seller>, StoreError> {
        let what = format!("seller {id}");
        let stored = self.get::<StoredSeller>(&what, keys::seller(id)).await?;
        Ok(stored.map(|stored| Seller {
            id: id.clone(),
            name: stored.body.name,
            created_at: stored.body.created_at,
        }))
    }
}

#[cfg(feature = "kms")]
mod data_key {
    use haat_domain::SellerId;
    use haat_ports::StoreError;
    use serde::{Deserialize, Serialize};

    use crate::table::item::Item;
    use crate::table::{Table, keys};

    #[derive(Serialize, Deserialize)]
    struct StoredKey {
        #[serde(with = "serde_bytes")]
        wrapped: Vec<u8>,
    }

    impl Table {
        /// The seller's data key as the key service wrapped it.
        pub(crate) async fn wrapped_key(
            &self,
            seller: &SellerId,
        ) -> Result<Option<Vec<u8>>, StoreError> {
            let what = format!("the data key of seller {seller}");
            let stored = self
                .get::<StoredKey>(&what, keys::seller_key(seller))
                .await?;
            Ok(stored.map(|stored| stored.body.wrapped))
        }

        /// Stores a seller's first data key. [`StoreError::Conflict`] when there is one: two keys
        /// would make what the first has sealed unreadable.
        pub(crate) async fn put_wrapped_key(
            &self,
            seller: &SellerId,
            wrapped: Vec<u8>,
        ) -> Result<(), StoreError> {
            let what = format!("the data key of seller {seller}");
            let item = Item::new(what, keys::seller_key(seller), &StoredKey { wrapped })?;
            self.put(item.if_absent()).await
        }
    }
}
