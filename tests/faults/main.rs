//! Real programs of functions, killed and cheated at every call they make.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod shop;

use haat_sandbox::{Seed, State};
use haat_tests::lambda::Outcome;
use jiff::SignedDuration;
use serde_json::json;
use shop::Shop;

#[tokio::test]
async fn a_function_works_by_the_tests_own_clock_until_it_is_killed() {
    let shop = Shop::open().await;
    let seed = Seed::new(4_100_001, State::Pending, 5);
    shop.sandbox.control().seed(&seed).unwrap();
    shop.connect().await;
    let mut poll = shop.function("haat-poll").await;
    for message in shop
        .cloud
        .queues()
        .receive("polls", SignedDuration::from_mins(30))
    {
        let outcome = poll.invoke(&message.event()).await;
        let answer = json!({ "batchItemFailures": [] });
        assert_eq!(outcome, Outcome::Answered(answer), "{}", poll.said());
    }
    assert!(
        poll.said()
            .starts_with(r#"{"timestamp":"2026-09-11T06:41:10"#),
        "{}",
        poll.said()
    );
    assert_eq!(shop.cloud.stream.news().await.unwrap().len(), 5);
    assert!(shop.cloud.stream.news().await.unwrap().is_empty());
    poll.process().kill();
    assert_eq!(poll.invoke(&json!({})).await, Outcome::Died);
}
