//! One order as a letter, and what its buttons do.

use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use haat_domain::{Action, Actor, IntentState, Stage};

use crate::shop::{
    ASHA, PACKER, READER, SURAT, Shop, accepted, at, cancelled, label_page, now, order, said,
};

const LETTER: &str = "/console/orders/a_surat.299_1";

fn packer() -> Actor {
    Actor::Token("t_packer".parse().unwrap())
}

#[tokio::test]
async fn an_order_with_its_label_reads_like_a_letter() {
    let shop = Shop::open().await;
    let report = said("299_1");
    let mut labelled = order(ASHA, SURAT, &report);
    let rule = Actor::Rule("auto-accept".to_owned());
    labelled
        .ask(Action::Accept, rule, at("2026-09-12T09:01:00+05:30"))
        .unwrap();
    labelled.hear(
        &accepted(&report, "VL0001"),
        at("2026-09-12T09:05:00+05:30"),
    );
    let revoked = Actor::Token("t_gone".parse().unwrap());
    labelled
        .ask(Action::Ship, revoked, at("2026-09-12T09:06:00+05:30"))
        .unwrap();
    labelled.fail(
        Action::Ship,
        "Meesho said no",
        at("2026-09-12T09:07:00+05:30"),
    );
    labelled
        .ask(Action::Ship, packer(), at("2026-09-12T09:30:00+05:30"))
        .unwrap();
    labelled.file_label(label_page(), now());
    shop.store(&mut labelled).await;
    shop.keep_buyer("a_surat.299_1").await;

    let page = shop.get(PACKER, LETTER).await;
    insta::assert_snapshot!(page.text());
    assert!(page.body.len() < 100_000);
    for hidden in ["12 Temple Road", "9000000001"] {
        assert!(!page.body.contains(hidden), "packing needs no {hidden}");
    }
}

#[tokio::test]
async fn a_cancelled_order_says_so_and_offers_nothing() {
    let shop = Shop::open().await;
    let report = said("299_1");
    let mut gone = order(ASHA, SURAT, &report);
    gone.ask(Action::Accept, packer(), at("2026-09-12T09:30:00+05:30"))
        .unwrap();
    gone.hear(&cancelled(&report), at("2026-09-12T10:00:00+05:30"));
    shop.store(&mut gone).await;

    let page = shop.get(PACKER, LETTER).await;
    insta::assert_snapshot!(page.text());
    assert!(!page.body.contains("formaction"));

    for (action, notice) in [
        ("accept", "refused_cancelled"),
        ("ship", "refused_cancelled"),
    ] {
        let answer = shop
            .post(PACKER, &format!("{LETTER}/{action}"), "back=")
            .await;
        let expected = format!("{LETTER}?notice={notice}#a_surat.299_1");
        assert_eq!(answer.leads_to(), expected);
    }
    let answer = shop.get(PACKER, &format!("{LETTER}/label")).await;
    assert_eq!(
        answer.leads_to(),
        format!("{LETTER}?notice=refused_cancelled")
    );
    let page = shop.get(PACKER, answer.leads_to()).await.text();
    assert!(
        page.contains("Not done: the order was cancelled. Do not pack it."),
        "{page}"
    );
}

#[tokio::test]
async fn whoever_may_only_look_sees_no_buyer_and_no_button_and_is_refused() {
    let shop = Shop::open().await;
    shop.store(&mut order(ASHA, SURAT, &said("299_1"))).await;
    shop.keep_buyer("a_surat.299_1").await;

    let page = shop.get(READER, LETTER).await;
    assert!(
        page.text()
            .contains("Your token may look at orders, not work on them.")
    );
    assert!(!page.body.contains("Meera Pillai"));
    assert!(!page.body.contains("formaction"));

    let refused = [
        shop.post(READER, &format!("{LETTER}/accept"), "back=")
            .await,
        shop.post(READER, &format!("{LETTER}/ship"), "back=").await,
        shop.get(READER, &format!("{LETTER}/label")).await,
        shop.post(READER, "/console/integrations/a_surat/sync", "")
            .await,
        shop.post(
            READER,
            "/console/failed/resume",
            "account=a_surat&kind=accept&key=299_1",
        )
        .await,
    ];
    for answer in refused {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.text().contains("lacks the scope “pack”"));
    }
    assert_eq!(shop.order("a_surat.299_1").await.accept, None);
}

