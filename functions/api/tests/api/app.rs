//! A deployment in one process, and its callers.

use axum::Router;
use axum::body::to_bytes;
use axum::http::HeaderMap;
use haat_api::{Api, router};
use haat_sandbox::Options;
use haat_tests::world::World;
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// A token as the authorizer found it.
#[derive(Clone, Copy)]
pub(crate) struct Holder {
    pub(crate) seller: &'static str,
    pub(crate) scopes: &'static str,
}

pub(crate) const ADMIN: Holder = of_the_seller("admin");
pub(crate) const PACKER: Holder = of_the_seller("read pack");
pub(crate) const READER: Holder = of_the_seller("read");
/// Everything is allowed to him, at another seller's.
pub(crate) const STRANGER: Holder = Holder {
    seller: "s_2",
    scopes: "admin",
};

pub(crate) const fn of_the_seller(scopes: &'static str) -> Holder {
    Holder {
        seller: "s_1",
        scopes,
    }
}

pub(crate) struct App {
    pub(crate) world: World,
    pub(crate) description: Value,
    router: Router,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl App {
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let world = World::with(options).await;
        Self::beside(world, |api| api).await
    }

    /// The API of a world, with parts of it replaced.
    pub(crate) async fn beside(world: World, changed: impl FnOnce(Api) -> Api) -> Self {
        let router = router(changed(Api {
            hub: world.hub().clone(),
            polls: world.queues.clone(),
            ship: world.queues.clone(),
            files: world.files.clone(),
        }));
        let described = send(&router, event("GET", "/openapi.json", None, None)).await;
        Self {
            world,
            description: described.body,
            router,
        }
    }

    pub(crate) async fn get(&self, who: Holder, path: &str) -> Answer {
        self.call(who, "GET", path, None).await
    }

    pub(crate) async fn post(&self, who: Holder, path: &str, body: Value) -> Answer {
        self.call(who, "POST", path, Some(body)).await
    }

    /// Sends a request. Whatever comes back must be as the description says.
    pub(crate) async fn call(
        &self,
        who: Holder,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let body = body.map(|body| body.to_string());
        self.send(event(method, path, Some(who), body.as_deref()))
            .await
    }

    /// Sends an event of the HTTP API as it is.
    pub(crate) async fn send(&self, event: Value) -> Answer {
        let method = event["requestContext"]["http"]["method"]
            .as_str()
            .unwrap()
            .to_owned();
        let path = event["rawPath"].as_str().unwrap().to_owned();
        let answer = send(&self.router, event).await;
        self.judge(&method, &path, &answer);
        answer
    }

    fn judge(&self, method: &str, path: &str, answer: &Answer) {
        let (status, headers) = (answer.status, &answer.headers);
        assert_eq!(headers["cache-control"], "no-store", "{method} {path}");
        if status >= 400 {
            assert_eq!(
                headers["content-type"], "application/problem+json",
                "{method} {path}"
            );
            assert_eq!(answer.body["status"], status, "{method} {path}");
            let kind = answer.body["type"].as_str().unwrap();
            assert!(
                kind.starts_with("urn:haat:problem:"),
                "{method} {path}: {kind}"
            );
            assert!(
                !answer.body["detail"].as_str().unwrap().is_empty(),
                "{method} {path}"
            );
        }
        if path == "/openapi.json" {
            return;
        }
        let Some(operation) = self.operation(method, path) else {
            assert!(
                matches!(status, 404 | 405),
                "{method} {path}: {status} without a route"
            );
            return;
        };
        let declared = &operation["responses"][status.to_string()];
        assert!(
            declared.is_object(),
            "{method} {path}: {status} is not described\n{:#}",
            answer.body
        );
        let declared = match declared["$ref"].as_str() {
            Some(reference) => self.description.pointer(&reference[1..]).unwrap(),
            None => declared,
        };
        let kind = headers["content-type"].to_str().unwrap();
        let schema = json!({
            "allOf": [declared["content"][kind]["schema"].clone()],
            "components": self.description["components"].clone(),
        });
        assert!(
            schema["allOf"][0].is_object(),
            "{method} {path}: {status} as {kind}"
        );
        let validator = jsonschema::validator_for(&schema).unwrap();
        let wrong: Vec<String> = validator
            .iter_errors(&answer.body)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{method} {path}: {status}: {wrong:#?}");
    }

    /// How the description has a call.
    fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let paths = self.description["paths"].as_object().unwrap();
        let parts: Vec<&str> = path.split('/').collect();
        let (_, item) = paths.iter().find(|(template, _)| {
            let wanted: Vec<&str> = template.split('/').collect();
            wanted.len() == parts.len()
                && wanted
                    .iter()
                    .zip(&parts)
                    .all(|(w, p)| w.starts_with('{') || w == p)
        })?;
        item.get(method.to_lowercase())
    }

    /// Connects the sandbox's usual login, lets its orders be read, and gives the account's id.
    pub(crate) async fn connected(&self) -> String {
        let answer = self
            .post(ADMIN, "/accounts", new_account("sandbox-only"))
            .await;
        assert_eq!(answer.status, 201, "{:#}", answer.body);
        self.world.settle().await;
        answer.body["account"]["id"].as_str().unwrap().to_owned()
    }
}

impl Answer {
    /// The status, and the last part of the problem's type.
    pub(crate) fn problem(&self) -> (u16, &str) {
        let kind = self.body["type"].as_str().unwrap_or_default();
        let slug = kind.strip_prefix("urn:haat:problem:").unwrap_or(kind);
        (self.status, slug)
    }

    pub(crate) fn detail(&self) -> &str {
        self.body["detail"].as_str().unwrap_or_default()
    }
}

/// What connects the sandbox's usual login.
pub(crate) fn new_account(password: &str) -> Value {
    json!({
        "marketplace": "meesho",
        "name": "Main store",
        "credentials": {"email": "seller@example.test", "password": password},
    })
}

/// A request as the HTTP API hands it to the function.
pub(crate) fn event(method: &str, path: &str, who: Option<Holder>, body: Option<&str>) -> Value {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut event = json!({
        "version": "2.0",
        "routeKey": "ANY /{proxy+}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"host": "api.example.test"},
        "requestContext": {
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7", "userAgent": "test"},
            "stage": "$default",
            "timeEpoch": 0,
        },
        "isBase64Encoded": false,
    });
    if let Some(body) = body {
        event["body"] = body.into();
        event["headers"]["content-type"] = "application/json".into();
    }
    if let Some(Holder { seller, scopes }) = who {
        let found = json!({"seller": seller, "token": "t_1", "scopes": scopes});
        event["requestContext"]["authorizer"] = json!({"lambda": found});
    }
    event
}

async fn send(router: &Router, event: Value) -> Answer {
    let request = lambda_http::request::from_str(&event.to_string()).unwrap();
    let response = router
        .clone()
        .oneshot(request.map(axum_body))
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    }
}

fn axum_body(body: lambda_http::Body) -> axum::body::Body {
    axum::body::Body::from(body.to_vec())
}
