//! What a feed held is remembered only after all of it is durable.

use std::collections::BTreeMap;

use haat_aws::testing::TABLE;
use haat_ports::{Listing, OrderStore as _, Polls as _};

use crate::shop::Shop;

/// What the account's feeds are remembered to hold.
pub(crate) async fn remembered(shop: &Shop) -> BTreeMap<String, u64> {
    let pack = shop.account().await.pack;
    let states = shop.cloud.database.table.poll_states(&pack).await;
    states.unwrap().remove(0).seen
}

/// Right after a death: every feed that is remembered anew has all its orders in the table, or
/// parked.
pub(crate) async fn check(shop: &Shop, before: &BTreeMap<String, u64>) {
    let table = &shop.cloud.database.table;
    let now = remembered(shop).await;
    let listed = [Listing::Open, Listing::Closed];
    let mut stored = Vec::new();
    for listing in listed {
        let page = table.list_orders(&shop.seller, listing, None, 100).await;
        stored.extend(page.unwrap().items);
    }
    for fed in shop.market.fed() {
        if now.get(fed.feed) == before.get(fed.feed) {
            continue;
        }
        let durable = stored
            .iter()
            .any(|order| order.id.number.as_str() == fed.number && order.stage == fed.stage);
        assert!(
            durable || is_parked(shop, &fed.number).await,
            "feed {} is remembered, and order {} of it is not durable",
            fed.feed,
            fed.number
        );
    }
}

async fn is_parked(shop: &Shop, number: &str) -> bool {
    let scan = shop.cloud.database.client.scan().table_name(TABLE);
    let items = scan.send().await.unwrap().items.unwrap_or_default();
    items.iter().any(|item| {
        let key = item["sk"].as_s().unwrap();
        key.starts_with("PARKED#") && key.contains(number)
    })
}
