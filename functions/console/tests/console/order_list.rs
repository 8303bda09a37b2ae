//! The list of orders: what must leave, earliest first.

use axum::http::StatusCode;
use haat_domain::{Action, Actor, Paise, Payment, PaymentMode, Step};

use crate::shop::{
    ASHA, JAIPUR, PACKER, READER, RIVAL, RIVALS, SURAT, Shop, accepted, at, cancelled, due, found,
    label_page, now, order, said,
};

fn token() -> Actor {
    Actor::Token("t_packer".parse().unwrap())
}

/// One order for each thing a row can say.
async fn busy_shop() -> Shop {
    let shop = Shop::open().await;

    let late = due(said("299_1"), "2026-09-12T11:30:00+05:30");
    shop.store(&mut order(ASHA, SURAT, &late)).await;

    let mut held = due(said("299_2"), "2026-09-14T17:30:00+05:30");
    (held.step, held.word) = (Some(Step::Hold), "on_hold".to_owned());
    held.reason = Some("payment is being checked".to_owned());
    held.detail = None;
    shop.store(&mut order(ASHA, SURAT, &held)).await;

    let mut accepting = due(said("299_3"), "2026-09-12T19:00:00+05:30");
    accepting.lines[0].quantity = 3;
    let mut accepting = order(ASHA, JAIPUR, &accepting);
    accepting.ask(Action::Accept, token(), now()).unwrap();
    shop.store(&mut accepting).await;

    let mut waiting = said("299_4");
    waiting.detail.as_mut().unwrap().payment = Some(Payment {
        mode: PaymentMode::Prepaid,
        collect: None,
    });
    waiting.detail.as_mut().unwrap().value = Some(Paise::new(12_345_600));
    let mut waiting = order(ASHA, SURAT, &accepted(&waiting, "VL0001"));
    waiting
        .ask(Action::Ship, token(), at("2026-09-12T12:15:00+05:30"))
        .unwrap();
    waiting.wait(
        Action::Ship,
        "Meesho makes labels for this order from 16:00 on",
    );
    shop.store(&mut waiting).await;

    let ready = due(said("299_5"), "2026-09-13T17:30:00+05:30");
    let mut ready = order(ASHA, SURAT, &accepted(&ready, "VL0002"));
    ready.file_label(label_page(), now());
    shop.store(&mut ready).await;

    let gone = said("299_6");
    let mut gone_order = order(ASHA, SURAT, &gone);
    gone_order.hear(&cancelled(&gone), at("2026-09-12T10:00:00+05:30"));
    shop.store(&mut gone_order).await;

    shop.store(&mut order(RIVAL, RIVALS, &said("777_1"))).await;
    shop
}

#[tokio::test]
async fn open_orders_stand_by_deadline_with_all_that_a_packer_asks() {
    let shop = busy_shop().await;
    let page = shop.get(PACKER, "/console/orders").await;
    insta::assert_snapshot!(page.text());
    assert!(
        page.body
            .contains("title=\"Sat 12 Sep 2026, 17:30 IST; named by the marketplace\"")
    );
}

#[tokio::test]
async fn closed_orders_have_a_list_of_their_own() {
    let shop = busy_shop().await;
    insta::assert_snapshot!(shop.get(PACKER, "/console/orders?list=closed").await.text());
}

#[tokio::test]
async fn buttons_stand_only_where_the_action_is_allowed_and_not_under_way() {
    let shop = busy_shop().await;
    let page = shop.get(PACKER, "/console/orders").await.body;
    let buttons: Vec<String> = found(&page, "formaction=\"").into_iter().collect();
    // Held, being accepted and waiting for its label: nothing to press. 299_5 has its label.
    assert_eq!(buttons, ["/console/orders/a_surat.299_1/accept"]);
    assert_eq!(page.matches("/label\"").count(), 1);
    assert!(page.contains("href=\"/console/orders/a_surat.299_5/label\""));
}

#[tokio::test]
async fn whoever_may_only_look_has_no_buttons() {
    let shop = busy_shop().await;
    let page = shop.get(READER, "/console/orders").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("299_1"));
    assert!(!page.body.contains("formaction"));
    assert!(!page.body.contains("/label\""));
}

