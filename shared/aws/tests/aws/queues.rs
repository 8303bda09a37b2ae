use std::time::Duration;

use haat_aws::{PollsSqs, ShipSqs};
use haat_domain::Action;
use haat_ports::{PollMessage, PollsQueue, QueueError, ShipMessage, ShipQueue};
use serde_json::{Value, json};

use crate::double::{self, Asked, Double};
use crate::sample::{id, shop};

const URL: &str = "http://127.0.0.1/000000000000/polls";

fn pack(number: usize) -> PollMessage {
    PollMessage {
        pack: id(&format!("p5-{number}")),
        account: None,
        test_of: None,
    }
}

/// Takes every entry of a batch but those with these ids.
fn takes_all_but(
    refused: &'static [&'static str],
) -> impl Fn(&Asked) -> (axum::http::StatusCode, Vec<u8>) {
    move |asked| {
        let body = asked.json();
        let entries = body["Entries"].as_array().unwrap();
        let (mut taken, mut failed) = (vec![], vec![]);
        for entry in entries {
            let name = entry["Id"].as_str().unwrap();
            if refused.contains(&name) {
                failed.push(json!({"Id": name, "Code": "InternalError", "Message": "try again", "SenderFault": false}));
            } else {
                taken.push(json!({"Id": name, "MessageId": "m", "MD5OfMessageBody": ""}));
            }
        }
        double::json(&json!({"Successful": taken, "Failed": failed}))
    }
}

#[tokio::test]
async fn polls_go_ten_at_a_time_each_in_the_group_of_its_pack() {
    let double = Double::start(takes_all_but(&[])).await;
    let queue = PollsSqs::new(&double.config, URL);
    let mut messages: Vec<PollMessage> = (0..12).map(pack).collect();
    messages[11].account = Some(id("a_1"));

    queue.send(&messages).await.unwrap();

    let asked = double.asked();
    let entries: Vec<Value> = asked
        .iter()
        .flat_map(|asked| asked.json()["Entries"].as_array().unwrap().clone())
        .collect();
    assert_eq!((asked.len(), entries.len()), (2, 12));
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
    assert_eq!(text(&entries[3], "MessageBody"), r#"{"pack":"p5-3"}"#);
    assert_eq!(text(&entries[3], "MessageGroupId"), "p5-3");
    assert_eq!(
        text(&entries[11], "MessageBody"),
        r#"{"pack":"p5-11","account":"a_1"}"#
    );
    assert_eq!(text(&entries[11], "MessageGroupId"), "a_1");
}

#[tokio::test]
async fn a_message_that_was_not_taken_is_named() {
    let double = Double::start(takes_all_but(&["2"])).await;
    let queue = PollsSqs::new(&double.config, URL);

    let sent = queue.send(&[pack(0), pack(1), pack(2)]).await;

    let expected = QueueError {
        queue: "polls",
        message: "the poll of pack p5-2".to_owned(),
        reason: "InternalError: try again".to_owned(),
    };
    assert_eq!(sent, Err(expected));
}

#[tokio::test]
async fn nothing_to_send_is_not_sent() {
    let double = Double::start(takes_all_but(&[])).await;

    PollsSqs::new(&double.config, URL).send(&[]).await.unwrap();

    assert!(double.asked().is_empty());
}

fn ship_message() -> ShipMessage {
    ShipMessage {
        seller: shop(),
        account: id("a_1"),
        action: Action::Accept,
        orders: vec![id("299_1")],
        wake: None,
    }
}

#[tokio::test]
async fn work_is_sent_with_its_delay_in_the_group_of_its_account() {
    let double = Double::start(|_| double::json(&json!({"MessageId": "m"}))).await;
    let queue = ShipSqs::new(&double.config, URL);
    let day = Duration::from_secs(24 * 60 * 60);
    for delay in [Duration::ZERO, Duration::from_millis(1500), day] {
        queue.send(&ship_message(), delay).await.unwrap();
    }

    let asked: Vec<Value> = double.asked().iter().map(Asked::json).collect();

    let delays: Vec<_> = asked
        .iter()
        .map(|asked| asked["DelaySeconds"].as_i64())
        .collect();
    // Never earlier than asked, never later than SQS allows.
    assert_eq!(delays, [Some(0), Some(2), Some(900)]);
    assert_eq!(asked[0]["MessageGroupId"], "a_1");
    let body = r#"{"seller":"shop","account":"a_1","action":"accept","orders":["299_1"]}"#;
    assert_eq!(asked[0]["MessageBody"], body);
}

#[tokio::test]
async fn a_queue_that_refuses_says_why() {
    let double = Double::start(|_| double::refusal("AccessDeniedException", "not allowed")).await;

    let sent = ShipSqs::new(&double.config, URL)
        .send(&ship_message(), Duration::ZERO)
        .await;

    let error = sent.unwrap_err();
    assert_eq!(error.message, "the accept work of account a_1");
    assert_eq!(error.reason, "AccessDeniedException: not allowed");
}
