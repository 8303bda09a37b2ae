//! A marketplace that answers whatever bytes it is given, and the connector in front of it.
//!
//! The bytes are a JSON body, or a whole answer: `HTTP/1.1 463`, header lines, an empty line, the
//! body. A line `%%%%` separates the answers to several calls; the last one is given again.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use haat_domain::Secret;
use haat_marketplaces::{Hosts, Place, Registry, http_client};
use haat_ports::{
    Clock, Connection, Credentials, Marketplace, MarketplaceError, Marketplaces as _, Session,
    Sessions,
};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use jiff::Timestamp;
use tokio::runtime::Runtime;

/// 22 December 2025, 10:40 UTC: the instant in the contract's examples.
pub(crate) const NOW_MS: i64 = 1_766_400_000_000;
pub(crate) const PASSWORD: &str = "hunter2-of-the-seller";
pub(crate) const EMAIL: &str = "seller@example.test";
pub(crate) const OTP: &str = "473829";
pub(crate) const CHALLENGE: &str = "challenge-0001-key";
const COOKIE: &str = "s%3Acookie-of-the-session";
/// What a call for a supplier carries and nobody may hear of.
pub(crate) const OF_A_CALL: [&str; 1] = [COOKIE];
/// Stands between the answers to several calls.
const NEXT_ANSWER: &[u8] = b"\n%%%%\n";

#[derive(Debug)]
pub(crate) struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(NOW_MS).unwrap()
    }
}

#[derive(Default)]
struct Script {
    answers: Vec<Vec<u8>>,
    asked: usize,
}

/// The marketplace beside its connector, and the runtime both live in.
pub(crate) struct Panel {
    runtime: Runtime,
    script: Arc<Mutex<Script>>,
    address: String,
    marketplace: Arc<dyn Marketplace>,
}

thread_local! {
    static PANEL: RefCell<Option<Panel>> = const { RefCell::new(None) };
}

/// Runs `visit` against a panel that answers these bytes.
pub(crate) fn with_panel(bytes: &[u8], visit: impl AsyncFnOnce(&Panel)) {
    PANEL.with_borrow_mut(|panel| {
        let panel = panel.get_or_insert_with(Panel::open);
        *panel.script.lock().unwrap() = Script {
            answers: split(bytes),
            asked: 0,
        };
        panel.runtime.block_on(visit(panel));
    });
}

impl Panel {
    fn open() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.enable_all().build().unwrap();
        let script = Arc::new(Mutex::new(Script::default()));
        let router = axum::Router::new()
            .fallback(answer)
            .with_state(script.clone());
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"));
        let listener = listener.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        runtime.spawn(async { axum::serve(listener, router).await });
        let unpaced = r#"{"milliseconds_between_calls": 0}"#;
        let marketplace = open(&address, unpaced).unwrap();
        Self {
            runtime,
            script,
            address,
            marketplace,
        }
    }

    pub(crate) fn marketplace(&self) -> &dyn Marketplace {
        self.marketplace.as_ref()
    }

    pub(crate) fn shared(&self) -> Arc<dyn Marketplace> {
        self.marketplace.clone()
    }

    /// The same marketplace under another profile, unless that is refused.
    pub(crate) fn with_profile(&self, profile: &str) -> Result<Arc<dyn Marketplace>, String> {
        open(&self.address, profile)
    }

    pub(crate) fn line(&self) -> Box<dyn Connection> {
        let sessions = Arc::new(OneSession);
        self.marketplace
            .connect("4100001/ab1cd", sessions)
            .expect("a right seller key")
    }

    /// The address of a file that this panel gives out.
    pub(crate) fn file(&self) -> Secret {
        Secret::new(format!(
            "http://{}/file?signature={CHALLENGE}",
            self.address
        ))
    }

    /// How many calls came in.
    pub(crate) fn asked(&self) -> usize {
        self.script.lock().unwrap().asked
    }
}

