//! Misbehaviour on request.

use std::time::{Duration, Instant};

use haat_sandbox::{Fault, FaultKind, Outcome, Sandbox, Seed, State};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::client::{EMAIL, PASSWORD, Panel, SUPPLIER, numbers_of, open_shop};

const ORDERS: &str = "/api/fulfillment/orders";
const ACCEPT: &str = "/api/fulfillment/orders/reqPendingOrders";

async fn shop_with(pending: u32) -> (Sandbox, Panel, Vec<String>) {
    let (sandbox, panel) = open_shop().await;
    let numbers = sandbox
        .control()
        .seed(&Seed::new(SUPPLIER, State::Pending, pending))
        .unwrap();
    (sandbox, panel, numbers)
}

async fn list(panel: &Panel) -> reqwest::Result<reqwest::Response> {
    panel
        .call(ORDERS, &panel.page_request("pending", None, 50))
        .send()
        .await
}

#[tokio::test]
async fn a_status_is_played_as_often_as_asked_and_then_no_more() {
    let (sandbox, panel, _) = shop_with(1).await;
    sandbox
        .control()
        .fault(
            Fault::status("listOrders", 429)
                .retry_after(7)
                .times(2)
                .after(1),
        )
        .unwrap();

    let mut statuses = Vec::new();
    for _ in 0..4 {
        let answer = list(&panel).await.unwrap();
        if answer.status() == 429 {
            assert_eq!(answer.headers()["retry-after"], "7");
        }
        statuses.push(answer.status().as_u16());
    }
    assert_eq!(statuses, [200, 429, 429, 200]);
}

#[tokio::test]
async fn every_status_has_the_contracts_body() {
    let (sandbox, panel, _) = shop_with(1).await;
    for (status, body) in [
        (401, json!({"error": "unauthorised"})),
        (
            403,
            json!({"errorCode": 1001, "message": "identifier is missing"}),
        ),
        (463, json!({"error": "session expired"})),
        (500, json!({"error": "internal error"})),
    ] {
        sandbox
            .control()
            .fault(Fault::status("listOrders", status))
            .unwrap();
        let answer = list(&panel).await.unwrap();
        assert_eq!(answer.status(), status);
        assert_eq!(answer.json::<Value>().await.unwrap(), body);
    }
}

#[tokio::test]
async fn html_comes_with_200_and_with_403() {
    let (sandbox, panel, _) = shop_with(1).await;
    sandbox
        .control()
        .fault(Fault::new("listOrders", FaultKind::HtmlInsteadOfJson))
        .unwrap();
    sandbox
        .control()
        .fault(Fault::new("listOrders", FaultKind::EdgeBlock))
        .unwrap();
    for status in [200, 403] {
        let answer = list(&panel).await.unwrap();
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    }
}

#[tokio::test]
async fn a_lost_response_did_the_work() {
    let (sandbox, panel, numbers) = shop_with(1).await;
    sandbox
        .control()
        .fault(Fault::new("reqPendingOrders", FaultKind::LostResponse))
        .unwrap();

    let lost = panel
        .call(ACCEPT, &panel.accept_request(&numbers))
        .send()
        .await;

    assert!(lost.is_err());
    assert_eq!(sandbox.control().counters().accept_jobs, 1);
    assert_eq!(
        sandbox.control().log().pop().unwrap().outcome,
        Outcome::DoneUnanswered
    );
    sandbox.control().advance_seconds(5).unwrap();
    assert_eq!(panel.accept_history().await[0]["processed_orders_count"], 1);
}

#[tokio::test]
async fn a_dropped_connection_did_nothing() {
    let (sandbox, panel, numbers) = shop_with(1).await;
    sandbox
        .control()
        .fault(Fault::new("reqPendingOrders", FaultKind::DropBeforeCommit))
        .unwrap();

    let dropped = panel
        .call(ACCEPT, &panel.accept_request(&numbers))
        .send()
        .await;

    assert!(dropped.is_err());
    assert_eq!(sandbox.control().counters().accept_jobs, 0);
    let logged = sandbox.control().log().pop().unwrap();
    assert_eq!((logged.outcome, logged.status), (Outcome::Dropped, None));
    assert_eq!(logged.fault.as_deref(), Some("drop-before-commit"));
}

