//! What belongs to another seller looks exactly like what does not exist, on every route.

use axum::http::StatusCode;
use haat_domain::ParkedKind;

use crate::browser::Answer;
use crate::shop::{ASHA, PACKER, STRANGER, SURAT, Shop, accepted, label_page, now, order, said};

async fn shop_with_secrets() -> Shop {
    let shop = Shop::open().await;
    let mut labelled = order(ASHA, SURAT, &accepted(&said("299_1"), "VL0001"));
    labelled.file_label(label_page(), now());
    shop.store(&mut labelled).await;
    shop.store(&mut order(ASHA, SURAT, &said("299_2"))).await;
    shop.keep_buyer("a_surat.299_1").await;
    shop.park(
        SURAT,
        ParkedKind::LabelPage,
        "page-7",
        "no order number on it",
    )
    .await;
    shop
}

fn same(theirs: &Answer, unknown: &Answer, route: &str) {
    assert_eq!(theirs.status, StatusCode::NOT_FOUND, "{route}");
    assert_eq!(theirs.status, unknown.status, "{route}");
    assert_eq!(theirs.body, unknown.body, "{route}");
}

#[tokio::test]
async fn pages_of_another_sellers_order_do_not_exist() {
    let shop = shop_with_secrets().await;
    for route in [
        "/console/orders/{}",
        "/console/orders/{}/label",
        "/console/orders/{}/invoice",
        "/console/orders/{}/cancel",
    ] {
        let theirs = shop
            .get(STRANGER, &route.replace("{}", "a_surat.299_1"))
            .await;
        let unknown = shop
            .get(STRANGER, &route.replace("{}", "a_surat.000_1"))
            .await;
        same(&theirs, &unknown, route);
        let garbled = shop
            .get(STRANGER, &route.replace("{}", "%3Cscript%3E"))
            .await;
        same(&garbled, &unknown, route);
    }
}

#[tokio::test]
async fn buttons_of_another_sellers_order_or_account_do_nothing() {
    let shop = shop_with_secrets().await;
    for (route, theirs, unknown) in [
        ("/console/orders/{}/accept", "a_surat.299_2", "a_none.299_2"),
        ("/console/orders/{}/ship", "a_surat.299_2", "a_none.299_2"),
        (
            "/console/orders/{}/accept_part",
            "a_surat.299_2",
            "a_none.299_2",
        ),
        (
            "/console/orders/{}/parcel/forget",
            "a_surat.299_2",
            "a_none.299_2",
        ),
        ("/console/integrations/{}/sync", "a_surat", "a_none"),
        ("/console/integrations/{}/test", "a_surat", "a_none"),
        ("/console/documents/{}/hand_over", "a_surat", "a_none"),
    ] {
        let theirs = shop
            .post(STRANGER, &route.replace("{}", theirs), "back=")
            .await;
        let unknown = shop
            .post(STRANGER, &route.replace("{}", unknown), "back=")
            .await;
        same(&theirs, &unknown, route);
    }
    for kind in ParkedKind::ALL {
        let form = |account: &str| format!("account={account}&kind={}&key=299_2", kind.word());
        let theirs = shop
            .post(STRANGER, "/console/failed/resume", &form("a_surat"))
            .await;
        let unknown = shop
            .post(STRANGER, "/console/failed/resume", &form("a_none"))
            .await;
        same(&theirs, &unknown, kind.word());
    }
    assert_eq!(shop.order("a_surat.299_2").await.accept, None);
    assert!(shop.sent.ship.lock().unwrap().is_empty());
    assert!(shop.sent.polls.lock().unwrap().is_empty());
    assert!(
        shop.get(PACKER, "/console/failed")
            .await
            .body
            .contains("page-7")
    );
}

#[tokio::test]
async fn lists_hold_what_is_ones_own() {
    let shop = shop_with_secrets().await;
    for list in [
        "/console/orders",
        "/console/orders?list=closed",
        "/console/orders?account=a_surat",
        "/console/integrations",
        "/console/failed",
        "/console/documents",
        "/console/documents?account=a_surat",
        "/console/returns",
        "/console/warehouses",
        "/console/parcels",
        "/console/search?q=299_1",
        "/console/search?q=VL0001",
    ] {
        let page = shop.get(STRANGER, list).await;
        assert_eq!(page.status, StatusCode::OK, "{list}");
        for secret in [
            "a_surat",
            "Meesho, Surat",
            "KURTI",
            "Meera",
            "page-7",
            "t_packer",
        ] {
            assert!(!page.body.contains(secret), "{list} shows {secret}");
        }
    }
}
