//! One POB with an open line to the scripted AJIO, and an order of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use haat_domain::{Order, OrderReport, Stage};
use haat_ports::{
    Connection, Credentials, Feed, Manifests, Marketplace, MarketplaceError, Offers, ReturnChecks,
    Returns, Session, Sessions, Shipping, ShippingByOrder, Stock,
};
use jiff::Timestamp;

use crate::script::{Asked, Reply, Scripted, marketplace_at, session, typed};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../src/ajio/fixtures/", $name, ".json"))
    };
}
pub(crate) use fixture;

/// 1 January 2026, 09:16:15 UTC: when the order of the contract's examples was placed.
pub(crate) const ORDERED_AT: &str = "2026-01-01T09:16:15Z";
pub(crate) const USER: &str = "DV900001";
pub(crate) const PASSWORD: &str = "pa ss&wörd/1";
pub(crate) const SESSION: &str = r#"{"user":"DV900001","token":"first.jwt.token"}"#;
/// Tests do not wait between calls.
const UNPACED: &str = r#"{"milliseconds_between_calls": 0}"#;

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn credentials(model: &str) -> Credentials {
    let fields = [("username", USER), ("password", PASSWORD), ("model", model)];
    typed(&fields)
}

/// A scripted AJIO and the line of one POB to it.
pub(crate) struct Pob {
    pub(crate) ajio: Scripted,
    pub(crate) marketplace: Arc<dyn Marketplace>,
    pub(crate) line: Box<dyn Connection>,
    pub(crate) sessions: Arc<CountingSessions>,
}

impl Pob {
    pub(crate) async fn answered(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::with(UNPACED, replies).await
    }

    /// With a profile that says how long to pause, too.
    pub(crate) async fn with(profile: &str, replies: impl IntoIterator<Item = Reply>) -> Self {
        let ajio = Scripted::answering(replies).await;
        let url = format!("http://{}/ds/hub", ajio.address);
        let marketplace = marketplace_at("ajio", at(ORDERED_AT), &url, &ajio.address, profile);
        let sessions = Arc::new(CountingSessions::default());
        let line = marketplace.connect(USER, sessions.clone()).unwrap();
        Self {
            ajio,
            marketplace,
            line,
            sessions,
        }
    }

    pub(crate) fn shipping(&self) -> &dyn ShippingByOrder {
        match self.line.shipping() {
            Some(Shipping::ByOrder(shipping)) => shipping,
            Some(Shipping::ByJob(_)) | None => panic!("AJIO ships order by order"),
        }
    }

    pub(crate) fn manifests(&self) -> &dyn Manifests {
        self.line.manifests().unwrap()
    }

    pub(crate) fn return_checks(&self) -> &dyn ReturnChecks {
        self.line.return_checks().unwrap()
    }

    pub(crate) fn returns(&self) -> &dyn Returns {
        self.line.returns().unwrap()
    }

    pub(crate) fn offers(&self) -> &dyn Offers {
        self.line.offers().unwrap()
    }

    pub(crate) fn stock(&self) -> &dyn Stock {
        self.line.stock().unwrap()
    }

    pub(crate) fn feed(&self, name: &str) -> Feed {
        let orders = self.line.orders().feeds().iter();
        let all = orders
            .chain(self.returns().feeds())
            .chain(self.offers().feeds());
        *all.into_iter().find(|feed| feed.name == name).unwrap()
    }

    /// The one call that was made; it carried the token.
    pub(crate) fn one_call(&self) -> Asked {
        let mut asked = self.ajio.asked();
        assert_eq!(asked.len(), 1);
        assert_eq!(asked[0].header("apikey"), "first.jwt.token");
        assert!(asked[0].header("user-agent").starts_with("haat/"));
        asked.remove(0)
    }
}

/// Sessions that hand out one token, and a second one when asked for a new one.
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
        Ok(session(SESSION))
    }

    async fn renew(&self, refused: &Session) -> Result<Session, MarketplaceError> {
        assert_eq!(refused.secret.expose(), SESSION);
        self.renewed.fetch_add(1, Ordering::SeqCst);
        Ok(session(&SESSION.replace("first", "second")))
    }
}

/// The order of the contract's examples as Haat keeps it, after these reports.
pub(crate) fn order(reports: &[OrderReport]) -> Order {
    let (first, later) = reports.split_first().unwrap();
    let now = at(ORDERED_AT);
    let mut order = Order::first_heard(
        "a_1.S900000001".parse().unwrap(),
        "s_1".parse().unwrap(),
        "ajio".parse().unwrap(),
        first,
        now,
    );
    for report in later {
        order.hear(report, now);
    }
    order
}

/// What the pendency says of the example's order.
pub(crate) async fn pending() -> OrderReport {
    let pob = Pob::answered([Reply::json(200, fixture!("listPendency.answer"))]).await;
    let page = pob.line.orders().page(pob.feed("pendency"), None).await;
    page.unwrap().reports[0].clone()
}

/// What a look at the example's order says, once AJIO has raised its purchase order.
pub(crate) async fn confirmed() -> OrderReport {
    let pob = Pob::answered([Reply::json(200, fixture!("listOrders.answer"))]).await;
    let numbers = ["S900000001".parse().unwrap()];
    let found = pob.line.orders().look_up(&numbers).await;
    found.unwrap().reports.remove(0)
}

/// The example's order, waiting to be acknowledged.
pub(crate) async fn new_order() -> Order {
    let order = order(&[pending().await]);
    assert_eq!(order.stage, Stage::New);
    order
}

/// The example's order, acknowledged and bought by AJIO.
pub(crate) async fn bought_order() -> Order {
    let order = order(&[pending().await, confirmed().await]);
    assert_eq!(order.stage, Stage::Accepted);
    order
}
