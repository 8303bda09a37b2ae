//! Requests as API Gateway hands them to `api` and `console`. Whatever a caller sends, he is told
//! what is wrong with it; nobody hears that we failed, and nobody is shown what is secret.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_smithy_types::base64;
use axum::Router;
use axum::body::{Body, to_bytes};
use haat_api::Api;
use haat_console::Console;
use haat_domain::{Secret, SellerId};
use haat_ports::{
    Clock, FileError, Files, Marketplace, Marketplaces, PollMessage, PollsQueue, QueueError,
    Sealed, ShipMessage, ShipQueue, Vault, VaultError,
};
use haat_workflows::Hub;
use http::{Method, Response};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::panel::{OTP, PASSWORD, Panel, StoppedClock, with_panel};
use crate::shelf::Shelf;
use crate::shop;

pub(crate) fn api_request(bytes: &[u8]) {
    let Some(event) = event(bytes) else { return };
    with_panel(b"HTTP/1.1 401\n\n{}", async |panel: &Panel| {
        let shelf = shop::shelf().await;
        let nobody: Arc<Nowhere> = Arc::new(Nowhere);
        let api = Api {
            hub: Hub {
                store: shelf.table(),
                vault: nobody.clone(),
                marketplaces: Arc::new(One(panel.shared())),
                clock: Arc::new(StoppedClock),
            },
            polls: nobody.clone(),
            ship: nobody.clone(),
            files: nobody,
        };
        let answer = call(haat_api::router(api), &event).await;
        judge(answer, &shelf).await;
    });
}

pub(crate) fn console_request(bytes: &[u8]) {
    let Some(event) = event(bytes) else { return };
    with_panel(b"{}", async |_: &Panel| {
        let shelf = shop::shelf().await;
        let nobody: Arc<Nowhere> = Arc::new(Nowhere);
        let clock: Arc<dyn Clock> = Arc::new(StoppedClock);
        let console = Console {
            store: shelf.table(),
            vault: nobody.clone(),
            files: nobody.clone(),
            cut: haat_console::cut,
            polls: nobody.clone(),
            ship: nobody,
            clock,
        };
        let answer = call(haat_console::router(console), &event).await;
        judge(answer, &shelf).await;
    });
}

/// The event, if API Gateway could have sent it: it names its own host and scheme, takes no request
/// whose address is none, and encodes itself what it says is encoded.
fn event(bytes: &[u8]) -> Option<String> {
    let mut event: Value = serde_json::from_slice(bytes).ok()?;
    let headers = event.get_mut("headers")?.as_object_mut()?;
    headers.insert("host".to_owned(), json!("api.example.test"));
    headers.insert("x-forwarded-proto".to_owned(), json!("https"));
    let path = event["rawPath"].as_str()?;
    let query = event["rawQueryString"].as_str().unwrap_or_default();
    let query: http::Uri = format!("/?{query}").parse().ok()?;
    let body = event["body"].as_str().unwrap_or_default();
    let is_encoded = event["isBase64Encoded"].as_bool().unwrap_or_default();
    let is_sent = path.starts_with('/')
        && query.query().is_some()
        && (!is_encoded || base64::decode(body).is_ok());
    is_sent.then(|| event.to_string())
}

async fn call(router: Router, event: &str) -> Option<(Method, Response<Body>)> {
    let request = lambda_http::request::from_str(event).ok()?;
    let method = request.method().clone();
    let answer = router.oneshot(request.map(Body::new)).await.unwrap();
    Some((method, answer))
}

async fn judge(answer: Option<(Method, Response<Body>)>, shelf: &Shelf) {
    let Some((method, answer)) = answer else {
        return;
    };
    let status = answer.status().as_u16();
    let (parts, body) = answer.into_parts();
    let body = to_bytes(body, 1 << 22).await.unwrap();
    let body = String::from_utf8_lossy(&body);
    // The marketplace of this panel refuses, which is for the caller to mend; the table is well.
    assert!(status < 500, "{status}: {body}");
    let problem = parts.headers.get("content-type");
    let is_problem = problem.is_some_and(|kind| kind == "application/problem+json");
    // Whoever asks for the head alone is told without words.
    if status >= 400 && is_problem && method != Method::HEAD {
        let problem: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(problem["status"], status);
        assert!(problem["detail"].is_string(), "{problem}");
    }
    for secret in [PASSWORD, OTP, shop::TOKEN] {
        assert!(!body.contains(secret), "an answer shows {secret}");
    }
    for item in shelf.written() {
        let text = item.to_string();
        assert!(!text.contains(shop::TOKEN), "a token is stored: {text}");
    }
}

struct One(Arc<dyn Marketplace>);

impl Marketplaces for One {
    fn all(&self) -> Vec<Arc<dyn Marketplace>> {
        vec![self.0.clone()]
    }
}

/// Takes everything and keeps nothing.
struct Nowhere;

#[async_trait]
impl PollsQueue for Nowhere {
    async fn send(&self, _: &[PollMessage]) -> Result<(), QueueError> {
        Ok(())
    }
}

#[async_trait]
impl ShipQueue for Nowhere {
    async fn send(&self, _: &ShipMessage, _: Duration) -> Result<(), QueueError> {
        Ok(())
    }
}

#[async_trait]
impl Files for Nowhere {
    async fn put(&self, _: &str, _: Vec<u8>, _: &str) -> Result<(), FileError> {
        Ok(())
    }

    async fn get(&self, key: &str) -> Result<Vec<u8>, FileError> {
        Err(FileError::Missing(key.to_owned()))
    }

    async fn link(&self, _: &str, _: Duration) -> Result<String, FileError> {
        Ok("https://files.example.test/cut.pdf".to_owned())
    }
}

#[async_trait]
impl Vault for Nowhere {
    async fn seal(&self, _: &SellerId, _: &str, text: &Secret) -> Result<Sealed, VaultError> {
        // Turned over, so that a secret that is stored as it is stays tellable from a sealed one.
        let turned = text.expose().bytes().map(|byte| !byte);
        Ok(Sealed(turned.collect()))
    }

    async fn open(
        &self,
        seller: &SellerId,
        place: &str,
        sealed: &Sealed,
    ) -> Result<Secret, VaultError> {
        let turned: Vec<u8> = sealed.0.iter().map(|byte| !byte).collect();
        let text = String::from_utf8(turned).map_err(|_| VaultError::Broken {
            seller: seller.clone(),
            place: place.to_owned(),
        })?;
        Ok(Secret::new(text))
    }
}
