//! Everything the AJIO double says is in the contract.

use std::collections::BTreeSet;

use haat_sandbox::ajio::{
    CancelledBy, DocumentForm, NewPob, Options, RefusalForm, ReturnKind, ReturnModel, ReturnState,
    Seed, State,
};
use haat_sandbox::{Fault, FaultKind, Throttle};
use haat_tests::contract::{Contract, Side, Violation};
use http::HeaderMap;
use serde_json::{Value, json};

use crate::shop::{POB, Shop};

const NOTHING: [Violation; 0] = [];

fn seeded(shop: &Shop, state: State) -> String {
    let seed = Seed::new(POB, state, 1).quantity(1);
    shop.ajio.control().seed(&seed).unwrap().remove(0)
}

/// Puts an order's id where the contract's example has its own.
fn about(id: &str) -> impl FnOnce(&mut Value) {
    move |body| {
        body["order_id"] = json!(id);
        for lines in ["order_lines", "order_items"] {
            if !body[lines].is_null() {
                body[lines][0]["order_item_id"] = json!(format!("{id}-1"));
            }
        }
    }
}

/// An order from the log-in to the hand-over.
async fn go_to_the_courier(shop: &mut Shop) -> String {
    let login = format!("?username={POB}&password=sandbox-only");
    shop.call("getAuthToken", &login, |_| {}).await;
    shop.log_in().await;
    let id = seeded(shop, State::Pendency);
    shop.read(
        "listPendency",
        "?pageNumber=1&pageSize=50&orderDateFrom=2026-01-01T00:00:00",
    )
    .await;
    shop.call("acknowledgeOrder", "", about(&id)).await;
    shop.call("acknowledgeOrderAlias", "", about(&id)).await;
    shop.ajio.control().raise_po(&id).unwrap();
    let query = format!("?orderIds={id}&orderStatus=CONFIRMED");
    let order = shop.read("listOrders", &query).await["orders"][0].clone();
    let invoice = |body: &mut Value| {
        about(&id)(body);
        body["po_number"] = order["po_number"].clone();
    };
    let packed = shop.call("generateB2bInvoice", "", invoice).await.json();
    assert_eq!(packed["status"], "SUCCESS");
    shop.call("updateB2bInvoice", "", invoice).await;
    let query = format!("?orderId={id}");
    shop.read("getB2cInvoice", &query).await;
    shop.read("getLabel", &query).await;
    let ready = |body: &mut Value| body["order_ids"] = json!([id]);
    shop.call("markReadyToDispatch", "", ready).await;
    let manifest = |body: &mut Value| {
        body["carrier"] = packed["carrier"].clone();
        body["manifest_items"][0]["order_id"] = json!(id);
        body["manifest_items"][0]["tracking_number"] = packed["tracking_number"].clone();
    };
    let manifest = shop.call("createManifest", "", manifest).await.json();
    let query = format!("?manifestId={}", manifest["manifest_id"].as_str().unwrap());
    shop.read("getManifest", &query).await;
    id
}

/// The order back again, and what is no order's business.
async fn go_home_and_elsewhere(shop: &Shop, id: &str) {
    let control = shop.ajio.control();
    let returned = control.start_return(id, ReturnKind::Rto).unwrap();
    control
        .move_return(&returned, ReturnState::Delivered)
        .unwrap();
    shop.read("listReturns", "?returnType=RTO&pageSize=10")
        .await;
    let qc = |body: &mut Value| {
        body["return_order_id"] = json!(returned);
        body["return_items"][0]["return_item_id"] = json!(format!("{returned}-1"));
        body["return_items"][0]["order_item_id"] = json!(format!("{id}-1"));
    };
    shop.call("performQc", "", qc).await;
    shop.read(
        "getReturnSalesInvoice",
        &format!("?returnOrderId={returned}"),
    )
    .await;
    let note = |body: &mut Value| body["return_order_id"] = json!(returned);
    shop.call("postCreditNote", "", note).await;
    let lost = seeded(shop, State::Dispatched);
    shop.call("createRto", "", about(&lost)).await;
    shop.call("cancelOrder", "", about(&seeded(shop, State::Confirmed)))
        .await;
    shop.read("countProducts", "?publishedStatus=PUBLISHED")
        .await;
    shop.read(
        "listProducts",
        "?publishedStatus=UNPUBLISHED&skus=BELT-BLACK",
    )
    .await;
    shop.call("updateInventory", "", |_| {}).await;
}

