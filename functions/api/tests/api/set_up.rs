//! The way to an account that works: applied for, connected, tested.

use haat_domain::Action;
use haat_sandbox::{Seed, State};
use serde_json::{Value, json};

use crate::app::{ADMIN, App, PACKER, READER};

#[tokio::test]
async fn what_was_applied_for_waits_with_its_reminder_and_becomes_an_account() {
    let app = App::new().await;
    let applied = json!({"marketplace": "meesho", "name": "Meesho, Surat", "contact": "R. Iyer",
        "applied_on": "2026-09-10"});
    let noted = app.post(ADMIN, "/registrations", applied.clone()).await;
    assert_eq!(noted.status, 201, "{:#}", noted.body);
    assert_eq!(noted.body["remind_on"], "2026-09-13");
    // Noted again it is the same.
    app.post(ADMIN, "/registrations", applied).await;
    let list = app.get(READER, "/registrations").await.body;
    assert_eq!(list["registrations"].as_array().unwrap().len(), 1);

    let id = noted.body["id"].as_str().unwrap();
    let account = json!({"marketplace": "meesho", "name": "Meesho, Surat", "registration": id,
        "credentials": {"email": "seller@example.test", "password": "sandbox-only"}});
    let connected = app.post(ADMIN, "/accounts", account).await;
    assert_eq!(connected.status, 201, "{:#}", connected.body);
    assert_eq!(connected.body["account"]["contact"], "R. Iyer");
    let list = app.get(READER, "/registrations").await.body;
    assert_eq!(list, json!({"registrations": []}));
}

#[tokio::test]
async fn a_registration_that_makes_no_sense_is_refused() {
    let app = App::new().await;
    for wrong in [
        json!({"marketplace": "elsewhere", "name": "A"}),
        json!({"marketplace": "meesho", "name": ""}),
        json!({"marketplace": "meesho", "name": "A", "warehouse": "w_0000000000000000"}),
        json!({"marketplace": "meesho", "name": "A", "applied_on": "2026-09-10",
            "remind_on": "2026-09-09"}),
        json!({"marketplace": "meesho", "name": "A", "applied_on": "10.9.2026"}),
    ] {
        let answer = app.post(ADMIN, "/registrations", wrong).await;
        assert_eq!(answer.problem(), (422, "bad-input"), "{}", answer.body);
    }
}

fn steps(account: &Value) -> Vec<(&str, bool)> {
    let steps = account["set_up"].as_array().unwrap().iter();
    steps
        .map(|step| {
            let name = step["step"].as_str().unwrap();
            (name, step["done"].as_bool().unwrap())
        })
        .collect()
}

#[tokio::test]
async fn a_test_says_what_passed_and_finishes_the_set_up() {
    let app = App::new().await;
    let account = format!("/accounts/{}", app.connected().await);
    let test = format!("{account}/test");
    assert_eq!(app.get(READER, &test).await.status, 404);
    let before = app.get(READER, &account).await.body;
    let expected = [
        ("register", true),
        ("connect", true),
        ("shipping", false),
        ("test", false),
    ];
    assert_eq!(steps(&before), expected);

    let asked = app.call(PACKER, "POST", &test, None).await;
    assert_eq!(asked.status, 202, "{:#}", asked.body);
    assert_eq!(asked.body["done_at"], Value::Null);
    app.world.settle().await;

    let report = app.get(READER, &test).await.body;
    insta::assert_json_snapshot!("test", report["found"]);
    let after = app.get(READER, &account).await.body;
    assert!(steps(&after).iter().all(|(_, done)| *done), "{after:#}");
    assert_eq!(after["shipping_access"]["answer"], "yes");
}

#[tokio::test]
async fn a_test_order_goes_from_acceptance_to_its_label() {
    let app = App::new().await;
    let account = app.connected().await;
    let seed = Seed::new(4_100_001, State::Pending, 1);
    let number = app.world.sandbox.control().seed(&seed).unwrap().remove(0);
    app.world.poll().await;
    let order = format!("{account}.{number}");
    let test = format!("/accounts/{account}/test");
    let body = json!({"order": order});
    let begun = app.post(PACKER, &test, body.clone()).await;
    assert_eq!(begun.status, 202, "{:#}", begun.body);
    app.world.pass(jiff::SignedDuration::from_mins(2)).await;
    assert!(app.world.order(&number).await.is_test);
    // The next step is asked for by testing once more.
    app.post(PACKER, &test, body).await;
    app.world.pass(jiff::SignedDuration::from_mins(2)).await;
    assert!(!app.world.order(&number).await.wants(Action::Ship));

    let report = app.get(READER, &test).await.body;
    let of_order: Vec<(&str, &str)> = report["found"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["check"].as_str().unwrap(),
                one["outcome"].as_str().unwrap(),
            )
        })
        .skip_while(|(check, _)| *check != "accepted")
        .collect();
    let expected = [
        ("accepted", "passed"),
        ("packed", "passed"),
        ("label_stored", "passed"),
        ("ready_to_ship", "waits"),
        ("tracked", "waits"),
    ];
    assert_eq!(of_order, expected, "{report:#}");
    let stranger = json!({"order": format!("a_0000000000000000.{number}")});
    assert_eq!(
        app.post(PACKER, &test, stranger).await.problem(),
        (422, "bad-input")
    );
}

#[tokio::test]
async fn the_courier_settings_are_an_object_of_their_own() {
    let app = App::new().await;
    let account = app.connected().await;
    let seed = Seed::new(4_100_001, State::Pending, 1);
    let number = app.world.sandbox.control().seed(&seed).unwrap().remove(0);
    app.world.poll().await;
    let courier = format!("/accounts/{account}/courier");
    let body = json!({"auto_label": true, "auto_documents": false});
    let set = app.call(ADMIN, "PUT", &courier, Some(body)).await;
    assert_eq!(set.status, 200, "{:#}", set.body);
    assert_eq!(set.body["courier"]["auto_label"], true);

    // Accepted by hand, labelled by itself.
    let accept = format!("/orders/{account}.{number}/accept");
    let accepted = app.call(PACKER, "POST", &accept, None).await;
    assert_eq!(accepted.status, 202, "{:#}", accepted.body);
    app.world.pass(jiff::SignedDuration::from_mins(3)).await;
    let order = app
        .get(READER, &format!("/orders/{account}.{number}"))
        .await;
    assert_eq!(order.body["label"]["state"], "ready", "{:#}", order.body);
}
