//! Reading orders: the pendency, which holds what waits for the seller, and all others by id. There
//! is no list of what changed.

use std::sync::Arc;

use async_trait::async_trait;
use haat_domain::OrderNumber;
use haat_ports::{
    ErrorKind, Feed, LookUp, MarketplaceError, OrderPage, Orders, Pause, Reading, Which,
};
use jiff::{SignedDuration, Timestamp};

use super::client::{self, Operation};
use super::pages::Place;
use super::wire::OrderRows;
use super::{Line, translate};

pub(super) const LIST_PENDENCY: Operation =
    Operation::reads("ajio listPendency", |profile| &profile.paths.list_pendency);
const LIST_ORDERS: Operation =
    Operation::reads("ajio listOrders", |profile| &profile.paths.list_orders);

const PENDENCY: &str = "pendency";
const RECENT: &str = "recent";
const HISTORY: &str = "history";

/// Orders that the pendency holds no longer are asked for by id: while they are open with every
/// poll, for there may be a purchase order or a cancellation, and then until they are delivered.
/// What left the pendency between two polls, acknowledged in AJIO's own panel or cancelled, is
/// found among the orders of the last days.
static FEEDS: [Feed; 5] = [
    Feed {
        name: PENDENCY,
        reading: Reading::Whole,
        pause: Pause::None,
    },
    // The filter by date is assumed.
    Feed {
        name: RECENT,
        reading: Reading::Whole,
        pause: Pause::Minutes {
            usual: 120,
            longest: 480,
        },
    },
    Feed {
        name: "open",
        reading: Reading::ByNumber(Which::Open),
        pause: Pause::None,
    },
    // The filter by date is assumed.
    Feed {
        name: HISTORY,
        reading: Reading::WhenAsked,
        pause: Pause::None,
    },
    Feed {
        name: "moving",
        reading: Reading::ByNumber(Which::Moving { days: 30 }),
        pause: Pause::Minutes {
            usual: 60,
            longest: 360,
        },
    },
];

#[async_trait]
impl Orders for Line {
    fn feeds(&self) -> &'static [Feed] {
        &FEEDS
    }

    async fn page(
        &self,
        feed: Feed,
        cursor: Option<&str>,
    ) -> Result<Arc<OrderPage>, MarketplaceError> {
        match feed.name {
            PENDENCY => self.pendency(cursor).await,
            RECENT => match cursor {
                Some(cursor) => self.since(cursor).await,
                None => self.since(&self.recently()).await,
            },
            HISTORY => self.since(cursor.unwrap_or_default()).await,
            other => {
                let said = format!("the feed {other:?} has no pages");
                Err(LIST_PENDENCY.error(ErrorKind::NotFound, said))
            }
        }
    }

    fn history(&self, from: Timestamp) -> Option<String> {
        Some(self.first_since(from))
    }

    async fn look_up(&self, numbers: &[OrderNumber]) -> Result<LookUp, MarketplaceError> {
        let mut found = LookUp {
            reports: Vec::new(),
            refused: Vec::new(),
            unknown: Vec::new(),
        };
        let most = self.client.profile.order_ids_per_status_call;
        for asked in numbers.chunks(most.get()) {
            self.by_id(asked, &mut found).await?;
        }
        self.look_in_pendency(numbers, &mut found).await?;
        found.unknown = left(numbers, &found);
        Ok(found)
    }
}

impl Line {
    async fn pendency(&self, cursor: Option<&str>) -> Result<Arc<OrderPage>, MarketplaceError> {
        let (profile, known) = (&self.client.profile, &self.client.known);
        let wrong = |why: String| LIST_PENDENCY.error(ErrorKind::Malformed, why);
        let place = Place::of(profile, cursor).map_err(|why| wrong(why.to_owned()))?;
        let (number, size) = (place.number.to_string(), profile.max_page_size.to_string());
        let query = [("pageNumber", number.as_str()), ("pageSize", &size)];
        let answer = self.client.ask(self, &LIST_PENDENCY, &query).await?.body;
        let print = known.print(PENDENCY, cursor, &answer);
        if let Some(page) = known.known(print) {
            return Ok(page);
        }
        let rows: OrderRows = client::read(&LIST_PENDENCY, &answer)?;
        let page = translate::pendency(profile, place, &rows).map_err(wrong)?;
        let page = Arc::new(page);
        known.keep(print, &page);
        Ok(page)
    }

