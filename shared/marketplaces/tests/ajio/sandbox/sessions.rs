//! Log-ins, and how often they happen.

use haat_domain::AttentionReason;
use haat_ports::ErrorKind;
use haat_sandbox::Fault;
use haat_sandbox::ajio::{RefusalForm, State};

use super::shop::Shop;
use crate::pob::{USER, credentials};

#[tokio::test]
async fn an_expired_token_costs_one_log_in() {
    let shop = Shop::open().await;
    shop.seeded(State::Pendency, 1);
    shop.page(None).await.unwrap();
    shop.control().expire_tokens(USER).unwrap();
    assert_eq!(shop.page(None).await.unwrap().reports.len(), 1);
    assert_eq!(shop.control().counters().logins_of(USER), 2);
    shop.control().advance_seconds(1_801).unwrap();
    shop.page(None).await.unwrap();
    assert_eq!(shop.control().counters().logins_of(USER), 3);
}

#[tokio::test]
async fn a_token_refused_again_stops_after_one_log_in() {
    let shop = Shop::open().await;
    shop.fault(Fault::status("listPendency", 401).times(9));
    let error = shop.page(None).await.unwrap_err();
    let stopped = ErrorKind::Attention(AttentionReason::SessionRefused);
    assert_eq!(error.kind, stopped);
    assert_eq!(shop.control().counters().logins_of(USER), 2);
    assert_eq!(shop.calls("listPendency"), 2);
}

#[tokio::test]
async fn a_changed_password_is_tried_once_however_it_is_told() {
    for form in [RefusalForm::Status, RefusalForm::Word] {
        let shop = Shop::open().await;
        shop.control().set_refusal_form(form);
        shop.page(None).await.unwrap();
        shop.control().change_password(USER, "another").unwrap();
        let error = shop.page(None).await.unwrap_err();
        let refused = ErrorKind::Attention(AttentionReason::LoginRefused);
        assert_eq!(error.kind, refused, "{form:?}");
        assert_eq!(shop.control().counters().refused_logins_of(USER), 1);
    }
}

#[tokio::test]
async fn a_pob_that_is_not_let_in_is_refused_with_ajios_words() {
    let shop = Shop::open().await;
    shop.control().set_api_access(USER, false).unwrap();
    let error = shop.marketplace.log_in(&credentials("")).await.unwrap_err();
    let refused = ErrorKind::Attention(AttentionReason::LoginRefused);
    assert_eq!(error.kind, refused);
    assert!(error.said.contains("INVALID_CREDENTIALS"), "{error}");
}

#[tokio::test]
async fn the_password_may_go_in_the_body() {
    let shop = Shop::with(
        haat_sandbox::ajio::Options::default(),
        r#"{"auth_method": "POST"}"#,
    )
    .await;
    shop.page(None).await.unwrap();
    assert_eq!(shop.calls("postAuthToken"), 1);
    assert_eq!(shop.calls("getAuthToken"), 0);
}
