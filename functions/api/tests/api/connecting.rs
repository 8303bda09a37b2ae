//! Connecting an account, with and without a one-time password.

use haat_sandbox::{NewAccount, Options};
use serde_json::{Value, json};

use crate::app::{ADMIN, App, READER, new_account};

fn two_sellers() -> Options {
    let suppliers = [(4_100_001, "ab1cd"), (4_100_002, "ef2gh")];
    let login = NewAccount::new("seller@example.test", "sandbox-only", &suppliers);
    Options {
        accounts: vec![login],
        ..Options::default()
    }
}

fn choosing(key: &str) -> Value {
    let mut request = new_account("sandbox-only");
    request["marketplace_seller"] = key.into();
    request
}

#[tokio::test]
async fn the_marketplaces_say_what_to_type() {
    let app = App::new().await;
    let answer = app.get(READER, "/marketplaces").await;
    assert_eq!(answer.status, 200);
    let meesho = &answer.body["marketplaces"][0];
    assert_eq!(meesho["id"], "meesho");
    assert_eq!(meesho["fields"][0]["name"], "email");
    assert_eq!(
        meesho["fields"][1],
        json!({"name": "password", "label": "Password", "secret": true, "choices": []})
    );
}

#[tokio::test]
async fn an_account_is_connected_and_its_orders_are_read() {
    let app = App::new().await;
    let answer = app
        .post(ADMIN, "/accounts", new_account("sandbox-only"))
        .await;
    assert_eq!(answer.status, 201, "{:#}", answer.body);
    assert_eq!(answer.body["otp"], Value::Null);
    let id = answer.body["account"]["id"].as_str().unwrap();
    assert_eq!(
        answer.headers["location"],
        format!("/accounts/{id}").as_str()
    );
    assert_eq!(
        answer.body["account"]["last_success"],
        Value::Null,
        "nothing was read yet"
    );

    app.world.settle().await;
    let account = app.get(READER, &format!("/accounts/{id}")).await;
    insta::assert_json_snapshot!("account", account.body);

    let list = app.get(READER, "/accounts").await;
    assert_eq!(list.body["accounts"], json!([account.body]));
    assert!(
        !list.body.to_string().contains("sandbox-only"),
        "a password came out"
    );
    assert_eq!(
        app.world
            .sandbox
            .control()
            .counters()
            .logins_of("seller@example.test"),
        1
    );
}

#[tokio::test]
async fn a_refused_login_stores_nothing_and_says_why() {
    let app = App::new().await;
    let answer = app
        .post(ADMIN, "/accounts", new_account("wrong-secret"))
        .await;
    assert_eq!(answer.problem(), (422, "marketplace-refused"));
    assert_eq!(answer.body["attention"]["reason"], "login_refused");
    let what_to_do = answer.body["attention"]["what_to_do"].as_str().unwrap();
    assert!(answer.detail().contains(what_to_do), "{}", answer.detail());
    assert!(
        !answer.body.to_string().contains("wrong-secret"),
        "{}",
        answer.body
    );

    assert_eq!(
        app.get(READER, "/accounts").await.body,
        json!({"accounts": []})
    );
    let counters = app.world.sandbox.control().counters();
    assert_eq!(counters.refused_logins_of("seller@example.test"), 1);
}

#[tokio::test]
async fn a_one_time_password_is_answered_at_the_path_the_answer_names() {
    let app = App::new().await;
    app.world
        .sandbox
        .control()
        .demand_otp(4_100_001, "424242")
        .unwrap();
    let answer = app
        .post(ADMIN, "/accounts", new_account("sandbox-only"))
        .await;
    assert_eq!(answer.status, 202, "{:#}", answer.body);
    let id = answer.body["account"]["id"].as_str().unwrap();
    let answer_at = answer.body["otp"]["answer_at"].as_str().unwrap();
    assert_eq!(answer_at, format!("/accounts/{id}/otp"));
    assert_eq!(answer.body["account"]["health"]["reason"], "otp_required");
    assert_eq!(answer.body["account"]["marketplace_seller"], Value::Null);

    let wrong = app.post(ADMIN, answer_at, json!({"otp": "000000"})).await;
    assert_eq!(wrong.problem(), (422, "marketplace-refused"));
    assert!(!wrong.body.to_string().contains("000000"), "{}", wrong.body);

    let right = app.post(ADMIN, answer_at, json!({"otp": "424242"})).await;
    assert_eq!(right.status, 200, "{:#}", right.body);
    assert_eq!(right.body["health"], json!({"state": "connected"}));
    assert_eq!(right.body["marketplace_seller"], "4100001/ab1cd");

    let again = app.post(ADMIN, answer_at, json!({"otp": "424242"})).await;
    assert_eq!(again.problem(), (409, "no-otp-wanted"));
}

