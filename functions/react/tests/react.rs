//! A batch of the table's stream, as AWS sends it, against a table and a queue in memory.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod shop;

use aws_lambda_events::event::dynamodb::Event;
use aws_sdk_dynamodb::types::AttributeValue;
use haat_domain::{Action, Actor, OrderNumber, ParkedKind};
use haat_ports::{OrderStore as _, ParkedStore as _};

use shop::{Shop, at, id, order_id, seller};

const FIRST: &str = "299000000000000001_1";
const SECOND: &str = "299000000000000002_1";

fn sample() -> Event {
    serde_json::from_str(include_str!("../../../events/table-stream.json")).unwrap()
}

#[tokio::test]
async fn the_sample_has_its_new_order_accepted_and_its_asked_one_sent_to_work() {
    let shop = Shop::open(true).await;
    shop.new_order(FIRST).await;
    shop.asked_order(SECOND).await;

    let response = shop.handle(sample()).await;

    assert!(response.batch_item_failures.is_empty());
    let accepted = shop.order(FIRST).await;
    assert!(accepted.wants(Action::Accept), "the order got its intent");
    let by = &accepted.intent(Action::Accept).unwrap().asked_by;
    assert_eq!(*by, Actor::Rule("auto-accept".to_owned()));
    let sent = shop.queue.sent();
    assert_eq!(sent.len(), 1, "one message: {sent:?}");
    assert_eq!(
        (&sent[0].seller, &sent[0].account),
        (&seller(), &id("a_demo"))
    );
    assert_eq!(sent[0].action, Action::Accept);
    assert_eq!(sent[0].orders, [id::<OrderNumber>(SECOND)]);
    assert_eq!(sent[0].wake, None, "asked for by a change, not a reminder");
}

#[tokio::test]
async fn a_new_order_waits_for_a_person_where_the_account_is_set_so() {
    let shop = Shop::open(false).await;
    let before = shop::nothing();
    let after = shop.new_order(FIRST).await;

    let response = shop.handle(shop::batch([("1", before, after)])).await;

    assert!(response.batch_item_failures.is_empty());
    assert_eq!(shop.order(FIRST).await.intent(Action::Accept), None);
    assert!(shop.queue.sent().is_empty());
}

#[tokio::test]
async fn an_intent_that_becomes_open_is_sent_once_with_all_that_was_asked() {
    let shop = Shop::open(true).await;
    let mut changes = Vec::new();
    for (sequence, number) in [("1", FIRST), ("2", SECOND)] {
        let before = shop.new_order(number).await;
        let after = shop.ask(number).await;
        changes.push((sequence, before, after));
    }

    shop.handle(shop::batch(changes)).await;

    let sent = shop.queue.sent();
    assert_eq!(sent.len(), 1, "{sent:?}");
    let mut named = sent[0].orders.clone();
    named.sort();
    assert_eq!(named, [id::<OrderNumber>(FIRST), id(SECOND)]);
}

#[tokio::test]
async fn a_change_of_an_order_with_open_work_sends_nothing() {
    let shop = Shop::open(true).await;
    let before = shop.asked_order(FIRST).await;
    let mut order = shop.order(FIRST).await;
    assert!(order.wait(Action::Accept, "the marketplace throttles"));
    shop.local.table.put_order(&mut order).await.unwrap();
    let after = shop.item(FIRST).await;

    shop.handle(shop::batch([("1", before, after)])).await;

    assert!(shop.queue.sent().is_empty());
}

