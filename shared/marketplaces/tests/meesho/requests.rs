//! Request built, URL hit: what is sent is what the contract's examples send.

use haat_domain::Secret;
use haat_ports::{Feed, JobId, Orders, ShippingByJob};
use serde_json::Value;

use crate::scripted::{Asked, COOKIES, Panel, Reply, SELLER, by_job, credentials, session};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../src/meesho/fixtures/", $name, ".json"))
    };
}
pub(crate) use fixture;

/// The contract's example without what it leaves open: the supplier's name and child.
fn example(text: &str) -> Value {
    let mut example: Value = serde_json::from_str(text).unwrap();
    let fields = example.as_object_mut().unwrap();
    fields.retain(|name, _| !name.starts_with("child_supplier"));
    if let Some(supplier) = fields.get_mut("supplier_details") {
        supplier.as_object_mut().unwrap().remove("name");
    }
    example
}

fn assert_within_session(asked: &Asked, path: &str) {
    assert_eq!(asked.call(), ("POST", path));
    assert_eq!(asked.header("identifier"), "ab1cd");
    assert_eq!(
        asked.header("cookie"),
        "connect.sid=s%3Afirst; current_az_identifier=ab1cd; s_id=4100001"
    );
    assert_honest_headers(asked);
}

fn assert_honest_headers(asked: &Asked) {
    assert_eq!(asked.header("client-type"), "d-web");
    assert_eq!(asked.header("client-package-version"), "1.0.41");
    assert_eq!(asked.header("content-type"), "application/json");
    assert!(asked.header("user-agent").starts_with("haat/"));
    for pretended in ["origin", "referer", "browser-id"] {
        assert!(!asked.headers.contains_key(pretended), "{pretended}");
    }
}

