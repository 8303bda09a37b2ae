//! A marketplace that answers what it was told, in order, and remembers what it was asked; and the
//! other things around a connector: a stopped clock, and a log that is listened to.

use std::collections::{BTreeMap, VecDeque};
use std::io::Write;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response};
use haat_domain::Secret;
use haat_marketplaces::{Hosts, Place, Registry, http_client};
use haat_ports::{
    Clock, Credentials, Marketplace, MarketplaceError, Marketplaces, Session, Sessions,
};
use jiff::Timestamp;
use serde_json::Value;

pub(crate) struct StoppedClock(pub(crate) Timestamp);

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        self.0
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
        let page = "<!doctype html><title>a page</title>";
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
    /// Method and path with its query.
    pub(crate) fn call(&self) -> (&str, &str) {
        (&self.method, &self.path)
    }

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

/// The scripted marketplace, which is its own file host.
pub(crate) struct Scripted {
    script: Arc<Script>,
    pub(crate) address: String,
}

impl Scripted {
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

    /// One more answer, once the address is known.
    #[allow(dead_code, reason = "only papers name the address they lie at")]
    pub(crate) fn then(&self, reply: Reply) {
        self.script.replies.lock().unwrap().push_back(reply);
    }

    /// What was asked; every reply must have been used.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        let left = self.script.replies.lock().unwrap().len();
        assert_eq!(left, 0, "replies that nobody asked for");
        std::mem::take(&mut self.script.asked.lock().unwrap())
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

/// A marketplace at a place of its own.
pub(crate) fn marketplace_at(
    id: &str,
    now: Timestamp,
    url: &str,
    file_hosts: &str,
    profile: &str,
) -> Arc<dyn Marketplace> {
    let place = Place {
        hosts: Hosts::parse(url, file_hosts).unwrap(),
        profile: Some(profile.to_owned()),
    };
    let places = BTreeMap::from([(id.to_owned(), place)]);
    let clock: Arc<dyn Clock> = Arc::new(StoppedClock(now));
    let registry = Registry::new(&http_client().unwrap(), &clock, &places).unwrap();
    registry.get(&id.parse().unwrap()).unwrap()
}

/// Sessions as the product keeps them, without their storage: one log-in at a time.
pub(crate) struct LiveSessions {
    marketplace: Arc<dyn Marketplace>,
    credentials: Credentials,
    session: tokio::sync::Mutex<Option<Session>>,
}

impl LiveSessions {
    pub(crate) fn of(marketplace: &Arc<dyn Marketplace>, credentials: Credentials) -> Arc<Self> {
        Arc::new(Self {
            marketplace: marketplace.clone(),
            credentials,
            session: tokio::sync::Mutex::default(),
        })
    }
}

#[async_trait]
impl Sessions for LiveSessions {
    async fn current(&self) -> Result<Session, MarketplaceError> {
        let mut session = self.session.lock().await;
        if session.is_none() {
            *session = Some(self.marketplace.log_in(&self.credentials).await?);
        }
        Ok(session.clone().unwrap())
    }

    async fn renew(&self, _refused: &Session) -> Result<Session, MarketplaceError> {
        *self.session.lock().await = None;
        self.current().await
    }
}

pub(crate) fn session(secret: &str) -> Session {
    Session {
        secret: Secret::new(secret),
        expires_at: Timestamp::MAX,
    }
}

pub(crate) fn typed(fields: &[(&str, &str)]) -> Credentials {
    let field = |(name, text): &(&str, &str)| ((*name).to_owned(), Secret::new(*text));
    Credentials(fields.iter().map(field).collect())
}

/// A log that is listened to.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// For the whole process: what the other tests log meanwhile must be as silent.
    pub(crate) fn of_everything() -> Self {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
        log
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
