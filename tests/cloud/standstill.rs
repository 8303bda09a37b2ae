//! The password is changed at the marketplace: one refused log-in, everybody who should know knows,
//! nothing tries again by itself, and new credentials bring back what came meanwhile.

use std::path::Path;

use aws_sdk_sqs::Client;
use haat_aws::testing::sdk_config_for;
use haat_sandbox::{Sandbox, Seed, State};
use haat_tests::local_cloud::LocalCloud;
use serde_json::{Value, json};

use crate::caller::{Caller, Visitor};
use crate::{SUPPLIER, order, until};

const EMAIL: &str = "seller@example.test";
pub(crate) const NEW_PASSWORD: &str = "changed-at-the-panel";

pub(crate) async fn password_changed(
    cloud: &LocalCloud,
    api: &Caller,
    sandbox: &Sandbox,
    account: &str,
    visitor: &Visitor,
) {
    let control = sandbox.control();
    let refused_before = control.counters().refused_logins_of(EMAIL);
    assert_eq!(alarms(cloud), 0, "so far all was well");
    control.change_password(SUPPLIER, NEW_PASSWORD).unwrap();
    let seed = Seed::new(SUPPLIER, State::Pending, 2);
    let meanwhile = control.seed(&seed).unwrap();

    poll(cloud).await;
    let health = api.get(&format!("/accounts/{account}")).await.1["health"].clone();
    assert_eq!(health["state"], "needs_attention", "{health}");
    assert_eq!(health["reason"], "login_refused", "{health}");
    let (_, page) = visitor.open("/console/integrations").await;
    assert!(page.contains("user name or password was refused"), "{page}");
    let (_, page) = visitor.open("/console/orders").await;
    assert!(page.contains("See what to do"), "the banner: {page}");
    for _more in 0..2 {
        poll(cloud).await;
    }
    let sync = format!("/accounts/{account}/sync");
    assert_eq!(api.post(&sync, &json!({})).await.0, 409);
    let refused = control.counters().refused_logins_of(EMAIL);
    assert_eq!(refused, refused_before + 1, "one try, and no other");
    assert_eq!(alarms(cloud), 1, "one line that rings the alarm");

    let new = json!({"credentials": {"email": EMAIL, "password": NEW_PASSWORD}});
    let path = format!("/accounts/{account}/credentials");
    let (status, answer) = api.put(&path, &new).await;
    assert_eq!(status, 200, "{answer}");
    for number in meanwhile {
        let id = format!("{account}.{number}");
        until("what came meanwhile is there and accepted", async || {
            let (status, order) = api.get(&format!("/orders/{id}")).await;
            status == 200 && order["stage"] == "accepted"
        })
        .await;
        assert_eq!(order(api, &id).await["intents"]["accept"], Value::Null);
    }
    let (_, page) = visitor.open("/console/orders").await;
    assert!(!page.contains("See what to do"), "all is well: {page}");
    let (_, found) = api.get(&format!("/accounts/{account}")).await;
    assert_eq!(found["health"]["state"], "connected", "{found}");
    assert_eq!(found["silent_since"], Value::Null, "{found}");
}

/// One poll of every account, and its end.
async fn poll(cloud: &LocalCloud) {
    let polled = || events(cloud, "haat-poll", "pack.polled");
    let before = polled();
    let pack = before.last().unwrap()["pack"].clone();
    let client = Client::new(&sdk_config_for(cloud.address("endpoint")));
    let message = client.send_message().queue_url(cloud.queue("polls"));
    let message = message.message_body(json!({"pack": pack}).to_string());
    message.send().await.unwrap();
    until("the pack is polled", async || polled().len() > before.len()).await;
}

fn events(cloud: &LocalCloud, function: &str, event: &str) -> Vec<Value> {
    let mut lines = lines(cloud, function);
    lines.retain(|line| line["event"] == event);
    lines
}

fn lines(cloud: &LocalCloud, function: &str) -> Vec<Value> {
    let name = format!("{function}.log");
    let logs = cloud.logs().into_iter();
    let text = logs
        .filter(|(file, _)| file.ends_with(&name))
        .map(|(_, text)| text)
        .collect::<String>();
    let json = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    json.collect()
}

/// How often the metric filters of the alarm `account-needs-attention` have counted: their own
/// patterns, from the template, on the lines that the functions really wrote.
fn alarms(cloud: &LocalCloud) -> usize {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/alarms.yaml");
    let template = std::fs::read_to_string(template).unwrap();
    let resources = template.split("Type: AWS::Logs::MetricFilter").skip(1);
    let filters: Vec<(&str, &str)> = resources
        .map(|resource| {
            let function = between(resource, "/aws/lambda/${Name}-", "\"");
            (function, between(resource, "FilterPattern: '", "'"))
        })
        .collect();
    assert_eq!(filters.len(), 2, "{filters:?}");
    let counted = filters.into_iter().map(|(function, pattern)| {
        let (name, value) = equality(pattern);
        let lines = lines(cloud, &format!("haat-{function}"));
        assert!(!lines.is_empty(), "the log of {function} was read");
        lines.iter().filter(|line| line[name] == value).count()
    });
    counted.sum()
}

/// The field and the text of a pattern `{ $.field = "text" }`, the one form that is used.
fn equality(pattern: &str) -> (&str, &str) {
    let field = between(pattern, "{ $.", " = ");
    (field, between(pattern, " = \"", "\" }"))
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap();
    rest.split_once(after).unwrap().0
}
