use std::sync::Mutex;

use haat_aws::batch::{SqsBatchResponse, SqsEvent, each_message};
use haat_domain::Action;
use haat_ports::{PollMessage, ShipMessage};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::sample::id;

fn event(bodies: &[(&str, Value)]) -> SqsEvent {
    let record = |(id, body): &(&str, Value)| {
        // A text is a body as it is, anything else one of ours.
        let body = body.as_str().map_or(body.to_string(), str::to_owned);
        json!({ "messageId": id, "body": body, "eventSource": "aws:sqs" })
    };
    let records: Vec<Value> = bodies.iter().map(record).collect();
    serde_json::from_value(json!({ "Records": records })).unwrap()
}

/// Messages of the polls queue: id, group and pack.
fn grouped(messages: &[(&str, &str, &str)]) -> SqsEvent {
    let record = |(id, group, pack): &(&str, &str, &str)| {
        json!({ "messageId": id, "body": poll(pack).to_string(), "eventSource": "aws:sqs",
                "attributes": { "MessageGroupId": group } })
    };
    let records: Vec<Value> = messages.iter().map(record).collect();
    serde_json::from_value(json!({ "Records": records })).unwrap()
}

fn poll(pack: &str) -> Value {
    json!({ "pack": pack })
}

fn reported(response: &SqsBatchResponse) -> Vec<&str> {
    let failures = response.batch_item_failures.iter();
    failures
        .map(|failure| failure.item_identifier.as_str())
        .collect()
}

/// Works through a batch, failing at one pack; the packs in the order they were worked on, and
/// what is reported.
async fn work_through(event: SqsEvent, broken: &str) -> (Vec<String>, SqsBatchResponse) {
    let worked = Mutex::new(Vec::new());
    let work = async |message: PollMessage| {
        worked.lock().unwrap().push(message.pack.to_string());
        if message.pack.as_str() == broken {
            return Err(format!("{broken} is broken"));
        }
        Ok(())
    };
    let response = each_message(event, work).await;
    (worked.into_inner().unwrap(), response)
}

#[tokio::test]
async fn messages_are_worked_on_one_after_the_other_as_they_came() {
    let event = event(&[
        ("m1", poll("p5-2")),
        ("m2", poll("p5-0")),
        ("m3", poll("p5-1")),
    ]);

    let (worked, response) = work_through(event, "none").await;

    assert_eq!(worked, ["p5-2", "p5-0", "p5-1"]);
    assert!(reported(&response).is_empty());
}

#[tokio::test]
async fn a_group_whose_work_hangs_keeps_no_other_waiting_and_its_own_in_order() {
    let event = grouped(&[
        ("m1", "slow", "p5-0"),
        ("m2", "slow", "p5-1"),
        ("m3", "other", "p5-2"),
    ]);
    let others_done = tokio::sync::Notify::new();
    let worked = Mutex::new(Vec::new());

    // The first message of the slow group ends only after the other group is through.
    let work = async |message: PollMessage| {
        match message.pack.as_str() {
            "p5-0" => others_done.notified().await,
            "p5-2" => others_done.notify_one(),
            _ => {}
        }
        worked.lock().unwrap().push(message.pack.to_string());
        Ok::<(), String>(())
    };
    let response = each_message(event, work).await;

    assert_eq!(worked.into_inner().unwrap(), ["p5-2", "p5-0", "p5-1"]);
    assert!(reported(&response).is_empty());
}

#[tokio::test]
async fn a_message_that_fails_is_reported_alone_and_the_next_goes_on() {
    let event = event(&[
        ("m1", poll("p5-0")),
        ("m2", poll("p5-1")),
        ("m3", poll("p5-2")),
    ]);

    let (worked, response) = work_through(event, "p5-1").await;

    assert_eq!(worked, ["p5-0", "p5-1", "p5-2"]);
    assert_eq!(reported(&response), ["m2"]);
}

#[tokio::test]
async fn what_is_no_message_of_ours_is_reported_and_never_worked_on() {
    let event = event(&[
        ("m1", json!("hello")),
        ("m2", json!({ "packet": "p5-0" })),
        ("m3", json!("")),
        ("m4", poll("p5-0")),
    ]);

    let (worked, response) = work_through(event, "none").await;

    assert_eq!(worked, ["p5-0"]);
    assert_eq!(reported(&response), ["m1", "m2", "m3"]);
}

/// What a sample event holds, as its function reads it.
async fn messages_of<M: DeserializeOwned>(sample: &str) -> Vec<M> {
    let read = Mutex::new(Vec::new());
    let keep = async |message: M| {
        read.lock().unwrap().push(message);
        Ok::<(), String>(())
    };
    let response = each_message(serde_json::from_str(sample).unwrap(), keep).await;
    assert!(reported(&response).is_empty());
    read.into_inner().unwrap()
}

#[tokio::test]
async fn the_sample_of_the_polls_queue_asks_for_a_pack() {
    let read = messages_of::<PollMessage>(include_str!("../../../../events/polls.json")).await;

    let expected = PollMessage {
        pack: id("p5-0"),
        account: None,
        test_of: None,
    };
    assert_eq!(read, [expected]);
}

#[tokio::test]
async fn the_sample_of_the_ship_queue_asks_for_work_on_an_order() {
    let read = messages_of::<ShipMessage>(include_str!("../../../../events/ship.json")).await;

    let expected = ShipMessage {
        seller: id("s_demo"),
        account: id("a_demo"),
        action: Action::Ship,
        orders: vec![id("299000000000000001_1")],
        wake: None,
    };
    assert_eq!(read, [expected]);
}
