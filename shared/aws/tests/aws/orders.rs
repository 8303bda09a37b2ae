use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use haat_aws::testing::{Local, TABLE, sdk_config_for};
use haat_domain::{Action, IntentState, Parked, ParkedKind, Stage};
use haat_ports::{OrderStore, ParkedStore, StoreError};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::sample::{
    NOON, at, empty_table, id, noon_plus, open_intent, order, order_id, parked, sealed,
    shipped_order, shop,
};

#[tokio::test]
async fn an_order_is_written_over_the_version_it_was_read_with() {
    let (local, _) = empty_table().await;
    let mut first = order("299_1");
    local.table.put_order(&mut first).await.unwrap();
    assert_eq!(first.version, 1);
    let mut mine = first.clone();
    let mut theirs = first;

    theirs.stage = Stage::Accepted;
    local.table.put_order(&mut theirs).await.unwrap();
    mine.stage = Stage::Cancelled;
    let late = local.table.put_order(&mut mine).await;

    let what = "order a_1.299_1 of seller shop".to_owned();
    assert_eq!((late, mine.version), (Err(StoreError::Conflict(what)), 1));
    assert_eq!(theirs.version, 2);
    let stored = local.table.orders(&shop(), &[order_id("299_1")]).await;
    assert_eq!(stored, Ok(vec![theirs]));
}

#[tokio::test]
async fn an_order_and_what_was_parked_of_it_are_written_together_or_not_at_all() {
    let (local, _) = empty_table().await;
    let mut mended = order("299_1");
    local.table.put_order(&mut mended).await.unwrap();
    let failed = [ParkedKind::Accept, ParkedKind::Ship].map(|kind| Parked {
        kind,
        ..parked("299_1")
    });
    for thing in &failed {
        local.table.park(thing, None).await.unwrap();
    }
    let left = async || local.table.parked(&shop(), None, 10).await.unwrap().items;
    let mut late = order("299_1");

    let refused = local
        .table
        .put_order_and_unpark(&mut late, &Action::ALL)
        .await;
    assert!(matches!(refused, Err(StoreError::Conflict(_))));
    assert_eq!(left().await.len(), 2);

    mended.stage = Stage::Cancelled;
    local
        .table
        .put_order_and_unpark(&mut mended, &Action::ALL)
        .await
        .unwrap();
    assert_eq!((left().await, mended.version), (Vec::new(), 2));
    let stored = local.table.orders(&shop(), &[order_id("299_1")]).await;
    assert_eq!(stored, Ok(vec![mended]));
}

#[tokio::test]
async fn a_new_order_never_replaces_a_stored_one() {
    let (local, _) = empty_table().await;
    local.table.put_order(&mut order("299_1")).await.unwrap();

    let again = local.table.put_order(&mut order("299_1")).await;

    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
}

#[tokio::test]
async fn the_orders_that_exist_are_read_each_once() {
    let (local, _) = empty_table().await;
    let numbers: Vec<String> = (0..130).map(|number| format!("299_{number}")).collect();
    for number in &numbers {
        local.table.put_order(&mut order(number)).await.unwrap();
    }
    let mut asked: Vec<_> = numbers.iter().map(|number| order_id(number)).collect();
    asked.push(order_id("299_0"));
    asked.push(order_id("unknown"));

    let mut found = local.table.orders(&shop(), &asked).await.unwrap();

    found.sort_by(|one, other| one.id.cmp(&other.id));
    let mut expected: Vec<_> = numbers.iter().map(|number| order_id(number)).collect();
    expected.sort();
    let found: Vec<_> = found.into_iter().map(|order| order.id).collect();
    assert_eq!(found, expected);
    assert_eq!(local.table.orders(&shop(), &[]).await, Ok(vec![]));
}

/// DynamoDB answers at most 16 MB at once and hands the other keys back.
#[tokio::test]
async fn keys_that_are_handed_back_are_asked_again() {
    let (local, _) = empty_table().await;
    let mut ids = Vec::new();
    for number in 0..60 {
        let mut large = order(&format!("299_{number}"));
        large.reason = Some("x".repeat(380 * 1024));
        local.table.put_order(&mut large).await.unwrap();
        ids.push(large.id);
    }
    local.meter.take();

    let found = local.table.orders(&shop(), &ids).await.unwrap();

    assert_eq!(found.len(), 60);
    assert!(
        local.meter.take().attempts >= 2,
        "one call cannot carry 22 MB"
    );
}

#[tokio::test]
async fn what_the_stream_filters_on_stands_at_the_top() {
    let (local, _) = empty_table().await;
    let mut asked = order("299_1");
    asked.accept = Some(open_intent());
    local.table.put_order(&mut asked).await.unwrap();
    assert_eq!(filtered(&local, "299_1").await, ["order", "new", "open"]);

    asked.accept = Some(haat_domain::Intent {
        state: IntentState::Failed,
        ..open_intent()
    });
    local.table.put_order(&mut asked).await.unwrap();
    assert_eq!(filtered(&local, "299_1").await, ["order", "new", "-"]);

    asked.accept = None;
    asked.stage = Stage::Accepted;
    asked.ship = Some(open_intent());
    local.table.put_order(&mut asked).await.unwrap();
    assert_eq!(
        filtered(&local, "299_1").await,
        ["order", "accepted", "open"]
    );
}

