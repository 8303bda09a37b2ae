//! The control as another process uses it, and storms.

use haat_sandbox::{
    Fault, Storm,
    ajio::{Ajio, State},
};
use serde_json::{Value, json};

use crate::client::{Api, POB, one, open_shop, open_shop_with, patient};

/// A client of the control API: it needs no token.
fn control(ajio: &Ajio) -> Api {
    let mut api = Api::of(ajio);
    api.url = ajio.control_url();
    api
}

async fn tell(ajio: &Ajio, path: &str, body: Value) -> (u16, Value) {
    control(ajio).post(path, &body).await
}

async fn ask(ajio: &Ajio, path: &str) -> Value {
    let (status, answer) = control(ajio).get(path).await;
    assert_eq!(status, 200, "{path}");
    answer
}

#[tokio::test]
async fn pobs_and_orders_are_made_from_outside() {
    let (ajio, mut api) = open_shop_with(patient()).await;
    let pob = json!({"username": "DV900007", "password": "seven-only", "returns": "credit-note"});
    assert_eq!(tell(&ajio, "/accounts", pob.clone()).await.0, 200);
    assert_eq!(tell(&ajio, "/accounts", pob).await.0, 200, "the same again");
    for (username, status) in [("DV900007", 409), ("not one", 400)] {
        let other = json!({"username": username, "password": "other"});
        assert_eq!(tell(&ajio, "/accounts", other).await.0, status);
    }
    let seed = json!({"pob": "DV900007", "states": {"PENDENCY": 2, "READY_TO_DISPATCH": 1},
        "lines": 2, "payment": "PREPAID"});
    let (_, made) = tell(&ajio, "/seed", seed).await;
    assert_eq!(made["order_ids"].as_array().unwrap().len(), 3);
    let (_, mixed) = tell(&ajio, "/seed", json!({"pob": "DV900007", "count": 20})).await;
    assert_eq!(mixed["order_ids"].as_array().unwrap().len(), 20);
    api.log_in("DV900007", "seven-only").await;
    assert_eq!(api.pendency().await.len(), 2 + 12);
    let unknown = json!({"name": "happy", "pob": "DV1"});
    assert_eq!(tell(&ajio, "/scenarios", unknown).await.0, 404);
}

#[tokio::test]
async fn orders_are_moved_cancelled_and_given_their_purchase_order() {
    let (ajio, _api) = open_shop().await;
    let id = one(&ajio, State::Pendency);
    let path = |rest: &str| format!("/orders/{id}/{rest}");
    assert_eq!(
        tell(&ajio, &path("po"), json!({"when": "now"})).await.0,
        409
    );
    let (_, moved) = tell(&ajio, &path("advance"), json!({})).await;
    assert_eq!(moved["state"], "CONFIRMED");
    assert_eq!(
        tell(&ajio, &path("po"), json!({"when": "never"})).await.0,
        200
    );
    tell(&ajio, "/clock", json!({"advance_seconds": 900})).await;
    assert_eq!(
        ask(&ajio, &format!("/orders/{id}")).await["po_number"],
        Value::Null
    );
    assert_eq!(
        tell(&ajio, &path("po"), json!({"when": "now"})).await.0,
        200
    );
    assert_eq!(
        tell(&ajio, &path("state"), json!({"state": "DISPATCHED"}))
            .await
            .0,
        409
    );
    assert_eq!(
        tell(&ajio, &path("cancel"), json!({"by": "MARKETPLACE"}))
            .await
            .0,
        200
    );
    let order = ask(&ajio, &format!("/orders/{id}")).await;
    assert_eq!(
        (&order["state"], &order["cancelled_by"]),
        (&json!("CANCELLED"), &json!("MARKETPLACE"))
    );
    assert_eq!(tell(&ajio, &path("advance"), json!({})).await.0, 409);
    assert_eq!(tell(&ajio, "/orders/S1/advance", json!({})).await.0, 404);
}

