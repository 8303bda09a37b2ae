//! Reading one account's orders and writing what changed.
//!
//! An unchanged feed writes nothing: the hash of what it held is compared with the hash of what
//! it holds. The hash moves only after everything it covers is durable.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use haat_domain::{Heard, Order, OrderId, OrderNumber, OrderReport};
use haat_ports::{
    Connection, ErrorKind, Feed, MarketplaceError, OrderPage, Orders, Pause, PollState, Reading,
    RefusedRow, StoreError, VaultError,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::Hub;
use crate::feed_pause;
use crate::feed_rows::Rows;
use crate::growing_feed::{Reached, next_of};
use crate::remember::remember;
use crate::write_order::WriteError;

/// Rows that are held back at most until the whole feed is read and may turn out unchanged.
pub(crate) const MANY: usize = 1_000;
/// What a mountain of open orders leaves of a poll's time, so that what was cancelled is heard.
const FOR_CLOSED_ORDERS: SignedDuration = SignedDuration::from_secs(30);

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
    #[error("there was more to read than one poll has time for; the next one goes on")]
    Late,
}

impl PollError {
    /// Whether the other feeds may be read all the same: a feed that is refused or cannot be
    /// understood concerns itself alone, and who is late makes no call.
    pub(crate) fn passes(&self) -> bool {
        match self {
            Self::Marketplace(error) => may_go_on(error),
            Self::Late => true,
            Self::Write(_) => false,
        }
    }
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

/// When a poll ends, and when the account was last read whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PollTimes {
    pub(crate) deadline: Timestamp,
    /// `None` where all feeds are to be read, however long ago that was.
    pub(crate) last: Option<Timestamp>,
}

/// Polls one account over an open connection, until the deadline at most. A feed that fails does
/// not keep the others from being read; what was read of it is written all the same.
pub(crate) async fn poll_orders(
    hub: &Hub,
    connection: &dyn Connection,
    state: &PollState,
    times: PollTimes,
) -> (PollCounts, Result<(), PollError>) {
    let mut poll = Poll {
        hub,
        state,
        orders: connection.orders(),
        limit: hub.limits(&state.marketplace).look_up,
        times,
        counts: PollCounts::default(),
        named: BTreeSet::new(),
        heard: BTreeMap::new(),
        refused: BTreeMap::new(),
    };
    let mut after = state.clone();
    let read = poll.read_all(&mut after).await;
    let read = read.and(poll.read_beside(connection, &mut after).await);
    let remembered = remember(hub, state, after).await;
    if let (Err(_), Err(failed)) = (&read, &remembered) {
        tracing::warn!(account = %state.account, %failed, "what was read is not remembered");
    }
    // Of two troubles the marketplace's is told: it may be one that only the seller can end.
    (poll.counts, read.and(remembered))
}