async fn filtered(local: &Local, number: &str) -> [String; 3] {
    let item = item(local, &format!("S#shop#O#a_1.{number}"), "ORDER").await;
    ["kind", "stage", "state"].map(|name| match item.get(name) {
        Some(value) => value.as_s().unwrap().clone(),
        None => "-".to_owned(),
    })
}

async fn item(local: &Local, pk: &str, sk: &str) -> HashMap<String, AttributeValue> {
    let request = local.client.get_item().table_name(TABLE);
    let request = request.key("pk", AttributeValue::S(pk.to_owned()));
    let request = request.key("sk", AttributeValue::S(sk.to_owned()));
    request.send().await.unwrap().item.expect("the item")
}

#[tokio::test]
async fn an_order_as_it_lies_in_the_table() {
    let (local, _) = empty_table().await;
    let mut order = shipped_order("299000000000000001_1");
    order.ship = Some(open_intent());
    local.table.put_order(&mut order).await.unwrap();

    let stored = item(&local, "S#shop#O#a_1.299000000000000001_1", "ORDER").await;

    let plain = plain(&AttributeValue::M(stored));
    insta::with_settings!({sort_maps => true}, { insta::assert_json_snapshot!(plain) });
}

/// An item as people write it: numbers as digits, everything else as itself.
fn plain(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!(text),
        AttributeValue::N(digits) => json!({ "N": digits }),
        AttributeValue::L(list) => list.iter().map(plain).collect(),
        AttributeValue::M(map) => {
            let entries = map.iter().map(|(name, value)| (name.clone(), plain(value)));
            Value::Object(entries.collect())
        }
        other => panic!("an order holds no {other:?}"),
    }
}

#[tokio::test]
async fn a_closed_order_is_kept_400_days_and_may_come_anew_after_that() {
    let (local, clock) = empty_table().await;
    let mut closed = order("299_1");
    closed.stage = Stage::Shipped;
    closed.closed_at = Some(at(NOON));
    local.table.put_order(&mut closed).await.unwrap();

    clock.pass(SignedDuration::from_hours(400 * 24 - 1));
    let ids = [order_id("299_1")];
    assert_eq!(local.table.orders(&shop(), &ids).await.unwrap().len(), 1);
    clock.pass(SignedDuration::from_hours(1));
    assert_eq!(local.table.orders(&shop(), &ids).await, Ok(vec![]));

    let mut anew = order("299_1");
    local.table.put_order(&mut anew).await.unwrap();
    assert_eq!(local.table.orders(&shop(), &ids).await, Ok(vec![anew]));
}

#[tokio::test]
async fn an_open_order_never_expires() {
    let (local, clock) = empty_table().await;
    local.table.put_order(&mut order("299_1")).await.unwrap();

    clock.pass(SignedDuration::from_hours(4000 * 24));

    let found = local.table.orders(&shop(), &[order_id("299_1")]).await;
    assert_eq!(found.unwrap().len(), 1);
}

#[tokio::test]
async fn an_order_is_found_by_its_awb() {
    let (local, _) = empty_table().await;
    let (first, second) = (order_id("299_1"), order_id("299_2"));
    local
        .table
        .put_awb(&shop(), &id("VL1"), &first)
        .await
        .unwrap();
    assert_eq!(
        local.table.order_of_awb(&shop(), &id("VL1")).await,
        Ok(Some(first))
    );

    // A courier may use a number again: the newer order is meant.
    local
        .table
        .put_awb(&shop(), &id("VL1"), &second)
        .await
        .unwrap();
    assert_eq!(
        local.table.order_of_awb(&shop(), &id("VL1")).await,
        Ok(Some(second))
    );
    assert_eq!(
        local.table.order_of_awb(&shop(), &id("VL2")).await,
        Ok(None)
    );
}

#[tokio::test]
async fn a_buyer_vanishes_at_the_given_time() {
    let (local, clock) = empty_table().await;
    let (order, buyer) = (order_id("299_1"), sealed("buyer"));
    let end = noon_plus(3600);
    local
        .table
        .put_buyer(&shop(), &order, &buyer, end)
        .await
        .unwrap();

    assert_eq!(local.table.buyer(&shop(), &order).await, Ok(Some(buyer)));
    clock.pass(SignedDuration::from_secs(3600));
    assert_eq!(local.table.buyer(&shop(), &order).await, Ok(None));
}

#[tokio::test]
async fn an_item_that_cannot_be_read_is_corrupt_and_named() {
    let (local, _) = empty_table().await;
    let request = local.client.put_item().table_name(TABLE);
    let request = request.item("pk", AttributeValue::S("S#shop#O#a_1.299_1".to_owned()));
    let request = request.item("sk", AttributeValue::S("BUYER".to_owned()));
    let request = request.item("buyer", AttributeValue::N("1".to_owned()));
    request.send().await.unwrap();

    let read = local.table.buyer(&shop(), &order_id("299_1")).await;

    match read {
        Err(StoreError::Corrupt { what, .. }) => {
            assert_eq!(what, "the buyer of order a_1.299_1 of seller shop");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_table_that_does_not_answer_is_unavailable_with_its_reason() {
    // Nothing listens there: a port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let config = sdk_config_for(&format!("http://127.0.0.1:{port}"));
    let clock = std::sync::Arc::new(haat_ports::SystemClock);
    let table = haat_aws::Table::new(&config, TABLE, clock);

    let read = table.buyer(&shop(), &order_id("299_1")).await;

    match read {
        Err(StoreError::Unavailable { reason, .. }) => {
            assert!(reason.contains("Connection refused"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
}
