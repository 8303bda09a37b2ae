//! Everything the sandbox says is in the contract.

use std::collections::BTreeSet;

use haat_sandbox::{Fault, FaultKind, Options, Seed, State, Throttle};
use serde_json::{Value, json};

use crate::panel::{Panel, SUPPLIER};

const NOTHING: [haat_tests::contract::Violation; 0] = [];

/// One pending order and its grouping key.
fn one_order(panel: &Panel) -> (String, String) {
    let seed = Seed::new(SUPPLIER, State::Pending, 1);
    let number = panel.sandbox.control().seed(&seed).unwrap().remove(0);
    let key = format!("{number}_FORWARD");
    (number, key)
}

async fn accept(panel: &Panel, key: &str) -> Value {
    let job = panel
        .call_with("reqPendingOrders", |body| {
            body["groups"] = json!([{ "grouping_key": key, "sub_order_ids": [key], "shipment_type": "forward" }]);
        })
        .await
        .json();
    panel.advance(60);
    job["request_id"].clone()
}

async fn finished_label_job(panel: &Panel) -> Value {
    let everything =
        |body: &mut Value| body["filter"] = json!({ "label_downloaded": { "status": false } });
    panel.call_with("reqDownloadLabelV2", everything).await;
    panel.call("fetchLabelDownloadHistory").await;
    panel.advance(60);
    let history = panel.call("fetchLabelDownloadHistory").await.json();
    history["data"][0].clone()
}

/// An order's whole way, with every call that the sandbox knows.
async fn go_the_whole_way(panel: &mut Panel) {
    let answer = panel.call("login").await;
    panel.cookies = answer.cookies().join("; ");
    for call in [
        "prefetchSupplyData",
        "fetchRegistrationStatus",
        "getSupplierDetails",
    ] {
        panel.call(call).await;
    }
    let (number, key) = one_order(panel);
    panel.call("listOrders").await;
    let job = accept(panel, &key).await;
    panel.call("fetchPendingOrdersHistory").await;
    panel
        .call_with("updatePendingOrderStatus", |body| body["request_id"] = job)
        .await;
    panel
        .call_with("fetchOrderDetails", |body| {
            body["sub_order_nums"] = json!([number, "299000000000000009_9"]);
        })
        .await;
    let job = finished_label_job(panel).await;
    let label = panel.file(job["label_url"].as_str().unwrap()).await;
    assert!(label.body.starts_with("%PDF-"), "{:?}", label.headers);
    for call in [
        "updateGroupDownloadBackendFlag",
        "updateLabelDownloadStatus",
    ] {
        panel
            .call_with(call, |body| body["request_id"] = job["request_id"].clone())
            .await;
    }
    panel.call("logout").await;
    panel
        .sandbox
        .control()
        .demand_otp(SUPPLIER, "123456")
        .unwrap();
    let challenge = panel.call("login").await;
    assert_eq!(challenge.cookies(), Vec::<String>::new());
    panel
        .call_with("verifyLoginOtp", |body| {
            body["challenge_id"] = challenge.json()["challenge_id"].clone();
        })
        .await;
}

#[tokio::test]
async fn every_call_that_the_sandbox_knows_keeps_the_contract() {
    let mut panel = Panel::open(Options::default()).await;
    go_the_whole_way(&mut panel).await;
    assert_eq!(panel.violations(), NOTHING);

    // What was not driven is not there; what will be there has to be driven.
    let driven = panel.answered();
    assert_eq!(driven.len(), 16, "{driven:?}");
    let others = panel
        .contract
        .operations()
        .iter()
        .filter(|one| !driven.contains(&one.id));
    for other in others.map(|one| one.id.clone()).collect::<BTreeSet<_>>() {
        let answer = panel.call(&other).await;
        assert!(
            answer.body.starts_with("<!doctype html>"),
            "the sandbox now answers {other}: drive it in go_the_whole_way"
        );
    }
}

#[tokio::test]
async fn every_tab_keeps_the_contract_page_by_page() {
    let panel = Panel::open_logged_in().await;
    for state in [
        State::OnHold,
        State::Pending,
        State::ReadyToShip,
        State::Shipped,
        State::Cancelled,
    ] {
        panel
            .sandbox
            .control()
            .seed(&Seed::new(SUPPLIER, state, 7))
            .unwrap();
    }
    let tabs = [
        (0, "on-hold"),
        (1, "pending"),
        (3, "ready-to-ship"),
        (4, "shipped"),
        (5, "cancelled"),
    ];
    for (status, tab) in tabs {
        let mut cursor = Value::Null;
        let mut pages = 0;
        while pages == 0 || !cursor.is_null() {
            let page = panel
                .call_with("listOrders", |body| {
                    body["status"] = json!(status);
                    body["type"] = json!(tab);
                    body["limit"] = json!(3);
                    body["cursor"] = cursor.clone();
                })
                .await
                .json();
            cursor = page["cursor"].clone();
            pages += 1;
            assert!(pages < 9, "{tab} has no last page");
        }
        assert!(pages > 1, "{tab} has one page only");
    }
    assert_eq!(panel.violations(), NOTHING);
}

