//! Reading one account's orders and writing what changed.
//!
//! An unchanged feed writes nothing: the hash of what it held is compared with the hash of what
//! it holds. The hash moves only after everything it covers is durable.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, TryStreamExt, stream};
use haat_domain::{Heard, Order, OrderId, OrderNumber, OrderReport, Parked, ParkedKind};
use haat_ports::{
    Connection, ErrorKind, Feed, MarketplaceError, Orders, PollState, Reading, RefusedRow,
    StoreError, VaultError,
};
use serde::Serialize;

use crate::Hub;
use crate::feed_rows::Rows;
use crate::write_order::{self, WriteError};

/// Writes under way at once.
const WRITERS: usize = 16;

/// What became of the rows that one account's feeds showed. Conservation:
/// `fetched = stored + changed + known + parked`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct PollCounts {
    /// Orders and unreadable rows seen, each once.
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

/// Polls one account over an open connection. A feed that fails does not keep the others from
/// being read; the first failure is returned after all else is durable.
pub(crate) async fn poll_orders(
    hub: &Hub,
    connection: &dyn Connection,
    state: &PollState,
) -> (PollCounts, Result<(), PollError>) {
    let mut poll = Poll {
        hub,
        state,
        orders: connection.orders(),
        limit: hub
            .marketplaces
            .get(&state.marketplace)
            .map_or(1, |marketplace| {
                marketplace.descriptor().limits.look_up.max(1)
            }),
        counts: PollCounts::default(),
        heard: BTreeMap::new(),
        refused: BTreeMap::new(),
        seen: state.seen.clone(),
    };
    let mut trouble = None;
    for feed in poll.orders.feeds() {
        if let Err(error) = poll.read(*feed).await {
            let stop = matches!(&error, PollError::Marketplace(error) if !may_go_on(error));
            trouble.get_or_insert(error);
            if stop {
                break;
            }
        }
    }
    let written = poll.write().await;
    (poll.counts, written.and(trouble.map_or(Ok(()), Err)))
}

/// An answer that cannot be understood concerns its own feed; all other trouble concerns the
/// account.
fn may_go_on(error: &MarketplaceError) -> bool {
    matches!(error.kind, ErrorKind::Malformed | ErrorKind::NotFound)
}

struct Poll<'a> {
    hub: &'a Hub,
    state: &'a PollState,
    orders: &'a dyn Orders,
    limit: usize,
    counts: PollCounts,
    /// What the changed feeds say; the later feed overwrites the earlier.
    heard: BTreeMap<OrderNumber, OrderReport>,
    refused: BTreeMap<String, RefusedRow>,
    seen: BTreeMap<String, u64>,
}

