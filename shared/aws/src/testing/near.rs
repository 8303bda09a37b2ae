//! The SDK's way to a database in the same process.

use std::fmt;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::fate::Fate;

/// Answers what the SDK asks where it is asked: no socket, no other task, no waiting.
#[derive(Clone)]
pub(super) struct Near {
    database: Database,
    fate: Fate,
}

impl fmt::Debug for Near {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Near")
    }
}

impl HttpClient for Near {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Near {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let this = self.clone();
        HttpConnectorFuture::new(async move {
            let answer = async { this.answer(&request) };
            Ok(this.fate.call(answer).await)
        })
    }
}

impl Near {
    pub(super) fn new(database: Database, fate: Fate) -> Self {
        Self { database, fate }
    }

    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default();
        let body = request.body().bytes().unwrap_or_default();
        let (status, text) = match self.perform(operation, body) {
            Ok(text) => (200, text),
            Err(error) => (error.status_code(), error.to_json()),
        };
        let status = status.try_into().expect("a status of HTTP");
        let mut response = HttpResponse::new(status, SdkBody::from(text));
        let headers = response.headers_mut();
        headers.insert("content-type", "application/x-amz-json-1.0");
        response
    }

    fn perform(&self, operation: &str, body: &[u8]) -> Result<String, DynoxideError> {
        let to = &self.database;
        if self.fate.is_refused() {
            let said = format!("the test refuses this {operation}");
            return Err(DynoxideError::ValidationException(said));
        }
        match operation {
            "BatchGetItem" => write(to.batch_get_item(read(body))),
            "BatchWriteItem" => write(to.batch_write_item(read(body))),
            "CreateTable" => write(to.create_table(read(body))),
            "DeleteItem" => write(to.delete_item(read(body))),
            "GetItem" => write(to.get_item(read(body))),
            "PutItem" => write(to.put_item(read(body))),
            "Query" => write(to.query(read(body))),
            "Scan" => write(to.scan(read(body))),
            "TransactGetItems" => write(to.transact_get_items(read(body))),
            "TransactWriteItems" => write(to.transact_write_items(read(body))),
            "UpdateItem" => write(to.update_item(read(body))),
            "UpdateTimeToLive" => write(to.update_time_to_live(read(body))),
            other => Err(DynoxideError::InternalServerError(format!(
                "{other} is not spoken here"
            ))),
        }
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> T {
    serde_json::from_slice(body).expect("a request of the SDK")
}

fn write(answer: Result<impl Serialize, DynoxideError>) -> Result<String, DynoxideError> {
    answer.map(|answer| serde_json::to_string(&answer).expect("an answer of the database"))
}
