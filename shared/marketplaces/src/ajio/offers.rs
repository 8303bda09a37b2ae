//! Reading offers, to learn the keys that stock is set by, and setting it.

use async_trait::async_trait;
use haat_ports::{
    ErrorKind, Feed, MarketplaceError, OfferPage, Offers, Pause, Reading, RefusedLevel, Stock,
    StockLevel,
};

use super::client::Operation;
use super::pages::Place;
use super::wire::{InventoryItem, InventoryResult, InventoryUpdate};
use super::{Line, translate};

const LIST_PRODUCTS: Operation =
    Operation::reads("ajio listProducts", |profile| &profile.paths.list_products);
/// Levels are absolute: harmless to repeat, so a lost answer is no ambiguity.
const UPDATE_INVENTORY: Operation = Operation::reads("ajio updateInventory", |profile| {
    &profile.paths.update_inventory
});

const PUBLISHED: &str = "published";

static FEEDS: [Feed; 2] = [feed(PUBLISHED), feed("unpublished")];

const fn feed(name: &'static str) -> Feed {
    Feed {
        name,
        reading: Reading::Whole,
        pause: Pause::Minutes {
            usual: 1440,
            longest: 4320,
        },
    }
}

#[async_trait]
impl Offers for Line {
    fn feeds(&self) -> &'static [Feed] {
        &FEEDS
    }

    async fn page(&self, feed: Feed, cursor: Option<&str>) -> Result<OfferPage, MarketplaceError> {
        let operation = &LIST_PRODUCTS;
        let profile = &self.client.profile;
        if !FEEDS.iter().any(|known| known.name == feed.name) {
            let said = format!("there is no feed {:?} of offers", feed.name);
            return Err(operation.error(ErrorKind::NotFound, said));
        }
        let published = feed.name == PUBLISHED;
        let wrong = |why: String| operation.error(ErrorKind::Malformed, why);
        let place = Place::of(profile, cursor).map_err(|why| wrong(why.to_owned()))?;
        let (number, size) = (place.number.to_string(), profile.max_page_size.to_string());
        let status = if published {
            "PUBLISHED"
        } else {
            "UNPUBLISHED"
        };
        let query = [
            ("pageNumber", number.as_str()),
            ("pageSize", &size),
            ("publishedStatus", status),
        ];
        let answer = self.client.get(self, operation, &query).await?;
        translate::offers(profile, place, published, &answer).map_err(wrong)
    }
}

#[async_trait]
impl Stock for Line {
    async fn set(&self, levels: &[StockLevel]) -> Result<Vec<RefusedLevel>, MarketplaceError> {
        let operation = &UPDATE_INVENTORY;
        let profile = &self.client.profile;
        let mut refused = Vec::new();
        for levels in levels.chunks(profile.max_inventory_items.get()) {
            let request = InventoryUpdate {
                inventory_list: levels.iter().map(item).collect(),
            };
            let answer: InventoryResult = self.client.post(self, operation, &request).await?;
            let asked: Vec<_> = levels.iter().map(|level| level.offer.clone()).collect();
            let answer = translate::refused_levels(profile, &asked, &answer);
            refused.extend(answer.map_err(|trouble| operation.trouble(trouble))?);
        }
        Ok(refused)
    }
}

fn item(level: &StockLevel) -> InventoryItem<'_> {
    InventoryItem {
        product_id: &level.offer.product,
        variant_id: &level.offer.variant,
        inventory: level.pieces.to_string(),
    }
}
