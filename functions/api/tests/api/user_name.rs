//! A user name that looks wrong is no refusal, and is not forgotten.

use haat_sandbox::ajio::{NewPob, Options};
use haat_tests::world::World;
use serde_json::json;

use crate::app::{ADMIN, App, PACKER, READER};

#[tokio::test]
async fn a_user_name_that_looks_wrong_is_warned_of_by_connecting_and_by_every_test() {
    let app = App::beside(World::with_ajio(Options::default()).await, |api| api).await;
    let odd = "MYSHOP01";
    app.world
        .ajio()
        .add_pob(&NewPob::new(odd, "sandbox-only"))
        .unwrap();
    let body = json!({"marketplace": "ajio", "name": "AJIO, Mumbai",
        "credentials": {"username": odd, "password": "sandbox-only"}});
    let account = app.post(ADMIN, "/accounts", body).await;
    assert_eq!(account.status, 201, "{:#}", account.body);
    let warning = account.body["warnings"][0].as_str().unwrap();
    assert!(warning.contains("begin with DV"), "{warning}");

    let id = account.body["account"]["id"].as_str().unwrap();
    let test = format!("/accounts/{id}/test");
    app.call(PACKER, "POST", &test, None).await;
    app.world.settle().await;
    let report = app.get(READER, &test).await.body;
    let log_in = &report["found"][0];
    assert_eq!(
        (&log_in["check"], &log_in["outcome"]),
        (&json!("log_in"), &json!("passed"))
    );
    assert!(
        log_in["said"].as_str().unwrap().contains(warning),
        "{log_in:#}"
    );
    assert!(!report.to_string().contains(odd), "{report:#}");
}
