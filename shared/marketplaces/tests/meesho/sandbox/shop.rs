//! A shop of the sandbox with an open line to it, and sessions as the product keeps them.

use std::sync::Arc;

use haat_domain::OrderNumber;
use haat_ports::{Connection, Marketplace, MarketplaceError, OrderPage};
use haat_sandbox::{Fault, Options, Sandbox, Seed, State};

use crate::requests::feed;
use crate::script::LiveSessions;
use crate::scripted::{SELLER, credentials, marketplace};

pub(crate) const EMAIL: &str = "seller@example.test";
pub(crate) const SUPPLIER: u64 = 4_100_001;

pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) marketplace: Arc<dyn Marketplace>,
    pub(crate) line: Box<dyn Connection>,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let profile = Some(r#"{"max_label_file_bytes": 2000000}"#);
        let marketplace = marketplace(&sandbox.api_url(), &sandbox.file_host(), profile);
        let typed = credentials(EMAIL, "sandbox-only");
        let sessions = LiveSessions::of(&marketplace, typed);
        let line = marketplace.connect(SELLER, sessions).unwrap();
        Self {
            sandbox,
            marketplace,
            line,
        }
    }

    pub(crate) fn seeded(&self, state: State, count: u32) -> Vec<OrderNumber> {
        let numbers = self
            .sandbox
            .control()
            .seed(&Seed::new(SUPPLIER, state, count))
            .unwrap();
        numbers
            .iter()
            .map(|number| number.parse().unwrap())
            .collect()
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.sandbox.control().fault(fault).unwrap();
    }

    pub(crate) fn calls(&self, operation: &str) -> u64 {
        self.sandbox.control().counters().calls_of(operation)
    }

    pub(crate) async fn page(
        &self,
        tab: &str,
        cursor: Option<&str>,
    ) -> Result<OrderPage, MarketplaceError> {
        let orders = self.line.orders();
        let page = orders.page(feed(orders, tab), cursor).await?;
        Ok(Arc::unwrap_or_clone(page))
    }

    /// Every number of a tab, page by page.
    pub(crate) async fn tab(&self, tab: &str) -> Vec<OrderNumber> {
        let (mut numbers, mut cursor) = (Vec::new(), None);
        loop {
            let page = self.page(tab, cursor.as_deref()).await.unwrap();
            assert!(page.refused.is_empty(), "{:?}", page.refused);
            numbers.extend(page.reports.into_iter().map(|report| report.number));
            match page.next {
                Some(next) => cursor = Some(next),
                None => return numbers,
            }
        }
    }
}
