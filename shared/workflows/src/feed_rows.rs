//! The rows of one feed, and a hash to know them by.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use haat_domain::{OrderNumber, OrderReport};
use haat_ports::{OrderPage, RefusedRow};
use sha2::{Digest, Sha256};

/// The rows of one feed, with a hash that does not depend on their order: shifting pages look
/// unchanged, and a row that two pages repeat counts once.
///
/// Reports are only pointed at: of a feed that turns out unchanged none is ever copied.
#[derive(Default)]
pub(crate) struct Rows {
    reports: BTreeMap<OrderNumber, (Arc<OrderPage>, usize)>,
    /// By order number, or by a hash of the row where none could be read.
    refused: BTreeMap<String, RefusedRow>,
    marks: BTreeSet<u64>,
    pub(crate) hash: u64,
    /// Rows that the pages held.
    pub(crate) read: usize,
    /// Rows that took the place of an earlier one that was not given away yet: of what is said of
    /// an order the later word counts.
    pub(crate) repeated: usize,
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.reports.len().saturating_add(self.refused.len())
    }

    /// The orders of the rows that were not given away yet.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = &OrderNumber> {
        self.reports.keys()
    }

    /// How many reports and how many refused rows there are, each once.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.reports.len(), self.refused.len())
    }

    /// Takes a page in; returns how many rows it brought that were not there before.
    pub(crate) fn absorb(&mut self, page: Arc<OrderPage>) -> usize {
        let before = self.marks.len();
        for mark in &page.marks {
            if self.marks.insert(*mark) {
                self.hash ^= mark;
            }
        }
        for (place, report) in page.reports.iter().enumerate() {
            let place = (Arc::clone(&page), place);
            let replaced = self.reports.insert(report.number.clone(), place);
            self.count(replaced.is_some());
        }
        for row in &page.refused {
            let replaced = self.refused.insert(key_of(row), row.clone());
            self.count(replaced.is_some());
        }
        self.marks.len().saturating_sub(before)
    }

    fn count(&mut self, replaced: bool) {
        self.read = self.read.saturating_add(1);
        self.repeated = self.repeated.saturating_add(usize::from(replaced));
    }

    /// Gives the rows away; what they were stays known.
    pub(crate) fn take(
        &mut self,
    ) -> (
        impl Iterator<Item = OrderReport> + use<>,
        BTreeMap<String, RefusedRow>,
    ) {
        let reports = std::mem::take(&mut self.reports);
        let reports = reports.into_values();
        let reports = reports.filter_map(|(page, place)| page.reports.get(place).cloned());
        (reports, std::mem::take(&mut self.refused))
    }
}

pub(crate) fn key_of(row: &RefusedRow) -> String {
    match &row.number {
        Some(number) => number.to_string(),
        None => hex::encode(Sha256::digest(row.raw.expose().as_bytes()))
            .chars()
            .take(24)
            .collect(),
    }
}
