//! The orders that wait for an account's work.
//!
//! A few stand in the account's record, which is written anyway. Many are noted beside it, so that
//! noting a hundred of them costs the same whether none or ten thousand wait already. A note that
//! outlived its orders costs a read: what no longer wants the action is left out when its turn
//! comes.

use std::collections::BTreeSet;

use futures_util::{StreamExt, TryStreamExt, stream};
use haat_domain::{AccountId, Action, Order, OrderNumber, SellerId};
use haat_ports::WaitingOrders;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::account_work::Work;
use crate::work_on_jobs::WorkError;
use crate::write_order::WRITERS;

/// Orders that wait in the record at most; about two kilobytes.
const IN_RECORD: usize = 100;
/// Orders in one note: what the table reads in one call.
const IN_NOTE: usize = 100;
/// Notes read to fill a job.
const NOTES_AT_ONCE: u32 = 200;

impl Work<'_> {
    fn place(&self) -> (&SellerId, &AccountId, Action) {
        (&self.account.seller, &self.account.id, self.record.action)
    }

    /// The orders a message names join those that wait.
    pub(crate) async fn take_in(&mut self, orders: &[OrderNumber]) -> Result<(), WorkError> {
        let known: BTreeSet<&OrderNumber> = self
            .record
            .orders
            .iter()
            .chain(&self.record.asked)
            .collect();
        let new: Vec<OrderNumber> = orders
            .iter()
            .filter(|number| !known.contains(number))
            .cloned()
            .collect();
        let now = self.now();
        if self.record.orders.len().saturating_add(new.len()) > IN_RECORD {
            self.note(now, now, &new).await?;
        } else if !new.is_empty() {
            self.record.since.get_or_insert(now);
            self.record.orders.extend(new);
        }
        if self.record.orders.len() > IN_RECORD {
            // A record of a version that kept them all.
            let many = self.record.orders.split_off(IN_RECORD);
            self.note(now, self.record.since.unwrap_or(now), &many)
                .await?;
        }
        Ok(())
    }

    /// The orders a message names are noted, whatever the record says.
    pub(crate) async fn note_for_later(&self, orders: &[OrderNumber]) -> Result<(), WorkError> {
        let now = self.now();
        self.note(now, now, orders).await
    }

    /// Notes orders to be looked at when they are due.
    pub(crate) async fn note(
        &self,
        due: Timestamp,
        since: Timestamp,
        orders: &[OrderNumber],
    ) -> Result<(), WorkError> {
        let mut orders = orders.to_vec();
        orders.sort();
        for some in orders.chunks(IN_NOTE) {
            let note = WaitingOrders {
                due,
                since,
                name: name_of(some),
                orders: some.to_vec(),
            };
            self.desk.hub.store.put_waiting(self.place(), &note).await?;
        }
        Ok(())
    }

    /// Notes orders that wait for something, with since when they do.
    pub(crate) async fn put_off(&self, due: Timestamp, orders: &[Order]) -> Result<(), WorkError> {
        let action = self.action();
        let since = orders
            .iter()
            .filter_map(|order| Some(order.intent(action)?.asked_at))
            .min();
        let numbers: Vec<OrderNumber> = orders.iter().map(|o| o.id.number.clone()).collect();
        self.note(due, since.unwrap_or(due), &numbers).await
    }

    /// The first note that is due by then.
    pub(crate) async fn first_noted(
        &self,
        due_by: Timestamp,
    ) -> Result<Option<WaitingOrders>, WorkError> {
        let store = &self.desk.hub.store;
        Ok(store.waiting(self.place(), due_by, 1).await?.pop())
    }

    /// The first of the notes that are due. Orders that came one by one are noted one by one.
    pub(crate) async fn noted(&self) -> Result<Vec<WaitingOrders>, WorkError> {
        let store = &self.desk.hub.store;
        Ok(store
            .waiting(self.place(), self.now(), NOTES_AT_ONCE)
            .await?)
    }

    /// Forgets notes whose orders are taken care of.
    pub(crate) async fn forget(&self, notes: &[WaitingOrders]) -> Result<(), WorkError> {
        let store = &self.desk.hub.store;
        stream::iter(notes)
            .map(|note| store.drop_waiting(self.place(), note))
            .buffer_unordered(WRITERS)
            .try_collect::<Vec<()>>()
            .await?;
        Ok(())
    }
}

fn name_of(orders: &[OrderNumber]) -> String {
    let mut hash = Sha256::new();
    for number in orders {
        hash.update(number.as_str());
        hash.update(b"\n");
    }
    hex::encode(hash.finalize()).chars().take(16).collect()
}