#[tokio::test]
async fn the_details_of_an_order_keep_the_contract_in_every_state() {
    use State::*;
    let panel = Panel::open_logged_in().await;
    let control = panel.sandbox.control();
    let lives: [&[State]; 5] = [
        &[OnHold, Pending, ReadyToShip, Cancelled],
        &[Shipped, Delivered, Returned],
        &[Shipped, Lost],
        &[Shipped, DoorStepExchanged],
        &[
            Shipped,
            RtoInitiated,
            RtoLocked,
            RtoOfd,
            RtoDeliveryFailed,
            RtoOfd,
            RtoComplete,
        ],
    ];
    let mut states = BTreeSet::new();
    for life in lives {
        let number = control
            .seed(&Seed::new(SUPPLIER, life[0], 1))
            .unwrap()
            .remove(0);
        for state in life {
            if *state != life[0] {
                control.move_to(&number, *state).unwrap();
            }
            let details = panel
                .call_with("fetchOrderDetails", |body| {
                    body["sub_order_nums"] = json!([number])
                })
                .await
                .json();
            states.insert(details["data"][0]["supplier_order_status"].to_string());
        }
    }
    assert_eq!(states.len(), 14, "{states:?}");
    assert_eq!(panel.violations(), NOTHING);
}

#[tokio::test]
async fn every_status_of_every_call_keeps_the_contract() {
    let panel = Panel::open_logged_in().await;
    for operation in panel.contract.operations() {
        for status in operation
            .statuses()
            .filter(|status| ![200, 404].contains(status))
        {
            let fault = Fault::status(&operation.id, status);
            if operation.id == "getLabelFile" || panel.sandbox.control().fault(fault).is_err() {
                continue;
            }
            let answer = panel.call(&operation.id).await;
            assert_eq!(answer.status, status, "{}", operation.id);
        }
    }
    assert_eq!(panel.violations(), NOTHING);
}

#[tokio::test]
async fn blocked_and_broken_answers_keep_the_contract() {
    let panel = Panel::open_logged_in().await;
    for (kind, status) in [
        (FaultKind::EdgeBlock, 403),
        (FaultKind::HtmlInsteadOfJson, 200),
        (FaultKind::MalformedBody, 500),
    ] {
        panel
            .sandbox
            .control()
            .fault(Fault::new("listOrders", kind))
            .unwrap();
        assert_eq!(panel.call("listOrders").await.status, status, "{kind:?}");
    }
    assert_eq!(panel.violations(), NOTHING);
}

#[tokio::test]
async fn every_refusal_keeps_the_contract() {
    let throttle = Throttle {
        calls_per_minute: 2,
        retry_after_seconds: 30,
    };
    let options = Options {
        throttle: Some(throttle),
        ..Options::default()
    };
    let mut panel = Panel::open(options).await;
    assert_eq!(panel.call("listOrders").await.status, 401);
    let wrong = |body: &mut Value| body["password"] = json!("wrong");
    panel.cookies = panel.call("login").await.cookies().join("; ");
    panel.call("listOrders").await;
    let throttled = panel.call("listOrders").await;
    assert_eq!(throttled.status, 429);
    assert_eq!(throttled.headers["retry-after"], "30");
    panel.advance(61);
    panel.sandbox.control().expire_sessions(SUPPLIER).unwrap();
    assert_eq!(panel.call("listOrders").await.status, 463);
    let mut refused = Vec::new();
    for _ in 0..6 {
        panel.advance(61);
        refused.push(panel.call_with("login", wrong).await.status);
    }
    assert_eq!(refused, [401, 401, 401, 401, 401, 423]);
    assert_eq!(panel.violations_of_answers(), NOTHING);
}

#[tokio::test]
async fn label_files_that_expired_or_never_were_keep_the_contract() {
    let panel = Panel::open_logged_in().await;
    let (_, key) = one_order(&panel);
    accept(&panel, &key).await;
    let job = finished_label_job(&panel).await;
    let address = job["label_url"].as_str().unwrap();
    panel.advance(4_000);
    assert_eq!(panel.file(address).await.status, 403);
    let other = address.replace(".pdf", "-other.pdf");
    assert_eq!(panel.file(&other).await.status, 404);
    assert_eq!(panel.violations(), NOTHING);
}

#[tokio::test]
async fn a_label_job_that_fails_keeps_the_contract() {
    let mut options = Options::default();
    options.timings.label_delay_seconds = 6 * 3_600;
    let mut panel = Panel::open(options).await;
    panel.cookies = panel.call("login").await.cookies().join("; ");
    let (_, key) = one_order(&panel);
    accept(&panel, &key).await;
    let job = finished_label_job(&panel).await;
    assert_eq!(job["status"], "FAILED");
    panel
        .call_with("updateLabelDownloadStatus", |body| {
            body["request_id"] = job["request_id"].clone()
        })
        .await;
    assert_eq!(panel.violations(), NOTHING);
}
