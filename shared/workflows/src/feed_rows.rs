//! The rows of one feed, and a hash to know them by.

use std::collections::{BTreeMap, BTreeSet};

use haat_domain::{OrderNumber, OrderReport};
use haat_ports::{OrderPage, RefusedRow};
use sha2::{Digest, Sha256};

/// The rows of one feed, with a hash that does not depend on their order: shifting pages look
/// unchanged, and a row that two pages repeat counts once.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) reports: BTreeMap<OrderNumber, OrderReport>,
    /// By order number, or by a hash of the row where none could be read.
    pub(crate) refused: BTreeMap<String, RefusedRow>,
    /// The reports of the page that was taken in last.
    pub(crate) latest: Vec<OrderReport>,
    hashes: BTreeSet<u64>,
    pub(crate) hash: u64,
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.reports.len().saturating_add(self.refused.len())
    }

    /// Takes a page in; returns how many rows it brought that were not there before.
    pub(crate) fn absorb(&mut self, page: OrderPage) -> usize {
        let before = self.hashes.len();
        self.latest.clone_from(&page.reports);
        for report in page.reports {
            self.count_in(&serde_json::to_vec(&report).unwrap_or_default());
            self.reports.insert(report.number.clone(), report);
        }
        for row in page.refused {
            let content = row.raw.expose().as_bytes();
            self.count_in(content);
            let key = match &row.number {
                Some(number) => number.to_string(),
                None => hex::encode(Sha256::digest(content))
                    .chars()
                    .take(24)
                    .collect(),
            };
            self.refused.insert(key, row);
        }
        self.hashes.len().saturating_sub(before)
    }

    fn count_in(&mut self, row: &[u8]) {
        let digest = Sha256::digest(row);
        let first: [u8; 8] = digest.first_chunk().copied().unwrap_or_default();
        let hash = u64::from_be_bytes(first);
        if self.hashes.insert(hash) {
            self.hash ^= hash;
        }
    }
}
