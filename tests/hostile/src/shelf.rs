//! A DynamoDB that answers what lies on its shelf, whatever is asked, and keeps what is written.

use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use haat_aws::Table;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::panel::StoppedClock;

const TABLE: &str = "haat";

/// A shelf. There is one per thread, for the client in front of it is dear to make: a new one takes
/// the place of the one before.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shelf(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    items: Vec<Value>,
    by_key: bool,
    written: Vec<Value>,
}

impl Shelf {
    /// Gives out these items to whatever question.
    pub(crate) fn answering(items: Vec<Value>) -> Self {
        let shelf = SHELF.with(|(shelf, _)| shelf.clone());
        *shelf.0.lock().unwrap() = Kept {
            items,
            ..Kept::default()
        };
        shelf
    }

    /// Gives out these items to who asks for their keys.
    pub(crate) fn of(items: Vec<Value>) -> Self {
        let shelf = Self::answering(items);
        shelf.0.lock().unwrap().by_key = true;
        shelf
    }

    pub(crate) fn table(&self) -> Arc<Table> {
        SHELF.with(|(_, table)| table.clone())
    }

    fn client(&self) -> Table {
        let credentials = Credentials::new("test", "test", None, None, "test");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("ap-south-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(self.clone())
            .retry_config(RetryConfig::disabled())
            .build();
        Table::new(&config, TABLE, Arc::new(StoppedClock))
    }

    /// The items written since the last look, as they would lie in the table.
    pub(crate) fn written(&self) -> Vec<Value> {
        std::mem::take(&mut self.0.lock().unwrap().written)
    }

    pub(crate) fn put(&self, items: Vec<Value>) {
        self.0.lock().unwrap().items = items;
    }

    fn answer(&self, operation: &str, asked: &Value) -> Value {
        let mut kept = self.0.lock().unwrap();
        match operation {
            "GetItem" => match kept.found(&asked["Key"]).into_iter().next() {
                Some(item) => json!({"Item": item}),
                None => json!({}),
            },
            "BatchGetItem" => {
                let keys = asked["RequestItems"][TABLE]["Keys"].as_array().unwrap();
                let found: Vec<Value> = if kept.by_key {
                    keys.iter().flat_map(|key| kept.found(key)).collect()
                } else {
                    kept.items.clone()
                };
                json!({"Responses": {TABLE: found}, "UnprocessedKeys": {}})
            }
            "Query" => {
                let there = |item: &&Value| !kept.by_key || is_asked(item, asked);
                let found: Vec<&Value> = kept.items.iter().filter(there).collect();
                json!({"Count": found.len(), "Items": found})
            }
            "TransactWriteItems" => {
                let writes = asked["TransactItems"].as_array().unwrap();
                let puts = writes.iter().filter_map(|write| write["Put"].get("Item"));
                kept.written.extend(puts.cloned());
                json!({})
            }
            _ => {
                kept.written.extend(asked.get("Item").cloned());
                json!({})
            }
        }
    }
}

/// Whether a query of a partition, or of the index, is about this item.
fn is_asked(item: &Value, asked: &Value) -> bool {
    let (pk, sk) = match asked.get("IndexName") {
        Some(_) => ("gpk", "gsk"),
        None => ("pk", "sk"),
    };
    let values = &asked["ExpressionAttributeValues"];
    let prefix = values[":sk"]["S"].as_str().unwrap_or_default();
    let begins = |key: &str| key.starts_with(prefix);
    item[pk] == values[":pk"] && item[sk]["S"].as_str().is_some_and(begins)
}

impl Kept {
    fn found(&self, key: &Value) -> Vec<Value> {
        let there =
            |item: &&Value| !self.by_key || (item["pk"] == key["pk"] && item["sk"] == key["sk"]);
        self.items.iter().filter(there).cloned().collect()
    }
}

thread_local! {
    static SHELF: (Shelf, Arc<Table>) = {
        let shelf = Shelf::default();
        let table = Arc::new(shelf.client());
        (shelf, table)
    };
    static RUNTIME: Runtime = {
        let runtime = tokio::runtime::Builder::new_current_thread();
        { runtime }.enable_all().build().unwrap()
    };
}

/// Waits for what needs no network.
pub(crate) fn at_once<T>(work: impl Future<Output = T>) -> T {
    RUNTIME.with(|runtime| runtime.block_on(work))
}

impl HttpClient for Shelf {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Shelf {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default();
        let asked = request.body().bytes().unwrap_or_default();
        let asked = serde_json::from_slice(asked).unwrap();
        let answer = self.answer(operation, &asked).to_string();
        let status = 200_u16.try_into().unwrap();
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(answer))))
    }
}