#[tokio::test]
async fn accept_writes_the_wish_and_leads_back_to_the_row() {
    let shop = Shop::open().await;
    shop.store(&mut order(ASHA, SURAT, &said("299_1"))).await;
    let form = "back=%2Fconsole%2Forders%3Fstage%3Dnew";
    let answer = shop.post(PACKER, &format!("{LETTER}/accept"), form).await;
    assert_eq!(
        answer.leads_to(),
        "/console/orders?stage=new&notice=accept_asked#a_surat.299_1"
    );
    let wish = shop.order("a_surat.299_1").await.accept.unwrap();
    assert_eq!((wish.state, wish.asked_by), (IntentState::Open, packer()));
    let page = shop
        .get(PACKER, answer.leads_to().split('#').next().unwrap())
        .await
        .text();
    assert!(page.contains("Asked to accept the order."), "{page}");
    assert!(page.contains("Accepting since 14:00"), "{page}");

    // Pressed again: nothing new, the hub only looks sooner.
    let again = shop
        .post(PACKER, &format!("{LETTER}/accept"), "back=")
        .await;
    assert!(again.leads_to().contains("notice=under_way"));
    assert_eq!(shop.sent.ship.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn what_an_order_does_not_take_is_refused_with_the_reason() {
    let shop = Shop::open().await;
    let report = said("299_1");
    let mut moving = order(ASHA, SURAT, &report);
    shop.store(&mut moving).await;
    let refusal = async |action: &str| {
        let answer = shop
            .post(PACKER, &format!("{LETTER}/{action}"), "back=")
            .await;
        let page = shop
            .get(PACKER, answer.leads_to().split('#').next().unwrap())
            .await
            .text();
        page.lines()
            .find(|line| line.starts_with("Not done"))
            .unwrap()
            .to_owned()
    };
    assert!(refusal("ship").await.contains("not accepted yet"));

    moving.hear(&accepted(&report, "VL0001"), now());
    shop.store(&mut moving).await;
    assert!(refusal("accept").await.contains("accepted already"));

    moving.file_label(label_page(), now());
    shop.store(&mut moving).await;
    assert!(refusal("ship").await.contains("has its label already"));

    moving.stage = Stage::Shipped;
    moving.closed_at = Some(now());
    shop.store(&mut moving).await;
    assert!(refusal("ship").await.contains("left the warehouse already"));
}

#[tokio::test]
async fn the_label_opens_by_a_link_to_this_page_alone() {
    let shop = Shop::open().await;
    let mut labelled = order(ASHA, SURAT, &accepted(&said("299_1"), "VL0001"));
    labelled.file_label(label_page(), now());
    shop.store(&mut labelled).await;
    let whole = ("labels/s_asha/job-1.pdf".to_owned(), b"whole".to_vec());
    shop.shelf.0.lock().unwrap().extend([whole]);

    let answer = shop.get(PACKER, &format!("{LETTER}/label")).await;

    let link = answer.leads_to();
    let key = "cuts/s_asha/a_surat.299_1/abababababababab-3.pdf";
    assert_eq!(link, format!("https://files.example.test/{key}?for=300s"));
    let files = shop.shelf.0.lock().unwrap();
    assert_eq!(files.get(key).unwrap(), b"whole, page 3");
}

#[tokio::test]
async fn a_label_that_is_not_there_is_no_error() {
    let shop = Shop::open().await;
    let mut waiting = order(ASHA, SURAT, &accepted(&said("299_1"), "VL0001"));
    waiting.ask(Action::Ship, packer(), now()).unwrap();
    shop.store(&mut waiting).await;
    let answer = shop.get(PACKER, &format!("{LETTER}/label")).await;
    assert_eq!(answer.leads_to(), format!("{LETTER}?notice=no_label"));
    let page = shop.get(PACKER, answer.leads_to()).await.text();
    assert!(page.contains("There is no label to open yet."), "{page}");
    assert!(page.contains("Look after “Ship” now"), "{page}");
}

#[tokio::test]
async fn a_label_that_is_no_longer_kept_is_no_error() {
    let shop = Shop::open().await;
    let mut labelled = order(ASHA, SURAT, &accepted(&said("299_1"), "VL0001"));
    labelled.file_label(label_page(), now());
    shop.store(&mut labelled).await;

    let answer = shop.get(PACKER, &format!("{LETTER}/label")).await;

    assert_eq!(answer.leads_to(), format!("{LETTER}?notice=label_gone"));
    let page = shop.get(PACKER, answer.leads_to()).await.text();
    assert!(page.contains("The label is no longer kept."), "{page}");
}

#[tokio::test]
async fn a_file_store_that_is_down_says_try_again() {
    let shop = Shop::open().await;
    let mut labelled = order(ASHA, SURAT, &accepted(&said("299_1"), "VL0001"));
    labelled.file_label(label_page(), now());
    shop.store(&mut labelled).await;
    shop.shelf.1.store(true, Ordering::Relaxed);
    let answer = shop.get(PACKER, &format!("{LETTER}/label")).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        answer
            .text()
            .contains("Nothing is lost; try again in a minute.")
    );
    assert!(!answer.body.contains("job-1"));
}
