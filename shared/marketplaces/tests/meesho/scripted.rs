//! A scripted panel with a connector that speaks to it, and sessions that count.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use haat_ports::{
    Connection, Credentials, Marketplace, MarketplaceError, Session, Sessions, Shipping,
    ShippingByJob,
};
use jiff::Timestamp;

pub(crate) use crate::script::{Asked, Reply, session};
use crate::script::{Scripted, marketplace_at, typed};

/// 22 December 2025, 10:40 UTC: the instant in the contract's examples.
pub(crate) const NOW_MS: i64 = 1_766_400_000_000;
pub(crate) const SELLER: &str = "4100001/ab1cd";
pub(crate) const PASSWORD: &str = " pa\"ss wörd ";
pub(crate) const COOKIES: &str =
    r#"{"connect.sid":"s%3Afirst","current_az_identifier":"ab1cd","s_id":"4100001"}"#;

/// The scripted panel, which is its own file host.
pub(crate) struct Panel(Scripted);

impl Deref for Panel {
    type Target = Scripted;

    fn deref(&self) -> &Scripted {
        &self.0
    }
}

impl Panel {
    pub(crate) async fn answering(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self(Scripted::answering(replies).await)
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

/// Tests do not wait between calls.
const UNPACED: &str = r#"{"milliseconds_between_calls": 0}"#;

pub(crate) fn marketplace(
    url: &str,
    file_hosts: &str,
    profile: Option<&str>,
) -> Arc<dyn Marketplace> {
    let now = Timestamp::from_millisecond(NOW_MS).unwrap();
    marketplace_at("meesho", now, url, file_hosts, profile.unwrap_or(UNPACED))
}

pub(crate) fn line(marketplace: &dyn Marketplace) -> (Box<dyn Connection>, Arc<CountingSessions>) {
    let sessions = Arc::new(CountingSessions::default());
    let line = marketplace.connect(SELLER, sessions.clone()).unwrap();
    (line, sessions)
}

pub(crate) fn credentials(email: &str, password: &str) -> Credentials {
    typed(&[("email", email), ("password", password)])
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
