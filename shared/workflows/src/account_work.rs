//! One look at one account's work: its record, its reminders, and what its orders are told.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use haat_domain::{Account, Action, IntentState, Order, OrderId, OrderNumber, Parked, ParkedKind};
use haat_ports::{JobProgress, JobRecord, ShipMessage, StoreError};
use jiff::{SignedDuration, Timestamp};

use crate::work_on_jobs::{LATER, ShipDesk, WorkError};
use crate::write_order::{self, WRITERS};

/// How long one look keeps others away while it goes through much: longer than a function runs.
pub(crate) const AT_IT: SignedDuration = SignedDuration::from_secs(130);
/// The next look follows at once: there is more to do than one look has time for.
pub(crate) const AT_ONCE: SignedDuration = SignedDuration::from_secs(1);
/// Orders that are told of trouble at most; the account itself tells of it for all.
const TOLD: usize = 100;

pub(crate) struct Work<'a> {
    pub(crate) desk: &'a ShipDesk,
    pub(crate) account: &'a Account,
    pub(crate) record: JobRecord,
    /// The record as it is stored.
    loaded: JobRecord,
    /// The orders the message names.
    named: &'a [OrderNumber],
    deadline: Timestamp,
}

impl<'a> Work<'a> {
    pub(crate) fn new(
        desk: &'a ShipDesk,
        account: &'a Account,
        message: &'a ShipMessage,
        record: JobRecord,
    ) -> Self {
        let now = desk.hub.clock.now();
        Self {
            desk,
            account,
            loaded: record.clone(),
            record,
            named: &message.orders,
            deadline: now.saturating_add(desk.budget).unwrap_or(now),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.desk.hub.clock.now()
    }

    /// Whether this look must leave the rest to the next one.
    pub(crate) fn is_late(&self) -> bool {
        self.now() >= self.deadline
    }

    pub(crate) fn action(&self) -> Action {
        self.record.action
    }

    /// Whether a message that names orders may only note them: a reminder is set that looks at
    /// all of them at once, after a job that runs or trouble that is waited out. Ten thousand
    /// orders come in a hundred messages; none of them asks the marketplace by itself.
    pub(crate) fn can_wait(&self, message: &ShipMessage) -> bool {
        message.wake.is_none() && !message.orders.is_empty() && self.is_at_it(&self.record)
    }

    fn is_at_it(&self, record: &JobRecord) -> bool {
        let under_way = matches!(
            record.progress,
            JobProgress::Asking { .. } | JobProgress::Running { .. } | JobProgress::Unknown { .. }
        );
        (under_way || record.trouble.is_some()) && record.wake.is_some_and(|wake| wake > self.now())
    }

    /// Looks whether the reminder that a note relies on is still set; takes over the record if
    /// not. Whoever ends the work looks for notes after he has said so, and whoever leaves a note
    /// looks for the end after he has left it: one of them sees the other.
    pub(crate) async fn is_still_at_it(&mut self) -> Result<bool, WorkError> {
        let JobRecord {
            seller,
            account,
            action,
            ..
        } = &self.record;
        let record = self.desk.hub.store.job(seller, account, *action).await?;
        let is_still = self.is_at_it(&record);
        self.loaded.clone_from(&record);
        self.record = record;
        Ok(is_still)
    }

    /// Writes the record if it changed: a doubled message costs no write. On a conflict someone
    /// else is at work, and this look ends.
    pub(crate) async fn save(&mut self) -> Result<(), WorkError> {
        if self.record != self.loaded {
            self.desk.hub.store.put_job(&mut self.record).await?;
            self.loaded.clone_from(&self.record);
        }
        Ok(())
    }

    /// Says that this look goes through much: what comes meanwhile is noted, and of two that want
    /// to, one does. If it dies, its message comes again and finds that the time has passed.
    pub(crate) async fn begin_much(&mut self) -> Result<(), WorkError> {
        let until = self.now().saturating_add(AT_IT);
        self.record.wake = until.ok();
        self.save().await
    }

    /// The much is gone through: no reminder is set any more.
    pub(crate) fn end_much(&mut self) {
        self.record.wake = None;
    }

    /// Someone wrote moments ago that he is about to ask: this look comes again, and writes
    /// nothing that would be in his way.
    pub(crate) fn someone_asks(&self) -> WorkError {
        let what = format!("the work of account {}", self.account.id);
        StoreError::Conflict(what).into()
    }

    /// Ends the work: nothing is under way. What is noted for later sets a reminder.
    pub(crate) async fn rest(&mut self) -> Result<(), WorkError> {
        self.record.orders.clear();
        self.record.asked.clear();
        self.record.progress = JobProgress::Idle;
        self.record.since = None;
        self.record.unfiled = None;
        let noted = self.first_noted(Timestamp::MAX).await?;
        if let Some(next) = noted {
            let wait = next.due.duration_since(self.now());
            return self.look_again_within(wait).await;
        }
        self.record.wake = None;
        self.save().await?;
        match self.first_noted(Timestamp::MAX).await? {
            Some(_) => self.look_again(AT_ONCE).await,
            None => Ok(()),
        }
    }

    /// Like [`Work::look_again`], but an earlier reminder that is set already will do: messages
    /// that come in between neither put it off nor multiply it.
    pub(crate) async fn look_again_within(
        &mut self,
        after: SignedDuration,
    ) -> Result<(), WorkError> {
        let (now, wake) = (self.now(), self.record.wake);
        let set = wake.is_some_and(|wake| wake > now && wake.duration_since(now) <= after);
        if set {
            self.save().await
        } else {
            self.look_again(after).await
        }
    }

    /// Writes the record and sets a reminder.
    pub(crate) async fn look_again(&mut self, after: SignedDuration) -> Result<(), WorkError> {
        let after = after.clamp(AT_ONCE, LATER);
        let wake = self.now().saturating_add(after).unwrap_or(Timestamp::MAX);
        // Queues know whole seconds; the record must name the very same time as the message.
        let wake = Timestamp::from_second(wake.as_second()).unwrap_or(wake);
        self.record.wake = Some(wake);
        self.save().await?;
        let reminder = ShipMessage {
            seller: self.record.seller.clone(),
            account: self.record.account.clone(),
            action: self.record.action,
            orders: Vec::new(),
            wake: Some(wake),
        };
        let delay = after.try_into().unwrap_or(Duration::from_secs(1));
        Ok(self.desk.queue.send(&reminder, delay).await?)
    }

    /// These orders, as far as they are known.
    pub(crate) async fn orders(&self, numbers: &[OrderNumber]) -> Result<Vec<Order>, WorkError> {
        let id = |number: &OrderNumber| OrderId {
            account: self.account.id.clone(),
            number: number.clone(),
        };
        let ids: Vec<OrderId> = numbers.iter().map(id).collect();
        let store = &self.desk.hub.store;
        Ok(store.orders(&self.account.seller, &ids).await?)
    }

    /// Those of these orders that still want the action, the most urgent first.
    pub(crate) async fn wanted(&self, numbers: &[OrderNumber]) -> Result<Vec<Order>, WorkError> {
        let mut orders = self.orders(numbers).await?;
        orders.retain(|order| order.wants(self.record.action));
        orders.sort_by(|a, b| (a.dispatch_by.at, &a.id).cmp(&(b.dispatch_by.at, &b.id)));
        Ok(orders)
    }

    /// Says on each order what it waits for.
    pub(crate) async fn wait(&self, orders: &mut [Order], reason: &str) -> Result<(), WorkError> {
        let (action, store) = (self.action(), self.desk.hub.store.as_ref());
        stream::iter(orders)
            .map(|order| write_order::change(store, order, |order| order.wait(action, reason)))
            .buffer_unordered(WRITERS)
            .try_collect::<Vec<bool>>()
            .await?;
        Ok(())
    }

    /// Says on the orders that the message names what they wait for.
    pub(crate) async fn tell_named(&self, reason: &str) -> Result<(), WorkError> {
        let mut named = self.wanted(self.named).await?;
        self.wait(&mut named, reason).await
    }

    /// Says on the first orders of the work what they wait for.
    pub(crate) async fn tell_the_first(&self, reason: &str) -> Result<(), WorkError> {
        let mut seen = BTreeSet::new();
        let first: Vec<OrderNumber> = self
            .named
            .iter()
            .chain(&self.record.asked)
            .chain(&self.record.orders)
            .filter(|number| seen.insert(*number))
            .take(TOLD)
            .cloned()
            .collect();
        let mut first = self.wanted(&first).await?;
        self.wait(&mut first, reason).await
    }

    /// Stops the work on each order, and shows it among what failed.
    pub(crate) async fn fail(&self, orders: &mut [Order], reason: &str) -> Result<(), WorkError> {
        stream::iter(orders)
            .map(|order| self.fail_one(order, reason))
            .buffer_unordered(WRITERS)
            .try_collect::<Vec<()>>()
            .await?;
        Ok(())
    }

    async fn fail_one(&self, order: &mut Order, reason: &str) -> Result<(), WorkError> {
        let (action, now) = (self.action(), self.now());
        let store = self.desk.hub.store.as_ref();
        // Parked first: a crash in between shows work that is still under way, never hides
        // work that stopped.
        let parked = Parked {
            seller: self.account.seller.clone(),
            account: self.account.id.clone(),
            kind: ParkedKind::of_action(action),
            key: order.id.number.to_string(),
            reason: reason.to_owned(),
            since: now,
            label: None,
        };
        store.park(&parked, None).await?;
        let failed =
            write_order::change(store, order, |order| order.fail(action, reason, now)).await?;
        let intent = order.intent(action);
        let stays = intent.is_some_and(|intent| intent.state == IntentState::Failed);
        if !failed && !stays {
            // It was fulfilled or withdrawn meanwhile; what another look failed stays shown.
            let (seller, account) = (&parked.seller, &parked.account);
            store
                .unpark(seller, account, parked.kind, &parked.key)
                .await?;
        }
        Ok(())
    }

    /// Stops the work on all orders.
    pub(crate) async fn give_up(&mut self, reason: &str) -> Result<(), WorkError> {
        let mut numbers = std::mem::take(&mut self.record.asked);
        numbers.append(&mut self.record.orders);
        let mut wanted = self.wanted(&numbers).await?;
        self.fail(&mut wanted, reason).await?;
        while let Some(note) = self.first_noted(Timestamp::MAX).await? {
            let mut wanted = self.wanted(&note.orders).await?;
            self.fail(&mut wanted, reason).await?;
            self.forget(&[note]).await?;
            if self.is_late() {
                return self.look_again(AT_ONCE).await;
            }
        }
        self.rest().await
    }
}
