//! Looking at what an account wants done, and doing the next step of it.
//!
//! One record per account and action says how far the hub is. It is written before a call
//! (`Asking`), after it (`Running`), and when the answer was lost (`Unknown`); whoever comes next
//! reads the marketplace's own jobs before asking again. Messages only say "look": doubled, late
//! and lost ones change nothing.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use haat_domain::{Account, Action, Order, OrderId, OrderNumber, Parked, ParkedKind};
use haat_ports::{
    Connection, ErrorKind, FileError, Files, JobProgress, JobRecord, MarketplaceError, QueueError,
    ShipMessage, ShipQueue, StoreError, VaultError,
};
use jiff::{SignedDuration, Timestamp};

use crate::Hub;
use crate::account_trouble::take_note;
use crate::log_in::LoginSessions;
use crate::write_order::{self, WriteError};
use crate::{accept_orders, ship_orders};

/// Longer than a function that asks may run: an `Asking` older than this has lost its author.
pub(crate) const ASKING_LEASE: SignedDuration = SignedDuration::from_secs(150);
/// How long a lost request may take to show up among the marketplace's jobs.
pub(crate) const SHOWS_UP_WITHIN: SignedDuration = SignedDuration::from_secs(60);
/// How long a marketplace's job may run before the hub stops believing in it.
pub(crate) const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// How long the hub waits before it asks again for what the marketplace was not ready to give.
/// A message whose function died comes again after twelve minutes and must find that the time of
/// a reminder that was never sent has passed.
pub(crate) const LATER: SignedDuration = SignedDuration::from_mins(9);
/// How long the hub waits after trouble on the marketplace's side.
const AFTER_TROUBLE: SignedDuration = SignedDuration::from_secs(60);

/// A page of a label PDF and the orders it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageOrders {
    /// Page, counted from 1.
    pub page: u32,
    /// Order numbers read from it; empty when none could be read.
    pub orders: Vec<String>,
    /// Why the page could not be read, if so.
    pub problem: Option<String>,
}

/// Reads which page of a label PDF is for which orders, or says why it cannot.
pub type ReadPages = fn(&[u8]) -> Result<Vec<PageOrders>, String>;

/// What the work on jobs stands on.
#[derive(Clone)]
pub struct ShipDesk {
    /// Marketplaces, table, keys, time.
    pub hub: Hub,
    /// Where labels are kept.
    pub files: Arc<dyn Files>,
    /// Where reminders go.
    pub queue: Arc<dyn ShipQueue>,
    /// How label PDFs are read.
    pub read_pages: ReadPages,
}

impl std::fmt::Debug for ShipDesk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ShipDesk")
    }
}

