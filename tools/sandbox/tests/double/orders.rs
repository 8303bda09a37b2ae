//! Tabs and details.

use haat_sandbox::{CancelledBy, HoldReason, Options, PaymentMode, Seed, State};
use serde_json::{Value, json};

use crate::client::{SUPPLIER, numbers_of, open_shop, open_shop_with, two_accounts};

#[tokio::test]
async fn pages_of_a_tab_give_every_order_once() {
    let (sandbox, panel) = open_shop().await;
    let seeded = sandbox
        .control()
        .seed(&Seed::new(SUPPLIER, State::Pending, 120))
        .unwrap();

    let first = panel.page("pending", None, 50).await;
    assert_eq!(first["total_count"], 120);
    assert_eq!(first["cursor"], "eyJwIjoxfQ");
    let mut listed = panel.tab("pending", 50).await;

    listed.sort();
    let mut seeded = seeded;
    seeded.sort();
    assert_eq!(listed, seeded);
    assert_eq!(
        panel.page("pending", Some("eyJwIjoyfQ"), 50).await["cursor"],
        Value::Null
    );
}

#[tokio::test]
async fn an_empty_tab_is_an_empty_list() {
    let (_sandbox, panel) = open_shop().await;
    assert_eq!(
        panel.page("pending", None, 50).await,
        json!({"total_count": 0, "cursor": null, "data": {"subOrders": []}})
    );
    assert_eq!(
        panel.page("ready-to-ship", None, 50).await["data"],
        json!({"count": 0, "groups": []})
    );
}

#[tokio::test]
async fn a_pending_row_has_every_field_of_the_contracts_example() {
    let (sandbox, panel) = open_shop().await;
    let number = sandbox
        .control()
        .seed(&Seed::new(SUPPLIER, State::Pending, 1))
        .unwrap()
        .remove(0);

    let page = panel.page("pending", None, 50).await;

    let row = page["data"]["subOrders"][0].as_object().unwrap();
    let mut fields: Vec<&str> = row.keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "cancelled_message",
            "created_iso",
            "expected_dispatch_date_iso",
            "grouping_key",
            "id",
            "image",
            "name",
            "order_num",
            "price",
            "product_id",
            "product_sku",
            "quantity",
            "sla_status",
            "sub_order_id",
            "sub_order_num",
            "sub_order_source",
            "variation",
        ]
    );
    assert_eq!(row["id"], format!("{number}_FORWARD"));
    // Made ten minutes before the clock's start of 12:11:10.
    assert_eq!(row["created_iso"], "2026-09-11T12:01:10+0530");
    assert_eq!(row["expected_dispatch_date_iso"], "2026-09-12");
    assert_eq!(row["sla_status"], "ON_TIME");
}

#[tokio::test]
async fn held_orders_come_keyed_and_with_their_reason() {
    let (sandbox, panel) = open_shop().await;
    let seed = Seed::new(SUPPLIER, State::OnHold, 1).hold_reason(HoldReason::FraudReview);
    let number = sandbox.control().seed(&seed).unwrap().remove(0);

    let page = panel.page("on-hold", None, 50).await;

    let row = &page["data"]["subOrders"][format!("{number}_FORWARD")];
    assert_eq!(row["hold_reason"], "FRAUD_REVIEW");
    assert_eq!(panel.detail(&number).await["hold_reason"], "FRAUD_REVIEW");
    assert_eq!(
        panel.detail(&number).await["supplier_order_status"],
        "ON_HOLD"
    );
}

#[tokio::test]
async fn details_tell_buyer_money_and_deadline() {
    let (sandbox, panel) = open_shop().await;
    let seed = Seed::new(SUPPLIER, State::Pending, 1)
        .payment(PaymentMode::Cod)
        .quantity(2);
    let number = sandbox.control().seed(&seed).unwrap().remove(0);
    let view = sandbox.control().order(&number).unwrap();

    let detail = panel.detail(&number).await;

    assert_eq!(detail["payment_mode"], "cod");
    assert_eq!(detail["customer_cod_amount"], detail["total"]);
    let price = detail["products"][0]["price"].as_u64().unwrap();
    assert_eq!(detail["products"][0]["quantity"], 2);
    assert_eq!(detail["sub_total"], price * 2);
    assert_eq!(
        detail["total"].as_u64().unwrap() * 100,
        view.total_paise,
        "{detail}"
    );
    assert_eq!(detail["ship_by_iso"], "2026-09-12T17:30:00+0530");
    assert_eq!(detail["address"]["name"], view.buyer_name);
    assert_eq!(detail["address"]["pin"].as_str().unwrap().len(), 6);
    assert_eq!(
        detail["shipment"],
        json!({"eligible": false, "packet_id": null, "awb": null, "carrier_id": null, "carrier_name": null,
            "label_available_at_iso": null, "label_downloaded": false, "is_manifested": false, "weight_grams": null})
    );
}

