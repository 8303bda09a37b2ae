//! What a feed held is remembered only after all of it is durable.

use haat_aws::testing::TABLE;
use haat_domain::Stage;
use haat_ports::{Listing, OrderStore as _, Polls as _};
use haat_sandbox::State as Found;

use crate::shop::Shop;
use crate::state::State;

const FEEDS: [(&str, Found, Stage); 5] = [
    ("on-hold", Found::OnHold, Stage::OnHold),
    ("pending", Found::Pending, Stage::New),
    ("ready-to-ship", Found::ReadyToShip, Stage::Accepted),
    ("shipped", Found::Shipped, Stage::Shipped),
    ("cancelled", Found::Cancelled, Stage::Cancelled),
];

/// Right after a death: every feed that is remembered as the undisturbed run remembers it has all
/// its orders in the table, or parked.
pub(crate) async fn check(shop: &Shop, expected: &State) {
    let table = &shop.cloud.database.table;
    let account = shop.account().await;
    let states = table.poll_states(&account.pack).await.unwrap();
    let remembered = &states[0].seen;
    let listed = [Listing::Open, Listing::Closed];
    let mut stored = Vec::new();
    for listing in listed {
        let page = table.list_orders(&shop.seller, listing, None, 100).await;
        stored.extend(page.unwrap().items);
    }
    for (feed, found, stage) in FEEDS {
        let whole = seen(expected, feed);
        if remembered.get(feed).map(u64::to_string) != whole {
            continue;
        }
        for order in shop.sandbox.control().orders() {
            if order.state != found {
                continue;
            }
            let number = order.sub_order_num;
            let durable = stored
                .iter()
                .any(|order| order.id.number.as_str() == number && order.stage == stage);
            assert!(
                durable || is_parked(shop, &number).await,
                "feed {feed} is remembered, and order {number} of it is not durable"
            );
        }
    }
}

/// The hash under which a feed is remembered in a state.
fn seen(state: &State, feed: &str) -> Option<String> {
    let poll_state = state
        .0
        .iter()
        .find(|(place, _)| place.starts_with("PACK#") && place.contains("<account>"));
    let (_, item) = poll_state?;
    item["s"][feed].as_str().map(str::to_owned)
}

async fn is_parked(shop: &Shop, number: &str) -> bool {
    let scan = shop.cloud.database.client.scan().table_name(TABLE);
    let items = scan.send().await.unwrap().items.unwrap_or_default();
    items.iter().any(|item| {
        let key = item["sk"].as_s().unwrap();
        key.starts_with("PARKED#") && key.contains(number)
    })
}
