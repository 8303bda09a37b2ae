//! A new order on its way into the table, up to the bytes of the request: the network answers at
//! once, in this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_types::SdkConfig;
use aws_types::region::Region;
use haat_aws::Table;
use haat_domain::{Order, OrderId, OrderReport};
use haat_ports::{OrderStore as _, SystemClock};
use jiff::Timestamp;

/// A report as the pending tab gives it.
const REPORT: &str = r#"{"number":"299000000000000001_1","purchase":"299000000000000001",
    "step":"release","word":"PENDING","reason":null,"lines":[{"sku":"KURTA-RED-M","title":
    "Straight kurta","variation":"M","quantity":1,"price":34900}],"ordered_at":
    "2026-09-11T06:41:10Z","dispatch_by":{"at":"2026-09-12T12:00:00Z","rule":"marketplace_day"},
    "packet":null,"detail":null}"#;

/// Orders made from a report and put into the table.
pub(crate) async fn orders(times: u32) {
    let network = Network::default();
    let table = Table::new(&config(&network), "haat", Arc::new(SystemClock));
    let report = report();
    for _ in 0..times {
        let mut order = order(&report);
        table.put_order(&mut order).await.expect("stored");
    }
}

/// The same request, made once, put by the SDK alone: what is cloned for each is the SDK's input.
pub(crate) async fn ready(times: u32) {
    let network = Network::default();
    let config = config(&network);
    let table = Table::new(&config, "haat", Arc::new(SystemClock));
    table
        .put_order(&mut order(&report()))
        .await
        .expect("stored");
    let sent = network.last.lock().expect("the last request").clone();
    let sent: serde_json::Value = serde_json::from_str(&sent).expect("a request");
    let text = |field: &str| sent.get(field).and_then(|text| text.as_str());
    let map = |field: &str| sent.get(field).and_then(|map| map.as_object());
    let condition = text("ConditionExpression").expect("a condition").to_owned();
    let names = map("ExpressionAttributeNames").expect("names").iter();
    let names: HashMap<String, String> = names
        .filter_map(|(name, word)| Some((name.clone(), word.as_str()?.to_owned())))
        .collect();
    let attributes = |field: &str| -> HashMap<String, AttributeValue> {
        let map = map(field).into_iter().flatten();
        map.map(|(name, value)| (name.clone(), attribute(value)))
            .collect()
    };
    let (values, item) = (attributes("ExpressionAttributeValues"), attributes("Item"));
    let client = Client::new(&config);
    for _ in 0..times {
        let request = client.put_item().table_name("haat");
        let request = request
            .condition_expression(condition.clone())
            .set_expression_attribute_names(Some(names.clone()))
            .set_expression_attribute_values(Some(values.clone()).filter(|all| !all.is_empty()))
            .set_item(Some(item.clone()));
        request.send().await.expect("stored");
    }
}

fn attribute(value: &serde_json::Value) -> AttributeValue {
    let (kind, value) = value
        .as_object()
        .and_then(|one| one.iter().next())
        .expect("a value");
    let text = || value.as_str().unwrap_or_default().to_owned();
    match kind.as_str() {
        "S" => AttributeValue::S(text()),
        "N" => AttributeValue::N(text()),
        "L" => AttributeValue::L(
            value
                .as_array()
                .into_iter()
                .flatten()
                .map(attribute)
                .collect(),
        ),
        "M" => {
            let map = value.as_object().into_iter().flatten();
            AttributeValue::M(
                map.map(|(name, value)| (name.clone(), attribute(value)))
                    .collect(),
            )
        }
        other => panic!("orders hold no {other}"),
    }
}

fn report() -> OrderReport {
    serde_json::from_str(REPORT).expect("a report")
}

fn order(report: &OrderReport) -> Order {
    let id = OrderId {
        account: "a_1".parse().expect("an id"),
        number: report.number.clone(),
    };
    let seller = "s_1".parse().expect("an id");
    let marketplace = "meesho".parse().expect("an id");
    Order::first_heard(id, seller, marketplace, report, Timestamp::UNIX_EPOCH)
}

fn config(network: &Network) -> SdkConfig {
    let credentials = Credentials::new("test", "test", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("ap-south-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url("http://127.0.0.1:1")
        .http_client(network.clone())
        .build()
}

/// Takes every request, and says that it was done.
#[derive(Debug, Clone, Default)]
struct Network {
    last: Arc<Mutex<String>>,
}

impl HttpClient for Network {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Network {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if let (Ok(mut last), Some(bytes)) = (self.last.lock(), request.body().bytes())
            && last.is_empty()
        {
            *last = String::from_utf8_lossy(bytes).into_owned();
        }
        let answer = http::Response::new(SdkBody::from("{}"));
        HttpConnectorFuture::ready(Ok(HttpResponse::try_from(answer).expect("an answer")))
    }
}