    fn first_since(&self, from: Timestamp) -> String {
        let place = Place::first(&self.client.profile).cursor();
        format!("{}.{place}", from.as_second())
    }

    /// Where the orders of the last days begin.
    fn recently(&self) -> String {
        let hours = i64::from(self.client.profile.recent_days).saturating_mul(24);
        let from = self.client.now();
        let from = from.saturating_sub(SignedDuration::from_hours(hours));
        self.first_since(from.unwrap_or(Timestamp::UNIX_EPOCH))
    }

    /// A page of all orders since a time that stands in the cursor, before a dot and the page.
    async fn since(&self, cursor: &str) -> Result<Arc<OrderPage>, MarketplaceError> {
        let profile = &self.client.profile;
        let wrong = |why: &str| LIST_ORDERS.error(ErrorKind::Malformed, why.to_owned());
        let no_cursor = || wrong("the cursor is no time and page");
        let (from, place) = cursor.split_once('.').ok_or_else(no_cursor)?;
        let second = from.parse().map_err(|_| no_cursor())?;
        let since = Timestamp::from_second(second).map_err(|_| no_cursor())?;
        let place = Place::of(profile, Some(place)).map_err(wrong)?;
        let (number, size) = (place.number.to_string(), profile.max_page_size.to_string());
        let since = since.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        let query = [
            ("orderDateFrom", since.as_str()),
            ("pageNumber", &number),
            ("pageSize", &size),
        ];
        let rows: OrderRows = self.client.get(self, &LIST_ORDERS, &query).await?;
        let mut page = translate::all_orders(profile, place, &rows).map_err(|why| wrong(&why))?;
        page.next = page.next.map(|next| format!("{from}.{next}"));
        Ok(Arc::new(page))
    }

    /// Reads orders by id, all pages of the answer.
    async fn by_id(
        &self,
        asked: &[OrderNumber],
        found: &mut LookUp,
    ) -> Result<(), MarketplaceError> {
        let profile = &self.client.profile;
        let ids: Vec<_> = asked.iter().map(OrderNumber::as_str).collect();
        let (ids, size) = (ids.join(","), profile.max_page_size.to_string());
        let mut next = Some(Place::first(profile));
        while let Some(place) = next {
            let number = place.number.to_string();
            let query = [
                ("orderIds", ids.as_str()),
                ("pageNumber", &number),
                ("pageSize", &size),
            ];
            let answer: OrderRows = self.client.get(self, &LIST_ORDERS, &query).await?;
            next = translate::asked_orders(profile, asked, place, &answer, found)
                .map_err(|why| LIST_ORDERS.error(ErrorKind::Malformed, why))?;
        }
        Ok(())
    }

    /// What waits to be acknowledged may be in no other answer. Read until all are found, or to
    /// the end.
    async fn look_in_pendency(
        &self,
        numbers: &[OrderNumber],
        found: &mut LookUp,
    ) -> Result<(), MarketplaceError> {
        let mut left = left(numbers, found);
        let mut cursor: Option<String> = None;
        while !left.is_empty() {
            let page = self.pendency(cursor.as_deref()).await?;
            let is_left =
                |number: Option<&OrderNumber>| number.is_some_and(|number| left.contains(number));
            let reports = page.reports.iter();
            let reports = reports.filter(|report| is_left(Some(&report.number)));
            found.reports.extend(reports.cloned());
            let refused = page.refused.iter();
            let refused = refused.filter(|row| is_left(row.number.as_ref()));
            found.refused.extend(refused.cloned());
            left = self::left(numbers, found);
            match &page.next {
                Some(next) => cursor = Some(next.clone()),
                None => break,
            }
        }
        Ok(())
    }
}

/// The orders that no answer has named yet.
fn left(numbers: &[OrderNumber], found: &LookUp) -> Vec<OrderNumber> {
    let is_named = |number: &OrderNumber| {
        found.reports.iter().any(|report| report.number == *number)
            || found
                .refused
                .iter()
                .any(|row| row.number.as_ref() == Some(number))
    };
    let left = numbers.iter().filter(|number| !is_named(number));
    left.cloned().collect()
}