fn open(address: &str, profile: &str) -> Result<Arc<dyn Marketplace>, String> {
    let place = Place {
        hosts: Hosts::parse(&format!("http://{address}"), address)?,
        profile: Some(profile.to_owned()),
    };
    let places = BTreeMap::from([("meesho".to_owned(), place)]);
    let clock: Arc<dyn Clock> = Arc::new(StoppedClock);
    let registry = Registry::new(&http_client().unwrap(), &clock, &places);
    let registry = registry.map_err(|refused| refused.to_string())?;
    Ok(registry.get(&"meesho".parse().unwrap()).unwrap())
}

async fn answer(State(script): State<Arc<Mutex<Script>>>, request: Request) -> Response<Body> {
    to_bytes(request.into_body(), 1 << 22).await.unwrap();
    let mut script = script.lock().unwrap();
    let turn = script.asked.min(script.answers.len() - 1);
    script.asked += 1;
    response(&script.answers[turn])
}

fn split(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut answers = Vec::new();
    let mut rest = bytes;
    while let Some(at) = find(rest, NEXT_ANSWER) {
        answers.push(rest[..at].to_vec());
        rest = &rest[at + NEXT_ANSWER.len()..];
    }
    answers.push(rest.to_vec());
    answers
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|some| some == wanted)
}

/// The body of an answer, as the connector gets it.
pub(crate) fn body(bytes: &[u8]) -> &[u8] {
    head_and_body(bytes).map_or(bytes, |(_, body)| body)
}

fn head_and_body(bytes: &[u8]) -> Option<(&str, &[u8])> {
    if !bytes.starts_with(b"HTTP/") {
        return None;
    }
    let end = find(bytes, b"\n\n")?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 2..]))
}

fn response(bytes: &[u8]) -> Response<Body> {
    let Some((head, body)) = head_and_body(bytes) else {
        let response = Response::builder().header("content-type", "application/json");
        return response.body(Body::from(bytes.to_vec())).unwrap();
    };
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1)?.parse().ok());
    // Below 200 an answer is not over, and 204 and 304 have no body.
    let status = status.filter(|status| *status >= 200 && ![204, 304].contains(status));
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    let mut response = Response::new(Body::from(body.to_vec()));
    *response.status_mut() = status.unwrap_or(StatusCode::OK);
    for line in lines {
        let pair = line.split_once(':').and_then(|(name, value)| {
            let name: HeaderName = name.trim().parse().ok()?;
            Some((name, HeaderValue::from_str(value.trim()).ok()?))
        });
        if let Some((name, value)) = pair.filter(|(name, _)| !frames(name)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// How the body is sent is the HTTP library's own business on both sides.
fn frames(name: &HeaderName) -> bool {
    [
        "content-length",
        "transfer-encoding",
        "connection",
        "upgrade",
    ]
    .contains(&name.as_str())
}

pub(crate) fn credentials() -> Credentials {
    let field = |name: &str, text: &str| (name.to_owned(), Secret::new(text));
    Credentials(BTreeMap::from([
        field("email", EMAIL),
        field("password", PASSWORD),
    ]))
}

pub(crate) fn session() -> Session {
    let cookies = format!(r#"{{"connect.sid":"{COOKIE}","current_az_identifier":"ab1cd"}}"#);
    Session {
        secret: Secret::new(cookies),
        expires_at: Timestamp::MAX,
    }
}

/// The same session, however often it is refused.
struct OneSession;

#[async_trait]
impl Sessions for OneSession {
    async fn current(&self) -> Result<Session, MarketplaceError> {
        Ok(session())
    }

    async fn renew(&self, _: &Session) -> Result<Session, MarketplaceError> {
        Ok(session())
    }
}

/// An error says what it has to say without a secret of its call, in its words and in its `Debug`,
/// though the marketplace may repeat what it was told.
pub(crate) fn assert_silent(error: &MarketplaceError, secrets: &[&str]) {
    let told = format!("{error} {error:?}");
    for secret in secrets {
        assert!(!told.contains(secret), "an error repeats {secret}");
    }
}
