//! Another seller's id finds nothing of this one.

use haat_domain::{Action, ParkedKind};
use haat_ports::{
    Accounts, Jobs, Listing, Logins, OrderStore, ParkedStore, Sellers, StoreError, Tokens,
};

use crate::sample::{
    account, empty_table, id, login, noon_plus, order, other_shop, parked, poll_state, sealed,
    seller, shop, token,
};

#[tokio::test]
async fn another_sellers_id_finds_nothing() {
    let (local, _) = empty_table().await;
    let table = &local.table;
    let order = &mut order("299_1");
    let state = poll_state("a_1", "p5-0");
    table.create_seller(&seller()).await.unwrap();
    table.put_token(&[7; 32], &token("t_1")).await.unwrap();
    table
        .connect_account(&account("a_1", "p5-0"), &login(), &state)
        .await
        .unwrap();
    table
        .put_session(&shop(), &id("l_1"), &sealed("s"), noon_plus(60))
        .await
        .unwrap();
    table.put_order(order).await.unwrap();
    table.put_awb(&shop(), &id("VL1"), &order.id).await.unwrap();
    table
        .put_buyer(&shop(), &order.id, &sealed("b"), noon_plus(60))
        .await
        .unwrap();
    table.park(&parked("299_1"), None).await.unwrap();
    let mut job = table.job(&shop(), &id("a_1"), Action::Ship).await.unwrap();
    table.put_job(&mut job).await.unwrap();

    let other = other_shop();

    assert_eq!(table.seller(&other).await, Ok(None));
    assert_eq!(table.tokens(&other).await, Ok(vec![]));
    assert_eq!(table.revoke(&other, &id("t_1")).await, Ok(false));
    assert_eq!(table.accounts(&other).await, Ok(vec![]));
    assert_eq!(table.account(&other, &id("a_1")).await, Ok(None));
    assert_eq!(table.login(&other, &id("l_1")).await, Ok(None));
    assert_eq!(
        table.orders(&other, std::slice::from_ref(&order.id)).await,
        Ok(vec![])
    );
    for listing in [Listing::Open, Listing::Closed] {
        let listed = table.list_orders(&other, listing, None, 10).await.unwrap();
        assert_eq!((listed.items, listed.next), (vec![], None));
    }
    assert_eq!(table.order_of_awb(&other, &id("VL1")).await, Ok(None));
    assert_eq!(table.buyer(&other, &order.id).await, Ok(None));
    assert_eq!(table.parked(&other, None, 10).await.unwrap().items, vec![]);
    let kind = ParkedKind::OrderRow;
    assert_eq!(
        table.unpark(&other, &id("a_1"), kind, "299_1").await,
        Ok(false)
    );
    assert_eq!(
        table
            .job(&other, &id("a_1"), Action::Ship)
            .await
            .unwrap()
            .version,
        0
    );
}

#[tokio::test]
async fn another_seller_cannot_write_over_what_he_does_not_own() {
    let (local, _) = empty_table().await;
    let mut mine = order("299_1");
    local.table.put_order(&mut mine).await.unwrap();

    let mut theirs = mine.clone();
    theirs.seller = other_shop();
    let refused = local.table.put_order(&mut theirs).await;

    assert!(
        matches!(refused, Err(StoreError::Conflict(_))),
        "{refused:?}"
    );
    let stored = local.table.orders(&shop(), &[mine.id.clone()]).await;
    assert_eq!(stored, Ok(vec![mine]));
}