#[tokio::test]
async fn items_of_other_kinds_lead_to_nothing() {
    let shop = Shop::open(true).await;
    let open = shop.asked_order(FIRST).await;
    // The buyer beside an order with open work, and something that merely looks open.
    let mut buyer = open.clone();
    buyer.insert("sk".to_owned(), AttributeValue::S("BUYER".to_owned()));
    for order_only in ["kind", "stage", "state"] {
        buyer.remove(order_only);
    }
    let mut job = open.clone();
    job.insert("pk".to_owned(), AttributeValue::S("S#s_demo".to_owned()));
    job.insert("sk".to_owned(), AttributeValue::S("JOB#a_demo".to_owned()));

    let event = shop::batch([("1", shop::nothing(), buyer), ("2", shop::nothing(), job)]);
    let response = shop.handle(event).await;

    assert!(response.batch_item_failures.is_empty());
    assert!(shop.queue.sent().is_empty());
}

#[tokio::test]
async fn a_table_that_fails_is_reported_with_the_lowest_sequence_number() {
    let shop = Shop::open(true).await;
    let mut changes = Vec::new();
    for (sequence, number) in [("111", FIRST), ("112", SECOND)] {
        let after = shop.asked_order(number).await;
        changes.push((sequence, shop::nothing(), after));
    }
    let gone = shop.local.client.delete_table();
    gone.table_name(haat_aws::testing::TABLE)
        .send()
        .await
        .unwrap();

    let response = shop.handle(shop::batch(changes)).await;

    assert_eq!(shop::reported(&response), ["111"]);
    assert!(shop.queue.sent().is_empty());
}

#[tokio::test]
async fn a_queue_that_fails_is_reported_as_well() {
    let shop = Shop::open(true).await;
    let before = shop.new_order(FIRST).await;
    let after = shop.ask(FIRST).await;
    shop.queue.break_down();

    let response = shop.handle(shop::batch([("111", before, after)])).await;

    assert_eq!(shop::reported(&response), ["111"]);
}

#[tokio::test]
async fn an_order_that_cannot_be_read_is_parked_and_the_others_go_on() {
    let shop = Shop::open(true).await;
    shop.new_order(FIRST).await;
    shop.asked_order(SECOND).await;
    let mut broken = shop.item(FIRST).await;
    broken.insert("h".to_owned(), AttributeValue::N("1".to_owned()));
    let write = shop.local.client.put_item();
    let write = write.table_name(haat_aws::testing::TABLE);
    write.set_item(Some(broken)).send().await.unwrap();

    let response = shop.handle(sample()).await;

    assert!(response.batch_item_failures.is_empty(), "it will not heal");
    let parked = shop.local.table.parked(&seller(), None, 10).await.unwrap();
    assert_eq!(parked.items.len(), 1);
    assert_eq!(parked.items[0].kind, ParkedKind::Change);
    assert_eq!(parked.items[0].account, order_id(FIRST).account);
    assert_eq!(parked.items[0].key, FIRST);
    assert_eq!(parked.items[0].since, at(shop::NOW));
    let sent = shop.queue.sent();
    assert_eq!(sent.len(), 1, "the other order is worked on: {sent:?}");
    assert_eq!(sent[0].orders, [id::<OrderNumber>(SECOND)]);
}

#[tokio::test]
async fn another_wish_of_an_order_with_open_work_is_sent_on() {
    let shop = Shop::open(false).await;
    let before = shop.asked_order(FIRST).await;
    let after = shop.ask_for(FIRST, Action::Cancel).await;

    shop.handle(shop::batch([("1", before, after)])).await;

    let sent = shop.queue.sent();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert_eq!(sent[0].action, Action::Cancel);
}

#[tokio::test]
async fn a_purchase_order_wakes_the_order_that_waited_for_it() {
    let shop = Shop::open(false).await;
    let before = shop.asked_order(FIRST).await;
    let raised =
        AttributeValue::M([("n".to_owned(), AttributeValue::S("4500000001".to_owned()))].into());
    let mut after = before.clone();
    let supply = AttributeValue::M([("po".to_owned(), raised)].into());
    after.insert("sup".to_owned(), supply);

    shop.handle(shop::batch([("1", before, after)])).await;

    assert_eq!(shop.queue.sent().len(), 1);
}
