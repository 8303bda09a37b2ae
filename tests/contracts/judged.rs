//! An AJIO connector that reaches the double through the judge.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use haat_domain::{Order, OrderNumber, Secret};
use haat_marketplaces::{Hosts, Place, Registry, http_client};
use haat_ports::{
    Clock, Connection, Credentials, Marketplace, MarketplaceError, Marketplaces, Session, Sessions,
    Shipping, ShippingByOrder,
};
use haat_sandbox::ajio::{Ajio, Options, Seed, State};
use haat_tests::contract::{Contract, RecordingProxy};
use jiff::Timestamp;

use crate::shop::POB;

pub(crate) struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        "2026-01-01T09:16:15Z".parse().unwrap()
    }
}

/// A session for each call.
struct AlwaysFresh(Arc<dyn Marketplace>);

#[async_trait]
impl Sessions for AlwaysFresh {
    async fn current(&self) -> Result<Session, MarketplaceError> {
        let field = |(name, text): (&str, &str)| (name.to_owned(), Secret::new(text));
        let typed = [("username", POB), ("password", "sandbox-only")].map(field);
        self.0.log_in(&Credentials(BTreeMap::from(typed))).await
    }

    async fn renew(&self, _refused: &Session) -> Result<Session, MarketplaceError> {
        self.current().await
    }
}

/// A connector that reaches the double through the judge.
pub(crate) struct Judged {
    pub(crate) ajio: Ajio,
    pub(crate) contract: Arc<Contract>,
    pub(crate) proxy: RecordingProxy,
    pub(crate) line: Box<dyn Connection>,
}

impl Judged {
    pub(crate) async fn open(profile: &str) -> Self {
        let ajio = Ajio::start(Options::default()).await.unwrap();
        let contract = Arc::new(Contract::load("ajio-dropship").unwrap());
        let host = format!("http://{}", ajio.file_host());
        let proxy = RecordingProxy::start(&host, Arc::clone(&contract));
        let proxy = proxy.await.unwrap();
        let url = format!("{}/ds/hub", proxy.url());
        let place = Place {
            hosts: Hosts::parse(&url, &ajio.file_host()).unwrap(),
            profile: Some(profile.to_owned()),
        };
        let places = BTreeMap::from([("ajio".to_owned(), place)]);
        let clock: Arc<dyn Clock> = Arc::new(StoppedClock);
        let registry = Registry::new(&http_client().unwrap(), &clock, &places).unwrap();
        let marketplace = registry.get(&"ajio".parse().unwrap()).unwrap();
        let sessions = Arc::new(AlwaysFresh(Arc::clone(&marketplace)));
        Self {
            line: marketplace.connect(POB, sessions).unwrap(),
            ajio,
            contract,
            proxy,
        }
    }

    pub(crate) fn shipping(&self) -> &dyn ShippingByOrder {
        match self.line.shipping() {
            Some(Shipping::ByOrder(shipping)) => shipping,
            Some(Shipping::ByJob(_)) | None => panic!("AJIO ships order by order"),
        }
    }

    pub(crate) fn seeded(&self, state: State) -> OrderNumber {
        let seed = Seed::new(POB, state, 1).lines(2).quantity(2);
        let number = self.ajio.control().seed(&seed).unwrap().remove(0);
        number.parse().unwrap()
    }

    pub(crate) async fn order(&self, number: &OrderNumber) -> Order {
        let found = self
            .line
            .orders()
            .look_up(std::slice::from_ref(number))
            .await
            .unwrap();
        Order::first_heard(
            format!("a_1.{number}").parse().unwrap(),
            "s_1".parse().unwrap(),
            "ajio".parse().unwrap(),
            &found.reports[0],
            StoppedClock.now(),
        )
    }

    /// The operations that were called so far.
    pub(crate) fn called(&self) -> BTreeSet<String> {
        let exchanges = self.proxy.exchanges().into_iter();
        let found = exchanges.filter_map(|exchange| {
            let found = self.contract.find(exchange.method.as_str(), &exchange.path);
            Some(found?.id.clone())
        });
        found.collect()
    }
}
