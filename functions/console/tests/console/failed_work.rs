//! What failed, and taking it up again.

use axum::http::StatusCode;
use haat_domain::{Action, Actor, IntentState, ParkedKind};

use crate::shop::{ASHA, PACKER, READER, SURAT, Shop, at, now, order, said};

const FAILED: &str = "/console/failed";
const RESUME: &str = "/console/failed/resume";

/// An order that Haat could not get accepted.
async fn failed_shop() -> Shop {
    let shop = Shop::open().await;
    let mut failed = order(ASHA, SURAT, &said("299_1"));
    let by = Actor::Token("t_packer".parse().unwrap());
    failed
        .ask(Action::Accept, by, at("2026-09-12T09:00:00+05:30"))
        .unwrap();
    failed.fail(Action::Accept, "out of stock at Meesho", now());
    shop.store(&mut failed).await;
    shop.park(SURAT, ParkedKind::Accept, "299_1", "out of stock at Meesho")
        .await;
    shop
}

#[tokio::test]
async fn failed_work_stands_with_its_reason() {
    let shop = failed_shop().await;
    shop.park(
        SURAT,
        ParkedKind::OrderRow,
        "299_9",
        "field quantity is no number",
    )
    .await;
    shop.park(
        SURAT,
        ParkedKind::LabelPage,
        "job-1-7",
        "no order number on it",
    )
    .await;
    insta::assert_snapshot!(shop.get(PACKER, FAILED).await.text());
    let reader = shop.get(READER, FAILED).await;
    assert_eq!(reader.status, StatusCode::OK);
    assert!(!reader.body.contains("Try again"));
}

#[tokio::test]
async fn failed_work_is_told_on_every_page() {
    let shop = failed_shop().await;
    let page = shop.get(PACKER, "/console/orders").await.text();
    assert!(
        page.contains("Work has failed, the oldest since 09:12."),
        "{page}"
    );
    assert!(
        page.contains("Accepting failed: out of stock at Meesho"),
        "{page}"
    );
}

#[tokio::test]
async fn trying_again_takes_the_work_up_and_off_the_list() {
    let shop = failed_shop().await;
    let form = "account=a_surat&kind=accept&key=299_1";
    let answer = shop.post(PACKER, RESUME, form).await;
    assert_eq!(answer.leads_to(), "/console/failed?notice=resumed");
    let wish = shop.order("a_surat.299_1").await.accept.unwrap();
    assert_eq!(wish.state, IntentState::Open);
    let page = shop.get(PACKER, answer.leads_to()).await.text();
    assert!(page.contains("Taken up again."), "{page}");
    assert!(page.contains("Nothing has failed"), "{page}");
}

#[tokio::test]
async fn a_row_that_could_not_be_read_is_read_again() {
    let shop = Shop::open().await;
    shop.park(
        SURAT,
        ParkedKind::OrderRow,
        "299_9",
        "field quantity is no number",
    )
    .await;
    let answer = shop
        .post(PACKER, RESUME, "account=a_surat&kind=order_row&key=299_9")
        .await;
    assert_eq!(answer.leads_to(), "/console/failed?notice=resumed");
    assert_eq!(shop.sent.polls.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_form_that_names_nothing_is_not_found() {
    let shop = failed_shop().await;
    for form in [
        "account=a_surat&kind=nonsense&key=299_1",
        "account=%3C%3E&kind=accept&key=299_1",
        "account=a_surat&kind=accept&key=299_000",
        "account=a_surat&kind=accept&key=%3Cscript%3E",
    ] {
        let answer = shop.post(PACKER, RESUME, form).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{form}");
    }
}

#[tokio::test]
async fn a_long_list_of_failed_work_stays_below_a_hundred_kilobytes() {
    let shop = Shop::open().await;
    for number in 0..51 {
        let reason = "the marketplace said no & nothing else ".repeat(60);
        shop.park(
            SURAT,
            ParkedKind::OrderRow,
            &format!("299_{number}"),
            &reason,
        )
        .await;
    }
    let page = shop.get(PACKER, FAILED).await.body;
    assert_eq!(page.matches(">Try again").count(), 50);
    assert!(page.contains("rel=\"next\""));
    assert!(page.len() < 100_000, "{} bytes", page.len());
}

#[tokio::test]
async fn what_takes_longer_than_usual_stands_below_with_its_age() {
    let shop = Shop::open().await;
    for (number, asked_at) in [
        ("299_1", "2026-09-12T09:12:00+05:30"),
        ("299_2", "2026-09-12T13:55:00+05:30"),
    ] {
        let mut asked = order(ASHA, SURAT, &said(number));
        let by = Actor::Token("t_packer".parse().unwrap());
        asked.ask(Action::Accept, by, at(asked_at)).unwrap();
        asked.wait(Action::Accept, "the marketplace is slow");
        shop.store(&mut asked).await;
    }
    let page = shop.get(PACKER, FAILED).await.text();
    let told = "| Accept 299_1 | Meesho, Surat | the marketplace is slow | today 09:12";
    assert!(page.contains(told), "{page}");
    assert!(!page.contains("299_2"), "asked a moment ago: {page}");
}
