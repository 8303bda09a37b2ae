//! Reading a feed that only grows: from its top down to the newest row of the last reading.
//!
//! The table does not say how far a feed was heard: a part of a reading may have been written and
//! the rest not, and orders hear of their end through look-ups as well. A mark does, which moves
//! only after everything that it covers is durable.

use std::sync::Arc;

use haat_domain::OrderReport;
use haat_ports::{ErrorKind, Feed, MarketplaceError, OrderPage, PollState, Reading};

use crate::feed_rows::Rows;
use crate::poll_orders::{Poll, PollError, repeats};

/// Pages that one poll reads of one such feed. A history that is longer, one whose marked row has
/// left, or one that it has no time for, is read on by the next polls.
const PAGES: usize = 20;

/// A feed that was read, and is to be remembered once what was read is durable.
pub(crate) struct Reached {
    /// Of all its rows, or of the first page of a feed that only grows. `None`: not all were read.
    pub(crate) hash: Option<u64>,
    /// The mark of the newest row of a feed that only grows.
    pub(crate) newest: Option<u64>,
    /// From where it is still to be read.
    pub(crate) rest: Option<String>,
}

impl Reached {
    /// Of a feed that was not asked for.
    pub(crate) fn nothing() -> Self {
        Self {
            hash: None,
            newest: None,
            rest: None,
        }
    }

    /// Notes how far the feed was read, once all of that is durable.
    pub(crate) fn remember(self, feed: Feed, after: &mut PollState) {
        let name = || feed.name.to_owned();
        match self.hash {
            Some(hash) => after.seen.insert(name(), hash),
            None => after.seen.remove(feed.name),
        };
        match self.newest {
            Some(mark) => after.heard.insert(name(), mark),
            None => after.heard.remove(feed.name),
        };
        match self.rest {
            Some(cursor) => after.rest.insert(name(), cursor),
            None => after.rest.remove(feed.name),
        };
    }
}

impl Poll<'_> {
    /// Reads what came since the last reading. It ends where the marked row was met *and* nothing
    /// below it on its page is new: a marked row that came to the top again hides nothing.
    pub(crate) async fn read_news(
        &mut self,
        feed: Feed,
        before: Option<u64>,
        rows: &mut Rows,
    ) -> Result<Reached, PollError> {
        let mut page = self.page(feed, None).await?;
        rows.absorb(Arc::clone(&page));
        let mut reached = Reached {
            hash: Some(rows.hash),
            newest: page.marks.first().copied(),
            rest: self.state.rest.get(feed.name).cloned(),
        };
        if before == Some(rows.hash) {
            return Ok(reached);
        }
        let mark = self.state.heard.get(feed.name).copied();
        let mut is_met = false;
        for read in 1.. {
            let Some(cursor) = next_of(&page) else {
                reached.rest = None;
                break;
            };
            let known = below(&page, mark.filter(|_| !is_met));
            is_met |= known.is_some();
            let known = known.or_else(|| is_met.then_some(page.reports.as_slice()));
            // A marked row that is the last of its page tells nothing of what is below.
            if let Some(known) = known.filter(|known| !known.is_empty())
                && !self.any_news(known).await?
            {
                break;
            }
            if read == PAGES || self.in_time().is_err() {
                self.leave_rest(feed);
                reached.rest = Some(cursor);
                break;
            }
            // The mark has not moved yet: what is written now hides nothing of what is below.
            self.take_over(rows);
            self.write().await?;
            page = self.page(feed, Some(&cursor)).await?;
            if rows.absorb(Arc::clone(&page)) == 0 && next_of(&page).is_some() {
                return Err(repeats(feed).into());
            }
        }
        Ok(reached)
    }

    /// Goes on where an earlier poll left the rest of a feed, unless this one has read it anew. A
    /// poll that has no time for it leaves it to the next one.
    pub(crate) async fn read_rest(
        &mut self,
        feed: Feed,
        after: &mut PollState,
    ) -> Result<(), PollError> {
        let left = self.state.rest.get(feed.name);
        let Some(mut cursor) = left.cloned() else {
            return Ok(());
        };
        let goes_on = matches!(feed.reading, Reading::UntilKnown | Reading::WhenAsked);
        if !goes_on || after.rest.get(feed.name) != left {
            return Ok(());
        }
        let mut rows = Rows::default();
        for read in 0..PAGES {
            if self.in_time().is_err() {
                break;
            }
            let page = self.orders.page(feed, Some(&cursor)).await;
            let page = page.inspect_err(|error| {
                // What was asked for has no top to begin at anew: it stays, and is told of.
                let begins_anew = feed.reading == Reading::UntilKnown;
                if begins_anew && read == 0 && may_be_the_cursor(error) {
                    forget(feed, after);
                }
            })?;
            let next = next_of(&page);
            let mut this_page = Rows::default();
            this_page.absorb(Arc::clone(&page));
            self.count_rows(&this_page);
            self.take_over(&mut this_page);
            self.write().await?;
            if rows.absorb(page) == 0 && next.is_some() {
                forget(feed, after);
                return Err(repeats(feed).into());
            }
            let Some(next) = next else {
                after.rest.remove(feed.name);
                return Ok(());
            };
            after.rest.insert(feed.name.to_owned(), next.clone());
            cursor = next;
        }
        self.leave_rest(feed);
        Ok(())
    }

    fn leave_rest(&self, feed: Feed) {
        tracing::info!(
            event = "poll.rest",
            seller = %self.state.seller,
            account = %self.state.account,
            feed = feed.name,
            "the feed holds more than one poll reads of it; the next one goes on below"
        );
    }
}

/// Where the next page starts; a page without rows is the end, wherever it points.
pub(crate) fn next_of(page: &OrderPage) -> Option<String> {
    page.next.clone().filter(|_| !page.marks.is_empty())
}

/// The feed is read anew from its top.
fn forget(feed: Feed, after: &mut PollState) {
    after.seen.remove(feed.name);
    after.heard.remove(feed.name);
    after.rest.remove(feed.name);
}

/// What stands below the marked row on this page, if the row is on it.
fn below(page: &OrderPage, mark: Option<u64>) -> Option<&[OrderReport]> {
    let place = page.marks.iter().position(|found| Some(*found) == mark)?;
    let below = page.reports.get(place.saturating_add(1)..);
    // The marks of rows that could not be read stand after all others, wherever the rows were.
    Some(below.unwrap_or(&page.reports))
}

/// Nobody says how long a cursor is good, or how it is refused: then the feed is read anew.
fn may_be_the_cursor(error: &MarketplaceError) -> bool {
    matches!(
        error.kind,
        ErrorKind::Malformed | ErrorKind::NotFound | ErrorKind::Rejected | ErrorKind::Unavailable
    )
}
