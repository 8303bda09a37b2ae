//! Trouble behind the API: the caller learns what to do, and when to come again.

use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use haat_ports::{PollMessage, PollsQueue, QueueError, ShipMessage, ShipQueue};
use haat_sandbox::{Fault, FaultKind, Seed, State};
use haat_tests::world::World;
use serde_json::json;

use crate::app::{ADMIN, App, PACKER, READER, new_account};

fn wait(headers: &HeaderMap) -> &str {
    headers["retry-after"].to_str().unwrap()
}

#[tokio::test]
async fn a_marketplace_that_is_down_or_busy_says_when_to_come_again() {
    let app = App::new().await;
    let busy = Fault::status("login", 429).retry_after(90);
    app.world.sandbox.control().fault(busy).unwrap();
    let answer = app
        .post(ADMIN, "/accounts", new_account("sandbox-only"))
        .await;
    assert_eq!(answer.problem(), (503, "marketplace-unavailable"));
    assert_eq!(wait(&answer.headers), "90");

    app.world
        .sandbox
        .control()
        .fault(Fault::status("login", 500))
        .unwrap();
    let answer = app
        .post(ADMIN, "/accounts", new_account("sandbox-only"))
        .await;
    assert_eq!(answer.problem(), (503, "marketplace-unavailable"));
    assert_eq!(
        app.get(READER, "/accounts").await.body,
        json!({"accounts": []})
    );
    assert_eq!(
        app.post(ADMIN, "/accounts", new_account("sandbox-only"))
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn a_marketplace_that_answers_nonsense_stores_nothing() {
    let app = App::new().await;
    let nonsense = Fault::new("login", FaultKind::HtmlInsteadOfJson);
    app.world.sandbox.control().fault(nonsense).unwrap();
    let answer = app
        .post(ADMIN, "/accounts", new_account("sandbox-only"))
        .await;
    assert!(matches!(answer.status, 502 | 503), "{:#}", answer.body);
    assert_eq!(
        app.get(READER, "/accounts").await.body,
        json!({"accounts": []})
    );
}

/// A queue that takes nothing.
struct Broken;

fn broken(queue: &'static str) -> QueueError {
    QueueError {
        queue,
        message: "a message".to_owned(),
        reason: "it is broken".to_owned(),
    }
}

#[async_trait::async_trait]
impl PollsQueue for Broken {
    async fn send(&self, _: &[PollMessage]) -> Result<(), QueueError> {
        Err(broken("polls"))
    }
}

#[async_trait::async_trait]
impl ShipQueue for Broken {
    async fn send(&self, _: &ShipMessage, _: Duration) -> Result<(), QueueError> {
        Err(broken("ship"))
    }
}

pub(crate) async fn with_broken_queues() -> App {
    let world = World::new().await;
    let seed = Seed::new(4_100_001, State::Pending, 1);
    world.sandbox.control().seed(&seed).unwrap();
    App::beside(world, |mut api| {
        api.polls = Arc::new(Broken);
        api.ship = Arc::new(Broken);
        api
    })
    .await
}

#[tokio::test]
async fn an_account_connected_without_its_first_poll_says_so() {
    let app = with_broken_queues().await;
    let answer = app
        .post(ADMIN, "/accounts", new_account("sandbox-only"))
        .await;
    assert_eq!(answer.problem(), (503, "unavailable"));
    assert!(
        answer.detail().contains("Do not connect it again"),
        "{}",
        answer.detail()
    );
    assert!(
        !answer.detail().contains("it is broken"),
        "the cause is for the log"
    );
    let list = app.get(READER, "/accounts").await.body;
    assert_eq!(list["accounts"][0]["health"], json!({"state": "connected"}));
}

#[tokio::test]
async fn an_intent_needs_no_queue_and_a_nudge_that_fails_is_told() {
    let app = with_broken_queues().await;
    app.world.connect().await;
    app.world.poll().await;
    let list = app.get(READER, "/orders").await.body;
    let accept = format!(
        "/orders/{}/accept",
        list["orders"][0]["id"].as_str().unwrap()
    );
    assert_eq!(app.call(PACKER, "POST", &accept, None).await.status, 202);
    let again = app.call(PACKER, "POST", &accept, None).await;
    assert_eq!(again.problem(), (503, "unavailable"));
    assert_eq!(wait(&again.headers), "5");
}
