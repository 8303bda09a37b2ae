//! The pending tab of a marketplace, asked for again and again.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use haat_domain::Secret;
use haat_marketplaces::{Hosts, Place, Registry, http_client};
use haat_ports::{
    Clock, Connection, Credentials, Feed, Marketplace, MarketplaceError, Marketplaces as _,
    Session, Sessions, SystemClock,
};

const PROFILE: &str = r#"{"milliseconds_between_calls": 0}"#;
const SELLER: &str = "4100001/s0000";

/// The same page each time, seen by the same process.
pub(crate) async fn known(times: u32, panel: &str, files: &str) {
    let (connection, _) = connected(panel, files).await;
    for _ in 0..times {
        ask(connection.as_ref()).await;
    }
}

/// The same page each time, seen by someone who never saw it before.
pub(crate) async fn new(times: u32, panel: &str, files: &str) {
    let (_, session) = connected(panel, files).await;
    for _ in 0..times {
        let marketplace = marketplace(panel, files);
        let connection = marketplace.connect(SELLER, Arc::new(Kept(session.clone())));
        ask(connection.expect("a connection").as_ref()).await;
    }
}

/// The same bytes by the HTTP library alone.
pub(crate) async fn bare(times: u32, panel: &str, files: &str) {
    let (_, session) = connected(panel, files).await;
    let cookies: BTreeMap<String, String> =
        serde_json::from_str(session.secret.expose()).expect("cookies");
    let cookies: Vec<String> = cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let cookies = cookies.join("; ");
    let http = http_client().expect("an HTTP client");
    let body = r#"{"enable_hold":true,"supplier_details":{"id":4100001,"identifier":"s0000"},"identifier":"s0000","cursor":null,"limit":50,"status":1,"type":"pending"}"#;
    for _ in 0..times {
        let request = http
            .post(format!("{panel}/api/fulfillment/orders"))
            .header("client-type", "d-web")
            .header("client-package-version", "1.0.41")
            .header("cookie", &cookies)
            .header("identifier", "s0000")
            .header("content-type", "application/json")
            .body(body);
        let mut answer = request.send().await.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.expect("a body") {
            bytes.extend_from_slice(&chunk);
        }
        assert!(!bytes.is_empty());
    }
}

async fn ask(connection: &dyn Connection) {
    let orders = connection.orders();
    let pending = orders.feeds().iter().find(|feed| feed.name == "pending");
    let pending: Feed = *pending.expect("the tab");
    let page = orders.page(pending, None).await.expect("a page");
    assert!(page.refused.is_empty());
}

fn marketplace(panel: &str, files: &str) -> Arc<dyn Marketplace> {
    let place = Place {
        hosts: Hosts::parse(panel, files).expect("hosts"),
        profile: Some(PROFILE.to_owned()),
    };
    let places = BTreeMap::from([("meesho".to_owned(), place)]);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let http = http_client().expect("an HTTP client");
    let registry = Registry::new(&http, &clock, &places).expect("marketplaces");
    registry.all().into_iter().next().expect("one marketplace")
}

async fn connected(panel: &str, files: &str) -> (Box<dyn Connection>, Session) {
    let marketplace = marketplace(panel, files);
    let credentials = Credentials(BTreeMap::from([
        ("email".to_owned(), Secret::new("seller0@example.test")),
        ("password".to_owned(), Secret::new("sandbox-only")),
    ]));
    let session = marketplace.log_in(&credentials).await.expect("a session");
    let connection = marketplace.connect(SELLER, Arc::new(Kept(session.clone())));
    (connection.expect("a connection"), session)
}

struct Kept(Session);

#[async_trait]
impl Sessions for Kept {
    async fn current(&self) -> Result<Session, MarketplaceError> {
        Ok(self.0.clone())
    }

    async fn renew(&self, _: &Session) -> Result<Session, MarketplaceError> {
        Ok(self.0.clone())
    }
}
