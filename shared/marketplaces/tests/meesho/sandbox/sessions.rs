//! Log-ins, and how often they happen.

use std::collections::BTreeMap;

use haat_domain::{AttentionReason, Secret};
use haat_ports::ErrorKind;
use haat_sandbox::{Fault, NewAccount, Options, State};

use super::shop::{EMAIL, SUPPLIER, Shop};
use crate::scripted::{SELLER, credentials};

#[tokio::test]
async fn an_expired_session_costs_one_log_in() {
    let shop = Shop::open().await;
    shop.seeded(State::Pending, 1);
    shop.page("pending", None).await.unwrap();
    shop.sandbox.control().expire_sessions(SUPPLIER).unwrap();

    let page = shop.page("pending", None).await.unwrap();

    assert_eq!(page.reports.len(), 1);
    assert_eq!(shop.sandbox.control().counters().logins_of(EMAIL), 2);
    assert_eq!(shop.calls("listOrders"), 3);
}

#[tokio::test]
async fn a_session_refused_again_stops_after_one_log_in() {
    let shop = Shop::open().await;
    shop.fault(Fault::status("listOrders", 463).times(9));
    let error = shop.page("pending", None).await.unwrap_err();
    assert_eq!(
        error.kind,
        ErrorKind::Attention(AttentionReason::SessionRefused)
    );
    assert_eq!(shop.sandbox.control().counters().logins_of(EMAIL), 2);
    assert_eq!(shop.calls("listOrders"), 2);
}

#[tokio::test]
async fn a_changed_password_is_tried_once() {
    let shop = Shop::open().await;
    shop.page("pending", None).await.unwrap();
    shop.sandbox
        .control()
        .change_password(SUPPLIER, "another")
        .unwrap();
    let error = shop.page("pending", None).await.unwrap_err();
    assert_eq!(
        error.kind,
        ErrorKind::Attention(AttentionReason::LoginRefused)
    );
    assert_eq!(
        shop.sandbox.control().counters().refused_logins_of(EMAIL),
        1
    );
}

#[tokio::test]
async fn five_refusals_lock_the_log_in() {
    let shop = Shop::open().await;
    let wrong = credentials(EMAIL, "wrong");
    let mut kinds = Vec::new();
    for _ in 0..6 {
        kinds.push(shop.marketplace.log_in(&wrong).await.unwrap_err());
    }
    assert_eq!(
        kinds[0].kind,
        ErrorKind::Attention(AttentionReason::LoginRefused)
    );
    assert_eq!(
        kinds[5].kind,
        ErrorKind::Attention(AttentionReason::LoginLocked)
    );
    assert!(kinds[5].retry_after.is_some());
}

#[tokio::test]
async fn a_one_time_password_opens_the_session() {
    let shop = Shop::open().await;
    shop.sandbox.control().demand_otp(SUPPLIER, "1234").unwrap();
    let credentials = credentials(EMAIL, "sandbox-only");
    let wanted = shop.marketplace.log_in(&credentials).await.unwrap_err();
    assert_eq!(
        wanted.kind,
        ErrorKind::Attention(AttentionReason::OtpRequired)
    );
    let challenge = wanted.challenge.unwrap();

    let wrong = shop
        .marketplace
        .answer_otp(&credentials, &challenge, &Secret::new("9999"))
        .await;
    assert_eq!(
        wrong.unwrap_err().kind,
        ErrorKind::Attention(AttentionReason::LoginRefused)
    );
    let session = shop
        .marketplace
        .answer_otp(&credentials, &challenge, &Secret::new("1234"))
        .await
        .unwrap();

    assert_eq!(
        shop.marketplace.sellers(&session).await.unwrap()[0].key,
        SELLER
    );
}

#[tokio::test]
async fn one_log_in_may_own_several_suppliers() {
    let account = NewAccount::new(
        EMAIL,
        "sandbox-only",
        &[(SUPPLIER, "ab1cd"), (4_100_002, "ef2gh")],
    );
    let shop = Shop::with(Options {
        accounts: vec![account],
        ..Options::default()
    })
    .await;
    let session = shop
        .marketplace
        .log_in(&credentials(EMAIL, "sandbox-only"))
        .await
        .unwrap();

    let sellers = shop.marketplace.sellers(&session).await.unwrap();

    let names: BTreeMap<_, _> = sellers
        .iter()
        .map(|seller| (seller.key.as_str(), seller.name.as_str()))
        .collect();
    assert_eq!(
        names.keys().copied().collect::<Vec<_>>(),
        [SELLER, "4100002/ef2gh"]
    );
    assert!(names.values().all(|name| !name.is_empty()));
}
