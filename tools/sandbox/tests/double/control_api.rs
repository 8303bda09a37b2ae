//! The control over HTTP, for what runs in another process.

use serde_json::{Value, json};

use crate::client::{EMAIL, Panel, SUPPLIER, http, open_shop};

async fn post(panel: &Panel, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}/_sandbox/{path}", panel.url);
    let answer = http().post(url).json(&body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn get(panel: &Panel, path: &str) -> Value {
    let url = format!("{}/_sandbox/{path}", panel.url);
    http().get(url).send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn orders_are_made_moved_and_cancelled() {
    let (_sandbox, panel) = open_shop().await;
    let seed =
        json!({"supplier_id": SUPPLIER, "states": {"PENDING": 2, "ON_HOLD": 1}, "payment": "cod"});
    let (status, made) = post(&panel, "seed", seed).await;
    assert_eq!(status, 200, "{made}");
    let numbers = made["sub_order_nums"].as_array().unwrap();
    assert_eq!(numbers.len(), 3);
    let held = numbers[0].as_str().unwrap();
    let pending = numbers[1].as_str().unwrap();

    assert_eq!(
        post(&panel, &format!("orders/{held}/advance"), json!({})).await,
        (200, json!({"state": "PENDING"}))
    );
    post(
        &panel,
        &format!("orders/{pending}/cancel"),
        json!({"by": "BUYER"}),
    )
    .await;
    assert_eq!(
        get(&panel, &format!("orders/{pending}")).await["state"],
        "CANCELLED"
    );
    let (status, error) = post(&panel, &format!("orders/{pending}/advance"), json!({})).await;
    assert_eq!(status, 409);
    assert_eq!(
        error["error"],
        format!("order {pending} has reached the end of its life, Cancelled")
    );
    assert_eq!(
        post(
            &panel,
            &format!("orders/{held}/state"),
            json!({"state": "DELIVERED"})
        )
        .await
        .0,
        409
    );
    assert_eq!(post(&panel, "orders/none/advance", json!({})).await.0, 404);
    assert_eq!(
        get(&panel, "orders").await["orders"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[tokio::test]
async fn a_mixture_of_states_is_made_by_count() {
    let (_sandbox, panel) = open_shop().await;
    post(
        &panel,
        "seed",
        json!({"supplier_id": SUPPLIER, "count": 40}),
    )
    .await;
    let orders = get(&panel, "orders").await["orders"]
        .as_array()
        .unwrap()
        .clone();
    let of = |state: &str| {
        orders
            .iter()
            .filter(|order| order["state"] == state)
            .count()
    };
    assert_eq!(
        (
            of("PENDING"),
            of("ON_HOLD"),
            of("READY_TO_SHIP"),
            of("SHIPPED"),
            of("CANCELLED"),
            of("DELIVERED")
        ),
        (20, 2, 6, 8, 2, 2)
    );
}

#[tokio::test]
async fn the_clock_goes_forward_only() {
    let (_sandbox, panel) = open_shop().await;
    assert_eq!(
        get(&panel, "clock").await,
        json!({"now": "2026-09-11T12:11:10+0530"})
    );
    let (_, later) = post(&panel, "clock", json!({"advance_seconds": 90})).await;
    assert_eq!(later, json!({"now": "2026-09-11T12:12:40+0530"}));
    assert_eq!(
        post(&panel, "clock", json!({"advance_seconds": -1}))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn accounts_are_made_and_their_passwords_changed() {
    let (_sandbox, mut panel) = open_shop().await;
    let account = json!({"email": "new@example.test", "password": "first",
        "suppliers": [{"supplier_id": 77, "identifier": "ne1ww", "name": "New Shop"}]});
    assert_eq!(post(&panel, "accounts", account.clone()).await.0, 200);
    assert_eq!(post(&panel, "accounts", account).await.0, 409);
    post(
        &panel,
        "accounts/77/password",
        json!({"password": "second"}),
    )
    .await;
    panel.log_in("new@example.test", "second").await;
    (panel.supplier_id, panel.identifier) = (77, "ne1ww".to_owned());
    let path = "/api/container/supplier/getSupplierDetails";
    assert_eq!(
        panel.post(path, &panel.supplier_ref()).await.1["supplier"]["name"],
        "New Shop"
    );
}

#[tokio::test]
async fn faults_and_scenarios_are_loaded_by_name() {
    let (_sandbox, panel) = open_shop().await;
    let fault = json!({"operationId": "listOrders", "kind": "status", "times": 1, "status": 429, "retry_after_seconds": 9});
    assert_eq!(post(&panel, "faults", fault).await.0, 200);
    let request = panel.page_request("pending", None, 50);
    let throttled = panel
        .call("/api/fulfillment/orders", &request)
        .send()
        .await
        .unwrap();
    assert_eq!(
        (
            throttled.status().as_u16(),
            &throttled.headers()["retry-after"]
        ),
        (429, &"9".parse().unwrap())
    );
    assert_eq!(
        post(
            &panel,
            "faults",
            json!({"operationId": "nothing", "kind": "hang"})
        )
        .await
        .0,
        400
    );

    let scenario = json!({"name": "happy-cod", "seed": 3, "count": 2, "supplier_id": SUPPLIER});
    let (_, made) = post(&panel, "scenarios", scenario).await;
    assert_eq!(made["sub_order_nums"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn counters_and_log_tell_what_was_asked_and_no_secret() {
    let (_sandbox, panel) = open_shop().await;
    panel.try_log_in(EMAIL, "a wrong password").await;
    panel.page("pending", None, 50).await;

    let counters = get(&panel, "counters").await;
    assert_eq!(counters["logins"], json!({EMAIL: 1}));
    assert_eq!(counters["refused_logins"], json!({EMAIL: 1}));
    assert_eq!(counters["calls"], json!({"login": 2, "listOrders": 1}));

    let log = get(&panel, "log").await;
    let last = log["log"].as_array().unwrap().last().unwrap();
    assert_eq!(
        last,
        &json!({"at": "2026-09-11T12:11:10+0530", "operation": "listOrders", "method": "POST",
            "path": "/api/fulfillment/orders", "identifier": "ab1cd", "status": 200,
            "outcome": "answered", "fault": null})
    );
    let session = panel.cookies.split(';').next().unwrap();
    for secret in [
        "a wrong password",
        "sandbox-only",
        session.split('=').nth(1).unwrap(),
    ] {
        assert!(!log.to_string().contains(secret));
    }
}