#[tokio::test]
async fn prepaid_orders_collect_nothing() {
    let (sandbox, panel) = open_shop().await;
    let seed = Seed::new(SUPPLIER, State::Pending, 1).payment(PaymentMode::Prepaid);
    let number = sandbox.control().seed(&seed).unwrap().remove(0);
    let detail = panel.detail(&number).await;
    assert_eq!(detail["payment_mode"], "prepaid");
    assert_eq!(detail["customer_cod_amount"], Value::Null);
}

#[tokio::test]
async fn another_suppliers_orders_do_not_exist() {
    let options = Options {
        accounts: two_accounts(),
        ..Options::default()
    };
    let (sandbox, panel) = open_shop_with(options).await;
    let foreign = sandbox
        .control()
        .seed(&Seed::new(4_100_005, State::Pending, 1))
        .unwrap();

    assert_eq!(panel.page("pending", None, 50).await["total_count"], 0);
    let body = json!({"supplier_details": panel.supplier_details(), "identifier": panel.identifier,
        "sub_order_nums": foreign});
    let (_, answer) = panel
        .post("/api/fulfillment/orders/fetchOrderDetails", &body)
        .await;
    assert_eq!(answer, json!({"data": [], "not_found": foreign}));

    let mut request = panel.page_request("pending", None, 50);
    request["supplier_details"]["id"] = json!(4_100_005);
    assert_eq!(panel.post("/api/fulfillment/orders", &request).await.0, 403);
}

#[tokio::test]
async fn a_cancelled_order_says_who_ended_it() {
    let (sandbox, panel) = open_shop().await;
    let number = sandbox
        .control()
        .seed(&Seed::new(SUPPLIER, State::Pending, 1))
        .unwrap()
        .remove(0);

    sandbox
        .control()
        .cancel(&number, CancelledBy::Marketplace)
        .unwrap();

    let page = panel.page("cancelled", None, 50).await;
    assert_eq!(numbers_of(&page), std::slice::from_ref(&number));
    assert_eq!(
        page["data"]["subOrders"][0]["cancelled_message"],
        "Cancelled by Meesho"
    );
    assert_eq!(panel.detail(&number).await["cancelled_by"], "MARKETPLACE");
}

#[tokio::test]
async fn closed_orders_leave_their_tab_after_thirty_days() {
    let (sandbox, panel) = open_shop().await;
    let number = sandbox
        .control()
        .seed(&Seed::new(SUPPLIER, State::Pending, 1))
        .unwrap()
        .remove(0);
    sandbox
        .control()
        .cancel(&number, CancelledBy::Buyer)
        .unwrap();

    sandbox.control().advance_seconds(30 * 86_400).unwrap();
    sandbox.control().expire_sessions(SUPPLIER).unwrap();
    let mut panel = panel;
    panel
        .log_in(crate::client::EMAIL, crate::client::PASSWORD)
        .await;
    assert_eq!(panel.tab("cancelled", 50).await.len(), 1);
    sandbox.control().advance_seconds(1).unwrap();
    assert_eq!(panel.tab("cancelled", 50).await.len(), 0);
    assert_eq!(
        panel.detail(&number).await["supplier_order_status"],
        "CANCELLED"
    );
}

#[tokio::test]
async fn limits_of_the_contract_are_kept() {
    let (_sandbox, panel) = open_shop().await;
    let path = "/api/fulfillment/orders";
    assert_eq!(
        panel
            .post(path, &panel.page_request("pending", None, 51))
            .await
            .0,
        500
    );
    assert_eq!(
        panel
            .post(path, &panel.page_request("pending", None, 0))
            .await
            .0,
        500
    );
    assert_eq!(
        panel
            .post(path, &panel.page_request("pending", Some("?"), 50))
            .await
            .0,
        500
    );

    let numbers: Vec<String> = (0..51)
        .map(|n| format!("{}_1", 299_000_000_000_000_000_u64 + n))
        .collect();
    let body = json!({"supplier_details": panel.supplier_details(), "identifier": panel.identifier,
        "sub_order_nums": numbers});
    let details = "/api/fulfillment/orders/fetchOrderDetails";
    assert_eq!(panel.post(details, &body).await.0, 500);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_bytes() {
    let mut answers = Vec::new();
    for _ in 0..2 {
        let (sandbox, panel) = open_shop().await;
        sandbox.control().seed(&Seed::mixed(SUPPLIER, 40)).unwrap();
        let mut tabs = Vec::new();
        for tab in [
            "on-hold",
            "pending",
            "ready-to-ship",
            "shipped",
            "cancelled",
        ] {
            let text = panel.page(tab, None, 50).await.to_string();
            // The file host's port is the system's choice.
            tabs.push(text.replace(&sandbox.file_host(), "files"));
        }
        answers.push(tabs);
    }
    assert_eq!(answers[0], answers[1]);
}