#[tokio::test]
async fn every_call_of_the_contract_is_answered_and_keeps_it() {
    let mut shop = Shop::open(Options::default()).await;
    let id = go_to_the_courier(&mut shop).await;
    go_home_and_elsewhere(&shop, &id).await;
    assert_eq!(shop.proxy.violations(), NOTHING);
    let all = shop.contract.operations().iter();
    let all: BTreeSet<String> = all.map(|one| one.id.clone()).collect();
    assert_eq!(shop.answered(), all);
}

#[tokio::test]
async fn every_state_keeps_the_contract_page_by_page() {
    use State::*;
    let shop = Shop::open_logged_in().await;
    let states = [
        Pendency,
        Confirmed,
        Packed,
        ReadyToDispatch,
        Dispatched,
        Delivered,
        Cancelled,
    ];
    for state in states {
        let seed = Seed::new(POB, state, 3).lines(2).without_po();
        shop.ajio.control().seed(&seed).unwrap();
    }
    for by in [
        CancelledBy::Consumer,
        CancelledBy::Seller,
        CancelledBy::Marketplace,
    ] {
        let id = seeded(&shop, Packed);
        shop.ajio.control().cancel(&id, by).unwrap();
    }
    let mut words = BTreeSet::new();
    for page in 1..=6 {
        let query = format!("?pageNumber={page}&pageSize=4");
        shop.read("listPendency", &query).await;
        let orders = shop.read("listOrders", &query).await;
        let orders = orders["orders"].as_array().unwrap().iter();
        words.extend(orders.map(|order| order["status"].to_string()));
    }
    assert_eq!(words.len(), 6, "{words:?}");
    assert_eq!(shop.proxy.violations(), NOTHING);
}

#[tokio::test]
async fn every_status_of_every_call_keeps_the_contract() {
    let shop = Shop::open_logged_in().await;
    let mut played = 0;
    for operation in shop.contract.operations() {
        for status in operation.statuses().filter(|status| *status != 200) {
            let fault = Fault::status(&operation.id, status).retry_after(30);
            shop.ajio.control().fault(fault).unwrap();
            let answer = shop.call(&operation.id, "", |_| {}).await;
            assert_eq!(answer.status, status, "{}", operation.id);
            played += 1;
        }
    }
    assert!(played > 60, "{played}");
    assert_eq!(shop.violations_of_answers(), NOTHING);
}

#[tokio::test]
async fn every_refusal_keeps_the_contract() {
    let mut shop = Shop::open(Options::default()).await;
    assert_eq!(shop.call("listOrders", "", |_| {}).await.status, 401);
    let wrong = |body: &mut Value| body["password"] = json!("wrong");
    assert_eq!(shop.call("postAuthToken", "", wrong).await.status, 401);
    shop.ajio.control().set_refusal_form(RefusalForm::Word);
    assert_eq!(shop.call("postAuthToken", "", wrong).await.status, 200);
    shop.log_in().await;

    let id = seeded(&shop, State::Confirmed);
    let query = format!("?orderId={id}");
    shop.ajio.control().set_label_delay(60);
    let mut statuses = Vec::new();
    statuses.push(shop.call("getLabel", &query, |_| {}).await.status);
    statuses.push(shop.call("getLabel", "?orderId=S1", |_| {}).await.status);
    statuses.push(shop.call("generateB2bInvoice", "", about(&id)).await.status);
    statuses.push(shop.call("acknowledgeOrder", "", about(&id)).await.status);
    statuses.push(shop.call("cancelOrder", "", about("S1")).await.status);
    statuses.push(shop.call("createManifest", "", |_| {}).await.status);
    statuses.push(shop.call("performQc", "", |_| {}).await.status);
    statuses.push(shop.call("createRto", "", |_| {}).await.status);
    statuses.push(shop.call("listOrders", "?pageSize=51", |_| {}).await.status);
    assert_eq!(statuses, [409, 404, 200, 200, 200, 200, 200, 200, 400]);
    shop.ajio.control().set_shipping_access(POB, false).unwrap();
    assert_eq!(shop.call("getLabel", &query, |_| {}).await.status, 403);
    let throttle = Throttle {
        calls_per_minute: 0,
        retry_after_seconds: 30,
    };
    shop.ajio.control().set_throttle(Some(throttle));
    let throttled = shop.call("listOrders", "", |_| {}).await;
    assert_eq!(
        (throttled.status, &throttled.headers["retry-after"]),
        (429, &"30".parse().unwrap())
    );
    shop.ajio.control().advance_seconds(1_800).unwrap();
    assert_eq!(shop.call("listOrders", "", |_| {}).await.status, 401);
    assert_eq!(shop.violations_of_answers(), NOTHING);
}

