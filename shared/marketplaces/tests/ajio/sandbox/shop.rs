//! A shop of the sandbox with an open line to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use haat_domain::{Order, OrderNumber, OrderReport, Parcel};
use haat_ports::{
    Connection, Feed, LookUp, Marketplace, MarketplaceError, OrderPage, Packing, Shipping,
    ShippingByOrder,
};
use haat_sandbox::Fault;
use haat_sandbox::ajio::{Ajio, Control, Options, Seed, State};

use crate::pob::{ORDERED_AT, USER, at};
use crate::script::{LiveSessions, marketplace_at, typed};

pub(crate) struct Shop {
    pub(crate) ajio: Ajio,
    pub(crate) marketplace: Arc<dyn Marketplace>,
    pub(crate) line: Box<dyn Connection>,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(Options::default(), "{}").await
    }

    /// Started like this, and spoken to with this profile beside no pauses.
    pub(crate) async fn with(options: Options, profile: &str) -> Self {
        let ajio = Ajio::start(options).await.unwrap();
        let mut all: serde_json::Value = serde_json::from_str(profile).unwrap();
        all["milliseconds_between_calls"] = 0.into();
        all["max_document_bytes"] = 2_000_000.into();
        let (url, files) = (ajio.api_url(), ajio.file_host());
        let marketplace = marketplace_at("ajio", at(ORDERED_AT), &url, &files, &all.to_string());
        let typed = typed(&[("username", USER), ("password", "sandbox-only")]);
        let sessions = LiveSessions::of(&marketplace, typed);
        let line = marketplace.connect(USER, sessions).unwrap();
        Self {
            ajio,
            marketplace,
            line,
        }
    }

    pub(crate) fn control(&self) -> &Control {
        self.ajio.control()
    }

    pub(crate) fn seeded(&self, state: State, count: u32) -> Vec<OrderNumber> {
        self.load(&Seed::new(USER, state, count))
    }

    pub(crate) fn load(&self, seed: &Seed) -> Vec<OrderNumber> {
        let numbers = self.control().seed(seed).unwrap();
        let numbers = numbers.iter().map(|number| number.parse().unwrap());
        numbers.collect()
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.control().fault(fault).unwrap();
    }

    pub(crate) fn calls(&self, operation: &str) -> u64 {
        self.control().counters().calls_of(operation)
    }

    pub(crate) fn shipping(&self) -> &dyn ShippingByOrder {
        match self.line.shipping() {
            Some(Shipping::ByOrder(shipping)) => shipping,
            Some(Shipping::ByJob(_)) | None => panic!("AJIO ships order by order"),
        }
    }

    pub(crate) fn pendency(&self) -> Feed {
        self.line.orders().feeds()[0]
    }

    pub(crate) async fn page(
        &self,
        cursor: Option<&str>,
    ) -> Result<Arc<OrderPage>, MarketplaceError> {
        self.line.orders().page(self.pendency(), cursor).await
    }

    /// Every number of the pendency, page by page.
    pub(crate) async fn pending(&self) -> Result<Vec<OrderNumber>, MarketplaceError> {
        let (mut numbers, mut cursor) = (Vec::new(), None);
        loop {
            let page = self.page(cursor.as_deref()).await?;
            assert!(page.refused.is_empty(), "{:?}", page.refused);
            numbers.extend(page.reports.iter().map(|report| report.number.clone()));
            match &page.next {
                Some(next) => cursor = Some(next.clone()),
                None => return Ok(numbers),
            }
        }
    }

    pub(crate) async fn look_up(&self, numbers: &[OrderNumber]) -> LookUp {
        self.line.orders().look_up(numbers).await.unwrap()
    }

    pub(crate) async fn report(&self, number: &OrderNumber) -> OrderReport {
        let mut found = self.look_up(std::slice::from_ref(number)).await;
        assert!(found.refused.is_empty(), "{:?}", found.refused);
        found.reports.remove(0)
    }

    /// An order as Haat keeps it after one look.
    pub(crate) async fn order(&self, number: &OrderNumber) -> Order {
        let report = self.report(number).await;
        Order::first_heard(
            format!("a_1.{number}").parse().unwrap(),
            "s_1".parse().unwrap(),
            "ajio".parse().unwrap(),
            &report,
            at(ORDERED_AT),
        )
    }

    /// Acknowledges an order whole, and lets AJIO raise its purchase order.
    pub(crate) async fn bought(&self, number: &OrderNumber) -> Order {
        let order = self.order(number).await;
        let accepted = self.shipping().accept(&order, &BTreeMap::new()).await;
        accepted.unwrap();
        self.control().raise_po(number.as_str()).unwrap();
        self.order(number).await
    }
}

pub(crate) fn packing() -> Packing {
    Packing {
        parcel: Parcel {
            weight_grams: 350,
            length_mm: 305,
            breadth_mm: 250,
            height_mm: 30,
        },
        invoice: Some("HUB/26-27/00123".parse().unwrap()),
        invoiced_at: at("2026-01-01T14:10:00Z"),
    }
}
