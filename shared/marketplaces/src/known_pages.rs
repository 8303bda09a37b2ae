//! Pages that were read before. Most polls find what the last one found: whoever sees the same
//! bytes again knows what they say without reading them.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use haat_ports::{FeedPage, OrderPage};
use rapidhash::v3::{RapidSecrets, rapidhash_v3_seeded};
use serde::Serialize;

/// Rows kept in memory, about a kilobyte each; a page counts as one row at least.
const MOST_ROWS: usize = 8_000;

/// A number that stands for all that a row says. It is compared with one that was stored, so it
/// is the same on every machine.
pub(crate) fn mark(row: &impl Serialize) -> u64 {
    // A report is plain values under names: nothing of it can fail to be written.
    mark_of_bytes(&serde_json::to_vec(row).unwrap_or_default())
}

/// The same for a row that could not be read.
fn mark_of_bytes(row: &[u8]) -> u64 {
    rapidhash_v3_seeded(row, &RapidSecrets::seed(0))
}

/// A page with the marks of its rows, as [`FeedPage::marks`] wants them.
pub(crate) fn marked<Row: Serialize>(mut page: FeedPage<Row>) -> FeedPage<Row> {
    let reports = page.reports.iter().map(mark);
    let refused = page.refused.iter();
    let refused = refused.map(|row| mark_of_bytes(row.raw.expose().as_bytes()));
    page.marks = reports.chain(refused).collect();
    page
}

/// What a page was asked for with, and what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Print {
    feed: &'static str,
    cursor: Option<u64>,
    length: usize,
    bytes: u64,
}

/// What pages said, as long as this process lives.
pub(crate) struct KnownPages {
    /// Drawn at the start, so that nobody outside can make two answers look alike.
    secrets: RapidSecrets,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    pages: HashMap<Print, Arc<OrderPage>>,
    oldest_first: VecDeque<Print>,
    rows: usize,
}

impl KnownPages {
    pub(crate) fn new() -> Self {
        let drawn = RandomState::new().build_hasher().finish();
        Self {
            secrets: RapidSecrets::seed(drawn),
            kept: Mutex::default(),
        }
    }

    /// The print of an answer to a question.
    pub(crate) fn print(&self, feed: &'static str, cursor: Option<&str>, answer: &[u8]) -> Print {
        let print = |bytes| rapidhash_v3_seeded(bytes, &self.secrets);
        Print {
            feed,
            cursor: cursor.map(|cursor| print(cursor.as_bytes())),
            length: answer.len(),
            bytes: print(answer),
        }
    }

    /// What the answer with this print says, if it was read before.
    pub(crate) fn known(&self, print: Print) -> Option<Arc<OrderPage>> {
        self.kept().pages.get(&print).cloned()
    }

    /// Keeps what an answer says. Rows that could not be read are not kept: they are raw, and may
    /// name a buyer.
    pub(crate) fn keep(&self, print: Print, page: &Arc<OrderPage>) {
        if !page.refused.is_empty() {
            return;
        }
        let mut kept = self.kept();
        if kept.pages.insert(print, Arc::clone(page)).is_none() {
            kept.oldest_first.push_back(print);
            kept.rows = kept.rows.saturating_add(rows(page));
        }
        while kept.rows > MOST_ROWS
            && let Some(oldest) = kept.oldest_first.pop_front()
        {
            let gone = kept.pages.remove(&oldest);
            let gone = gone.as_deref().map_or(0, rows);
            kept.rows = kept.rows.saturating_sub(gone);
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn rows(page: &OrderPage) -> usize {
    page.reports.len().max(1)
}

#[cfg(test)]
mod tests {
    use haat_domain::{OrderReport, Secret};
    use haat_ports::RefusedRow;

    use super::*;

    fn page(rows: usize) -> Arc<OrderPage> {
        let row = OrderReport {
            number: "299_1".parse().unwrap(),
            purchase: String::new(),
            step: None,
            word: String::new(),
            reason: None,
            lines: Vec::new(),
            ordered_at: None,
            dispatch_by: None,
            supply: haat_domain::Supply::default(),
            packet: None,
            detail: None,
        };
        Arc::new(OrderPage {
            reports: vec![row; rows],
            ..OrderPage::default()
        })
    }

    #[test]
    fn an_answer_is_known_by_its_bytes_its_feed_and_its_cursor() {
        let pages = KnownPages::new();
        let print = pages.print("pending", Some("c1"), b"an answer");
        pages.keep(print, &page(2));
        assert!(pages.known(print).is_some());
        for other in [
            pages.print("pending", Some("c1"), b"an answer."),
            pages.print("pending", Some("c1"), b"an answes"),
            pages.print("pending", Some("c2"), b"an answer"),
            pages.print("pending", None, b"an answer"),
            pages.print("shipped", Some("c1"), b"an answer"),
        ] {
            assert!(pages.known(other).is_none(), "{other:?}");
        }
    }

    #[test]
    fn the_oldest_pages_make_room() {
        let pages = KnownPages::new();
        let print = |number: usize| pages.print("pending", None, &number.to_be_bytes());
        for number in 0..10 {
            pages.keep(print(number), &page(MOST_ROWS / 8));
        }
        let known: Vec<bool> = (0..10)
            .map(|number| pages.known(print(number)).is_some())
            .collect();
        assert_eq!(known, [[false; 2].as_slice(), &[true; 8]].concat());
    }

    #[test]
    fn raw_rows_are_not_kept() {
        let pages = KnownPages::new();
        let raw = RefusedRow {
            number: None,
            reason: "price: cannot be read".to_owned(),
            raw: Secret::new("{}"),
        };
        let page = OrderPage {
            refused: vec![raw],
            ..OrderPage::default()
        };
        let print = pages.print("pending", None, b"an answer");
        pages.keep(print, &Arc::new(page));
        assert!(pages.known(print).is_none());
    }

    #[test]
    fn a_mark_is_stored_and_must_not_change_from_build_to_build() {
        assert_eq!(mark_of_bytes(b"a row"), 3_649_391_320_706_965_578);
        assert_eq!(mark(&["a", "row"]), mark_of_bytes(br#"["a","row"]"#));
    }
}
