//! `haat-probe <piece> <times> [<panel> <file host>]`: does one piece of Haat's work so many times.
//! Run under an instruction counter with n and 2n times, the difference is what n times cost.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a probe that cannot measure must stop"
)]

mod pages;
mod put;

use haat_aws::batch::{SqsEvent, each_message};
use haat_ports::PollMessage;

/// Ten messages, as Lambda hands them over.
const EVENT: &str = include_str!("../../../../events/polls.json");

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    match given.as_slice() {
        ["event", times] => event(number(times)).await,
        ["order", times] => put::orders(number(times)).await,
        ["ready", times] => put::ready(number(times)).await,
        ["known", times, panel, files] => pages::known(number(times), panel, files).await,
        ["new", times, panel, files] => pages::new(number(times), panel, files).await,
        ["bare", times, panel, files] => pages::bare(number(times), panel, files).await,
        other => panic!("no such piece: {other:?}"),
    }
}

fn number(text: &str) -> u32 {
    text.parse().expect("a number of times")
}

/// An SQS event of ten messages: read, each handed to a handler that does nothing, answered.
async fn event(times: u32) {
    let mut event: serde_json::Value = serde_json::from_str(EVENT).expect("the sample");
    let records = event.get_mut("Records").and_then(|all| all.as_array_mut());
    let records = records.expect("records");
    let one = records.first().cloned().expect("a record");
    *records = vec![one; 10];
    let event = event.to_string();
    for _ in 0..times {
        let event: SqsEvent = serde_json::from_str(&event).expect("an event");
        let done = async |_: PollMessage| Ok::<(), std::fmt::Error>(());
        let answer = each_message(event, done).await;
        let answer = serde_json::to_string(&answer).expect("an answer");
        assert!(answer.len() < 40, "{answer}");
    }
}
