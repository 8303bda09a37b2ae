//! Requests that are none.

use serde_json::json;

use crate::app::{ADMIN, App, READER, event, new_account};

#[tokio::test]
async fn a_body_that_cannot_be_used_is_refused_without_repeating_it() {
    let app = App::new().await;
    let unknown_marketplace = json!({"marketplace": "bazaar", "name": "Shop",
        "credentials": {"email": "me", "password": "hunter2"}});
    let no_password = json!({"marketplace": "meesho", "name": "Shop",
        "credentials": {"email": "me", "pasword": "hunter2"}});
    let number = json!({"marketplace": "meesho", "name": "Shop",
        "credentials": {"email": "me", "password": {"text": "hunter2"}}});
    let no_map = json!({"marketplace": "meesho", "name": "Shop", "credentials": "me hunter2"});
    let unknown_field = json!({"marketplace": "meesho", "name": "Shop", "pasword": "hunter2",
        "credentials": {"email": "me", "password": "hunter2"}});
    let missing_name = json!({"marketplace": "meesho",
        "credentials": {"email": "me", "password": "hunter2"}});
    for body in [
        unknown_marketplace,
        no_password,
        number,
        no_map,
        unknown_field,
        missing_name,
    ] {
        let answer = app.post(ADMIN, "/accounts", body).await;
        assert_eq!(answer.problem(), (422, "bad-input"), "{}", answer.body);
        assert!(
            !answer.body.to_string().contains("hunter2"),
            "{}",
            answer.body
        );
    }
    let cut = event(
        "POST",
        "/accounts",
        Some(ADMIN),
        Some(r#"{"name": "hunter2"#),
    );
    let cut = app.send(cut).await;
    assert_eq!(cut.problem(), (422, "bad-input"));
    assert!(!cut.body.to_string().contains("hunter2"), "{}", cut.body);
    assert_eq!(app.world.sandbox.control().counters().calls_of("login"), 0);
}

#[tokio::test]
async fn a_body_is_json_and_small() {
    let app = App::new().await;
    let body = new_account("sandbox-only").to_string();
    let mut form = event("POST", "/accounts", Some(ADMIN), Some(&body));
    form["headers"]["content-type"] = "text/plain".into();
    assert_eq!(app.send(form).await.problem(), (415, "not-json"));

    let large = new_account(&"x".repeat(64 * 1024));
    let answer = app.post(ADMIN, "/accounts", large).await;
    assert_eq!(answer.problem(), (413, "too-large"));
}

#[tokio::test]
async fn a_route_that_is_none_is_a_problem_too() {
    let app = App::new().await;
    assert_eq!(
        app.get(READER, "/parcel").await.problem(),
        (404, "no-such-route")
    );
    assert_eq!(app.get(READER, "/").await.problem(), (404, "no-such-route"));
    let answer = app.call(ADMIN, "DELETE", "/accounts", None).await;
    assert_eq!(answer.problem(), (405, "wrong-method"));
    assert!(answer.headers["allow"].to_str().unwrap().contains("POST"));
}

#[tokio::test]
async fn a_path_with_an_impossible_id_is_an_unknown_one() {
    let app = App::new().await;
    for path in [
        "/orders/nodot",
        "/orders/a_1.%00",
        "/accounts/%ff",
        "/accounts/a%20b",
    ] {
        assert_eq!(
            app.get(READER, path).await.problem(),
            (404, "not-found"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn where_a_body_may_be_left_out_an_empty_one_is_none() {
    let app = App::new().await;
    let path = format!("/accounts/{}/test", app.connected().await);
    for body in [json!(null), json!("")] {
        let mut nothing = crate::app::event("POST", &path, Some(ADMIN), None);
        nothing["body"] = body.clone();
        nothing["headers"]["content-type"] = json!("application/x-www-form-urlencoded");
        let answer = app.send(nothing).await;
        assert_eq!(answer.status, 202, "{body}: {:#}", answer.body);
    }
}
