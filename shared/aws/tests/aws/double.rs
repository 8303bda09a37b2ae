//! A double of an AWS service: answers as the test says and keeps what it was asked.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::config::Region;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// One request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Asked {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The operation of a service that speaks JSON.
    pub(crate) fn operation(&self) -> &str {
        let target = self.headers["x-amz-target"].to_str().unwrap();
        target.rsplit('.').next().unwrap()
    }
}

type Answer = dyn Fn(&Asked) -> (StatusCode, Vec<u8>) + Send + Sync;

pub(crate) struct Double {
    pub(crate) config: aws_types::SdkConfig,
    asked: Arc<Mutex<Vec<Asked>>>,
}

struct Behind {
    answer: Box<Answer>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Double {
    pub(crate) async fn start(
        answer: impl Fn(&Asked) -> (StatusCode, Vec<u8>) + Send + Sync + 'static,
    ) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let behind = Arc::new(Behind {
            answer: Box::new(answer),
            asked: asked.clone(),
        });
        let service = Router::new().fallback(respond).with_state(behind);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, service).await });
        let config = haat_aws::testing::sdk_config_for(&format!("http://{address}"));
        assert_eq!(config.region(), Some(&Region::from_static("ap-south-1")));
        Self { config, asked }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn respond(
    State(behind): State<Arc<Behind>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let asked = Asked {
        method,
        path: uri.path().to_owned(),
        headers,
        body,
    };
    behind.asked.lock().unwrap().push(asked.clone());
    (behind.answer)(&asked).into_response()
}

pub(crate) fn json(value: &Value) -> (StatusCode, Vec<u8>) {
    (StatusCode::OK, value.to_string().into_bytes())
}

/// A refusal in the form of the services that speak JSON.
pub(crate) fn refusal(code: &str, message: &str) -> (StatusCode, Vec<u8>) {
    let body = serde_json::json!({"__type": code, "message": message});
    (StatusCode::BAD_REQUEST, body.to_string().into_bytes())
}