/// All other trouble concerns the account.
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
    times: PollTimes,
    pub(crate) counts: PollCounts,
    /// The orders that a feed of this poll named.
    pub(crate) named: BTreeSet<OrderNumber>,
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
            if feed.reading == Reading::WhenAsked || !self.is_due(*feed) {
                continue;
            }
            let read = self.read_and_write(*feed, after).await;
            trouble = trouble.and(self.told(*feed, read)?);
        }
        for feed in self.orders.feeds() {
            let read = self.read_rest(*feed, after).await;
            trouble = trouble.and(self.told(*feed, read)?);
        }
        trouble
    }

    /// Trouble that stops the account is an `Err` at once, whatever passed before.
    fn told(
        &self,
        feed: Feed,
        read: Result<(), PollError>,
    ) -> Result<Result<(), PollError>, PollError> {
        match read {
            Err(error) if !error.passes() => Err(error),
            Err(error) => {
                let (account, feed) = (&self.state.account, feed.name);
                tracing::warn!(%account, feed, %error, "a feed could not be read whole");
                Ok(Err(error))
            }
            Ok(()) => Ok(Ok(())),
        }
    }

    async fn read_and_write(&mut self, feed: Feed, after: &mut PollState) -> Result<(), PollError> {
        let read = self.read(feed).await;
        // What was heard of a feed is true, whether its end was reached or not.
        let written = self.write().await;
        let reached = match (read, written) {
            (Ok(reached), Ok(())) => reached,
            (Err(error), Ok(())) => return Err(begin_anew(feed, after, error)),
            (Ok(_), Err(error)) => return Err(error),
            (Err(error), Err(stops)) => {
                let error = begin_anew(feed, after, error);
                return Err(if stops.passes() { error } else { stops });
            }
        };
        let is_whole = feed.reading == Reading::UntilKnown || reached.hash.is_some();
        self.note_change(feed, reached.hash, after);
        reached.remember(feed, after);
        if is_whole {
            Ok(())
        } else {
            Err(PollError::Late)
        }
    }

    pub(crate) fn is_due(&self, feed: Feed) -> bool {
        let changed = self.state.changed.get(feed.name).copied();
        feed_pause::is_due(feed, changed, self.times.last, self.hub.clock.now())
    }

    /// Notes when a feed that is not read with every poll held something new.
    pub(crate) fn note_change(&self, feed: Feed, hash: Option<u64>, after: &mut PollState) {
        let same = self.state.seen.get(feed.name).copied() == hash;
        if feed.pause != Pause::None && !same {
            after
                .changed
                .insert(feed.name.to_owned(), self.hub.clock.now());
        }
    }

    /// Reads a feed; what is new of it waits to be written.
    async fn read(&mut self, feed: Feed) -> Result<Reached, PollError> {
        let before = self.state.seen.get(feed.name).copied();
        let mut rows = Rows::default();
        let read = match feed.reading {
            Reading::Whole => self.read_whole(feed, before, &mut rows).await,
            Reading::UntilKnown => self.read_news(feed, before, &mut rows).await,
            Reading::WhenAsked => Ok(Reached::nothing()),
            Reading::ByNumber(which) => self.read_known(feed, which, &mut rows).await,
        };
        self.count_rows(&rows);
        self.named.extend(rows.numbers().cloned());
        let hash = read.as_ref().ok().and_then(|reached| reached.hash);
        if hash.is_some() && before == hash {
            self.nothing_new(&rows);
        } else {
            self.take_over(&mut rows);
        }
        read
    }

    /// Reads a feed to its end, from where the last poll had no time for more. The hash is that of
    /// a feed that was read from its top to its end.
    async fn read_whole(
        &mut self,
        feed: Feed,
        before: Option<u64>,
        rows: &mut Rows,
    ) -> Result<Reached, PollError> {
        let mut asked = self.state.rest.get(feed.name).cloned();
        let from_the_top = asked.is_none();
        let mut cursors = BTreeSet::new();
        let rest = loop {
            let page = self.page(feed, asked.as_deref()).await?;
            let next = next_of(&page);
            let new = rows.absorb(page);
            let Some(cursor) = next else {
                break None;
            };
            if new == 0 || !cursors.insert(cursor.clone()) {
                return Err(repeats(feed).into());
            }
            if before.is_none() || rows.len() >= MANY {
                // A long list shows its first orders at once, and a poll that ends before it has
                // been worth its while.
                self.take_over(rows);
                self.write().await?;
            }
            if self.in_time_for(FOR_CLOSED_ORDERS).is_err() {
                break Some(cursor);
            }
            asked = Some(cursor);
        };
        Ok(Reached {
            hash: (from_the_top && rest.is_none()).then_some(rows.hash),
            newest: None,
            rest,
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
        self.in_time_for(SignedDuration::ZERO)
    }

    /// Whether there is time for more, and for this after it.
    fn in_time_for(&self, reserve: SignedDuration) -> Result<(), PollError> {
        let left = self.times.deadline.duration_since(self.hub.clock.now());
        if left > reserve {
            Ok(())
        } else {
            Err(PollError::Late)
        }
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

/// After trouble a list that was to be read on is read from its top: its cursor may be the trouble.
fn begin_anew(feed: Feed, after: &mut PollState, error: PollError) -> PollError {
    if feed.reading != Reading::UntilKnown && !matches!(error, PollError::Late) {
        after.rest.remove(feed.name);
    }
    error
}