#[tokio::test]
async fn a_hang_never_answers_with_or_without_the_work() {
    let (sandbox, panel, numbers) = shop_with(1).await;
    for (kind, jobs) in [(FaultKind::Hang, 0), (FaultKind::HangAfterCommit, 1)] {
        sandbox
            .control()
            .fault(Fault::new("reqPendingOrders", kind))
            .unwrap();
        let patience = Duration::from_millis(200);
        let call = panel
            .call(ACCEPT, &panel.accept_request(&numbers))
            .timeout(patience)
            .send()
            .await;
        assert!(call.unwrap_err().is_timeout());
        assert_eq!(sandbox.control().counters().accept_jobs, jobs, "{kind:?}");
    }
}

#[tokio::test]
async fn latency_delays_and_then_works() {
    let (sandbox, panel, _) = shop_with(1).await;
    sandbox
        .control()
        .fault(Fault::new("listOrders", FaultKind::Latency).milliseconds(150))
        .unwrap();
    let start = Instant::now();
    assert_eq!(list(&panel).await.unwrap().status(), 200);
    assert!(start.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn a_cut_body_is_no_json() {
    let (sandbox, panel, _) = shop_with(1).await;
    sandbox
        .control()
        .fault(Fault::new("listOrders", FaultKind::TruncatedJson))
        .unwrap();
    let answer = list(&panel).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert!(serde_json::from_str::<Value>(&answer.text().await.unwrap()).is_err());
}

#[tokio::test]
async fn a_repeated_page_repeats_its_cursor_too() {
    let (sandbox, panel, _) = shop_with(120).await;
    let first = panel.page("pending", None, 50).await;
    sandbox
        .control()
        .fault(Fault::new("listOrders", FaultKind::RepeatPage))
        .unwrap();
    let cursor = first["cursor"].as_str();
    assert_eq!(panel.page("pending", cursor, 50).await, first);
    assert_ne!(panel.page("pending", cursor, 50).await, first);
}

#[tokio::test]
async fn a_shifted_page_skips_an_order_that_is_still_there() {
    let (sandbox, panel, numbers) = shop_with(120).await;
    sandbox
        .control()
        .fault(Fault::new("listOrders", FaultKind::PageShift))
        .unwrap();
    let seen = panel.tab("pending", 50).await;
    // The first order was accepted elsewhere between the first and the second page.
    assert_eq!(panel.tab("ready-to-ship", 50).await, [numbers[0].clone()]);
    let missed: Vec<&String> = numbers
        .iter()
        .filter(|number| !seen.contains(number))
        .collect();
    assert_eq!(missed, [&numbers[50]]);
}

#[tokio::test]
async fn a_duplicate_row_comes_on_two_pages() {
    let (sandbox, panel, numbers) = shop_with(60).await;
    sandbox
        .control()
        .fault(Fault::new("listOrders", FaultKind::DuplicateRow))
        .unwrap();
    let seen = panel.tab("pending", 50).await;
    assert_eq!(seen.len(), 61);
    assert_eq!((&seen[49], &seen[50]), (&numbers[49], &numbers[49]));
}

#[tokio::test]
async fn one_broken_row_stands_among_good_ones() {
    let (sandbox, panel, numbers) = shop_with(3).await;
    sandbox
        .control()
        .fault(Fault::new("listOrders", FaultKind::MalformedRow))
        .unwrap();
    let fault = Fault::new("listOrders", FaultKind::MalformedRow).field("sub_order_num");
    sandbox.control().fault(fault).unwrap();

    let page = panel.page("pending", None, 50).await;
    assert_eq!(page["data"]["subOrders"][0]["price"], "three hundred");
    assert!(page["data"]["subOrders"][1]["price"].is_number());
    let page = panel.page("pending", None, 50).await;
    assert_eq!(page["data"]["subOrders"][0]["sub_order_num"], Value::Null);
    assert_eq!(numbers_of(&page)[1..], numbers[1..]);

    sandbox
        .control()
        .move_to(&numbers[0], State::ReadyToShip)
        .unwrap();
    sandbox
        .control()
        .fault(Fault::new("listOrders", FaultKind::MalformedRow))
        .unwrap();
    let page = panel.page("ready-to-ship", None, 50).await;
    assert_eq!(
        page["data"]["groups"][0]["orders"][0]["sub_orders"][0]["price"],
        "three hundred"
    );

    sandbox
        .control()
        .fault(Fault::new("fetchOrderDetails", FaultKind::MalformedRow))
        .unwrap();
    assert_eq!(
        panel.detail(&numbers[1]).await["products"][0]["price"],
        "three hundred"
    );
}

#[tokio::test]
async fn details_may_use_a_word_nobody_knows() {
    let (sandbox, panel, numbers) = shop_with(1).await;
    sandbox
        .control()
        .fault(Fault::new("fetchOrderDetails", FaultKind::UnknownWord))
        .unwrap();
    assert_eq!(
        panel.detail(&numbers[0]).await["supplier_order_status"],
        "TELEPORTED"
    );
    assert_eq!(
        panel.detail(&numbers[0]).await["supplier_order_status"],
        "PENDING"
    );
}

#[tokio::test]
async fn the_file_host_misbehaves_too() {
    let (sandbox, panel) = open_shop().await;
    sandbox
        .control()
        .seed(&Seed::new(SUPPLIER, State::ReadyToShip, 1))
        .unwrap();
    panel.ask_for_labels(&panel.label_request()).await;
    sandbox.control().advance_seconds(30).unwrap();
    let url = panel.label_job().await["label_url"]
        .as_str()
        .unwrap()
        .to_owned();
    let fault = |kind| {
        sandbox
            .control()
            .fault(Fault::new("getLabelFile", kind))
            .unwrap()
    };

    fault(FaultKind::WrongContentType);
    assert_eq!(
        panel.fetch(&url).await.headers()["content-type"],
        "application/octet-stream"
    );
    fault(FaultKind::HtmlInsteadOfJson);
    assert_eq!(
        panel.fetch(&url).await.headers()["content-type"],
        "text/html; charset=utf-8"
    );
    fault(FaultKind::Redirect);
    let elsewhere = panel.fetch(&url).await;
    assert_eq!(elsewhere.status(), 302);
    assert_eq!(
        elsewhere.headers()["location"],
        "http://files.example.test/labels.pdf"
    );
    let mut large = Fault::new("getLabelFile", FaultKind::TooLarge);
    large.megabytes = Some(3);
    sandbox.control().fault(large).unwrap();
    let file = panel.fetch(&url).await;
    assert_eq!(file.headers().get("content-length"), None);
    assert_eq!(file.bytes().await.unwrap().len(), 9 + 3 * 1_048_576);
    fault(FaultKind::LostResponse);
    let client = crate::client::http();
    assert!(client.get(&url).send().await.is_err());
    assert_eq!(panel.fetch(&url).await.status(), 200);
}

#[tokio::test]
async fn a_fault_may_be_meant_for_one_supplier_or_for_every_operation() {
    let (sandbox, panel, _) = shop_with(1).await;
    sandbox
        .control()
        .fault(Fault::status("*", 503).of("zzzzz"))
        .unwrap();
    assert_eq!(list(&panel).await.unwrap().status(), 200);
    sandbox.control().clear_faults();
    sandbox.control().fault(Fault::status("*", 503)).unwrap();
    assert_eq!(panel.try_log_in(EMAIL, PASSWORD).await.status(), 503);
}

#[tokio::test]
async fn a_stopped_sandbox_answers_nobody() {
    let (sandbox, panel, _) = shop_with(1).await;
    sandbox
        .control()
        .fault(Fault::new("listOrders", FaultKind::Hang))
        .unwrap();
    let hanging = tokio::spawn(
        panel
            .call(ORDERS, &panel.page_request("pending", None, 50))
            .send(),
    );
    while sandbox.control().counters().calls_of("listOrders") == 0 {
        tokio::task::yield_now().await;
    }
    sandbox.stop().await;
    let ended = timeout(Duration::from_secs(10), hanging)
        .await
        .expect("the connection was closed");
    assert!(ended.unwrap().is_err());
    assert!(list(&panel).await.is_err());
}
