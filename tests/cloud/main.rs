//! The path through the local cloud: the real template, the real binaries with their roles, and
//! a marketplace that lives in real time beside them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic
)]

mod ajio;
mod caller;
mod operator;
mod standstill;

use std::time::Duration;

use haat_sandbox::{CancelledBy, ClockMode, Options, Sandbox, Seed, State};
use haat_tests::lambda::programs;
use haat_tests::local_cloud::LocalCloud;
use serde_json::{Value, json};

use caller::{Caller, Visitor};

const SUPPLIER: u64 = 4_100_001;
const PASSWORD: &str = "sandbox-only";
/// As long as the contract allows, so that no timestamp holds it by chance.
const OTP: &str = "73190462";

/// One story from an empty cloud to a label in the hand, and what must not be seen on the way.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_goes_through_the_real_cloud() {
    let options = Options {
        clock: ClockMode::Realtime { speed: 1 },
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let seed = Seed::new(SUPPLIER, State::Pending, 4);
    let numbers = sandbox.control().seed(&seed).unwrap();
    let (panel, files) = (sandbox.api_url(), sandbox.file_host());
    let ajio = ajio::start().await;
    let ajio_url = format!("AjioUrl={}", ajio.api_url());
    let parameters = ["LogLevel=debug", &ajio_url];
    let cloud = LocalCloud::start(&programs(), &panel, &files, &parameters);

    let seller = cloud.haat(&["seller", "create", "--name", "Test Shop"]);
    let other_seller = cloud.haat(&["seller", "create", "--name", "Other Shop"]);
    let token = cloud.token(&seller, "admin");
    let api = Caller::new(&cloud, &token);
    let other = Caller::new(&cloud, &cloud.token(&other_seller, "admin"));
    let nobody = Caller::new(&cloud, "haat_0000");

    connect(&api, &sandbox, &nobody).await;
    let account = accept(&api, &sandbox, &numbers).await;
    ship(&api, &sandbox, &numbers).await;
    cancel(&api, &sandbox, &numbers).await;
    operator::refused(&api, &sandbox, &account, &numbers[2]).await;
    settings(&api, &sandbox, &account).await;
    strangers(&other, &account, &numbers[0]).await;
    let visitor = console(&cloud, &token, &numbers[0]).await;
    standstill::password_changed(&cloud, &api, &sandbox, &account, &visitor).await;
    operator::tokens(&cloud, &seller).await;
    operator::redrive(&cloud).await;
    ajio::an_order(&api, &ajio).await;
    let buyers = ajio.control().orders().into_iter();
    let buyers = buyers.flat_map(|order| [order.buyer_name, order.buyer_address]);
    silence(&cloud, &sandbox, &token, buyers.collect());
    rights(&cloud);
}

async fn connect(api: &Caller, sandbox: &Sandbox, nobody: &Caller) {
    assert_eq!(nobody.get("/accounts").await.0, 403);
    let (status, described) = nobody.get("/openapi.json").await;
    assert_eq!((status, described["openapi"].is_string()), (200, true));

    let wrong = json!({"marketplace": "meesho", "name": "Main store",
        "credentials": {"email": "seller@example.test", "password": "not-it"}});
    let (status, problem) = api.post("/accounts", &wrong).await;
    assert_eq!(status, 422, "{problem}");
    assert!(
        problem["detail"].as_str().unwrap().contains("password"),
        "{problem}"
    );
    let (_, accounts) = api.get("/accounts").await;
    assert_eq!(
        accounts["accounts"].as_array().unwrap().len(),
        0,
        "a refusal stores nothing"
    );

    let right = json!({"marketplace": "meesho", "name": "Main store",
        "credentials": {"email": "seller@example.test", "password": PASSWORD}});
    sandbox.control().demand_otp(SUPPLIER, OTP).unwrap();
    let (status, waiting) = api.post("/accounts", &right).await;
    assert_eq!(status, 202, "{waiting}");
    let answer_at = waiting["otp"]["answer_at"].as_str().unwrap();
    let (status, connected) = api.post(answer_at, &json!({"otp": OTP})).await;
    assert_eq!(status, 200, "{connected}");
}

async fn orders(api: &Caller, query: &str) -> Vec<Value> {
    let (status, page) = api.get(&format!("/orders?{query}")).await;
    assert_eq!(status, 200, "{page}");
    page["orders"].as_array().unwrap().clone()
}

async fn order(api: &Caller, id: &str) -> Value {
    let (status, order) = api.get(&format!("/orders/{id}")).await;
    assert_eq!(status, 200, "{order}");
    order
}

async fn accept(api: &Caller, sandbox: &Sandbox, numbers: &[String]) -> String {
    until("the orders have arrived", async || {
        orders(api, "stage=new").await.len() == numbers.len()
    })
    .await;
    let account = api.get("/accounts").await.1["accounts"][0]["id"].clone();
    let account = account.as_str().unwrap().to_owned();
    let id = format!("{account}.{}", numbers[0]);
    for _click in 0..3 {
        let (status, asked) = api.post(&format!("/orders/{id}/accept"), &json!({})).await;
        assert!(matches!(status, 200 | 202), "{status} {asked}");
    }
    until("the order is accepted", async || {
        order(api, &id).await["stage"] == "accepted"
    })
    .await;
    let accepts = sandbox.control().counters().accepts_of(&numbers[0]);
    assert_eq!((accepts.requests, accepts.transitions), (1, 1));
    account
}

