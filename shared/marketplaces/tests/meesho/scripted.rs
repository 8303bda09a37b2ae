//! A panel that answers what it was told, in order, and remembers what it was asked; and the
//! other things around a connector: a stopped clock and sessions that count.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response};
use haat_domain::Secret;
use haat_marketplaces::{Hosts, Place, Registry, http_client};
use haat_ports::{
    Clock, Connection, Credentials, Marketplace, MarketplaceError, Marketplaces, Session, Sessions,
    Shipping, ShippingByJob,
};
use jiff::Timestamp;
use serde_json::Value;

/// 22 December 2025, 10:40 UTC: the instant in the contract's examples.
pub(crate) const NOW_MS: i64 = 1_766_400_000_000;
pub(crate) const SELLER: &str = "4100001/ab1cd";
pub(crate) const PASSWORD: &str = " pa\"ss wörd ";
pub(crate) const COOKIES: &str =
    r#"{"connect.sid":"s%3Afirst","current_az_identifier":"ab1cd","s_id":"4100001"}"#;

pub(crate) struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(NOW_MS).unwrap()
    }
}

/// An answer of the script.
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::of(status, "application/json; charset=utf-8", body)
    }

    pub(crate) fn html(status: u16) -> Self {
        let page = "<!doctype html><title>panel</title>";
        Self::of(status, "text/html; charset=utf-8", page)
    }

    pub(crate) fn of(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: body.as_ref().to_vec(),
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// A question of the connector.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

#[derive(Default)]
struct Script {
    replies: Mutex<VecDeque<Reply>>,
    asked: Mutex<Vec<Asked>>,
}

/// The scripted panel, which is its own file host, with a connector that speaks to it.
pub(crate) struct Panel {
    script: Arc<Script>,
    pub(crate) address: String,
}

impl Panel {
    pub(crate) async fn answering(replies: impl IntoIterator<Item = Reply>) -> Self {
        let script = Arc::new(Script::default());
        script.replies.lock().unwrap().extend(replies);
        let router = axum::Router::new()
            .fallback(answer)
            .with_state(script.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { script, address }
    }

    /// What was asked; every reply must have been used.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        let left = self.script.replies.lock().unwrap().len();
        assert_eq!(left, 0, "replies that nobody asked for");
        std::mem::take(&mut self.script.asked.lock().unwrap())
    }

    pub(crate) fn marketplace(&self) -> Arc<dyn Marketplace> {
        self.marketplace_with(None)
    }

    pub(crate) fn marketplace_with(&self, profile: Option<&str>) -> Arc<dyn Marketplace> {
        marketplace(&format!("http://{}", self.address), &self.address, profile)
    }

    pub(crate) fn line(&self) -> (Box<dyn Connection>, Arc<CountingSessions>) {
        line(&*self.marketplace())
    }
}

async fn answer(State(script): State<Arc<Script>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    script.asked.lock().unwrap().push(Asked {
        method: parts.method.to_string(),
        path: parts.uri.to_string(),
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    let reply = script.replies.lock().unwrap().pop_front();
    let reply = reply.unwrap_or_else(|| Reply::of(599, "text/plain", "the script is over"));
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).unwrap()
}

/// Tests do not wait between calls.
const UNPACED: &str = r#"{"milliseconds_between_calls": 0}"#;

pub(crate) fn marketplace(
    url: &str,
    file_hosts: &str,
    profile: Option<&str>,
) -> Arc<dyn Marketplace> {
    let place = Place {
        hosts: Hosts::parse(url, file_hosts).unwrap(),
        profile: Some(profile.unwrap_or(UNPACED).to_owned()),
    };
    let places = BTreeMap::from([("meesho".to_owned(), place)]);
    let clock: Arc<dyn Clock> = Arc::new(StoppedClock);
    let registry = Registry::new(&http_client().unwrap(), &clock, &places).unwrap();
    registry.get(&"meesho".parse().unwrap()).unwrap()
}

pub(crate) fn line(marketplace: &dyn Marketplace) -> (Box<dyn Connection>, Arc<CountingSessions>) {
    let sessions = Arc::new(CountingSessions::default());
    let line = marketplace.connect(SELLER, sessions.clone()).unwrap();
    (line, sessions)
}

pub(crate) fn session(cookies: &str) -> Session {
    Session {
        secret: Secret::new(cookies),
        expires_at: Timestamp::MAX,
    }
}

pub(crate) fn credentials(email: &str, password: &str) -> Credentials {
    let field = |name: &str, text: &str| (name.to_owned(), Secret::new(text));
    Credentials(BTreeMap::from([
        field("email", email),
        field("password", password),
    ]))
}

/// Sessions that hand out the contract's cookies, and a second set when asked for a new one.
#[derive(Default)]
pub(crate) struct CountingSessions {
    renewed: AtomicUsize,
}

impl CountingSessions {
    pub(crate) fn renewed(&self) -> usize {
        self.renewed.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Sessions for CountingSessions {
    async fn current(&self) -> Result<Session, MarketplaceError> {
        Ok(session(COOKIES))
    }

    async fn renew(&self, refused: &Session) -> Result<Session, MarketplaceError> {
        assert_eq!(refused.secret.expose(), COOKIES);
        self.renewed.fetch_add(1, Ordering::SeqCst);
        Ok(session(&COOKIES.replace("first", "second")))
    }
}

/// What ships for it, by jobs.
pub(crate) fn by_job(line: &dyn Connection) -> &dyn ShippingByJob {
    match line.shipping() {
        Some(Shipping::ByJob(shipping)) => shipping,
        Some(Shipping::ByOrder(_)) | None => panic!("it ships by jobs"),
    }
}