impl Poll<'_> {
    async fn read(&mut self, feed: Feed) -> Result<(), PollError> {
        let mut rows = Rows::default();
        let mut page = self.orders.page(feed, None).await?;
        let mut next = page.next.take();
        rows.absorb(page);
        // A feed that only grows shows its news on the first page.
        let first_page = rows.hash;
        if feed.reading == Reading::UntilKnown && self.seen.get(feed.name) == Some(&first_page) {
            self.nothing_new(&rows);
            return Ok(());
        }
        let mut cursors = BTreeSet::new();
        while let Some(cursor) = next {
            if feed.reading == Reading::UntilKnown && !self.any_news(&rows.latest).await? {
                break;
            }
            page = self.orders.page(feed, Some(&cursor)).await?;
            next = page.next.take();
            let held = page.reports.len().saturating_add(page.refused.len());
            let new = rows.absorb(page);
            if held == 0 {
                break;
            }
            if new == 0 || !cursors.insert(cursor) {
                return Err(repeats(feed).into());
            }
        }
        let hash = match feed.reading {
            Reading::Whole => rows.hash,
            Reading::UntilKnown => first_page,
        };
        if self.seen.insert(feed.name.to_owned(), hash) == Some(hash) {
            self.nothing_new(&rows);
        } else {
            self.heard.append(&mut rows.reports);
            self.refused.append(&mut rows.refused);
        }
        Ok(())
    }

    fn nothing_new(&mut self, rows: &Rows) {
        let PollCounts {
            fetched,
            known,
            parked,
            ..
        } = &mut self.counts;
        *fetched = fetched.saturating_add(rows.len());
        *known = known.saturating_add(rows.reports.len());
        *parked = parked.saturating_add(rows.refused.len());
    }

    /// Whether any of these reports would change something.
    async fn any_news(&self, reports: &[OrderReport]) -> Result<bool, PollError> {
        let numbers: Vec<OrderNumber> = reports.iter().map(|r| r.number.clone()).collect();
        let stored = self.stored(&numbers).await?;
        let now = self.hub.clock.now();
        Ok(reports.iter().any(|report| {
            stored
                .get(&report.number)
                .is_none_or(|order| order.clone().hear(report, now) == Heard::Changed)
        }))
    }

    async fn stored(
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

    fn id(&self, number: &OrderNumber) -> OrderId {
        OrderId {
            account: self.state.account.clone(),
            number: number.clone(),
        }
    }

    /// Makes everything heard durable, and only then remembers what was seen.
    async fn write(&mut self) -> Result<(), PollError> {
        self.park_refused().await?;
        let reports: Vec<OrderReport> = std::mem::take(&mut self.heard).into_values().collect();
        let numbers: Vec<OrderNumber> = reports.iter().map(|r| r.number.clone()).collect();
        self.counts.fetched = self.counts.fetched.saturating_add(reports.len());
        let mut stored = self.stored(&numbers).await?;
        let (known, new): (Vec<_>, Vec<_>) = reports
            .into_iter()
            .partition(|report| stored.contains_key(&report.number));
        let mut work = Vec::new();
        for report in known {
            if let Some(order) = stored.remove(&report.number) {
                work.push((order, report));
            }
        }
        let this = &*self;
        let changed: Vec<bool> = stream::iter(work)
            .map(|(mut order, report)| async move {
                let heard = write_order::hear(this.hub, &mut order, &report).await?;
                Ok::<bool, PollError>(heard == Heard::Changed)
            })
            .buffer_unordered(WRITERS)
            .try_collect()
            .await?;
        let changes = changed.iter().filter(|changed| **changed).count();
        self.counts.changed = self.counts.changed.saturating_add(changes);
        let same = changed.len().saturating_sub(changes);
        self.counts.known = self.counts.known.saturating_add(same);
        self.write_new(new).await?;
        if self.seen != self.state.seen {
            let state = PollState {
                seen: self.seen.clone(),
                ..self.state.clone()
            };
            self.hub.store.put_seen(&state).await?;
        }
        Ok(())
    }

    async fn write_new(&mut self, mut new: Vec<OrderReport>) -> Result<(), PollError> {
        while !new.is_empty() {
            let rest = new.split_off(new.len().min(self.limit));
            let batch = std::mem::replace(&mut new, rest);
            let reports = self.with_details(batch).await?;
            let this = &*self;
            let written: Vec<()> = stream::iter(reports)
                .map(|report| async move { this.write_one(&report).await })
                .buffer_unordered(WRITERS)
                .try_collect()
                .await?;
            self.counts.stored = self.counts.stored.saturating_add(written.len());
        }
        Ok(())
    }

    async fn write_one(&self, report: &OrderReport) -> Result<(), PollError> {
        let now = self.hub.clock.now();
        let PollState {
            seller,
            marketplace,
            ..
        } = self.state;
        let id = self.id(&report.number);
        let mut order = Order::first_heard(id, seller.clone(), marketplace.clone(), report, now);
        write_order::keep_buyer(self.hub, seller, &order.id, report).await?;
        let before = order.clone();
        match write_order::put(self.hub.store.as_ref(), &before, &mut order).await {
            // Another poll stored it first: it hears what we heard.
            Err(WriteError::Store(StoreError::Conflict(_))) => {
                let ids = [order.id.clone()];
                if let Some(mut stored) = self.hub.store.orders(seller, &ids).await?.pop() {
                    write_order::hear(self.hub, &mut stored, report).await?;
                }
                Ok(())
            }
            other => Ok(other?),
        }
    }

    /// New orders with what only a look at each tells. An order whose details cannot be had
    /// lands without them: better known in part than not at all.
    async fn with_details(
        &mut self,
        reports: Vec<OrderReport>,
    ) -> Result<Vec<OrderReport>, PollError> {
        let numbers: Vec<OrderNumber> = reports.iter().map(|r| r.number.clone()).collect();
        let looked = match self.orders.look_up(&numbers).await {
            Ok(looked) => looked,
            Err(error) if may_go_on(&error) => {
                tracing::warn!(account = %self.state.account, %error, "orders land without details");
                return Ok(reports);
            }
            Err(error) => return Err(error.into()),
        };
        let mut details: BTreeMap<_, _> = looked
            .reports
            .into_iter()
            .map(|report| (report.number.clone(), report))
            .collect();
        Ok(reports
            .into_iter()
            .map(|report| match details.remove(&report.number) {
                Some(detail) => merged(report, detail),
                None => report,
            })
            .collect())
    }

    async fn park_refused(&mut self) -> Result<(), PollError> {
        for (key, row) in std::mem::take(&mut self.refused) {
            self.counts.fetched = self.counts.fetched.saturating_add(1);
            let parked = Parked {
                seller: self.state.seller.clone(),
                account: self.state.account.clone(),
                kind: ParkedKind::OrderRow,
                key,
                reason: row.reason,
                since: self.hub.clock.now(),
            };
            let place = parked_place(&parked);
            let raw = self
                .hub
                .vault
                .seal(&parked.seller, &place, &row.raw)
                .await?;
            self.hub.store.park(&parked, Some(&raw)).await?;
            self.counts.parked = self.counts.parked.saturating_add(1);
        }
        Ok(())
    }
}

/// The place the raw form of something parked is sealed for.
pub(crate) fn parked_place(parked: &Parked) -> String {
    format!(
        "parked/{}/{}/{}",
        parked.account,
        parked.kind.word(),
        parked.key
    )
}

/// The look at the single order is the later word; the list keeps what the look does not say.
fn merged(list: OrderReport, look: OrderReport) -> OrderReport {
    let (step, word, reason) = match look.step {
        Some(step) => (Some(step), look.word, look.reason),
        None => (list.step, list.word, list.reason),
    };
    OrderReport {
        step,
        word,
        reason,
        lines: if look.lines.is_empty() {
            list.lines
        } else {
            look.lines
        },
        ordered_at: list.ordered_at.or(look.ordered_at),
        dispatch_by: look.dispatch_by.or(list.dispatch_by),
        packet: list.packet.or(look.packet),
        detail: look.detail,
        number: list.number,
        purchase: list.purchase,
    }
}

fn repeats(feed: Feed) -> MarketplaceError {
    let said = format!("the {} list repeats itself instead of going on", feed.name);
    MarketplaceError::new(ErrorKind::Malformed, "read orders", said)
}
