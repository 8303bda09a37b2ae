//! Reading orders by the numbers that Haat knows, where the marketplace does not tell by itself what
//! became of them.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

use haat_domain::OrderNumber;
use haat_ports::{Feed, LookUp, Numbers, OrderPage, Which};
use jiff::SignedDuration;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::feed_rows::Rows;
use crate::growing_feed::Reached;
use crate::poll_orders::{Poll, PollError};
use crate::write_order;

impl Poll<'_> {
    /// Looks up the orders that no other feed of this poll named, from where the last poll had no
    /// time for more.
    pub(crate) async fn read_known(
        &mut self,
        feed: Feed,
        which: Which,
        rows: &mut Rows,
    ) -> Result<Reached, PollError> {
        let asked = self.known_numbers(which).await?;
        let rest = self.state.rest.get(feed.name);
        let from = rest.and_then(|cursor| cursor.parse::<OrderNumber>().ok());
        let before = self.state.seen.get(feed.name).copied();
        let behind = match &from {
            Some(last) => (Bound::Excluded(last), Bound::Unbounded),
            None => (Bound::Unbounded, Bound::Unbounded),
        };
        let wanted: Vec<OrderNumber> = asked.range(behind).cloned().collect();
        let mut unknown = Vec::new();
        for (place, some) in wanted.chunks(self.limit).enumerate() {
            if place > 0 && self.in_time().is_err() {
                let done = place.saturating_mul(self.limit);
                let last = done.checked_sub(1).and_then(|last| wanted.get(last));
                self.tell_unknown(&unknown).await?;
                return Ok(Reached {
                    hash: None,
                    newest: None,
                    rest: last.map(OrderNumber::to_string),
                });
            }
            self.in_time()?;
            let found = self.orders.look_up(some).await?;
            unknown.extend(found.unknown.iter().cloned());
            rows.absorb(Arc::new(marked(found)));
        }
        let hash = rows.hash ^ unknown.iter().map(mark).fold(0, |all, one| all ^ one);
        if from.is_some() || before != Some(hash) {
            self.tell_unknown(&unknown).await?;
        }
        Ok(Reached {
            hash: from.is_none().then_some(hash),
            newest: None,
            rest: None,
        })
    }

    async fn known_numbers(&self, which: Which) -> Result<BTreeSet<OrderNumber>, PollError> {
        let now = self.hub.clock.now();
        let numbers = match which {
            Which::Open => Numbers::Open,
            Which::Moving { days } => {
                let hours = i64::from(days).saturating_mul(24);
                let since = now.saturating_sub(SignedDuration::from_hours(hours));
                Numbers::MovingSince(since.unwrap_or(now))
            }
        };
        let (seller, account) = (&self.state.seller, &self.state.account);
        let mut known = self.hub.store.numbers(seller, account, numbers).await?;
        known.retain(|number| !self.named.contains(number));
        Ok(known)
    }

    /// Notes on orders that the marketplace no longer knows them, once.
    async fn tell_unknown(&self, unknown: &[OrderNumber]) -> Result<(), PollError> {
        let now = self.hub.clock.now();
        for (_, mut order) in self.stored(unknown).await? {
            let store = self.hub.store.as_ref();
            write_order::change(store, &mut order, |order| {
                order.hear_nothing(now) == haat_domain::Heard::Changed
            })
            .await?;
        }
        Ok(())
    }
}

/// The answer to a look-up as a page, with marks that are the same in every process.
fn marked(found: LookUp) -> OrderPage {
    let refused = found.refused.iter().map(|row| mark(&row.raw.expose()));
    OrderPage {
        marks: found.reports.iter().map(mark).chain(refused).collect(),
        reports: found.reports,
        refused: found.refused,
        next: None,
    }
}

fn mark(row: &impl Serialize) -> u64 {
    // What is said of an order is plain values under names: nothing of it can fail to be written.
    let digest = Sha256::digest(serde_json::to_vec(row).unwrap_or_default());
    digest
        .iter()
        .take(8)
        .fold(0, |number, byte| (number << 8) | u64::from(*byte))
}
