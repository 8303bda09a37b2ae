//! Making durable what a poll heard: new orders with their details, changes, and what could not
//! be read.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use haat_domain::{Heard, Order, OrderNumber, OrderReport, Parked, ParkedKind, Stage, Supply};
use haat_ports::{PollState, StoreError};

use crate::file_labels::file_parked;
use crate::poll_orders::{Poll, PollError, may_go_on};
use crate::write_order::{self, WRITERS, WriteError};

impl Poll<'_> {
    /// Makes everything heard durable.
    pub(crate) async fn write(&mut self) -> Result<(), PollError> {
        self.park_refused().await?;
        let reports: Vec<OrderReport> = std::mem::take(&mut self.heard).into_values().collect();
        let numbers: Vec<OrderNumber> = reports.iter().map(|r| r.number.clone()).collect();
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
        let heard: Vec<Heard> = stream::iter(work)
            .map(|(mut order, report)| async move {
                Ok::<Heard, PollError>(write_order::hear(this.hub, &mut order, &report).await?)
            })
            .buffer_unordered(WRITERS)
            .try_collect()
            .await?;
        for heard in heard {
            self.count(heard);
        }
        self.write_new(new).await
    }

    fn count(&mut self, heard: Heard) {
        let count = match heard {
            Heard::Changed => &mut self.counts.changed,
            Heard::Nothing => &mut self.counts.known,
        };
        *count = count.saturating_add(1);
    }

    async fn write_new(&mut self, mut new: Vec<OrderReport>) -> Result<(), PollError> {
        while !new.is_empty() {
            let rest = new.split_off(new.len().min(self.limit));
            let batch = std::mem::replace(&mut new, rest);
            let (whole, bare): (Vec<_>, Vec<_>) = batch
                .into_iter()
                .partition(|report| report.detail.is_some());
            let mut reports = self.with_details(bare).await?;
            reports.extend(whole);
            let this = &*self;
            let written: Vec<Option<Heard>> = stream::iter(reports)
                .map(|report| async move { this.write_one(&report).await })
                .buffer_unordered(WRITERS)
                .try_collect()
                .await?;
            for written in written {
                match written {
                    None => self.counts.stored = self.counts.stored.saturating_add(1),
                    Some(heard) => self.count(heard),
                }
            }
            if !new.is_empty() {
                // The next poll reads the rest again: to look up a thousand orders takes minutes.
                // Some were written, so that every poll gets on.
                self.in_time()?;
            }
        }
        Ok(())
    }

    /// Stores a new order; `Some`: another poll stored it first, and it heard what we heard.
    async fn write_one(&self, report: &OrderReport) -> Result<Option<Heard>, PollError> {
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
            // Only an order that was accepted elsewhere can have a label before Haat knows it.
            Ok(()) if !matches!(order.stage, Stage::New | Stage::OnHold) => {
                file_parked(self.hub.store.as_ref(), &mut order, now).await?;
                Ok(None)
            }
            Err(WriteError::Store(StoreError::Conflict(what))) => {
                let ids = [order.id.clone()];
                let stored = self.hub.store.orders(seller, &ids).await?.pop();
                let mut stored = stored.ok_or(StoreError::Conflict(what))?;
                let heard = write_order::hear(self.hub, &mut stored, report).await?;
                Ok(Some(heard))
            }
            other => Ok(other.map(|()| None)?),
        }
    }

    /// New orders with what only a look at each tells. An order whose details cannot be had
    /// lands without them: better known in part than not at all.
    async fn with_details(
        &mut self,
        reports: Vec<OrderReport>,
    ) -> Result<Vec<OrderReport>, PollError> {
        if reports.is_empty() {
            return Ok(reports);
        }
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
            let parked = Parked {
                seller: self.state.seller.clone(),
                account: self.state.account.clone(),
                kind: ParkedKind::OrderRow,
                key,
                reason: row.reason,
                since: self.hub.clock.now(),
                label: None,
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
        supply: Supply {
            purchase_order: look.supply.purchase_order.or(list.supply.purchase_order),
            invoice: look.supply.invoice.or(list.supply.invoice),
        },
        packet: list.packet.or(look.packet),
        detail: look.detail,
        number: list.number,
        purchase: list.purchase,
    }
}