/// The work could not go on now; the message comes again.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The table or the keys failed.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A document could not be stored.
    #[error(transparent)]
    File(#[from] FileError),
    /// A reminder could not be sent.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The marketplace did not do its part.
    #[error(transparent)]
    Marketplace(#[from] MarketplaceError),
}

impl From<StoreError> for WorkError {
    fn from(error: StoreError) -> Self {
        Self::Write(error.into())
    }
}

impl From<VaultError> for WorkError {
    fn from(error: VaultError) -> Self {
        Self::Write(error.into())
    }
}

/// Looks at one account and action and does what is next.
///
/// An `Err` means that the message must come again. Marketplace trouble is no `Err`: it is
/// noted on account and orders, and a reminder is set where waiting helps.
pub async fn work_on_jobs(desk: &ShipDesk, message: &ShipMessage) -> Result<(), WorkError> {
    let store = &desk.hub.store;
    let record = store
        .job(&message.seller, &message.account, message.action)
        .await?;
    if message.wake.is_some() && is_stale(message, &record, desk.hub.clock.now()) {
        return Ok(());
    }
    let Some(account) = store.account(&message.seller, &message.account).await? else {
        return Ok(());
    };
    let mut work = Work {
        desk,
        account: &account,
        loaded: record.clone(),
        named: message.orders.iter().cloned().collect(),
        record,
    };
    work.take_in(&message.orders);
    if message.wake.is_some() {
        // This is the reminder that was set; the next one is a new one.
        work.record.wake = None;
    }
    match work.step().await {
        Ok(()) => Ok(()),
        Err(WorkError::Marketplace(error)) => work.meet_trouble(&error).await,
        // Someone else works on the same account: come back when he is through.
        Err(WorkError::Write(WriteError::Store(StoreError::Conflict(_)))) => {
            let again = ShipMessage {
                wake: None,
                ..message.clone()
            };
            desk.queue.send(&again, Duration::from_secs(20)).await?;
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// A reminder is stale when another one is on its way, or none is waited for. One whose time has
/// passed without a look may have been saved and never sent: then any reminder will do.
fn is_stale(message: &ShipMessage, record: &JobRecord, now: Timestamp) -> bool {
    match record.wake {
        Some(wake) => message.wake != Some(wake) && wake > now,
        None => {
            record.progress == JobProgress::Idle
                && record.orders.is_empty()
                && record.asked.is_empty()
        }
    }
}

/// One look at one account's work.
pub(crate) struct Work<'a> {
    pub(crate) desk: &'a ShipDesk,
    pub(crate) account: &'a Account,
    pub(crate) record: JobRecord,
    /// The record as it is stored.
    loaded: JobRecord,
    /// The orders the message names.
    named: BTreeSet<OrderNumber>,
}

impl Work<'_> {
    async fn step(&mut self) -> Result<(), WorkError> {
        let connection = self.connect()?;
        let Some(shipping) = connection.shipping() else {
            let reason = "this marketplace has no shipping through Haat";
            return self.give_up(reason).await;
        };
        match self.record.action {
            Action::Accept => accept_orders::step(self, connection.orders(), shipping).await,
            Action::Ship => ship_orders::step(self, connection.orders(), shipping).await,
        }
    }

    fn connect(&self) -> Result<Box<dyn Connection>, MarketplaceError> {
        let hub = &self.desk.hub;
        let Some(marketplace) = hub.marketplaces.get(&self.account.marketplace) else {
            let said = format!(
                "this deployment does not speak to {}",
                self.account.marketplace
            );
            return Err(MarketplaceError::new(ErrorKind::Rejected, "connect", said));
        };
        let sessions = Arc::new(LoginSessions::new(
            hub,
            &marketplace,
            &self.account.seller,
            &self.account.login,
        ));
        marketplace.connect(&self.account.marketplace_seller, sessions)
    }

    /// The orders a message names join those that wait.
    fn take_in(&mut self, orders: &[OrderNumber]) {
        let known: BTreeSet<OrderNumber> = self.record.orders.iter().cloned().collect();
        let new = orders
            .iter()
            .filter(|number| !known.contains(number))
            .cloned();
        self.record.orders.extend(new);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.desk.hub.clock.now()
    }

    pub(crate) fn action(&self) -> Action {
        self.record.action
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

    /// Someone wrote moments ago that he is about to ask: this look comes again, and writes
    /// nothing that would be in his way.
    pub(crate) fn someone_asks(&self) -> WorkError {
        let what = format!("the work of account {}", self.account.id);
        StoreError::Conflict(what).into()
    }

    /// Ends the work: nothing is under way, nothing waits.
    pub(crate) async fn rest(&mut self) -> Result<(), WorkError> {
        self.record.orders.clear();
        self.record.asked.clear();
        self.record.progress = JobProgress::Idle;
        self.record.wake = None;
        self.save().await
    }

    /// Whether an order waits for the reminder that is set: nobody newly asks for it.
    pub(crate) fn is_resting(&self, order: &OrderNumber) -> bool {
        self.record.wake.is_some_and(|wake| wake > self.now())
            && self.loaded.orders.contains(order)
            && !self.named.contains(order)
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
        let after = after.clamp(SignedDuration::from_secs(1), LATER);
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

    /// The orders that still want the action, of those that wait and those asked for.
    pub(crate) async fn wanted(&self) -> Result<Vec<Order>, WorkError> {
        let numbers: BTreeSet<&OrderNumber> = self
            .record
            .orders
            .iter()
            .chain(&self.record.asked)
            .collect();
        let numbers: Vec<OrderNumber> = numbers.into_iter().cloned().collect();
        let mut orders = self.orders(&numbers).await?;
        orders.retain(|order| order.wants(self.record.action));
        orders.sort_by(|a, b| (a.dispatch_by.at, &a.id).cmp(&(b.dispatch_by.at, &b.id)));
        Ok(orders)
    }

    pub(crate) async fn orders(&self, numbers: &[OrderNumber]) -> Result<Vec<Order>, WorkError> {
        let ids: Vec<OrderId> = numbers
            .iter()
            .map(|number| OrderId {
                account: self.account.id.clone(),
                number: number.clone(),
            })
            .collect();
        Ok(self
            .desk
            .hub
            .store
            .orders(&self.account.seller, &ids)
            .await?)
    }

    /// Says on each order what it waits for.
    pub(crate) async fn wait(&self, orders: &mut [Order], reason: &str) -> Result<(), WorkError> {
        let action = self.action();
        for order in orders {
            write_order::change(self.desk.hub.store.as_ref(), order, |order| {
                order.wait(action, reason)
            })
            .await?;
        }
        Ok(())
    }

    /// Stops the work on each order, and shows it among what failed.
    pub(crate) async fn fail(&self, orders: &mut [Order], reason: &str) -> Result<(), WorkError> {
        let (action, now) = (self.action(), self.now());
        for order in orders {
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
            self.desk.hub.store.park(&parked, None).await?;
            let store = self.desk.hub.store.as_ref();
            let failed =
                write_order::change(store, order, |order| order.fail(action, reason, now)).await?;
            if !failed {
                // It was fulfilled or withdrawn meanwhile.
                let Parked {
                    seller,
                    account,
                    kind,
                    key,
                    ..
                } = &parked;
                store.unpark(seller, account, *kind, key).await?;
            }
        }
        Ok(())
    }

    async fn give_up(&mut self, reason: &str) -> Result<(), WorkError> {
        let mut wanted = self.wanted().await?;
        self.fail(&mut wanted, reason).await?;
        self.rest().await
    }

    async fn meet_trouble(&mut self, error: &MarketplaceError) -> Result<(), WorkError> {
        let Account {
            seller, id, login, ..
        } = self.account;
        tracing::warn!(
            event = "work.trouble",
            %seller,
            account = %id,
            action = self.action().word(),
            %error,
            "work on orders stopped for now"
        );
        match take_note(&self.desk.hub, seller, id, login, error).await {
            // The login was written meanwhile; the next refusal says this again.
            Ok(()) | Err(StoreError::Conflict(_)) => {}
            Err(failed) => return Err(failed.into()),
        }
        let mut wanted = self.wanted().await?;
        self.wait(&mut wanted, &error.to_string()).await?;
        if let ErrorKind::Attention(_) = error.kind {
            // No reminder: the work goes on when the seller has acted.
            self.record.wake = None;
            return self.save().await;
        }
        let wait = error
            .retry_after
            .and_then(|wait| SignedDuration::try_from(wait).ok())
            .unwrap_or(AFTER_TROUBLE);
        self.look_again(wait).await
    }
}
