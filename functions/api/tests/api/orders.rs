//! Looking at orders.

use haat_sandbox::{HoldReason, Seed, State};
use serde_json::{Value, json};

use crate::app::{App, PACKER, READER};

async fn with_orders(seeds: &[(State, u32)]) -> (App, String) {
    let app = App::new().await;
    for (state, count) in seeds {
        let seed = Seed::new(4_100_001, *state, *count);
        app.world.sandbox.control().seed(&seed).unwrap();
    }
    let account = app.connected().await;
    (app, account)
}

async fn ids(app: &App, path: &str) -> Vec<String> {
    let answer = app.get(READER, path).await;
    assert_eq!(answer.status, 200, "{path}: {:#}", answer.body);
    let orders = answer.body["orders"].as_array().unwrap();
    orders
        .iter()
        .map(|order| order["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn open_orders_come_by_deadline_page_by_page_each_once() {
    let (app, _) = with_orders(&[(State::Pending, 7), (State::ReadyToShip, 2)]).await;
    let all = app.get(READER, "/orders").await.body;
    let deadlines: Vec<&str> = all["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|order| order["dispatch_by"]["at"].as_str().unwrap())
        .collect();
    assert_eq!(deadlines.len(), 9);
    assert!(deadlines.is_sorted(), "{deadlines:?}");
    assert_eq!(all["next"], Value::Null);

    let mut paged = Vec::new();
    let mut path = "/orders?limit=4".to_owned();
    loop {
        let part = app.get(READER, &path).await.body;
        paged.extend(part["orders"].as_array().unwrap().iter().cloned());
        match part["next"].as_str() {
            Some(next) => path = format!("/orders?limit=4&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(json!(paged), all["orders"]);
}

#[tokio::test]
async fn a_stage_and_an_account_narrow_the_list() {
    let (app, account) =
        with_orders(&[(State::Pending, 2), (State::OnHold, 1), (State::Shipped, 3)]).await;
    assert_eq!(ids(&app, "/orders").await.len(), 3);
    assert_eq!(ids(&app, "/orders?stage=new").await.len(), 2);
    assert_eq!(
        ids(&app, "/orders?stage=on_hold&listing=open").await.len(),
        1
    );
    assert_eq!(ids(&app, "/orders?listing=closed").await.len(), 3);
    assert_eq!(
        ids(&app, "/orders?stage=shipped").await.len(),
        3,
        "the stage names the list"
    );
    assert_eq!(
        ids(&app, &format!("/orders?account={account}")).await.len(),
        3
    );
    assert_eq!(ids(&app, "/orders?account=a_other").await.len(), 0);
}

#[tokio::test]
async fn a_query_that_makes_no_sense_is_refused() {
    let app = App::new().await;
    for query in [
        "limit=0",
        "limit=101",
        "limit=many",
        "stage=lying_around",
        "listing=closed&stage=new",
        "account=a%20b",
        "awb=VL1&stage=new",
        "status=new",
    ] {
        let answer = app.get(READER, &format!("/orders?{query}")).await;
        assert_eq!(answer.problem(), (422, "bad-input"), "{query}");
    }
}

#[tokio::test]
async fn one_order_shows_all_that_is_known() {
    let (app, _) = with_orders(&[(State::Pending, 1)]).await;
    let id = ids(&app, "/orders").await.remove(0);
    let order = app.get(PACKER, &format!("/orders/{id}")).await;
    assert_eq!(order.status, 200);
    insta::assert_json_snapshot!("order", order.body);
}

#[tokio::test]
async fn the_buyer_is_shown_to_packers_and_not_to_readers() {
    let (app, _) = with_orders(&[(State::Pending, 1)]).await;
    let known = app.world.sandbox.control().orders().remove(0);
    let id = ids(&app, "/orders").await.remove(0);

    let packer = app.get(PACKER, &format!("/orders/{id}")).await.body;
    assert_eq!(packer["buyer"]["name"], known.buyer_name.as_str());
    assert_eq!(packer["buyer_note"], Value::Null);

    let reader = app.get(READER, &format!("/orders/{id}")).await.body;
    assert_eq!(reader["buyer"], Value::Null);
    assert!(
        reader["buyer_note"]
            .as_str()
            .unwrap()
            .contains("scope pack")
    );
    assert!(!reader.to_string().contains(&known.buyer_name));
    assert!(
        !app.get(PACKER, "/orders")
            .await
            .body
            .to_string()
            .contains(&known.buyer_name)
    );
}

#[tokio::test]
async fn an_order_says_what_may_be_done_and_why_not() {
    let (app, _) = with_orders(&[]).await;
    let control = app.world.sandbox.control();
    let held = Seed::new(4_100_001, State::OnHold, 1).hold_reason(HoldReason::FraudReview);
    control.seed(&held).unwrap();
    control
        .seed(&Seed::new(4_100_001, State::Pending, 1))
        .unwrap();
    app.world.poll().await;

    let held = ids(&app, "/orders?stage=on_hold").await.remove(0);
    let held = app.get(READER, &format!("/orders/{held}")).await.body;
    for action in held["actions"].as_array().unwrap() {
        assert_eq!(action["allowed"], false);
        assert!(
            action["refusal"]
                .as_str()
                .unwrap()
                .contains("holds the order back"),
            "{action}"
        );
    }
    let new = ids(&app, "/orders?stage=new").await.remove(0);
    let new = app.get(READER, &format!("/orders/{new}")).await.body;
    assert_eq!(
        new["actions"][0],
        json!({"action": "accept", "allowed": true, "refusal": null})
    );
    assert_eq!(new["actions"][1]["allowed"], false);
}

#[tokio::test]
async fn a_parcel_is_found_by_its_awb() {
    let (app, _) = with_orders(&[(State::ReadyToShip, 1), (State::Pending, 1)]).await;
    let known = app.world.sandbox.control().orders();
    let awb = known.iter().find_map(|order| order.awb.clone()).unwrap();
    let found = app.get(READER, &format!("/orders?awb={awb}")).await.body;
    assert_eq!(found["orders"][0]["shipment"]["awb"], awb.as_str());
    assert_eq!(found["orders"].as_array().unwrap().len(), 1);
    assert_eq!(ids(&app, "/orders?awb=VL000").await.len(), 0);
}
