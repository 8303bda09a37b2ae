//! What the operator does with the command line, and what failed until he or the buyer ends it.

use aws_sdk_sqs::Client;
use haat_aws::testing::sdk_config_for;
use haat_sandbox::{CancelledBy, Fault, Sandbox};
use haat_tests::local_cloud::LocalCloud;
use serde_json::{Value, json};

use crate::caller::{Caller, Visitor};
use crate::{order, until};

/// A token is listed, and shut out once it is revoked.
pub(crate) async fn tokens(cloud: &LocalCloud, seller: &str) {
    let token = cloud.haat(&[
        "token",
        "create",
        "--seller",
        seller,
        "--name",
        "Packing table",
        "--scope",
        "read",
    ]);
    let visitor = Visitor::sign_in(cloud, &token).await;
    assert_eq!(visitor.open("/console/orders").await.0, 200);

    let listed = cloud.haat(&["token", "list", "--seller", seller]);
    let line = listed
        .lines()
        .find(|line| line.ends_with("  read  Packing table"));
    let id = line.unwrap_or_else(|| panic!("{listed}"));
    let id = id.split_whitespace().next().unwrap();
    cloud.haat(&["token", "revoke", "--seller", seller, "--id", id]);

    let (status, page) = visitor.open("/console/orders").await;
    assert_eq!(status, 303, "back to the door: {page}");
    // The API never met this token, so there is no answer of the door that it could remember.
    assert_eq!(Caller::new(cloud, &token).get("/orders").await.0, 403);
    let listed = cloud.haat(&["token", "list", "--seller", seller]);
    assert!(!listed.contains(id), "{listed}");
}

/// What rests in a dead-letter queue goes back, and is worked on.
pub(crate) async fn redrive(cloud: &LocalCloud) {
    let queue = cloud.queue("ship_dead");
    let client = Client::new(&sdk_config_for(cloud.address("endpoint")));
    // A message that `ship` cannot read leaves a line in its log each time it comes.
    let complaint = "not a message of Haat's";
    assert_eq!(cloud.count_in_logs(complaint), 0);
    let message = client.send_message().queue_url(queue);
    message.message_body("{}").send().await.unwrap();

    let said = cloud.haat(&["redrive", "ship"]);
    assert_eq!(said, "1 messages went back to haat-ship");
    until("the message is worked on", async || {
        cloud.count_in_logs(complaint) == 1
    })
    .await;
    let said = cloud.haat(&["redrive", "ship"]);
    assert_eq!(said, "0 messages went back to haat-ship");
}

async fn failed(api: &Caller) -> Vec<Value> {
    let (status, list) = api.get("/failed").await;
    assert_eq!(status, 200, "{list}");
    list["failed"].as_array().unwrap().clone()
}

/// What the marketplace refused is listed until the order's own end makes it pointless.
pub(crate) async fn refused(api: &Caller, sandbox: &Sandbox, account: &str, number: &str) {
    let id = format!("{account}.{number}");
    let fault = Fault::status("reqPendingOrders", 400);
    sandbox.control().fault(fault).unwrap();
    let (status, asked) = api.post(&format!("/orders/{id}/accept"), &json!({})).await;
    assert_eq!(status, 202, "{asked}");
    until("the refusal is listed", async || {
        !failed(api).await.is_empty()
    })
    .await;
    let listed = failed(api).await;
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(listed[0]["order"], id);
    assert_eq!(listed[0]["kind"], "accept");

    sandbox
        .control()
        .cancel(number, CancelledBy::Buyer)
        .unwrap();
    let sync = format!("/accounts/{account}/sync");
    assert_eq!(api.post(&sync, &json!({})).await.0, 202);
    until(
        "the order is cancelled and nothing is left to do",
        async || order(api, &id).await["stage"] == "cancelled" && failed(api).await.is_empty(),
    )
    .await;
}