#[tokio::test]
async fn filters_leave_what_fits() {
    let shop = busy_shop().await;
    let orders = async |query: &str| {
        let page = shop
            .get(PACKER, &format!("/console/orders?{query}"))
            .await
            .body;
        found(&page, "<tr id=\"")
            .into_iter()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(orders("stage=on_hold").await, "a_surat.299_2");
    assert_eq!(orders("account=a_jaipur").await, "a_jaipur.299_3");
    assert_eq!(orders("stage=accepted&account=a_jaipur").await, "");
    assert_eq!(orders("stage=&account=").await.split(' ').count(), 5);
    // A word that is no stage asks for all of them.
    assert_eq!(orders("stage=nonsense").await.split(' ').count(), 5);
    let none = shop.get(PACKER, "/console/orders?stage=packed").await;
    assert!(none.text().contains("No order fits."));
}

#[tokio::test]
async fn a_long_list_comes_in_parts_of_fifty_below_a_hundred_kilobytes() {
    let shop = Shop::open().await;
    for number in 0..60 {
        // As wide as an order can be: longest SKU, several lines, long sizes and reasons.
        let mut report = accepted(
            &said(&format!("{number:018}_{number}")),
            &format!("VL{number:020}"),
        );
        report.lines[0].sku = format!("{number:03}{}", "&".repeat(125)).parse().unwrap();
        report.lines[0].variation = Some("Free size, with blouse piece".to_owned());
        report.lines = vec![report.lines[0].clone(); 5];
        let mut wide = order(ASHA, SURAT, &report);
        wide.ask(Action::Ship, token(), now()).unwrap();
        wide.wait(Action::Ship, &"the marketplace is not ready ".repeat(20));
        shop.store(&mut wide).await;
    }
    let first = shop
        .get(PACKER, "/console/orders?account=a_surat")
        .await
        .body;
    let shown = found(&first, "<tr id=\"");
    assert_eq!(shown.len(), 50);
    assert!(first.contains("and 3 more"));
    let next: Vec<String> = found(&first, "rel=\"next\" href=\"").into_iter().collect();
    let rest = shop.get(PACKER, &next[0].replace("&amp;", "&")).await.body;
    let rest_shown = found(&rest, "<tr id=\"");
    assert_eq!(rest_shown.len(), 10);
    assert!(shown.is_disjoint(&rest_shown));
    assert!(!rest.contains("rel=\"next\""));
    assert!(rest.contains("First page"));
    for page in [&first, &rest] {
        assert!(page.len() < 100_000, "{} bytes", page.len());
    }
}

#[tokio::test]
async fn an_empty_list_says_what_to_do() {
    let bare = Shop::bare().await;
    let page = bare.get(PACKER, "/console/orders").await.text();
    assert!(page.contains("No marketplace is connected yet"), "{page}");
    assert!(page.contains("How to connect"), "{page}");

    let quiet = Shop::open().await;
    let page = quiet.get(PACKER, "/console/orders").await.text();
    assert!(page.contains("Nothing to hand over"), "{page}");
    let page = quiet
        .get(PACKER, "/console/orders?list=closed")
        .await
        .text();
    assert!(
        page.contains("Nothing has been shipped or cancelled yet."),
        "{page}"
    );
}

#[tokio::test]
async fn search_leads_to_the_order_by_number_id_or_awb() {
    let shop = busy_shop().await;
    for wanted in ["299_5", "a_surat.299_5", "VL0002", "+299_5+"] {
        let answer = shop
            .get(PACKER, &format!("/console/search?q={wanted}"))
            .await;
        assert_eq!(
            answer.leads_to(),
            "/console/orders/a_surat.299_5",
            "{wanted}"
        );
    }
    for unknown in ["777_1", "a_rival.777_1", "VL9999", "two+words", ""] {
        let answer = shop
            .get(PACKER, &format!("/console/search?q={unknown}"))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{unknown}");
        assert!(answer.text().contains("Nothing found"), "{unknown}");
    }
}

#[tokio::test]
async fn a_number_that_two_accounts_have_offers_both() {
    let shop = busy_shop().await;
    shop.store(&mut order(ASHA, JAIPUR, &said("299_1"))).await;
    let answer = shop.get(PACKER, "/console/search?q=299_1").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("/console/orders/a_surat.299_1\""));
    assert!(answer.body.contains("/console/orders/a_jaipur.299_1\""));
}
