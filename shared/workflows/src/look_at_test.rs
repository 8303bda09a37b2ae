//! What an account's test found, with how far the order is that it is done with.

use haat_domain::{AccountTest, OrderId, test_order};
use haat_ports::{Store, StoreError};

/// A test as it is now: what was looked at when it was done, and its order as it stands.
pub async fn look_at_test(
    store: &dyn Store,
    mut test: AccountTest,
) -> Result<AccountTest, StoreError> {
    let Some(number) = test.order.clone() else {
        return Ok(test);
    };
    let account = test.account.clone();
    let id = OrderId { account, number };
    let order = store.orders(&test.seller, &[id]).await?.pop();
    let account = store.account(&test.seller, &test.account).await?;
    let wants_parcel = account.is_some_and(|account| account.terms.wants_parcel);
    let steps = order
        .iter()
        .flat_map(|order| test_order(order, wants_parcel));
    test.found.extend(steps);
    Ok(test)
}