#[tokio::test]
async fn a_login_with_several_sellers_asks_which_one() {
    let app = App::with(two_sellers()).await;
    let answer = app
        .post(ADMIN, "/accounts", new_account("sandbox-only"))
        .await;
    assert_eq!(answer.problem(), (422, "choose-marketplace-seller"));
    let keys: Vec<&str> = answer.body["marketplace_sellers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|seller| seller["key"].as_str().unwrap())
        .collect();
    assert_eq!(keys, ["4100001/ab1cd", "4100002/ef2gh"]);
    assert_eq!(
        app.get(READER, "/accounts").await.body,
        json!({"accounts": []})
    );

    let second = app
        .post(ADMIN, "/accounts", choosing("4100002/ef2gh"))
        .await;
    assert_eq!(second.status, 201, "{:#}", second.body);
    let first = app
        .post(ADMIN, "/accounts", choosing("4100001/ab1cd"))
        .await;
    assert_eq!(first.status, 201, "{:#}", first.body);
    assert_eq!(
        first.body["account"]["login"],
        second.body["account"]["login"]
    );

    let again = app
        .post(ADMIN, "/accounts", choosing("4100001/ab1cd"))
        .await;
    assert_eq!(again.problem(), (409, "connected-already"));
    let foreign = app
        .post(ADMIN, "/accounts", choosing("4100009/zz9zz"))
        .await;
    assert_eq!(foreign.problem(), (422, "other-marketplace-seller"));
}

#[tokio::test]
async fn a_seller_not_named_before_the_one_time_password_is_named_after_it() {
    let app = App::with(two_sellers()).await;
    app.world
        .sandbox
        .control()
        .demand_otp(4_100_001, "424242")
        .unwrap();
    let waiting = app
        .post(ADMIN, "/accounts", new_account("sandbox-only"))
        .await;
    let answer_at = waiting.body["otp"]["answer_at"].as_str().unwrap();

    let which = app.post(ADMIN, answer_at, json!({"otp": "424242"})).await;
    assert_eq!(which.problem(), (422, "choose-marketplace-seller"));

    let named = json!({"otp": "424242", "marketplace_seller": "4100002/ef2gh"});
    let answer = app.post(ADMIN, answer_at, named).await;
    assert_eq!(answer.status, 200, "{:#}", answer.body);
    assert_eq!(answer.body["marketplace_seller"], "4100002/ef2gh");
    assert_eq!(answer.body["health"], json!({"state": "connected"}));
    let counters = app.world.sandbox.control().counters();
    assert_eq!(
        counters.logins_of("seller@example.test"),
        1,
        "the password was not used twice"
    );
}

#[tokio::test]
async fn one_marketplace_seller_is_never_connected_twice() {
    let app = App::with(two_sellers()).await;
    let first = app
        .post(ADMIN, "/accounts", choosing("4100001/ab1cd"))
        .await;
    assert_eq!(first.status, 201, "{:#}", first.body);
    app.world
        .sandbox
        .control()
        .demand_otp(4_100_001, "424242")
        .unwrap();
    let waiting = app
        .post(ADMIN, "/accounts", new_account("sandbox-only"))
        .await;
    let answer_at = waiting.body["otp"]["answer_at"].as_str().unwrap();

    let twin = json!({"otp": "424242", "marketplace_seller": "4100001/ab1cd"});
    let answer = app.post(ADMIN, answer_at, twin).await;
    assert_eq!(answer.problem(), (409, "connected-already"));

    let other = json!({"otp": "424242", "marketplace_seller": "4100002/ef2gh"});
    let answer = app.post(ADMIN, answer_at, other).await;
    assert_eq!(answer.status, 200, "{:#}", answer.body);
    assert_eq!(answer.body["marketplace_seller"], "4100002/ef2gh");
}