#[tokio::test]
async fn failed_items_and_all_forms_of_documents_keep_the_contract() {
    let shop = Shop::open_logged_in().await;
    let control = shop.ajio.control();
    for operation in [
        "acknowledgeOrder",
        "updateInventory",
        "markReadyToDispatch",
        "createManifest",
        "cancelOrder",
    ] {
        control
            .fault(Fault::new(operation, FaultKind::FailedItem))
            .unwrap();
        let answer = shop.call(operation, "", |_| {}).await;
        assert!(answer.body.contains("please try again later"), "{answer:?}");
    }
    let query = format!("?orderId={}", seeded(&shop, State::Packed));
    for form in [DocumentForm::Base64, DocumentForm::Url, DocumentForm::Raw] {
        control.set_document_form(form);
        for operation in ["getLabel", "getB2cInvoice"] {
            assert_eq!(shop.call(operation, &query, |_| {}).await.status, 200);
        }
    }
    assert_eq!(shop.violations_of_answers(), NOTHING);
}

#[tokio::test]
async fn a_credit_note_keeps_the_contract_where_it_is_the_model() {
    let pob = NewPob {
        returns: ReturnModel::CreditNote,
        ..NewPob::default()
    };
    let mut shop = Shop::open(Options {
        pobs: vec![pob],
        ..Options::default()
    })
    .await;
    shop.log_in().await;
    let order = seeded(&shop, State::Delivered);
    let control = shop.ajio.control();
    let id = control
        .start_return(&order, ReturnKind::CustomerReturn)
        .unwrap();
    control.move_return(&id, ReturnState::Processed).unwrap();
    let note = |body: &mut Value| body["return_order_id"] = json!(id);
    let posted = shop.call("postCreditNote", "", note).await.json();
    assert_eq!(posted["status"], "SUCCESS");
    assert_eq!(shop.proxy.violations(), NOTHING);
}

#[test]
fn a_call_is_judged_by_its_token_its_query_and_its_body() {
    let contract = Contract::load("ajio-dropship").unwrap();
    let judged = |path: &str, token: Option<&str>| -> Vec<String> {
        let mut headers = HeaderMap::new();
        if let Some(token) = token {
            headers.insert("apikey", token.parse().unwrap());
        }
        let found = contract.check_request("GET", path, &headers, b"");
        assert!(found.iter().all(|one| one.side == Side::Request));
        found.iter().map(ToString::to_string).collect()
    };
    let good = "/ds/hub/products?publishedStatus=PUBLISHED&pageNumber=2";
    assert_eq!(judged(good, Some("t")), [""; 0]);
    for (path, token, word) in [
        (good, None, "header apiKey is missing"),
        (
            "/ds/hub/products",
            Some("t"),
            "query publishedStatus is missing",
        ),
        ("/ds/hub/orders?pageSize=51", Some("t"), "query pageSize"),
        (
            "/ds/hub/orders?sku=1",
            Some("t"),
            "query sku is not in the contract",
        ),
        (
            "/products?publishedStatus=PUBLISHED",
            Some("t"),
            "no such call",
        ),
    ] {
        let found = judged(path, token);
        assert!(
            found.len() == 1 && found[0].contains(word),
            "{path}: {found:?}"
        );
    }
}
