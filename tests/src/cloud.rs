//! A cloud for real programs of functions, in the test's own process and fresh for each test:
//! DynamoDB with its stream, and doubles of SQS, S3 and KMS as far as Haat uses them, all at one
//! address. The local cloud (`infra/local`) proves the wiring; this one is for what must be
//! repeated a thousand times.
#![allow(
    clippy::expect_used,
    reason = "what fails here is the test's own set-up, and the test must stop"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use haat_aws::testing::{Local, TABLE, start};
use haat_ports::Clock;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::clock::MovedClock;
use crate::forward::{Answer, Failure, ask, passed_on, whole};
use crate::queues::Queues;
use crate::stream::Stream;

/// The queue of polls.
pub const POLLS: &str = "polls";
/// The queue of work on orders.
pub const SHIP: &str = "ship";
/// Every data key: there is nothing to hide from anyone here.
const DATA_KEY: [u8; 32] = [7; 32];

/// A running cloud. Dropping it ends its servers; DynamoDB lives as long as the test's runtime.
pub struct Cloud {
    /// The one clock.
    pub clock: Arc<MovedClock>,
    /// DynamoDB, for the test's own looks at it.
    pub database: Local,
    /// What changes of the table lead to.
    pub stream: Stream,
    doubles: Arc<Doubles>,
    endpoint: String,
    _tasks: JoinSet<()>,
}

struct Doubles {
    dynamodb: String,
    queues: Queues,
    files: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl Cloud {
    /// Starts an empty cloud with Haat's table.
    pub async fn start(clock: Arc<MovedClock>) -> Self {
        let shared: Arc<dyn Clock> = clock.clone();
        let database = start(shared).await;
        let dynamodb = database.endpoint.trim_start_matches("http://").to_owned();
        let doubles = Arc::new(Doubles {
            dynamodb: dynamodb.clone(),
            queues: Queues::new(clock.clone()),
            files: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let routes = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&doubles));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            // Ends with the cloud.
            let _ = axum::serve(listener, routes).await;
        });
        Self {
            clock,
            database,
            stream: Stream::of(dynamodb),
            doubles,
            endpoint: format!("http://{address}"),
            _tasks: tasks,
        }
    }

    /// Where all its services answer, `http://127.0.0.1:<port>`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// What is sent and not done.
    pub fn queues(&self) -> &Queues {
        &self.doubles.queues
    }

    /// Every stored file, by `<bucket>/<key>`.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.doubles.files().clone()
    }

    /// The variables by which a function finds its cloud, at this endpoint: the cloud's own, or
    /// somebody's in between.
    pub fn variables(&self, endpoint: &str) -> Vec<(String, String)> {
        let queue = |name: &str| format!("{endpoint}/000000000000/{name}");
        let mut variables: Vec<(String, String)> = [
            ("AWS_REGION", "ap-south-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
            ("AWS_ENDPOINT_URL", endpoint.to_owned()),
            ("RUST_LOG", "warn,haat=debug".to_owned()),
            ("TABLE_NAME", TABLE.to_owned()),
            ("DATA_KEY_ID", "key".to_owned()),
            ("FILES_BUCKET", "files".to_owned()),
            ("POLLS_QUEUE_URL", queue(POLLS)),
            ("SHIP_QUEUE_URL", queue(SHIP)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        variables.extend(self.clock.variables());
        variables
    }
}

impl Doubles {
    fn files(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the call of a service is called: its operation, or S3's by its method.
pub(crate) fn operation_of(method: &Method, headers: &HeaderMap) -> String {
    let target = headers.get("x-amz-target").map(HeaderValue::to_str);
    match target {
        Some(Ok(target)) => target.rsplit('.').next().unwrap_or_default().to_owned(),
        Some(Err(_)) | None if method == Method::PUT => "PutObject".to_owned(),
        Some(Err(_)) | None => "GetObject".to_owned(),
    }
}

async fn answer(State(doubles): State<Arc<Doubles>>, call: Request<Body>) -> Response<Body> {
    match doubles.answer(call).await {
        Ok(response) => response,
        Err(error) => {
            let mut response = Response::new(Body::from(error.to_string()));
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            response
        }
    }
}

impl Doubles {
    async fn answer(&self, call: Request<Body>) -> Result<Response<Body>, Failure> {
        let (parts, body) = whole(call).await?;
        let operation = operation_of(&parts.method, &parts.headers);
        let target = parts.headers.get("x-amz-target");
        let service = target.map_or("", |target| target.to_str().unwrap_or_default());
        let answer = match service.split(['.', '_']).next().unwrap_or_default() {
            "DynamoDB" | "DynamoDBStreams" => ask(&self.dynamodb, &parts, body).await?,
            "AmazonSQS" => {
                let call = serde_json::from_slice(&body)?;
                json_answer(self.queues.answer(&operation, &call))
            }
            "TrentService" => json_answer(key(&operation, &serde_json::from_slice(&body)?)),
            _ => self.file(&parts.method, parts.uri.path(), body),
        };
        passed_on(answer)
    }

    fn file(&self, method: &Method, path: &str, body: Bytes) -> Answer {
        let name = path.trim_start_matches('/').to_owned();
        let mut files = self.files();
        if method == Method::PUT {
            files.insert(name, body.to_vec());
            return (StatusCode::OK, HeaderMap::new(), Bytes::new());
        }
        match files.get(&name) {
            Some(bytes) => (StatusCode::OK, HeaderMap::new(), bytes.clone().into()),
            None => {
                let text = "<Error><Code>NoSuchKey</Code></Error>";
                (StatusCode::NOT_FOUND, HeaderMap::new(), text.into())
            }
        }
    }
}

/// KMS: a wrapped key names the seller that it was made for, and opens for that seller alone.
fn key(operation: &str, call: &Value) -> Option<Value> {
    let context = call.get("EncryptionContext").map(Value::to_string);
    let wrapped = STANDARD.encode(context.unwrap_or_default());
    let plain = STANDARD.encode(DATA_KEY);
    match operation {
        "GenerateDataKey" => {
            Some(json!({ "KeyId": "key", "CiphertextBlob": wrapped, "Plaintext": plain }))
        }
        "Decrypt" if call.get("CiphertextBlob") == Some(&Value::String(wrapped)) => {
            Some(json!({ "KeyId": "key", "Plaintext": plain }))
        }
        _ => None,
    }
}

fn json_answer(answer: Option<Value>) -> Answer {
    let (status, body) = match answer {
        Some(answer) => (StatusCode::OK, answer),
        None => (
            StatusCode::BAD_REQUEST,
            json!({ "__type": "InvalidRequest" }),
        ),
    };
    let kind = HeaderValue::from_static("application/x-amz-json-1.1");
    let headers = HeaderMap::from_iter([(http::header::CONTENT_TYPE, kind)]);
    (status, headers, body.to_string().into())
}
