//! New credentials, settings, and reading now.

use haat_sandbox::{NewAccount, Options, Seed, State};
use serde_json::{Value, json};

use crate::app::{ADMIN, App, PACKER, READER};

fn typed(email: &str, password: &str) -> Option<Value> {
    Some(json!({"credentials": {"email": email, "password": password}}))
}

#[tokio::test]
async fn an_account_whose_password_changed_stands_still_until_it_is_typed_again() {
    let app = App::new().await;
    let account = format!("/accounts/{}", app.connected().await);
    let control = app.world.sandbox.control();
    control.change_password(4_100_001, "new-secret").unwrap();
    app.world.poll().await;

    let stopped = app.get(READER, &account).await.body;
    assert_eq!(stopped["health"]["state"], "needs_attention");
    assert_eq!(stopped["health"]["reason"], "login_refused");
    assert!(
        stopped["health"]["what_to_do"]
            .as_str()
            .unwrap()
            .contains("password")
    );
    assert_ne!(stopped["missed"], Value::Null);

    let sync = app
        .call(PACKER, "POST", &format!("{account}/sync"), None)
        .await;
    assert_eq!(sync.problem(), (409, "needs-attention"));

    let path = format!("{account}/credentials");
    let wrong = app
        .call(ADMIN, "PUT", &path, typed("seller@example.test", "guess"))
        .await;
    assert_eq!(wrong.problem(), (422, "marketplace-refused"));
    let right = app
        .call(
            ADMIN,
            "PUT",
            &path,
            typed("seller@example.test", "new-secret"),
        )
        .await;
    assert_eq!(right.status, 200, "{:#}", right.body);
    assert_eq!(
        right.body["account"]["health"],
        json!({"state": "connected"})
    );

    app.world.settle().await;
    assert_eq!(app.get(READER, &account).await.body["missed"], Value::Null);
}

#[tokio::test]
async fn credentials_of_another_marketplace_seller_are_refused() {
    let other = NewAccount::new("other@example.test", "other-only", &[(4_100_005, "ef2gh")]);
    let app = App::with(Options {
        accounts: vec![NewAccount::default(), other],
        ..Options::default()
    })
    .await;
    let account = format!("/accounts/{}", app.connected().await);
    let path = format!("{account}/credentials");
    let answer = app
        .call(
            ADMIN,
            "PUT",
            &path,
            typed("other@example.test", "other-only"),
        )
        .await;
    assert_eq!(answer.problem(), (422, "other-marketplace-seller"));
    assert_eq!(
        app.get(READER, &account).await.body["health"],
        json!({"state": "connected"})
    );
}

#[tokio::test]
async fn new_credentials_may_want_a_one_time_password() {
    let app = App::new().await;
    let account = format!("/accounts/{}", app.connected().await);
    app.world
        .sandbox
        .control()
        .demand_otp(4_100_001, "424242")
        .unwrap();
    let path = format!("{account}/credentials");
    let answer = app
        .call(
            ADMIN,
            "PUT",
            &path,
            typed("seller@example.test", "sandbox-only"),
        )
        .await;
    assert_eq!(answer.status, 202, "{:#}", answer.body);
    let health = &answer.body["account"]["health"];
    assert_eq!(health["reason"], "otp_required", "{health:#}");
    let answer_at = answer.body["otp"]["answer_at"].as_str().unwrap();
    let answer = app.post(ADMIN, answer_at, json!({"otp": "424242"})).await;
    assert_eq!(answer.status, 200, "{:#}", answer.body);
    assert_eq!(answer.body["health"], json!({"state": "connected"}));
}

#[tokio::test]
async fn settings_change_one_by_one() {
    let app = App::new().await;
    let account = format!("/accounts/{}", app.connected().await);
    let change = |body: Value| app.call(ADMIN, "PATCH", &account, Some(body));

    let renamed = change(json!({"name": "Surat"})).await;
    assert_eq!(renamed.status, 200, "{:#}", renamed.body);
    assert_eq!(renamed.body["name"], "Surat");
    assert_eq!(
        renamed.body["settings"],
        json!({"orders_every_minutes": 5, "auto_accept": false, "accept_after_minutes": 0})
    );

    let faster = change(json!({"orders_every_minutes": 2})).await;
    assert_eq!(faster.body["settings"]["orders_every_minutes"], 2);
    assert_eq!(faster.body["name"], "Surat");

    let later = change(json!({"accept_after_minutes": 240})).await;
    assert_eq!(later.body["settings"]["accept_after_minutes"], 240);

    for impossible in [
        json!({"accept_after_minutes": 361}),
        json!({"invoice_series": "HUB"}),
        json!({"warehouse": "w_0000000000000000"}),
        json!({"orders_every_minutes": 0}),
        json!({"orders_every_minutes": 61}),
        json!({"orders_every_minutes": 300}),
        json!({"name": ""}),
        json!({"name": " Surat"}),
        json!({"auto_acept": true}),
    ] {
        let answer = change(impossible).await;
        assert_eq!(answer.problem(), (422, "bad-input"), "{}", answer.body);
    }
    let after = app.get(READER, &account).await.body;
    assert_eq!(
        after["settings"],
        json!({"orders_every_minutes": 2, "auto_accept": false, "accept_after_minutes": 240})
    );
}

#[tokio::test]
async fn switching_auto_accept_on_accepts_what_waits() {
    let app = App::new().await;
    let waiting = Seed::new(4_100_001, State::Pending, 2);
    app.world.sandbox.control().seed(&waiting).unwrap();
    let account = format!("/accounts/{}", app.connected().await);
    let answer = app
        .call(ADMIN, "PATCH", &account, Some(json!({"auto_accept": true})))
        .await;
    assert_eq!(answer.status, 200, "{:#}", answer.body);
    let list = app.get(READER, "/orders").await.body;
    for order in list["orders"].as_array().unwrap() {
        assert_eq!(order["intents"]["accept"]["state"], "open", "{order:#}");
        assert_eq!(
            order["intents"]["accept"]["asked_by"],
            json!({"kind": "token", "name": "t_1"})
        );
    }
}

#[tokio::test]
async fn sync_reads_the_orders_now() {
    let app = App::new().await;
    let account = format!("/accounts/{}", app.connected().await);
    let fresh = Seed::new(4_100_001, State::Pending, 1);
    app.world.sandbox.control().seed(&fresh).unwrap();
    assert_eq!(app.get(READER, "/orders").await.body["orders"], json!([]));

    let answer = app
        .call(PACKER, "POST", &format!("{account}/sync"), None)
        .await;
    assert_eq!(answer.status, 202, "{:#}", answer.body);
    app.world.settle().await;
    assert_eq!(
        app.get(READER, "/orders").await.body["orders"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}
