//! Accept jobs.

use haat_sandbox::{AcceptCount, CancelledBy, Seed, State};
use serde_json::{Value, json};

use crate::client::{SUPPLIER, open_shop};

#[tokio::test]
async fn a_job_moves_its_orders_when_its_time_is_over() {
    let (sandbox, panel) = open_shop().await;
    let numbers = sandbox
        .control()
        .seed(&Seed::new(SUPPLIER, State::Pending, 2))
        .unwrap();

    let request_id = panel.accept(&numbers).await;
    assert_eq!(request_id, "4100001_ab1cd_1789108870000");
    sandbox.control().advance_seconds(4).unwrap();
    let running = &panel.accept_history().await[0];
    assert_eq!(
        (
            &running["progress_percent"],
            &running["processed_orders_count"]
        ),
        (&json!(80), &json!(0))
    );
    assert_eq!(panel.tab("pending", 50).await, numbers);

    sandbox.control().advance_seconds(1).unwrap();
    assert_eq!(
        panel.accept_history().await[0],
        json!({"request_id": request_id, "progress_percent": 100, "processed_orders_count": 2,
            "total_orders_count": 2, "error_message": null})
    );
    assert_eq!(panel.tab("ready-to-ship", 50).await, numbers);
    assert_eq!(panel.tab("pending", 50).await.len(), 0);
}

#[tokio::test]
async fn an_accepted_order_has_packet_and_awb() {
    let (sandbox, panel) = open_shop().await;
    let numbers = sandbox
        .control()
        .seed(&Seed::new(SUPPLIER, State::Pending, 1))
        .unwrap();
    panel.accept(&numbers).await;
    sandbox.control().advance_seconds(5).unwrap();

    let page = panel.page("ready-to-ship", None, 50).await;
    let packet = &page["data"]["groups"][0];
    assert_eq!(packet["grouping_key"], format!("{}_FORWARD", numbers[0]));
    assert_eq!(packet["packet_id"], "TNL110000000001");
    assert!(packet["awb"].as_str().unwrap().len() >= 13);
    assert_eq!(packet["label_downloaded"], false);
    let shipment = &panel.detail(&numbers[0]).await["shipment"];
    assert_eq!(shipment["awb"], packet["awb"]);
    assert_eq!(shipment["eligible"], true);
    assert_eq!(
        shipment["label_available_at_iso"],
        "2026-09-11T12:11:15+0530"
    );
}

#[tokio::test]
async fn accepting_twice_counts_twice_and_moves_once() {
    let (sandbox, panel) = open_shop().await;
    let numbers = sandbox
        .control()
        .seed(&Seed::new(SUPPLIER, State::Pending, 1))
        .unwrap();

    let first = panel.accept(&numbers).await;
    let second = panel.accept(&numbers).await;
    sandbox.control().advance_seconds(5).unwrap();

    let history = panel.accept_history().await;
    let ids: Vec<&Value> = history.iter().map(|job| &job["request_id"]).collect();
    assert_eq!(
        ids,
        [&json!(second), &json!(first)],
        "newest first, each with an id of its own"
    );
    assert!(history.iter().all(|job| job["processed_orders_count"] == 1));
    assert_eq!(
        sandbox.control().counters().accepts_of(&numbers[0]),
        AcceptCount {
            requests: 2,
            transitions: 1
        }
    );
}

#[tokio::test]
async fn what_was_cancelled_meanwhile_is_not_processed() {
    let (sandbox, panel) = open_shop().await;
    let numbers = sandbox
        .control()
        .seed(&Seed::new(SUPPLIER, State::Pending, 3))
        .unwrap();
    panel.accept(&numbers).await;

    sandbox
        .control()
        .cancel(&numbers[1], CancelledBy::Buyer)
        .unwrap();
    sandbox.control().advance_seconds(5).unwrap();

    assert_eq!(panel.accept_history().await[0]["processed_orders_count"], 2);
    assert_eq!(
        sandbox.control().order(&numbers[1]).unwrap().state,
        State::Cancelled
    );
}

#[tokio::test]
async fn a_held_order_is_never_accepted() {
    let (sandbox, panel) = open_shop().await;
    let held = sandbox
        .control()
        .seed(&Seed::new(SUPPLIER, State::OnHold, 1))
        .unwrap();
    panel.accept(&held).await;
    sandbox.control().advance_seconds(5).unwrap();
    assert_eq!(panel.accept_history().await[0]["processed_orders_count"], 0);
    assert_eq!(
        sandbox.control().order(&held[0]).unwrap().state,
        State::OnHold
    );
}

#[tokio::test]
async fn a_finished_jobs_pop_up_can_be_closed() {
    let (sandbox, panel) = open_shop().await;
    let numbers = sandbox
        .control()
        .seed(&Seed::new(SUPPLIER, State::Pending, 1))
        .unwrap();
    let request_id = panel.accept(&numbers).await;
    let mut body = panel.supplier_ref();
    body["request_id"] = json!(request_id);
    body["status"] = json!("POPUP_CLOSED");
    let path = "/api/fulfillment/orders/updatePendingOrderStatus";
    assert_eq!(
        panel.post(path, &body).await,
        (200, json!({"success": true}))
    );
}

#[tokio::test]
async fn a_request_outside_the_contract_is_unreadable() {
    let (sandbox, panel) = open_shop().await;
    let numbers = sandbox
        .control()
        .seed(&Seed::new(SUPPLIER, State::Pending, 1))
        .unwrap();
    let path = "/api/fulfillment/orders/reqPendingOrders";
    for (field, wrong) in [
        ("current_status", json!(3)),
        ("requested_status", json!(4)),
        ("max_transitions", json!(2001)),
        ("groups", json!([])),
    ] {
        let mut request = panel.accept_request(&numbers);
        request[field] = wrong;
        assert_eq!(panel.post(path, &request).await.0, 500, "{field}");
    }
    assert_eq!(sandbox.control().counters().accept_jobs, 0);
}