#[tokio::test]
async fn every_tab_is_asked_for_by_its_number_and_word() {
    let pages: Vec<_> = (0..5)
        .map(|_| Reply::json(200, fixture!("listOrders.answer.lastPage")))
        .collect();
    let panel = Panel::answering(pages).await;
    let (line, _) = panel.line();

    for feed in line.orders().feeds() {
        line.orders().page(*feed, None).await.unwrap();
    }

    let asked = panel.asked();
    for asked in &asked {
        assert_within_session(asked, "/api/fulfillment/orders");
    }
    assert_eq!(
        asked[0].json(),
        with_cursor(example(fixture!("listOrders.request.onHold")))
    );
    assert_eq!(
        asked[1].json(),
        with_cursor(example(fixture!("listOrders.request.pending")))
    );
    let tabs: Vec<_> = asked
        .iter()
        .map(|asked| {
            let body = asked.json();
            (
                body["status"].as_u64().unwrap(),
                body["type"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let tab = |number: u64, word: &str| (number, word.to_owned());
    assert_eq!(
        tabs,
        [
            tab(0, "on-hold"),
            tab(1, "pending"),
            tab(3, "ready-to-ship"),
            tab(5, "cancelled"),
            tab(4, "shipped")
        ]
    );
}

fn with_cursor(mut example: Value) -> Value {
    example
        .as_object_mut()
        .unwrap()
        .entry("cursor")
        .or_insert(Value::Null);
    example
}

#[tokio::test]
async fn a_page_is_asked_for_where_the_last_one_pointed() {
    let panel = Panel::answering([Reply::json(200, fixture!("listOrders.answer.lastPage"))]).await;
    let (line, _) = panel.line();
    let pending = feed(line.orders(), "pending");

    line.orders()
        .page(pending, Some("eyJwIjoxfQ"))
        .await
        .unwrap();

    assert_eq!(panel.asked()[0].json()["cursor"], "eyJwIjoxfQ");
}

pub(crate) fn feed(orders: &dyn Orders, name: &str) -> Feed {
    *orders
        .feeds()
        .iter()
        .find(|feed| feed.name == name)
        .unwrap()
}

#[tokio::test]
async fn details_name_their_orders() {
    let panel = Panel::answering([Reply::json(200, fixture!("fetchOrderDetails.answer"))]).await;
    let (line, _) = panel.line();
    let numbers =
        ["299000000000000001_1", "299000000000000009_1"].map(|number| number.parse().unwrap());

    line.orders().look_up(&numbers).await.unwrap();

    let asked = panel.asked();
    assert_within_session(&asked[0], "/api/fulfillment/orders/fetchOrderDetails");
    assert_eq!(
        asked[0].json(),
        example(fixture!("fetchOrderDetails.request"))
    );
}

#[tokio::test]
async fn details_are_asked_in_the_size_the_profile_allows() {
    let answer = r#"{"data": [], "not_found": []}"#;
    let panel = Panel::answering([Reply::json(200, answer), Reply::json(200, answer)]).await;
    let (line, _) =
        crate::scripted::line(&*panel.marketplace_with(Some(r#"{"max_details_orders": 2}"#)));
    let numbers = ["1_1", "2_1", "3_1"].map(|number| number.parse().unwrap());

    line.orders().look_up(&numbers).await.unwrap();

    let asked = panel.asked();
    assert_eq!(
        asked[0].json()["sub_order_nums"],
        serde_json::json!(["1_1", "2_1"])
    );
    assert_eq!(
        asked[1].json()["sub_order_nums"],
        serde_json::json!(["3_1"])
    );
}

#[tokio::test]
async fn shipping_calls_are_those_of_the_contract() {
    let panel = Panel::answering([
        Reply::json(200, fixture!("reqPendingOrders.answer")),
        Reply::json(200, fixture!("fetchPendingOrdersHistory.answer")),
        Reply::json(200, fixture!("reqDownloadLabelV2.answer")),
        Reply::json(200, fixture!("fetchLabelDownloadHistory.answer.running")),
        Reply::json(200, fixture!("updateGroupDownloadBackendFlag.answer")),
    ])
    .await;
    let (line, _) = panel.line();
    let shipping: &dyn ShippingByJob = by_job(&*line);

    shipping
        .accept(&["299000000000000001_1".parse().unwrap()])
        .await
        .unwrap();
    shipping.accept_jobs().await.unwrap();
    shipping.request_labels().await.unwrap();
    shipping.label_jobs().await.unwrap();
    let job = JobId("4100001_ab1cd_1766400100000".to_owned());
    shipping.labels_stored(&job).await.unwrap();

    let expected = [
        ("reqPendingOrders", fixture!("reqPendingOrders.request")),
        (
            "fetchPendingOrdersHistory",
            fixture!("fetchPendingOrdersHistory.request"),
        ),
        (
            "reqDownloadLabelV2",
            fixture!("reqDownloadLabelV2.request.observed"),
        ),
        (
            "fetchLabelDownloadHistory",
            fixture!("fetchLabelDownloadHistory.request"),
        ),
        (
            "updateGroupDownloadBackendFlag",
            fixture!("updateGroupDownloadBackendFlag.request"),
        ),
    ];
    let asked = panel.asked();
    assert_eq!(asked.len(), expected.len());
    for (asked, (operation, body)) in asked.iter().zip(expected) {
        assert_within_session(asked, &format!("/api/fulfillment/orders/{operation}"));
        assert_eq!(asked.json(), example(body), "{operation}");
    }
}

#[tokio::test]
async fn log_in_and_one_time_password_are_sent_as_typed() {
    let panel = Panel::answering([
        Reply::json(200, fixture!("login.answer.otpDemanded")),
        Reply::json(200, fixture!("verifyLoginOtp.answer"))
            .with(
                "set-cookie",
                "connect.sid=s%3Asandbox; Path=/; HttpOnly; Secure",
            )
            .with("set-cookie", "current_az_identifier=ab1cd; Path=/"),
    ])
    .await;
    let marketplace = panel.marketplace();
    let credentials = credentials("seller@example.test", "sandbox-only");

    let wanted = marketplace.log_in(&credentials).await.unwrap_err();
    let challenge = wanted.challenge.unwrap();
    marketplace
        .answer_otp(&credentials, &challenge, &Secret::new("123456"))
        .await
        .unwrap();

    let asked = panel.asked();
    assert_eq!(asked[0].path, "/api/container/user/v2-login");
    assert_eq!(asked[0].json(), example(fixture!("login.request")));
    assert_eq!(asked[1].path, "/api/container/user/verify-login-otp");
    assert_eq!(asked[1].json(), example(fixture!("verifyLoginOtp.request")));
    for asked in &asked {
        assert_honest_headers(asked);
        assert!(!asked.headers.contains_key("cookie"));
    }
}

#[tokio::test]
async fn the_sellers_of_a_session_are_asked_for_with_the_identifier_of_its_cookie() {
    let panel = Panel::answering([
        Reply::json(200, fixture!("prefetchSupplyData.answer")),
        Reply::json(200, fixture!("fetchRegistrationStatus.answer")),
        Reply::json(200, r#"{"supplier": {"name": "Second Shop"}}"#),
    ])
    .await;

    let sellers = panel
        .marketplace()
        .sellers(&session(COOKIES))
        .await
        .unwrap();

    let asked = panel.asked();
    assert_within_session(&asked[0], "/api/container/supplier/prefetch-supply-data");
    assert_eq!(
        asked[0].json(),
        example(fixture!("prefetchSupplyData.request"))
    );
    assert_within_session(
        &asked[1],
        "/api/container/supplier/fetch-registration-status",
    );
    assert_eq!(
        asked[1].json(),
        example(fixture!("fetchRegistrationStatus.request"))
    );
    assert_eq!(asked[2].path, "/api/container/supplier/getSupplierDetails");
    assert_eq!(asked[2].header("identifier"), "ef2gh");
    let details = serde_json::json!({"supplier_id": 4_100_002, "identifier": "ef2gh"});
    assert_eq!(asked[2].json(), details);
    let sellers: Vec<_> = sellers
        .iter()
        .map(|seller| (seller.key.as_str(), seller.name.as_str()))
        .collect();
    assert_eq!(
        sellers,
        [(SELLER, "Test Shop"), ("4100002/ef2gh", "Second Shop")]
    );
}
