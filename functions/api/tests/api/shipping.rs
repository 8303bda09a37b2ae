//! Accepting, shipping, and the label.

use std::sync::Arc;

use haat_ports::Clock as _;
use haat_sandbox::{CancelledBy, Seed, State};
use haat_tests::in_memory::MemoryFiles;
use haat_tests::world::World;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::app::{App, PACKER, READER};

/// An app with orders in one state, and the orders' paths with their numbers.
async fn with_orders(state: State, count: u32) -> (App, Vec<(String, String)>) {
    let app = App::new().await;
    let seed = Seed::new(4_100_001, state, count);
    let numbers = app.world.sandbox.control().seed(&seed).unwrap();
    let account = app.connected().await;
    let path = |number: String| (format!("/orders/{account}.{number}"), number);
    (app, numbers.into_iter().map(path).collect())
}

async fn ask(app: &App, order: &str, action: &str) -> crate::app::Answer {
    app.call(PACKER, "POST", &format!("{order}/{action}"), None)
        .await
}

async fn pass(app: &App, minutes: i64) {
    app.world.pass(SignedDuration::from_mins(minutes)).await;
}

#[tokio::test]
async fn a_body_that_leaves_nothing_out_accepts_the_order_whole() {
    let (app, orders) = with_orders(State::Pending, 2).await;
    for ((order, number), body) in orders.iter().zip([json!({}), json!({"without": {}})]) {
        let path = format!("{order}/accept");
        let asked = app.call(PACKER, "POST", &path, Some(body)).await;
        assert_eq!(asked.status, 202, "{:#}", asked.body);
        pass(&app, 2).await;
        assert_eq!(app.get(READER, order).await.body["stage"], "accepted");
        let accepts = app.world.sandbox.control().counters().accepts_of(number);
        assert_eq!((accepts.requests, accepts.transitions), (1, 1));
    }
}

#[tokio::test]
async fn an_order_is_accepted_shipped_and_its_label_opened_by_link() {
    let (app, orders) = with_orders(State::Pending, 3).await;
    let (order, number) = &orders[1];

    let asked = ask(&app, order, "accept").await;
    assert_eq!(asked.status, 202, "{:#}", asked.body);
    assert_eq!(asked.body["intents"]["accept"]["state"], "open");
    assert_eq!(
        ask(&app, order, "accept").await.status,
        200,
        "it is under way"
    );
    pass(&app, 2).await;
    assert_eq!(app.get(READER, order).await.body["stage"], "accepted");
    let accepts = app.world.sandbox.control().counters().accepts_of(number);
    assert_eq!(accepts.requests, 1, "asking twice is asking once");

    assert_eq!(ask(&app, order, "ship").await.status, 202);
    let waiting = app.get(PACKER, &format!("{order}/label")).await;
    assert_eq!(waiting.problem(), (409, "no-label"));
    pass(&app, 5).await;

    let link = app.get(PACKER, &format!("{order}/label")).await;
    assert_eq!(link.status, 200, "{:#}", link.body);
    let expires_at: Timestamp = link.body["expires_at"].as_str().unwrap().parse().unwrap();
    let lifetime = expires_at.duration_since(app.world.clock.now());
    assert_eq!(lifetime, SignedDuration::from_mins(5));
    let key = link.body["url"]
        .as_str()
        .unwrap()
        .strip_prefix("memory:")
        .unwrap();
    let label = haat_ports::Files::get(app.world.files.as_ref(), key)
        .await
        .unwrap();
    let pages = haat_labels::pages(&label).unwrap();
    assert_eq!(pages.len(), 1, "the link shows one page");
    assert_eq!(pages[0].order_numbers, [number.as_str()]);

    let shown = app.get(READER, order).await.body;
    assert_eq!(shown["label"]["state"], "ready");
    let asked: Vec<&Value> = shown["history"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["event"] == "asked")
        .collect();
    assert_eq!(asked.len(), 2);
    assert!(
        asked
            .iter()
            .all(|line| line["who"] == json!({"kind": "token", "name": "t_1"}))
    );
}

#[tokio::test]
async fn what_an_order_does_not_take_is_refused_with_the_reason() {
    let (app, orders) = with_orders(State::Pending, 1).await;
    let (order, number) = &orders[0];
    let early = ask(&app, order, "ship").await;
    assert_eq!(early.problem(), (409, "order-refused"));
    assert!(
        early.detail().contains("accept it first"),
        "{}",
        early.detail()
    );
    let label = app.get(PACKER, &format!("{order}/label")).await;
    assert_eq!(label.problem(), (409, "no-label"));
    assert!(
        label.detail().contains("ship the order first"),
        "{}",
        label.detail()
    );

    app.world
        .sandbox
        .control()
        .cancel(number, CancelledBy::Buyer)
        .unwrap();
    app.world.poll().await;
    for action in ["accept", "ship"] {
        let refused = ask(&app, order, action).await;
        assert_eq!(refused.problem(), (409, "order-refused"));
        assert!(
            refused.detail().contains("do not pack it"),
            "{}",
            refused.detail()
        );
        assert!(refused.detail().contains(number), "{}", refused.detail());
    }
    let label = app.get(PACKER, &format!("{order}/label")).await;
    assert_eq!(label.problem(), (409, "order-refused"));
    let accepts = app.world.sandbox.control().counters().accepts_of(number);
    assert_eq!(accepts.requests, 0, "a refusal reaches no marketplace");
}

#[tokio::test]
async fn accepting_what_is_accepted_is_refused() {
    let (app, orders) = with_orders(State::ReadyToShip, 1).await;
    let refused = ask(&app, &orders[0].0, "accept").await;
    assert_eq!(refused.problem(), (409, "order-refused"));
    assert!(
        refused.detail().contains("accepted already"),
        "{}",
        refused.detail()
    );
}

#[tokio::test]
async fn a_label_whose_file_is_no_longer_kept_is_gone() {
    let world = World::new().await;
    let seed = Seed::new(4_100_001, State::ReadyToShip, 1);
    world.sandbox.control().seed(&seed).unwrap();
    // The API looks into a store from which everything has vanished.
    let app = App::beside(world, |mut api| {
        api.files = Arc::new(MemoryFiles::default());
        api
    })
    .await;
    app.connected().await;
    let order = app.get(READER, "/orders").await.body;
    let order = format!("/orders/{}", order["orders"][0]["id"].as_str().unwrap());
    assert_eq!(ask(&app, &order, "ship").await.status, 202);
    pass(&app, 5).await;
    assert_eq!(
        app.get(READER, &order).await.body["label"]["state"],
        "ready"
    );
    let gone = app.get(PACKER, &format!("{order}/label")).await;
    assert_eq!(gone.problem(), (410, "label-gone"));
}