async fn ship(api: &Caller, sandbox: &Sandbox, numbers: &[String]) {
    let accepted = orders(api, "stage=accepted").await.remove(0);
    let id = accepted["id"].as_str().unwrap();
    let (status, asked) = api.post(&format!("/orders/{id}/ship"), &json!({})).await;
    assert_eq!(status, 202, "{asked}");
    until("the label is there", async || {
        order(api, id).await["label"]["state"] == "ready"
    })
    .await;
    assert_eq!(sandbox.control().counters().labels_of(&numbers[0]), 1);

    let (status, link) = api.get(&format!("/orders/{id}/label")).await;
    assert_eq!(status, 200, "{link}");
    let pdf = api.fetch(link["url"].as_str().unwrap()).await;
    let pages = haat_labels::pages(&pdf).unwrap();
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0].order_numbers, [numbers[0].clone()]);

    let seen = sandbox.control().order(&numbers[0]).unwrap();
    let found = orders(api, &format!("awb={}", seen.awb.unwrap())).await;
    assert_eq!(found[0]["id"], id);
}

async fn cancel(api: &Caller, sandbox: &Sandbox, numbers: &[String]) {
    sandbox
        .control()
        .cancel(&numbers[1], CancelledBy::Buyer)
        .unwrap();
    let open = orders(api, "stage=new").await;
    let id = open
        .iter()
        .filter_map(|order| order["id"].as_str())
        .find(|id| id.ends_with(&numbers[1]))
        .unwrap();
    let account = id.split_once('.').unwrap().0;
    assert_eq!(
        api.post(&format!("/accounts/{account}/sync"), &json!({}))
            .await
            .0,
        202
    );
    until("the order is cancelled", async || {
        order(api, id).await["stage"] == "cancelled"
    })
    .await;
    for action in ["accept", "ship"] {
        let (status, problem) = api
            .post(&format!("/orders/{id}/{action}"), &json!({}))
            .await;
        assert_eq!(status, 409, "{problem}");
        assert!(
            problem["detail"].as_str().unwrap().contains("cancelled"),
            "{problem}"
        );
    }
}

async fn settings(api: &Caller, sandbox: &Sandbox, account: &str) {
    let on = json!({"auto_accept": true});
    assert_eq!(api.patch(&format!("/accounts/{account}"), &on).await.0, 200);
    until("what waited is accepted", async || {
        orders(api, "stage=new").await.is_empty()
    })
    .await;
    let new = sandbox
        .control()
        .seed(&Seed::new(SUPPLIER, State::Pending, 1))
        .unwrap();
    let id = format!("{account}.{}", new[0]);
    assert_eq!(
        api.post(&format!("/accounts/{account}/sync"), &json!({}))
            .await
            .0,
        202
    );
    until("a new order accepts itself", async || {
        let (status, order) = api.get(&format!("/orders/{id}")).await;
        status == 200 && order["stage"] == "accepted"
    })
    .await;
}

async fn strangers(other: &Caller, account: &str, number: &str) {
    assert!(orders(other, "listing=open").await.is_empty());
    assert_eq!(
        other.get("/accounts").await.1["accounts"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    for path in [
        format!("/accounts/{account}"),
        format!("/orders/{account}.{number}"),
        format!("/orders/{account}.{number}/label"),
    ] {
        assert_eq!(other.get(&path).await.0, 404, "{path}");
    }
}

async fn console(cloud: &LocalCloud, token: &str, number: &str) -> Visitor {
    let visitor = Visitor::sign_in(cloud, token).await;
    let (status, page) = visitor.open("/console/orders?listing=closed").await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("<html"), "{page}");
    let (_, page) = visitor.open("/console/orders").await;
    assert!(page.contains(number), "the order stands on the first page");
    visitor
}

/// No secret and no buyer's data in any line that any function wrote.
fn silence(cloud: &LocalCloud, sandbox: &Sandbox, token: &str, buyers: Vec<String>) {
    let mut secrets = buyers;
    secrets.extend([token, PASSWORD, "not-it", OTP, standstill::NEW_PASSWORD].map(str::to_owned));
    for order in sandbox.control().orders() {
        secrets.extend([order.buyer_name, order.buyer_address]);
        secrets.extend(order.buyer_mobile);
    }
    let mut lines = 0;
    for (file, text) in cloud.logs() {
        lines += text.lines().count();
        for secret in &secrets {
            assert!(!text.contains(secret), "{file} shows {secret:?}");
        }
        for word in ["connect.sid", "signature=", "X-Amz-Signature"] {
            assert!(!text.contains(word), "{file} shows {word:?}");
        }
    }
    assert!(lines > 20, "the functions' logs were read: {lines} lines");
}

/// Nothing that the story needed was refused to any function (`tests/rights` shows the rest).
fn rights(cloud: &LocalCloud) {
    let logs = cloud.logs();
    let journal = logs.iter().find(|(file, _)| file.ends_with("access.jsonl"));
    let (_, journal) = journal.unwrap();
    assert!(journal.lines().count() > 100, "the journal was read");
    let refused: Vec<&str> = journal
        .lines()
        .filter(|line| !line.contains(r#""allowed": true"#))
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

/// Waits for what the cloud does in its own time.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    for _try in 0..600 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("waited two minutes in vain: {what}");
}
