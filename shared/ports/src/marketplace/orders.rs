//! Reading orders, and how lists of a marketplace are read at all.

use std::sync::Arc;

use async_trait::async_trait;
use haat_domain::{OrderNumber, OrderReport, Secret};
use jiff::Timestamp;

use super::MarketplaceError;

/// One list at a marketplace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feed {
    /// Its name, as in `pending`; key of what was last seen. Unique within its marketplace.
    pub name: &'static str,
    /// How it must be read.
    pub reading: Reading,
    /// How often.
    pub pause: Pause,
}

/// How a feed must be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// To its end, each time: orders leave it again.
    Whole,
    /// Newest first, until the newest row of the last reading is met: it only grows.
    UntilKnown,
    /// From the cursor that [`Orders::history`] gives to its end, once each time it is asked for.
    WhenAsked,
    /// By the numbers of orders that Haat knows, as far as no other feed of the same poll named
    /// them: the marketplace does not tell by itself what became of them.
    ByNumber(Which),
}

/// Which orders are asked for by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those still to be handed over.
    Open,
    /// Those on their way, for so many days after they were handed over.
    Moving {
        /// Days.
        days: u16,
    },
}

/// How long a feed is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// It is read with every poll of the account.
    None,
    /// So many minutes. While nothing changes the pause grows: to a quarter of the time since the
    /// last change, and no further than the longest.
    Minutes {
        /// The usual pause.
        usual: u16,
        /// The longest.
        longest: u16,
    },
}

/// Reading orders.
#[async_trait]
pub trait Orders: Send + Sync {
    /// The feeds, in the order in which they are read: when two of them may name the same order
    /// during one poll, the later feed is right.
    fn feeds(&self) -> &'static [Feed];

    /// Where the feed that is read [`Reading::WhenAsked`] begins, for orders from then on; `None`
    /// where the other feeds hold all of them anyway. Makes no call.
    fn history(&self, _from: Timestamp) -> Option<String> {
        None
    }

    /// One page of a feed, from the start or from where the last page pointed. Feeds that are
    /// read by number have none.
    ///
    /// # Behavior
    /// - A row that cannot be read lands in `refused` and does not spoil the page.
    /// - A page that cannot be read at all is [`ErrorKind::Malformed`](super::ErrorKind::Malformed).
    /// - The marketplace is asked each time. An answer that is the same to the byte need not be
    ///   read again: that is why a page is shared.
    async fn page(
        &self,
        feed: Feed,
        cursor: Option<&str>,
    ) -> Result<Arc<OrderPage>, MarketplaceError>;

    /// What the marketplace says now of these orders, at most
    /// [`Limits::look_up`](super::Limits::look_up), with details.
    async fn look_up(&self, numbers: &[OrderNumber]) -> Result<LookUp, MarketplaceError>;
}

/// One page of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedPage<Row> {
    /// The rows that could be read.
    pub reports: Vec<Row>,
    /// The rows that could not.
    pub refused: Vec<RefusedRow>,
    /// For each report, then for each refused row, a number that stands for all it says: rows
    /// with the same mark say the same. It is kept, so the same words have the same mark in every
    /// process.
    pub marks: Vec<u64>,
    /// Where the next page starts; `None` at the end.
    pub next: Option<String>,
}

/// One page of a feed of orders.
pub type OrderPage = FeedPage<OrderReport>;

impl<Row> Default for FeedPage<Row> {
    fn default() -> Self {
        Self {
            reports: Vec::new(),
            refused: Vec::new(),
            marks: Vec::new(),
            next: None,
        }
    }
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// The order it is about, when that much could be read.
    pub number: Option<OrderNumber>,
    /// Why, naming the field, without buyer's data.
    pub reason: String,
    /// The row as it came.
    pub raw: Secret,
}

/// The answer to a look-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookUp {
    /// What was found.
    pub reports: Vec<OrderReport>,
    /// Rows that could not be read.
    pub refused: Vec<RefusedRow>,
    /// What the marketplace does not know.
    pub unknown: Vec<OrderNumber>,
}
