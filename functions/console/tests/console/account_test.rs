//! Testing an account: the button, and the report.

use axum::http::StatusCode;
use haat_domain::{AccountTest, Action, Check, Finding};
use haat_ports::AccountTests as _;

use crate::pob::{POB, pob_order, two_lines};
use crate::shop::{ASHA, PACKER, READER, Shop, at, now};

const PAGE: &str = "/console/integrations/a_pob";
const TEST: &str = "/console/integrations/a_pob/test";

async fn last(shop: &Shop) -> Option<AccountTest> {
    let (seller, id) = (ASHA.parse().unwrap(), POB.parse().unwrap());
    shop.table.test_of(&seller, &id).await.unwrap()
}

#[tokio::test]
async fn the_button_asks_poll_for_a_test() {
    let shop = Shop::with_pob().await;
    let answer = shop.post(PACKER, TEST, "").await;
    assert_eq!(
        answer.leads_to(),
        "/console/integrations/a_pob?notice=test_asked#test"
    );
    let sent = shop.sent.polls.lock().unwrap().clone();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].test_of, Some(ASHA.parse().unwrap()));
    let test = last(&shop).await.unwrap();
    assert_eq!((test.asked_at, test.done_at), (now(), None));
    let page = shop.get(PACKER, PAGE).await.text();
    assert!(page.contains("under way"), "{page}");
}

#[tokio::test]
async fn the_report_says_step_by_step_what_passed_and_where_to_mend_it() {
    let shop = Shop::with_pob().await;
    let mut order = pob_order(&two_lines("S1"));
    order.is_test = true;
    shop.store(&mut order).await;
    let test = AccountTest {
        seller: ASHA.parse().unwrap(),
        account: POB.parse().unwrap(),
        asked_at: at("2026-09-12T13:50:00+05:30"),
        done_at: Some(at("2026-09-12T13:51:00+05:30")),
        order: Some("S1".parse().unwrap()),
        found: vec![
            Finding::passed(Check::LogIn, "the credentials open a session"),
            Finding::failed(Check::ShippingAccess, "ajio: 403 <script>alert(1)</script>"),
            Finding::failed(Check::Parcels, "weight and size of 2 SKUs are not known"),
            Finding::skipped(Check::Stock, "no stock"),
        ],
    };
    shop.table.put_test(&test).await.unwrap();
    let page = shop.get(READER, PAGE).await;
    assert!(!page.body.contains("<script"));
    let text = page.text();
    let from = text.find("Asked for today 13:50").unwrap();
    let report = text[from..].split("\nSettings\n").next().unwrap();
    insta::assert_snapshot!(report);
}

#[tokio::test]
async fn an_order_is_taken_one_step_on() {
    let shop = Shop::with_pob().await;
    shop.store(&mut pob_order(&two_lines("S1"))).await;
    shop.post(PACKER, TEST, "order=S1").await;
    let order = shop.order("a_pob.S1").await;
    assert!(order.is_test && order.wants(Action::Accept));
}

#[tokio::test]
async fn an_order_that_is_none_of_the_accounts_is_refused() {
    let shop = Shop::with_pob().await;
    for (typed, said) in [
        ("S9", "Account a_pob has no such order to be tested with."),
        (
            "a_surat.S1",
            "Account a_pob has no such order to be tested with.",
        ),
        (
            "no number",
            "“Order number” must be 1 to 64 letters, digits, '_' or '-'.",
        ),
    ] {
        let form = format!("order={}", typed.replace(' ', "+"));
        let answer = shop.post(PACKER, TEST, &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(
            answer.text().replace("&#39;", "'").contains(said),
            "{}",
            answer.text()
        );
        assert!(
            answer.body.contains(&format!("value=\"{typed}\"")),
            "{typed}"
        );
    }
    assert_eq!(last(&shop).await, None);
    assert!(shop.sent.polls.lock().unwrap().is_empty());
    let reader = shop.post(READER, TEST, "").await;
    assert_eq!(reader.status, StatusCode::FORBIDDEN);
}
