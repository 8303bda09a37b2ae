//! Reading one account's orders and writing what changed.
//!
//! An unchanged feed writes nothing: the hash of what it held is compared with the hash of what
//! it holds. The hash moves only after everything it covers is durable.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use haat_domain::{Heard, Order, OrderId, OrderNumber, OrderReport};
use haat_ports::{
    Connection, ErrorKind, Feed, MarketplaceError, OrderPage, Orders, PollState, Reading,
    RefusedRow, StoreError, VaultError,
};
use jiff::Timestamp;
use serde::Serialize;

use crate::Hub;
use crate::feed_rows::Rows;
use crate::growing_feed::Reached;
use crate::write_order::WriteError;

/// Rows that are held back at most until the whole feed is read and may turn out unchanged.
const MANY: usize = 1_000;

/// What became of the rows that one account's feeds showed. Conservation, of an account that was
/// read whole: `read = repeated + fetched` and `fetched = stored + changed + known + parked`. Where
/// a write failed, `fetched` is larger: those orders are read again by the next poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct PollCounts {
    /// Rows that the pages held.
    pub read: usize,
    /// Rows that came again, for pages shift while they are read, before the first was written. One
    /// that comes again later is known or changed.
    pub repeated: usize,
    /// Rows that were looked at.
    pub fetched: usize,
    /// Orders that are new to Haat.
    pub stored: usize,
    /// Orders that changed.
    pub changed: usize,
    /// Orders that were as known, those of unchanged feeds included.
    pub known: usize,
    /// Rows that could not be read and are parked, or were parked already.
    pub parked: usize,
}

/// An account could not be read whole. What was read before the trouble is written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PollError {
    #[error(transparent)]
    Marketplace(#[from] MarketplaceError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl From<StoreError> for PollError {
    fn from(error: StoreError) -> Self {
        Self::Write(error.into())
    }
}

impl From<VaultError> for PollError {
    fn from(error: VaultError) -> Self {
        Self::Write(error.into())
    }
}

/// Polls one account over an open connection, until `deadline` at most. A feed that fails does
/// not keep the others from being read; what was read of it is written all the same.
pub(crate) async fn poll_orders(
    hub: &Hub,
    connection: &dyn Connection,
    state: &PollState,
    deadline: Timestamp,
) -> (PollCounts, Result<(), PollError>) {
    let mut poll = Poll {
        hub,
        state,
        orders: connection.orders(),
        limit: hub.limits(&state.marketplace).look_up,
        deadline,
        counts: PollCounts::default(),
        heard: BTreeMap::new(),
        refused: BTreeMap::new(),
    };
    let mut after = state.clone();
    let read = poll.read_all(&mut after).await;
    let remembered = remember(hub, state, after).await;
    // Of two troubles the marketplace's is told: it may be one that only the seller can end.
    (poll.counts, read.and(remembered))
}

/// Remembers what the feeds held, now that all of it is durable. When someone else remembered
/// something meanwhile, two polls overlapped and the older one may have written last: then what
/// the feeds held is forgotten, and the next poll reads it anew.
async fn remember(hub: &Hub, state: &PollState, after: PollState) -> Result<(), PollError> {
    if after == *state {
        return Ok(());
    }
    let stored = hub.store.poll_states(&state.pack).await?;
    let Some(mut stored) = stored
        .into_iter()
        .find(|stored| stored.account == state.account)
    else {
        // The account has moved to another pack, which starts anew.
        return Ok(());
    };
    if stored.seen == state.seen {
        stored.seen = after.seen;
        stored.heard = after.heard;
        stored.rest = after.rest;
    } else {
        stored.seen.clear();
    }
    Ok(hub.store.put_seen(&stored).await?)
}

/// A feed that is refused or cannot be understood concerns itself alone; all other trouble
/// concerns the account.
pub(crate) fn may_go_on(error: &MarketplaceError) -> bool {
    matches!(
        error.kind,
        ErrorKind::Malformed | ErrorKind::NotFound | ErrorKind::Rejected
    )
}

pub(crate) struct Poll<'a> {
    pub(crate) hub: &'a Hub,
    pub(crate) state: &'a PollState,
    pub(crate) orders: &'a dyn Orders,
    pub(crate) limit: usize,
    deadline: Timestamp,
    pub(crate) counts: PollCounts,
    /// What the feed at hand says that is not written yet.
    pub(crate) heard: BTreeMap<OrderNumber, OrderReport>,
    pub(crate) refused: BTreeMap<String, RefusedRow>,
}