#[tokio::test]
async fn knobs_are_turned_from_outside() {
    let (ajio, api) = open_shop().await;
    let packed = one(&ajio, State::Packed);
    let label = format!("/orders/labels?orderId={packed}");
    tell(
        &ajio,
        "/profile",
        json!({"documents": "url", "refusal": "word"}),
    )
    .await;
    assert!(api.get(&label).await.1["url"].is_string());
    assert_eq!(api.try_log_in(POB, "wrong").await.0, 200);
    tell(&ajio, "/label-delay", json!({"seconds": 60})).await;
    assert_eq!(api.get(&label).await.0, 409);
    let access = format!("/accounts/{POB}/access");
    tell(&ajio, &access, json!({"shipping": false})).await;
    assert_eq!(api.get(&label).await.0, 403);
    tell(&ajio, &access, json!({"api": false})).await;
    tell(&ajio, "/profile", json!({"refusal": "status"})).await;
    assert_eq!(api.try_log_in(POB, "sandbox-only").await.0, 401);
    tell(&ajio, "/po-delay", json!({"seconds": null})).await;
    let (_, returned) = tell(
        &ajio,
        "/seed",
        json!({"pob": POB, "states": {"DELIVERED": 1}}),
    )
    .await;
    let id = returned["order_ids"][0].as_str().unwrap();
    let path = format!("/orders/{id}/return");
    let (_, started) = tell(&ajio, &path, json!({"kind": "CUSTOMER_RETURN"})).await;
    let path = format!("/returns/{}/state", started["return_id"].as_str().unwrap());
    assert_eq!(
        tell(&ajio, &path, json!({"state": "RETURN_CANCELLED"}))
            .await
            .0,
        200
    );
    assert_eq!(
        ask(&ajio, "/returns").await["returns"][0]["state"],
        "RETURN_CANCELLED"
    );
    let stock = ask(&ajio, &format!("/accounts/{POB}/stock/790001001")).await;
    assert_eq!(stock, json!({"inventory": 10}));
}

#[tokio::test]
async fn faults_counters_and_log_are_there_and_tell_no_secret() {
    let (ajio, api) = open_shop().await;
    let fault =
        json!({"operationId": "listOrders", "kind": "status", "status": 503, "identifier": POB});
    assert_eq!(tell(&ajio, "/faults", fault).await.0, 200);
    let foreign = json!({"operationId": "reqPendingOrders", "kind": "failed-item"});
    assert_eq!(tell(&ajio, "/faults", foreign).await.0, 400);
    assert_eq!(api.get("/orders").await.0, 503);
    let counters = ask(&ajio, "/counters").await;
    assert_eq!(
        counters["calls"],
        json!({"getAuthToken": 1, "listOrders": 1})
    );
    assert_eq!(counters["logins"], json!({POB: 1}));
    let log = ask(&ajio, "/log").await;
    assert_eq!(log["log"][1]["fault"], "status");
    assert_eq!(log["log"][0]["path"], "/ds/hub/authToken");
    let text = log.to_string();
    assert!(
        !text.contains("sandbox-only") && !text.contains(&api.token),
        "{text}"
    );
}

#[tokio::test]
async fn the_same_storm_befalls_the_same_calls() {
    let mut weathers = Vec::new();
    for seed in [1, 1, 2] {
        let (ajio, api) = open_shop().await;
        let storm = Storm::new(seed)
            .with(200, Fault::status("listPendency", 503))
            .with(100, Fault::status("*", 429));
        ajio.control().set_storm(Some(storm)).unwrap();
        let mut statuses = Vec::new();
        for _ in 0..100 {
            statuses.push(api.get("/orders/pendency").await.0);
        }
        ajio.control().clear_faults();
        assert_eq!(api.get("/orders/pendency").await.0, 200);
        weathers.push(statuses);
    }
    assert_eq!(weathers[0], weathers[1]);
    assert_ne!(weathers[0], weathers[2]);
    let played = weathers[0].iter().filter(|status| **status == 503).count();
    assert!((8..=35).contains(&played), "{played} of 20");
}
