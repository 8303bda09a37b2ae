//! Who gets in, and how long.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use haat_domain::Scope;
use haat_ports::Tokens;
use tower::ServiceExt;

use crate::shop::{ASHA, NOBODY, PACKER, Shop};

const PAGES: [&str; 7] = [
    "/console/orders",
    "/console/orders/a_surat.299_1",
    "/console/orders/a_surat.299_1/label",
    "/console/search?q=299_1",
    "/console/integrations",
    "/console/failed",
    "/console/orders?list=closed",
];

#[tokio::test]
async fn without_a_cookie_every_page_leads_to_the_sign_in() {
    let shop = Shop::open().await;
    for page in PAGES {
        let answer = shop
            .send(Request::get(page).body(Body::empty()).unwrap())
            .await;
        assert_eq!(answer.leads_to(), "/console/sign-in", "{page}");
    }
}

#[tokio::test]
async fn the_sign_in_page_asks_for_a_token() {
    let shop = Shop::bare().await;
    let page = Request::get("/console/sign-in")
        .body(Body::empty())
        .unwrap();
    let page = shop.send(page).await;
    assert_eq!(page.status, StatusCode::OK);
    insta::assert_snapshot!(page.text());
    assert!(page.body.contains(r#"<label for="token">"#));
}

#[tokio::test]
async fn a_wrong_token_is_told_so_and_gets_no_cookie() {
    let shop = Shop::bare().await;
    for wrong in [
        "haat_packe",
        "HAAT_PACKER",
        "",
        "x",
        "haat_%0d%0aSet-Cookie%3a+a%3db",
    ] {
        let answer = shop
            .post("", "/console/sign-in", &format!("token={wrong}"))
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{wrong}");
        assert_eq!(answer.header("set-cookie"), "", "{wrong}");
        assert!(
            answer.text().contains("This token is not known here"),
            "{wrong}"
        );
        assert!(answer.body.contains(r#"aria-invalid="true""#), "{wrong}");
    }
}

#[tokio::test]
async fn a_right_token_becomes_the_cookie_and_leads_to_the_orders() {
    let shop = Shop::bare().await;
    // Pasted with the blanks that come with pasting.
    let form = format!("token=+{PACKER}%0a");
    let answer = shop.post("", "/console/sign-in", &form).await;
    assert_eq!(answer.leads_to(), "/console/orders");
    assert_eq!(
        answer.header("set-cookie"),
        "__Host-haat=haat_packer; HttpOnly; Secure; SameSite=Strict; Path=/; Max-Age=43200"
    );
    assert_eq!(
        shop.get(PACKER, "/console/orders").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_revoked_token_is_out_at_the_next_request() {
    let shop = Shop::open().await;
    assert_eq!(
        shop.get(PACKER, "/console/orders").await.status,
        StatusCode::OK
    );

    let (seller, token) = (ASHA.parse().unwrap(), "t_packer".parse().unwrap());
    assert!(shop.table.revoke(&seller, &token).await.unwrap());

    let answer = shop.get(PACKER, "/console/orders").await;
    assert_eq!(answer.leads_to(), "/console/sign-in?notice=session_over");
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    let page = Request::get(answer.leads_to()).body(Body::empty()).unwrap();
    assert!(
        shop.send(page)
            .await
            .text()
            .contains("Your token was revoked or has ended.")
    );
}

#[tokio::test]
async fn signing_out_clears_the_cookie() {
    let shop = Shop::open().await;
    let answer = shop.post(PACKER, "/console/sign-out", "").await;
    assert_eq!(answer.leads_to(), "/console/sign-in?notice=signed_out");
    assert_eq!(
        answer.header("set-cookie"),
        "__Host-haat=; HttpOnly; Secure; SameSite=Strict; Path=/; Max-Age=0"
    );
}

#[tokio::test]
async fn a_token_without_any_scope_sees_nothing() {
    let shop = Shop::open().await;
    for page in PAGES {
        let answer = shop.get(NOBODY, page).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{page}");
        assert!(answer.text().contains("lacks the scope “read”"), "{page}");
    }
}

#[tokio::test]
async fn the_front_door_leads_to_the_orders() {
    let shop = Shop::bare().await;
    for door in ["/", "/console", "/console/"] {
        let answer = shop
            .send(Request::get(door).body(Body::empty()).unwrap())
            .await;
        assert_eq!(answer.leads_to(), "/console/orders", "{door}");
    }
}

#[tokio::test]
async fn the_sample_event_is_answered_as_the_gateway_sends_it() {
    let shop = Shop::open().await;
    let token = "haat_invented-token-of-the-sample";
    shop.hand_out(ASHA, token, "Sample", &[Scope::Read]).await;
    let sample = include_str!("../../../../events/console.json");
    let request = lambda_http::request::from_str(sample).unwrap();

    let answer = shop.app.clone().oneshot(request).await.unwrap();

    assert_eq!(answer.status(), StatusCode::OK);
    let body = to_bytes(answer.into_body(), 100_000).await.unwrap();
    assert!(String::from_utf8_lossy(&body).contains("Nothing to hand over"));
}
