//! The letter of an order that its marketplace buys before it sells.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use haat_domain::{
    Action, Actor, Order, Parcel, PurchaseOrder, Return, ReturnKind, ReturnReport, ReturnStage,
    Stage, StoredPaper, SupplyInvoice,
};
use haat_ports::{ManifestStore as _, ReturnStore as _};

use crate::documents::manifest;
use crate::pob::{POB, SMALL, pob_order, two_lines};
use crate::shop::{ASHA, PACKER, READER, SURAT, Shop, accepted, at, now, order, said};

const LETTER: &str = "/console/orders/a_pob.S1";

async fn new_order() -> Shop {
    let shop = Shop::with_pob().await;
    shop.store(&mut pob_order(&two_lines("S1"))).await;
    shop
}

/// Accepted at nine, its label wanted; the purchase order is not there yet.
fn waiting() -> Order {
    let report = two_lines("S1");
    let mut order = pob_order(&report);
    let mut said = accepted(&report, "AJ0001");
    said.packet = None;
    order.hear(&said, at("2026-09-12T09:00:00+05:30"));
    let by = Actor::Token("t_packer".parse().unwrap());
    order.ask(Action::Ship, by, now()).unwrap();
    order.wait(
        Action::Ship,
        "waits for the marketplace's purchase order, which may take up to 48 hours: until \
         14 Sep 2026 09:00 IST",
    );
    order
}

#[tokio::test]
async fn an_order_that_waits_for_its_purchase_order_says_until_when() {
    let shop = Shop::with_pob().await;
    shop.store(&mut waiting()).await;
    for sku in ["KURTI-RED-M", "KURTI-BLUE-M"] {
        shop.set_parcel(sku, SMALL).await;
    }
    insta::assert_snapshot!(shop.get(PACKER, LETTER).await.text());
}

