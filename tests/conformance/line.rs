//! An open line to a marketplace on stage, with weather between.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use haat_domain::{Order, OrderNumber, OrderReport, Secret};
use haat_marketplaces::http_client;
use haat_ports::{
    Clock, Connection, Credentials, Feed, Marketplace, MarketplaceError, Marketplaces as _,
    OrderPage, Packing, Session, Sessions, Shipping, ShippingByOrder,
};
use haat_tests::between::{Between, Weather};
use haat_tests::goods::KURTA;
use haat_tests::hub::at_places;
use haat_tests::in_memory::TestClock;

use crate::stage::{Stage, Standing};

/// Short pages, so that few orders are several of them; and no pauses between calls.
pub(crate) const PROFILE: &str = r#"{"milliseconds_between_calls": 0, "max_page_size": 2}"#;

pub(crate) struct Line {
    pub(crate) stage: Box<dyn Stage>,
    pub(crate) between: Between,
    pub(crate) marketplace: Arc<dyn Marketplace>,
    pub(crate) connection: Box<dyn Connection>,
    pub(crate) sessions: Arc<dyn Sessions>,
    clock: Arc<TestClock>,
}

impl Line {
    pub(crate) async fn open(stage: Box<dyn Stage>) -> Self {
        Self::open_with(stage, http_client().unwrap()).await
    }

    /// With a client that waits two seconds for an answer and no longer.
    pub(crate) async fn open_impatient(stage: Box<dyn Stage>) -> Self {
        let client = reqwest::Client::builder().no_proxy();
        let client = client.timeout(Duration::from_secs(2)).build();
        Self::open_with(stage, client.unwrap()).await
    }

    async fn open_with(stage: Box<dyn Stage>, http: reqwest::Client) -> Self {
        let between = Between::start(&stage.host()).await.unwrap();
        let clock = Arc::new(TestClock::at(stage.now()));
        let shared: Arc<dyn Clock> = clock.clone();
        let (api, files) = (stage.api(&between.url()), stage.files());
        let place = [(stage.id(), api.as_str(), files.as_str(), PROFILE)];
        let registry = at_places(&place, &http, &shared);
        let marketplace = registry.get(&stage.id().parse().unwrap()).unwrap();
        let sessions: Arc<dyn Sessions> = Arc::new(LiveSessions {
            marketplace: Arc::clone(&marketplace),
            credentials: credentials(stage.as_ref()),
            session: tokio::sync::Mutex::default(),
        });
        let connection = marketplace.connect(stage.seller(), Arc::clone(&sessions));
        Self {
            stage,
            between,
            marketplace,
            connection: connection.unwrap(),
            sessions,
            clock,
        }
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.stage.pass(seconds);
        self.clock.set(self.stage.now());
    }

    /// The feed in which new orders stand.
    pub(crate) fn feed(&self) -> Feed {
        let mut feeds = self.connection.orders().feeds().iter();
        let feed = feeds.find(|feed| feed.name == self.stage.new_orders());
        *feed.unwrap()
    }

    pub(crate) async fn page(
        &self,
        cursor: Option<&str>,
    ) -> Result<Arc<OrderPage>, MarketplaceError> {
        self.connection.orders().page(self.feed(), cursor).await
    }

    /// All pages from a cursor on.
    pub(crate) async fn rest(&self, cursor: Option<String>) -> Vec<Arc<OrderPage>> {
        self.rest_of(self.feed(), cursor).await
    }

    pub(crate) async fn rest_of(
        &self,
        feed: Feed,
        mut cursor: Option<String>,
    ) -> Vec<Arc<OrderPage>> {
        let mut pages = Vec::new();
        loop {
            let page = self.connection.orders().page(feed, cursor.as_deref()).await;
            let page = page.unwrap();
            assert!(page.refused.is_empty(), "{:?}", page.refused);
            cursor.clone_from(&page.next);
            pages.push(page);
            assert!(pages.len() < 50, "the list does not end");
            if cursor.is_none() {
                return pages;
            }
        }
    }

    /// What the marketplace says of an order.
    pub(crate) async fn report(&self, number: &OrderNumber) -> OrderReport {
        let orders = self.connection.orders();
        let found = orders.look_up(std::slice::from_ref(number)).await;
        let mut found = found.unwrap();
        assert!(found.refused.is_empty(), "{:?}", found.refused);
        assert!(found.unknown.is_empty(), "{:?}", found.unknown);
        found.reports.remove(0)
    }

    /// An order as Haat keeps it after one look.
    pub(crate) async fn order(&self, number: &OrderNumber) -> Order {
        let report = self.report(number).await;
        self.kept(&report)
    }

    pub(crate) fn kept(&self, report: &OrderReport) -> Order {
        Order::first_heard(
            format!("a_1.{}", report.number).parse().unwrap(),
            "s_1".parse().unwrap(),
            self.stage.id().parse().unwrap(),
            report,
            self.stage.now(),
        )
    }

    /// One new order, as Haat keeps it.
    pub(crate) async fn new_order(&self) -> Order {
        let number = self.stage.seed(Standing::New, 1).remove(0);
        self.order(&number).await
    }

    /// Asks the marketplace to accept an order; where it works in jobs, the job is done then.
    pub(crate) async fn accept(&self, order: &Order) -> Result<(), MarketplaceError> {
        match self.connection.shipping().unwrap() {
            Shipping::ByJob(jobs) => {
                let number = std::slice::from_ref(&order.id.number);
                jobs.accept(number).await?;
                self.pass(60);
                Ok(())
            }
            Shipping::ByOrder(shipping) => shipping.accept(order, &Default::default()).await,
        }
    }

    /// Packs an accepted order as a small parcel.
    pub(crate) async fn pack(
        &self,
        shipping: &dyn ShippingByOrder,
        number: &OrderNumber,
    ) -> OrderReport {
        let order = self.order(number).await;
        let packing = Packing {
            parcel: KURTA,
            invoice: None,
            invoiced_at: self.stage.now(),
        };
        shipping.pack(&order, &packing).await.unwrap()
    }

    pub(crate) fn turn(&self, weather: Weather) {
        self.between.turn(weather);
    }
}

pub(crate) fn credentials(stage: &dyn Stage) -> Credentials {
    let fields = stage.credentials().into_iter();
    let typed = |(name, text): (&str, &str)| (name.to_owned(), Secret::new(text));
    Credentials(fields.map(typed).collect())
}

/// Sessions as the product keeps them, without their storage: one log-in at a time.
struct LiveSessions {
    marketplace: Arc<dyn Marketplace>,
    credentials: Credentials,
    session: tokio::sync::Mutex<Option<Session>>,
}

#[async_trait]
impl Sessions for LiveSessions {
    async fn current(&self) -> Result<Session, MarketplaceError> {
        let mut session = self.session.lock().await;
        match &*session {
            Some(session) => Ok(session.clone()),
            None => {
                let new = self.marketplace.log_in(&self.credentials).await?;
                Ok(session.insert(new).clone())
            }
        }
    }

    async fn renew(&self, _refused: &Session) -> Result<Session, MarketplaceError> {
        *self.session.lock().await = None;
        self.current().await
    }
}
