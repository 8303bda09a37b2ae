//! Handing over.

use haat_sandbox::ajio::{Seed, State};
use serde_json::{Value, json};

use crate::{
    client::{POB, one, open_shop},
    documents::{pdf_of, texts},
};

#[tokio::test]
async fn a_manifest_takes_what_it_can_and_names_the_rest() {
    let (ajio, api) = open_shop().await;
    let control = ajio.control();
    let mut items = Vec::new();
    let mut carrier = String::new();
    let mut expected = Vec::new();
    for (state, wrong) in [
        (State::ReadyToDispatch, None),
        (State::Packed, Some("order is not ready to dispatch")),
        (State::Dispatched, Some("already dispatched")),
        (State::Confirmed, Some("order is not packed")),
    ] {
        let order = control.order(&one(&ajio, state)).unwrap();
        if wrong.is_none() {
            carrier = order.carrier;
        }
        let awb = order.awb.unwrap_or_else(|| "none".to_owned());
        items.push(json!({"order_id": order.order_id, "tracking_number": awb}));
        expected.extend(wrong);
    }
    let of_others = control
        .seed(&Seed::new(POB, State::ReadyToDispatch, 8))
        .unwrap();
    let other = of_others.iter().map(|id| control.order(id).unwrap());
    let other = other
        .into_iter()
        .find(|order| order.carrier != carrier)
        .unwrap();
    items.push(json!({"order_id": other.order_id, "tracking_number": other.awb}));
    items.push(json!({"order_id": "S1", "tracking_number": "none"}));
    expected.extend(["another carrier takes this order", "unknown order"]);

    let body = json!({"carrier": carrier, "manifest_items": items});
    let (_, result) = api.post("/orders/manifest", &body).await;
    assert_eq!(result["status"], "PARTIAL_SUCCESS");
    let failed = result["failed_items"].as_array().unwrap().iter();
    let said: Vec<&str> = failed
        .map(|item| item["error_message"].as_str().unwrap())
        .collect();
    assert_eq!(said, expected);
    let (_, again) = api.post("/orders/manifest", &body).await;
    assert_eq!(again["status"], "FAILED");
    assert!(again["manifest_id"].is_null());

    let id = result["manifest_id"].as_str().unwrap();
    let (_, document) = api.get(&format!("/orders/manifest?manifestId={id}")).await;
    let all = texts(&pdf_of(&document)).concat();
    for key in ["order_id", "tracking_number"] {
        assert!(all.contains(items[0][key].as_str().unwrap()), "{all}");
    }
    assert_eq!(api.get("/orders/manifest?manifestId=MF-99").await.0, 404);
}

#[tokio::test]
async fn a_long_manifest_is_drawn_on_several_pages() {
    let (ajio, api) = open_shop().await;
    let control = ajio.control();
    let orders = control
        .seed(&Seed::new(POB, State::ReadyToDispatch, 500))
        .unwrap();
    let orders: Vec<_> = orders.iter().map(|id| control.order(id).unwrap()).collect();
    let carrier = orders[0].carrier.clone();
    let items: Vec<Value> = orders
        .iter()
        .filter(|order| order.carrier == carrier)
        .take(100)
        .map(|order| json!({"order_id": order.order_id, "tracking_number": order.awb}))
        .collect();
    let too_many = json!({"carrier": carrier, "manifest_items": vec![items[0].clone(); 251]});
    assert_eq!(api.post("/orders/manifest", &too_many).await.0, 400);
    let (_, result) = api
        .post(
            "/orders/manifest",
            &json!({"carrier": carrier, "manifest_items": items}),
        )
        .await;
    assert_eq!(result["status"], "SUCCESS");
    let file = api.fetch(result["manifest_url"].as_str().unwrap()).await;
    let pages = texts(&file.bytes().await.unwrap());
    assert_eq!(pages.len(), 3, "45 rows to a page");
    let last = items[99]["order_id"].as_str().unwrap();
    assert!(
        pages[2].contains(last) && pages[2].contains("page 3 of 3"),
        "{}",
        pages[2]
    );
}
