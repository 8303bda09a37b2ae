//! What failed, and going on with it.

use haat_sandbox::{Fault, FaultKind, Seed, State};
use serde_json::{Value, json};

use crate::app::{App, PACKER, READER};

#[tokio::test]
async fn a_row_that_cannot_be_read_is_listed_and_read_again_when_resumed() {
    let app = App::new().await;
    let control = app.world.sandbox.control();
    control
        .seed(&Seed::new(4_100_001, State::Pending, 3))
        .unwrap();
    control
        .fault(Fault::new("listOrders", FaultKind::MalformedRow).after(1))
        .unwrap();
    let broken = app.connected().await;
    let list = app.get(READER, "/failed").await;
    assert_eq!(list.status, 200);
    let entry = &list.body["failed"][0];
    assert_eq!(
        list.body["failed"].as_array().unwrap().len(),
        1,
        "{:#}",
        list.body
    );
    assert_eq!(
        (entry["account"].as_str(), entry["kind"].as_str()),
        (Some(broken.as_str()), Some("order_row"))
    );
    assert_ne!(entry["reason"], "");
    assert_ne!(entry["resuming"], "");

    let key = entry["key"].as_str().unwrap();
    let resume = format!("/failed/{broken}/order_row/{key}/resume");
    let answer = app.call(PACKER, "POST", &resume, None).await;
    assert_eq!(answer.status, 202, "{:#}", answer.body);
    assert_eq!(answer.body["what_happens"], entry["resuming"]);
    app.world.settle().await;
    assert_eq!(
        app.get(READER, "/failed").await.body,
        json!({"failed": [], "next": null})
    );
    assert_eq!(
        app.get(READER, "/orders").await.body["orders"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[tokio::test]
async fn the_list_of_failures_comes_page_by_page() {
    let app = App::new().await;
    let control = app.world.sandbox.control();
    control
        .seed(&Seed::new(4_100_001, State::Pending, 1))
        .unwrap();
    control
        .seed(&Seed::new(4_100_001, State::ReadyToShip, 1))
        .unwrap();
    control
        .fault(
            Fault::new("listOrders", FaultKind::MalformedRow)
                .after(1)
                .times(2),
        )
        .unwrap();
    app.connected().await;
    let all = app.get(READER, "/failed").await.body;
    let count = all["failed"].as_array().unwrap().len();
    assert!(count >= 2, "{all:#}");

    let first = app.get(READER, "/failed?limit=1").await.body;
    assert_eq!(first["failed"], json!([all["failed"][0]]));
    let next = first["next"].as_str().unwrap();
    let second = app
        .get(READER, &format!("/failed?limit=1&cursor={next}"))
        .await
        .body;
    assert_eq!(second["failed"], json!([all["failed"][1]]));
}

#[tokio::test]
async fn what_is_not_there_cannot_be_resumed() {
    let app = App::new().await;
    let account = app.connected().await;
    for path in [
        "/failed/a_none/label_page/1/resume".to_owned(),
        "/failed/a_none/order_row/1/resume".to_owned(),
        "/failed/a_none/ship/1/resume".to_owned(),
        format!("/failed/{account}/ship/299000000000000001_1/resume"),
        format!("/failed/{account}/no_such_kind/1/resume"),
    ] {
        let answer = app.call(PACKER, "POST", &path, None).await;
        assert_eq!(answer.problem(), (404, "not-found"), "{path}");
    }
    assert_eq!(app.get(READER, "/failed").await.body["next"], Value::Null);
}

#[tokio::test]
async fn what_has_been_under_way_for_long_is_listed_with_its_age() {
    let app = App::new().await;
    let control = app.world.sandbox.control();
    let seed = Seed::new(4_100_001, State::Pending, 1);
    let number = control.seed(&seed).unwrap().remove(0);
    let account = app.connected().await;
    let id = format!("{account}.{number}");
    let asked = app
        .call(PACKER, "POST", &format!("/orders/{id}/accept"), None)
        .await;
    let since = asked.body["intents"]["accept"]["asked_at"].clone();
    app.world.lose_messages().await;
    assert_eq!(
        app.get(READER, "/waiting").await.body,
        json!({"waiting": []})
    );
    app.world.skip(jiff::SignedDuration::from_mins(31));
    assert_eq!(
        app.get(READER, "/waiting").await.body,
        json!({"waiting": [{"order": id, "action": "accept", "since": since, "reason": null}]})
    );
    let accounts = app.get(READER, "/accounts").await.body;
    let read_at = accounts["accounts"][0]["last_success"].clone();
    assert_eq!(accounts["accounts"][0]["silent_since"], read_at);
    assert!(read_at.is_string(), "{accounts:#}");
}
