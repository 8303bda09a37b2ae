//! What holds for every answer.

use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{Request, StatusCode};
use haat_domain::OrderReport;

use crate::browser::cookie;
use crate::pob::POB;
use crate::shop::{ADMIN, ASHA, PACKER, SURAT, Shop, found, order, said};

const ACCEPT: &str = "/console/orders/a_surat.299_1/accept";

/// A press of Accept that carries these headers besides the cookie.
fn press(headers: &[(&str, &str)]) -> Request<Body> {
    let request = Request::post(ACCEPT)
        .header("cookie", cookie(PACKER))
        .header("content-type", "application/x-www-form-urlencoded");
    let add = |request: Builder, (name, value): &(&str, &str)| request.header(*name, *value);
    headers
        .iter()
        .fold(request, add)
        .body(Body::from("back="))
        .unwrap()
}

#[tokio::test]
async fn a_button_pressed_on_another_site_does_nothing() {
    let shop = Shop::open().await;
    shop.store(&mut order(ASHA, SURAT, &said("299_1"))).await;
    let foreign: [&[(&str, &str)]; 7] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("origin", "https://evil.example"), ("host", "haat.example")],
        &[("origin", "null"), ("host", "haat.example")],
        &[("host", "haat.example")],
        &[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://haat.example"),
            ("host", "haat.example"),
        ],
    ];
    for headers in foreign {
        let answer = shop.send(press(headers)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert!(answer.text().contains("nothing was changed"), "{headers:?}");
        assert_eq!(
            shop.order("a_surat.299_1").await.accept,
            None,
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn no_form_is_taken_from_another_site() {
    let shop = Shop::with_pob().await;
    let before = (shop.account(POB).await, shop.warehouses().await);
    for address in [
        "/console/integrations/a_pob/settings",
        "/console/integrations/a_pob/courier",
        "/console/integrations/a_pob/test",
        "/console/registrations/r_delhi",
        "/console/registrations/r_delhi/forget",
        "/console/warehouses",
        "/console/warehouses/w_bhiwandi",
        "/console/parcels",
        "/console/documents/a_pob/hand_over",
        "/console/orders/a_pob.S1/accept_part",
        "/console/orders/a_pob.S1/cancel",
        "/console/orders/a_pob.S1/parcel",
        "/console/orders/a_pob.S1/parcel/forget",
    ] {
        let request = Request::post(address)
            .header("cookie", cookie(ADMIN))
            .header("sec-fetch-site", "cross-site")
            .header("content-type", "application/x-www-form-urlencoded");
        let form = "name=Mine&orders_every_minutes=9&auto_label=on&sure=yes&sku=A";
        let answer = shop.send(request.body(Body::from(form)).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{address}");
        assert!(answer.text().contains("nothing was changed"), "{address}");
    }
    let after = (shop.account(POB).await, shop.warehouses().await);
    assert_eq!(after, before);
    assert!(shop.sent.polls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_browser_that_only_knows_origin_is_heard() {
    let shop = Shop::open().await;
    shop.store(&mut order(ASHA, SURAT, &said("299_1"))).await;
    let own = [("origin", "https://haat.example"), ("host", "haat.example")];
    let answer = shop.send(press(&own)).await;
    assert!(answer.leads_to().contains("notice=accept_asked"));
    assert!(shop.order("a_surat.299_1").await.accept.is_some());
}

#[tokio::test]
async fn signing_in_from_another_site_is_refused() {
    let shop = Shop::bare().await;
    let request = Request::post("/console/sign-in")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("token={PACKER}")));
    let answer = shop.send(request.unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.header("set-cookie"), "");
}

#[tokio::test]
async fn every_answer_is_dressed() {
    let shop = Shop::open().await;
    for address in [
        "/console/orders",
        "/console/sign-in",
        "/console/orders/a_surat.none_1",
        "/console/no-such-page",
        "/console/integrations/a_surat",
        "/console/warehouses",
        "/console/parcels",
        "/console/documents",
        "/console/returns",
        "/",
    ] {
        let answer = shop.get(PACKER, address).await;
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
             base-uri 'none'; frame-ancestors 'none'",
            "{address}"
        );
        assert_eq!(
            answer.header("x-content-type-options"),
            "nosniff",
            "{address}"
        );
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{address}");
        assert_eq!(answer.header("cache-control"), "no-store", "{address}");
        for forbidden in ["<script", "style=\"", " onclick", "href=\"http", "src="] {
            assert!(
                !answer.body.contains(forbidden),
                "{address} has {forbidden}"
            );
        }
    }
}

#[tokio::test]
async fn the_stylesheet_may_be_kept_because_its_address_changes_with_it() {
    let shop = Shop::bare().await;
    let page = shop.get("", "/console/sign-in").await;
    let sheets = found(&page.body, r#"rel="stylesheet" href=""#);
    let address = sheets.first().unwrap();
    assert!(address.starts_with("/console/style.css?v="), "{address}");
    let sheet = shop.get("", address).await;
    assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(
        sheet.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert!(sheet.body.contains("prefers-color-scheme: dark"));
}

#[tokio::test]
async fn what_comes_from_outside_is_text_and_never_markup() {
    let shop = Shop::open().await;
    let hostile = "<script>alert(1)</script>";
    let mut report = OrderReport {
        purchase: hostile.to_owned(),
        ..said("299_1")
    };
    report.lines[0].sku = hostile.parse().unwrap();
    report.lines[0].title = hostile.to_owned();
    report.lines[0].variation = Some("\"><img src=x onerror=alert(1)>".to_owned());
    shop.store(&mut order(ASHA, SURAT, &report)).await;
    for address in [
        "/console/orders",
        "/console/orders/a_surat.299_1",
        "/console/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "/console/orders?notice=%3Cscript%3Ealert(1)%3C/script%3E",
        "/console/orders?stage=%3Cscript%3E&account=%3Cscript%3E&cursor=%22%3E%3Cscript%3E",
    ] {
        let page = shop.get(PACKER, address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert!(!page.body.contains("<script"), "{address}");
        assert!(!page.body.contains("<img"), "{address}");
    }
    let page = shop.get(PACKER, "/console/orders").await;
    assert!(page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}
