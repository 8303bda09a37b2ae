//! Logging in and being thrown out.

use haat_sandbox::{
    Throttle,
    ajio::{Ajio, NewPob, Options, RefusalForm, State},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Api, PASSWORD, POB, one, open_shop, open_shop_with};

const LIST: &str = "/orders/pendency";

#[tokio::test]
async fn both_ways_to_log_in_give_a_token() {
    let (ajio, api) = open_shop().await;
    let body = json!({"username": POB, "password": PASSWORD});
    let (status, answer) = api.post("/authToken", &body).await;
    assert_eq!((status, &answer["status"]), (200, &json!("SUCCESS")));
    assert_eq!(ajio.control().counters().logins_of(POB), 2);

    for wrong in [
        json!({"username": POB}),
        json!({"username": POB, "password": "x", "more": 1}),
    ] {
        assert_eq!(api.post("/authToken", &wrong).await.0, 400);
    }
    assert_eq!(api.get(&format!("/authToken?username={POB}")).await.0, 400);
}

#[tokio::test]
async fn a_refused_login_is_told_by_status_or_by_word() {
    let (ajio, api) = open_shop().await;
    let (status, body) = api.try_log_in(POB, "wrong").await;
    assert_eq!(
        (status, &body["code"]),
        (401, &json!("INVALID_CREDENTIALS"))
    );
    ajio.control().set_refusal_form(RefusalForm::Word);
    let refused = (200, json!({"status": "INVALID_CREDENTIALS"}));
    assert_eq!(api.try_log_in(POB, "wrong").await, refused);
    assert_eq!(api.try_log_in("DV0", PASSWORD).await, refused);
    let counters = ajio.control().counters();
    assert_eq!(
        (
            counters.refused_logins_of(POB),
            counters.refused_logins_of("DV0")
        ),
        (2, 1)
    );
}

#[tokio::test]
async fn a_pob_without_api_access_is_refused() {
    let pob = NewPob {
        api_access: false,
        ..NewPob::default()
    };
    let options = Options {
        pobs: vec![pob],
        ..Options::default()
    };
    let ajio = Ajio::start(options).await.unwrap();
    let mut api = Api::of(&ajio);
    assert_eq!(api.try_log_in(POB, PASSWORD).await.0, 401);
    ajio.control().set_api_access(POB, true).unwrap();
    api.log_in(POB, PASSWORD).await;
}

#[tokio::test]
async fn a_token_lives_half_an_hour_of_the_clock() {
    let (ajio, mut api) = open_shop().await;
    ajio.control().advance_seconds(1_799).unwrap();
    assert_eq!(api.get(LIST).await.0, 200);
    ajio.control().advance_seconds(1).unwrap();
    let (status, body) = api.get(LIST).await;
    assert_eq!((status, &body["code"]), (401, &json!("TOKEN_EXPIRED")));

    api.token = "sandbox.never.given".to_owned();
    assert_eq!(api.get(LIST).await.1["code"], "TOKEN_INVALID");
    let bare = api.bare(Method::GET, LIST).send().await.unwrap();
    assert_eq!(bare.status(), 401);
    assert_eq!(bare.json::<Value>().await.unwrap()["code"], "TOKEN_MISSING");
}

#[tokio::test]
async fn a_changed_password_kills_the_tokens() {
    let (ajio, mut api) = open_shop().await;
    ajio.control().change_password(POB, "new-word").unwrap();
    assert_eq!(api.get(LIST).await.0, 401);
    assert_eq!(api.try_log_in(POB, PASSWORD).await.0, 401);
    api.log_in(POB, "new-word").await;
    assert_eq!(api.get(LIST).await.0, 200);
}

#[tokio::test]
async fn the_throttle_counts_calls_of_one_pob_in_one_minute() {
    let throttle = Throttle {
        calls_per_minute: 2,
        retry_after_seconds: 30,
    };
    let options = Options {
        throttle: Some(throttle),
        pobs: vec![NewPob::default(), NewPob::new("DV900002", "other-only")],
        ..Options::default()
    };
    let (ajio, api) = open_shop_with(options).await;
    assert_eq!(api.get(LIST).await.0, 200);
    let throttled = api.call(Method::GET, LIST).send().await.unwrap();
    assert_eq!(throttled.status(), 429);
    assert_eq!(throttled.headers()["retry-after"], "30");
    assert_eq!(
        throttled.json::<Value>().await.unwrap()["code"],
        "THROTTLED"
    );

    let mut other = Api::of(&ajio);
    other.log_in("DV900002", "other-only").await;
    assert_eq!(other.get(LIST).await.0, 200);
    ajio.control().advance_seconds(60).unwrap();
    assert_eq!(api.get(LIST).await.0, 200);
}

#[tokio::test]
async fn one_pob_sees_nothing_of_another() {
    let pobs = vec![NewPob::default(), NewPob::new("DV900002", "other-only")];
    let (ajio, mut api) = open_shop_with(Options {
        pobs,
        ..Options::default()
    })
    .await;
    let id = one(&ajio, State::Packed);
    api.log_in("DV900002", "other-only").await;
    assert_eq!(api.order(&id).await, Value::Null);
    assert_eq!(
        api.get(&format!("/orders/labels?orderId={id}")).await.0,
        404
    );
    let (_, refused) = api
        .post("/orders/readyToDispatch", &json!({"order_ids": [id]}))
        .await;
    assert_eq!(refused["failed_items"][0]["error_message"], "unknown order");
}

#[tokio::test]
async fn without_shipping_access_orders_are_read_and_nothing_is_dispatched() {
    let (ajio, api) = open_shop().await;
    let (packed, confirmed) = (one(&ajio, State::Packed), one(&ajio, State::Confirmed));
    ajio.control().set_shipping_access(POB, false).unwrap();

    assert_eq!(api.order(&packed).await["status"], "PACKED");
    let (status, refused) = api.invoice(&confirmed).await;
    assert_eq!(
        (status, &refused["code"]),
        (403, &json!("SHIPPING_NOT_ENABLED"))
    );
    for path in [
        format!("/orders/labels?orderId={packed}"),
        format!("/orders/b2cInvoice?orderId={packed}"),
        "/orders/manifest?manifestId=MF-1".to_owned(),
    ] {
        assert_eq!(api.get(&path).await.0, 403, "{path}");
    }
    let ready = json!({"order_ids": [packed]});
    assert_eq!(api.post("/orders/readyToDispatch", &ready).await.0, 403);
    ajio.control().set_shipping_access(POB, true).unwrap();
    assert_eq!(api.post("/orders/readyToDispatch", &ready).await.0, 200);
}
