//! Reading orders: the tabs of the panel, and the details of single orders.

use std::sync::Arc;

use async_trait::async_trait;
use haat_domain::OrderNumber;
use haat_ports::{ErrorKind, Feed, LookUp, MarketplaceError, OrderPage, Orders, Pause, Reading};

use super::client::{self, Operation};
use super::profile::{Tab, Tabs};
use super::wire::{OrderDetailsRequest, OrderListRequest};
use super::{Line, translate};
use crate::call::Effect;

const LIST_ORDERS: Operation = Operation {
    name: "meesho listOrders",
    path: |paths| &paths.list_orders,
    effect: Effect::None,
};
const FETCH_ORDER_DETAILS: Operation = Operation {
    name: "meesho fetchOrderDetails",
    path: |paths| &paths.fetch_order_details,
    effect: Effect::None,
};

const ON_HOLD: &str = "on-hold";
const PENDING: &str = "pending";
const READY_TO_SHIP: &str = "ready-to-ship";
const SHIPPED: &str = "shipped";
const CANCELLED: &str = "cancelled";

/// Orders leave the first three tabs again; the last two only grow. A closed order stands in one of
/// them, and what must not be packed is heard before what is gone.
const fn feeds(closed: Reading) -> [Feed; 5] {
    [
        feed(ON_HOLD, Reading::Whole),
        feed(PENDING, Reading::Whole),
        feed(READY_TO_SHIP, Reading::Whole),
        feed(CANCELLED, closed),
        feed(SHIPPED, closed),
    ]
}

const fn feed(name: &'static str, reading: Reading) -> Feed {
    Feed {
        name,
        reading,
        pause: Pause::None,
    }
}

static FEEDS: [Feed; 5] = feeds(Reading::UntilKnown);
static FEEDS_IN_ANY_ORDER: [Feed; 5] = feeds(Reading::Whole);

fn tab<'a>(tabs: &'a Tabs, feed: &str) -> Option<&'a Tab> {
    match feed {
        ON_HOLD => Some(&tabs.on_hold),
        PENDING => Some(&tabs.pending),
        READY_TO_SHIP => Some(&tabs.ready_to_ship),
        SHIPPED => Some(&tabs.shipped),
        CANCELLED => Some(&tabs.cancelled),
        _ => None,
    }
}

#[async_trait]
impl Orders for Line {
    fn feeds(&self) -> &'static [Feed] {
        if self.client.profile.closed_tabs_newest_first {
            &FEEDS
        } else {
            &FEEDS_IN_ANY_ORDER
        }
    }

    async fn page(
        &self,
        feed: Feed,
        cursor: Option<&str>,
    ) -> Result<Arc<OrderPage>, MarketplaceError> {
        let profile = &self.client.profile;
        let Some(tab) = tab(&profile.order_tabs, feed.name) else {
            let said = format!("there is no feed {:?}", feed.name);
            return Err(MarketplaceError::new(
                ErrorKind::NotFound,
                LIST_ORDERS.name,
                said,
            ));
        };
        let request = OrderListRequest {
            enable_hold: true,
            supplier_details: self.supplier.details_ref(),
            identifier: &self.supplier.identifier,
            cursor,
            limit: profile.max_page_size.get(),
            status: tab.status,
            kind: &tab.kind,
        };
        let answer = self.client.ask(self, &LIST_ORDERS, &request).await?;
        let print = self.client.known.print(feed.name, cursor, &answer);
        if let Some(page) = self.client.known.known(print) {
            return Ok(page);
        }
        let page = client::read(&LIST_ORDERS, &answer)?;
        let page = translate::page(profile, tab, cursor, page).map_err(|why| {
            let said = format!("{} tab: {why}", feed.name);
            MarketplaceError::new(ErrorKind::Malformed, LIST_ORDERS.name, said)
        })?;
        let page = Arc::new(page);
        self.client.known.keep(print, &page);
        Ok(page)
    }

    async fn look_up(&self, numbers: &[OrderNumber]) -> Result<LookUp, MarketplaceError> {
        let profile = &self.client.profile;
        let mut all = LookUp {
            reports: Vec::new(),
            refused: Vec::new(),
            unknown: Vec::new(),
        };
        for asked in numbers.chunks(profile.max_details_orders.get()) {
            let request = OrderDetailsRequest {
                supplier_details: self.supplier.details_ref(),
                identifier: &self.supplier.identifier,
                sub_order_nums: asked.iter().map(OrderNumber::as_str).collect(),
            };
            let answer = self.client.call(self, &FETCH_ORDER_DETAILS, &request);
            let found = translate::look_up(profile, asked, answer.await?);
            all.reports.extend(found.reports);
            all.refused.extend(found.refused);
            all.unknown.extend(found.unknown);
        }
        Ok(all)
    }
}
