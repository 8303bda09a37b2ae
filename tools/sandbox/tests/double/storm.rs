//! Misbehaviour at random.

use haat_sandbox::{Fault, FaultKind, Storm};
use serde_json::json;

use crate::client::{Panel, http, open_shop};

const ORDERS: &str = "/api/fulfillment/orders";

async fn statuses(panel: &Panel, calls: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..calls {
        let body = panel.page_request("pending", None, 50);
        let answer = panel.call(ORDERS, &body).send().await.unwrap();
        statuses.push(answer.status().as_u16());
    }
    statuses
}

async fn weathered(seed: u64) -> Vec<u16> {
    let (sandbox, panel) = open_shop().await;
    let storm = Storm::new(seed)
        .with(200, Fault::status("listOrders", 503))
        .with(100, Fault::status("listOrders", 429));
    sandbox.control().set_storm(Some(storm)).unwrap();
    statuses(&panel, 200).await
}

#[tokio::test]
async fn a_storm_plays_each_fault_on_about_its_share_of_the_calls() {
    let statuses = weathered(7).await;
    let count = |wanted| statuses.iter().filter(|status| **status == wanted).count();
    assert!((20..=60).contains(&count(503)), "{} of 40", count(503));
    assert!((8..=35).contains(&count(429)), "{} of 20", count(429));
    assert!(count(200) > 100);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_storm_and_another_seed_another_one() {
    let first = weathered(1).await;
    assert_eq!(first, weathered(1).await);
    assert_ne!(first, weathered(2).await);
}

#[tokio::test]
async fn a_storm_ends_with_the_faults_or_by_word() {
    let (sandbox, panel) = open_shop().await;
    let always = Storm::new(1).with(1_000, Fault::status("listOrders", 503));
    for end in [true, false] {
        sandbox.control().set_storm(Some(always.clone())).unwrap();
        assert_eq!(statuses(&panel, 2).await, [503, 503]);
        if end {
            sandbox.control().clear_faults();
        } else {
            sandbox.control().set_storm(None).unwrap();
        }
        assert_eq!(statuses(&panel, 1).await, [200]);
    }
}

#[tokio::test]
async fn a_storm_can_be_started_from_outside_and_must_be_possible() {
    let (sandbox, panel) = open_shop().await;
    let address = format!("{}/_sandbox/storm", sandbox.api_url());
    let http = http();
    let of = |operation: &str| {
        json!({"seed": 3, "faults": [{
            "per_mille": 1000,
            "fault": {"operationId": operation, "kind": "status", "status": 503},
        }]})
    };
    let told = http.post(&address).json(&of("listOrders")).send().await;
    assert_eq!(told.unwrap().status(), 200);
    assert_eq!(statuses(&panel, 1).await, [503]);
    let told = http.post(&address).json(&of("flyOrders")).send().await;
    assert_eq!(told.unwrap().status(), 400);
}

#[tokio::test]
async fn a_call_that_hangs_is_told() {
    let (sandbox, panel) = open_shop().await;
    let hang = Fault::new("listOrders", FaultKind::Hang);
    sandbox.control().fault(hang).unwrap();
    let body = panel.page_request("pending", None, 50);
    let call = panel.call(ORDERS, &body).send();
    tokio::select! {
        answer = call => panic!("answered: {answer:?}"),
        () = sandbox.control().hung() => {}
    }
}