impl Poll<'_> {
    /// Reads all feeds, and then what earlier polls left below in those that only grow: no feed
    /// waits behind a long history.
    async fn read_all(&mut self, after: &mut PollState) -> Result<(), PollError> {
        let mut trouble = Ok(());
        for feed in self.orders.feeds() {
            let read = self.read(*feed).await;
            // What was heard of a feed is true, whether its end was reached or not.
            let written = self.write().await;
            match read.and_then(|reached| written.map(|()| reached)) {
                Ok(reached) => reached.remember(*feed, after),
                Err(error) => {
                    let stop = !matches!(&error, PollError::Marketplace(error) if may_go_on(error));
                    trouble = trouble.and(Err(error));
                    if stop {
                        return trouble;
                    }
                }
            }
        }
        for feed in self.orders.feeds() {
            if let Err(error) = self.read_rest(*feed, after).await {
                return trouble.and(Err(error));
            }
        }
        trouble
    }

    /// Reads a feed; what is new of it waits to be written.
    async fn read(&mut self, feed: Feed) -> Result<Reached, PollError> {
        let before = self.state.seen.get(feed.name).copied();
        let mut rows = Rows::default();
        let read = match feed.reading {
            Reading::Whole => self.read_whole(feed, before, &mut rows).await,
            Reading::UntilKnown => self.read_news(feed, before, &mut rows).await,
        };
        self.count_rows(&rows);
        if read.is_ok() && before == read.as_ref().ok().map(|reached| reached.hash) {
            self.nothing_new(&rows);
        } else {
            self.take_over(&mut rows);
        }
        read
    }

    async fn read_whole(
        &mut self,
        feed: Feed,
        before: Option<u64>,
        rows: &mut Rows,
    ) -> Result<Reached, PollError> {
        let mut page = self.page(feed, None).await?;
        let mut next = page.next.clone();
        rows.absorb(page);
        let mut cursors = BTreeSet::new();
        while let Some(cursor) = next {
            if before.is_none() || rows.len() >= MANY {
                // A long list shows its first orders at once, and a poll that ends before it has
                // been worth its while.
                self.take_over(rows);
                self.write().await?;
            }
            page = self.page(feed, Some(&cursor)).await?;
            next = page.next.clone();
            let is_empty = page.marks.is_empty();
            let new = rows.absorb(page);
            if is_empty {
                break;
            }
            if new == 0 || !cursors.insert(cursor) {
                return Err(repeats(feed).into());
            }
        }
        Ok(Reached {
            hash: rows.hash,
            newest: None,
            rest: None,
        })
    }

    pub(crate) fn count_rows(&mut self, rows: &Rows) {
        let counts = &mut self.counts;
        counts.read = counts.read.saturating_add(rows.read);
        counts.repeated = counts.repeated.saturating_add(rows.repeated);
        let fetched = rows.read.saturating_sub(rows.repeated);
        counts.fetched = counts.fetched.saturating_add(fetched);
    }

    pub(crate) async fn page(
        &self,
        feed: Feed,
        cursor: Option<&str>,
    ) -> Result<Arc<OrderPage>, PollError> {
        self.in_time()?;
        Ok(self.orders.page(feed, cursor).await?)
    }

    /// The function ends in time to write its heartbeat.
    pub(crate) fn in_time(&self) -> Result<(), PollError> {
        if self.hub.clock.now() < self.deadline {
            return Ok(());
        }
        let said = "there was more to read than one poll has time for; the next one goes on";
        Err(MarketplaceError::new(ErrorKind::Unavailable, "read orders", said).into())
    }

    pub(crate) fn take_over(&mut self, rows: &mut Rows) {
        let (reports, mut refused) = rows.take();
        let reports = reports.map(|report| (report.number.clone(), report));
        self.heard.extend(reports);
        self.refused.append(&mut refused);
    }

    fn nothing_new(&mut self, rows: &Rows) {
        let PollCounts { known, parked, .. } = &mut self.counts;
        let (reports, refused) = rows.counts();
        *known = known.saturating_add(reports);
        *parked = parked.saturating_add(refused);
    }

    /// Whether any of these reports would change something.
    pub(crate) async fn any_news(&self, reports: &[OrderReport]) -> Result<bool, PollError> {
        let numbers: Vec<OrderNumber> = reports.iter().map(|r| r.number.clone()).collect();
        let stored = self.stored(&numbers).await?;
        let now = self.hub.clock.now();
        Ok(reports.iter().any(|report| {
            stored
                .get(&report.number)
                .is_none_or(|order| order.clone().hear(report, now) == Heard::Changed)
        }))
    }

    pub(crate) async fn stored(
        &self,
        numbers: &[OrderNumber],
    ) -> Result<BTreeMap<OrderNumber, Order>, PollError> {
        let ids: Vec<OrderId> = numbers.iter().map(|number| self.id(number)).collect();
        let orders = self.hub.store.orders(&self.state.seller, &ids).await?;
        Ok(orders
            .into_iter()
            .map(|order| (order.id.number.clone(), order))
            .collect())
    }

    pub(crate) fn id(&self, number: &OrderNumber) -> OrderId {
        OrderId {
            account: self.state.account.clone(),
            number: number.clone(),
        }
    }
}

pub(crate) fn repeats(feed: Feed) -> MarketplaceError {
    let said = format!("the {} list repeats itself instead of going on", feed.name);
    MarketplaceError::new(ErrorKind::Malformed, "read orders", said)
}
