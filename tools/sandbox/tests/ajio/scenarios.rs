//! The named scenarios, and lives that pass by themselves.

use haat_sandbox::ajio::{CancelledBy, Scenario, ScenarioRequest, State};
use serde_json::json;

use crate::client::{Api, POB, answer, open_shop, open_shop_with, patient};

const HOUR: i64 = 3_600;

fn request(name: Scenario) -> ScenarioRequest {
    ScenarioRequest {
        name,
        pob: POB.to_owned(),
        seed: Some(7),
        count: None,
    }
}

/// The API's own way until the label is fetched.
async fn ship(api: &Api, ajio: &haat_sandbox::ajio::Ajio, id: &str) {
    let order = ajio.control().order(id).unwrap();
    let units: Vec<(u64, u64)> = order.lines.iter().map(|line| (line.ordered, 0)).collect();
    api.answer_order(id, "Acknowledge", &units).await;
    ajio.control().raise_po(id).unwrap();
    assert_eq!(api.invoice(id).await.1["status"], "SUCCESS");
    assert_eq!(
        api.get(&format!("/orders/labels?orderId={id}")).await.0,
        200
    );
}

#[tokio::test]
async fn a_happy_order_is_delivered_three_days_after_its_hand_over() {
    let (ajio, _api) = open_shop().await;
    let control = ajio.control();
    let id = control
        .scenario(&request(Scenario::Happy))
        .unwrap()
        .remove(0);
    for _ in 0..4 {
        control.advance_order(&id).unwrap();
    }
    control.advance_seconds(72 * HOUR - 1).unwrap();
    assert_eq!(control.order(&id).unwrap().state, State::Dispatched);
    control.advance_seconds(1).unwrap();
    assert_eq!(control.order(&id).unwrap().state, State::Delivered);
    control.advance_seconds(30 * 24 * HOUR).unwrap();
    assert!(control.returns().is_empty());
}

#[tokio::test]
async fn a_consumer_cancels_before_the_seller_has_spoken() {
    let (ajio, api) = open_shop().await;
    let id = ajio
        .control()
        .scenario(&request(Scenario::BuyerCancelsBeforeAccept))
        .unwrap()
        .remove(0);
    ajio.control().advance_seconds(600).unwrap();
    assert_eq!(api.pendency().await, [""; 0]);
    assert_eq!(api.order(&id).await["status"], "CANCELLED");
    assert_eq!(
        ajio.control().order(&id).unwrap().cancelled_by,
        Some(CancelledBy::Consumer)
    );
}

#[tokio::test]
async fn ajio_cancels_an_hour_after_the_label_even_when_it_is_ready() {
    let (ajio, api) = open_shop_with(patient()).await;
    let id = ajio
        .control()
        .scenario(&request(Scenario::CancelAfterLabel))
        .unwrap()
        .remove(0);
    ship(&api, &ajio, &id).await;
    api.post("/orders/readyToDispatch", &json!({"order_ids": [id]}))
        .await;
    ajio.control().advance_seconds(HOUR).unwrap();
    assert_eq!(api.order(&id).await["status"], "CANCELLED");
    let (_, result) = api
        .post("/orders/readyToDispatch", &json!({"order_ids": [id]}))
        .await;
    assert_eq!(
        result["failed_items"][0]["error_message"],
        "order was cancelled"
    );
}

#[tokio::test]
async fn a_customer_return_comes_after_the_delivery() {
    let (ajio, _api) = open_shop().await;
    let control = ajio.control();
    let id = control
        .scenario(&request(Scenario::CustomerReturn))
        .unwrap()
        .remove(0);
    for _ in 0..4 {
        control.advance_order(&id).unwrap();
    }
    control.advance_seconds((3 + 5) * 24 * HOUR).unwrap();
    assert_eq!(control.order(&id).unwrap().state, State::Delivered);
    assert_eq!(control.returns()[0].order_id, id);
}

#[tokio::test]
async fn a_purchase_order_that_never_comes_keeps_the_order_waiting() {
    let (ajio, api) = open_shop_with(patient()).await;
    let id = ajio
        .control()
        .scenario(&request(Scenario::PoNever))
        .unwrap()
        .remove(0);
    let units = ajio.control().order(&id).unwrap().lines[0].ordered;
    api.answer_order(&id, "Acknowledge", &[(units, 0)]).await;
    ajio.control().advance_seconds(48 * HOUR).unwrap();
    let (status, body) = api.invoice(&id).await;
    assert_eq!((status, &body["code"]), (409, &json!("PO_NOT_READY")));
}

#[tokio::test]
async fn scenarios_that_make_trouble_make_it() {
    let (ajio, mut api) = open_shop().await;
    let control = ajio.control();
    let list = "/orders/pendency";
    let part = control
        .scenario(&request(Scenario::PartAcknowledge))
        .unwrap()
        .remove(0);
    assert_eq!(control.order(&part).unwrap().lines.len(), 2);
    assert_eq!(
        api.post("/orders", &answer(&part, "Acknowledge", &[(1, 0)]))
            .await
            .0,
        400
    );

    control.scenario(&request(Scenario::TokenExpired)).unwrap();
    assert_eq!(api.get(list).await.0, 401);
    control
        .scenario(&request(Scenario::PasswordChanged))
        .unwrap();
    api.log_in(POB, "sandbox-only-changed").await;

    control
        .scenario(&request(Scenario::NoShippingAccess))
        .unwrap();
    assert_eq!(api.get("/orders/labels?orderId=S1").await.0, 403);
    control.scenario(&request(Scenario::Throttled)).unwrap();
    let mut statuses = Vec::new();
    for _ in 0..11 {
        statuses.push(api.get(list).await.0);
    }
    assert_eq!(statuses, [[429; 10].as_slice(), &[200]].concat());
    control
        .scenario(&request(Scenario::HtmlInsteadOfJson))
        .unwrap();
    assert_eq!(api.get(list).await, (200, serde_json::Value::Null));
}

#[tokio::test]
async fn a_seller_may_have_two_pobs_and_a_sale() {
    let (ajio, _api) = open_shop().await;
    let control = ajio.control();
    control.scenario(&request(Scenario::MultiPob)).unwrap();
    let mut other = Api::of(&ajio);
    other.log_in("DV900001B", "sandbox-only").await;
    assert_eq!(other.pendency().await.len(), 3);
    let sale = ScenarioRequest {
        count: Some(500),
        ..request(Scenario::SaleDay)
    };
    assert_eq!(control.scenario(&sale).unwrap().len(), 500);
    let unknown = ScenarioRequest {
        pob: "DV1".to_owned(),
        ..request(Scenario::Happy)
    };
    assert!(control.scenario(&unknown).is_err());
}