#[tokio::test]
async fn an_order_that_has_left_shows_papers_manifest_and_returns() {
    let shop = Shop::with_pob().await;
    let mut gone = waiting();
    gone.hear(&accepted(&two_lines("S1"), "AJ0001"), now());
    gone.supply.purchase_order = Some(PurchaseOrder {
        number: "4500000001".to_owned(),
        at: None,
        amount: None,
        tax: None,
    });
    gone.supply.invoice = Some(SupplyInvoice {
        number: "HUB26-27/00123".parse().unwrap(),
        at: now(),
    });
    gone.buyer_invoice = Some(StoredPaper {
        file: "labels/s_asha/a_pob/invoice-S1.pdf".to_owned(),
        sha256: "ab".repeat(32),
        stored_at: now(),
    });
    (gone.stage, gone.closed_at, gone.ship) = (Stage::ReturningToOrigin, Some(now()), None);
    gone.parcel = Some(SMALL);
    shop.store(&mut gone).await;
    let mut closed = manifest("20260912T062000Z-aa", Some("M1"), true);
    shop.table.put_manifest(&mut closed).await.unwrap();
    let said = ReturnReport {
        number: "RT1".parse().unwrap(),
        order: "S1".parse().unwrap(),
        stage: Some(ReturnStage::OnItsWay),
        word: "IN_TRANSIT".to_owned(),
        kind: Some(ReturnKind::Rto),
        reason: None,
        awb: None,
        courier: None,
        began_at: None,
        expected_at: None,
        lines: Vec::new(),
    };
    let (seller, account) = (ASHA.parse().unwrap(), POB.parse().unwrap());
    let mut back = Return::first_heard(seller, account, said, now());
    shop.table.put_return(&mut back).await.unwrap();

    insta::assert_snapshot!(shop.get(PACKER, LETTER).await.text());
    let link = shop.get(PACKER, &format!("{LETTER}/invoice")).await;
    let file = "labels/s_asha/a_pob/invoice-S1.pdf";
    assert_eq!(
        link.leads_to(),
        format!("https://files.example.test/{file}?for=300s")
    );
    let reader = shop.get(READER, &format!("{LETTER}/invoice")).await;
    assert_eq!(reader.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_invoice_that_is_not_stored_says_where_it_comes_from() {
    let shop = new_order().await;
    let answer = shop.get(PACKER, &format!("{LETTER}/invoice")).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.text().contains("auto_documents"),
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn a_label_without_weight_is_refused_with_the_product_and_the_place_to_set_it() {
    let shop = Shop::with_pob().await;
    let mut unlabelled = waiting();
    unlabelled.ship = None;
    shop.store(&mut unlabelled).await;
    let answer = shop.post(PACKER, &format!("{LETTER}/ship"), "back=").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let said = "Weight and size of SKU KURTI-RED-M are not known";
    assert!(answer.text().contains(said), "{}", answer.text());
    assert!(answer.body.contains("/console/parcels?sku=KURTI-RED-M"));
    assert_eq!(shop.order("a_pob.S1").await.ship, None);
}

#[tokio::test]
async fn weight_and_size_of_one_order_are_set_and_forgotten() {
    let shop = new_order().await;
    let form = "weight_grams=900&length_mm=300&breadth_mm=250&height_mm=120";
    let answer = shop.post(PACKER, &format!("{LETTER}/parcel"), form).await;
    assert_eq!(answer.leads_to(), format!("{LETTER}?notice=saved#parcel"));
    let set = Parcel {
        weight_grams: 900,
        height_mm: 120,
        ..SMALL
    };
    assert_eq!(shop.order("a_pob.S1").await.parcel, Some(set));

    let bad = form.replace("900", "<b>");
    let answer = shop.post(PACKER, &format!("{LETTER}/parcel"), &bad).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = "“Weight in grams” must be a whole number";
    assert!(answer.text().contains(said), "{}", answer.text());
    assert!(answer.body.contains("value=\"&lt;b&gt;\""));
    assert_eq!(shop.order("a_pob.S1").await.parcel, Some(set));

    shop.post(PACKER, &format!("{LETTER}/parcel/forget"), "")
        .await;
    assert_eq!(shop.order("a_pob.S1").await.parcel, None);
}

#[tokio::test]
async fn where_the_marketplace_decides_the_parcel_the_page_says_so() {
    let shop = Shop::open().await;
    shop.store(&mut order(ASHA, SURAT, &said("299_1"))).await;
    let page = shop.get(PACKER, "/console/orders/a_surat.299_1").await;
    assert!(page.text().contains("The marketplace decides."));
    assert!(!page.body.contains("Accept in part"));
    assert!(!page.body.contains("/cancel"));
}

#[tokio::test]
async fn an_order_is_accepted_in_part() {
    let shop = new_order().await;
    let part = format!("{LETTER}/accept_part");
    let answer = shop
        .post(PACKER, &part, "without.S1-1=2&without.S1-2=0")
        .await;
    assert_eq!(answer.leads_to(), format!("{LETTER}?notice=accept_asked"));
    let wish = shop.order("a_pob.S1").await.accept.unwrap();
    assert_eq!(wish.without, BTreeMap::from([("S1-1".to_owned(), 2)]));
    let page = shop.get(PACKER, LETTER).await.text();
    assert!(page.contains("2 of them are to be left out"), "{page}");
}

#[tokio::test]
async fn pieces_that_are_not_there_are_not_left_out() {
    let shop = new_order().await;
    for (form, said) in [
        (
            "without.S1-1=4",
            "The order has no line S1-1 with 4 pieces to leave out.",
        ),
        ("without.S1-1=two", "“Leave out” must be a whole number"),
        (
            "without.S1-1=3&without.S1-2=1",
            "Nothing of the order would be left; cancel it instead.",
        ),
        ("without.S1-1=0", "To accept the whole order, press Accept."),
    ] {
        let answer = shop
            .post(PACKER, &format!("{LETTER}/accept_part"), form)
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(answer.text().contains(said), "{}", answer.text());
        let typed = form.split(['=', '&']).nth(1).unwrap();
        assert!(
            answer.body.contains(&format!("value=\"{typed}\"")),
            "{form}"
        );
        assert_eq!(shop.order("a_pob.S1").await.accept, None, "{form}");
    }
}

#[tokio::test]
async fn a_cancelled_piece_is_not_packed() {
    let shop = Shop::with_pob().await;
    let mut less = pob_order(&two_lines("S1"));
    less.lines[0].cancelled = 1;
    shop.store(&mut less).await;
    for page in [LETTER, "/console/orders"] {
        let text = shop.get(PACKER, page).await.text();
        assert!(
            text.contains("KURTI-RED-M ×\u{a0}2") || text.contains("KURTI-RED-M × 2"),
            "{text}"
        );
        assert!(text.contains("1 of 3 cancelled"), "{text}");
    }
}

#[tokio::test]
async fn cancelling_asks_once_more() {
    let shop = new_order().await;
    let cancel = format!("{LETTER}/cancel");
    assert!(shop.get(PACKER, LETTER).await.body.contains(&cancel));
    let hasty = shop.post(PACKER, &cancel, "back=").await;
    assert_eq!(hasty.leads_to(), cancel);
    assert_eq!(shop.order("a_pob.S1").await.cancel, None);
    insta::assert_snapshot!(shop.get(PACKER, &cancel).await.text());

    let sure = shop.post(PACKER, &cancel, "back=&sure=yes").await;
    assert!(sure.leads_to().contains("notice=cancel_asked"));
    assert!(shop.order("a_pob.S1").await.wants(Action::Cancel));
    let reader = shop.get(READER, &cancel).await;
    assert_eq!(reader.status, StatusCode::FORBIDDEN);
}
