//! Looking at what an account wants done, and doing the next step of it.
//!
//! One record per account and action says how far the hub is. It is written before a call
//! (`Asking`), after it (`Running`), and when the answer was lost (`Unknown`); whoever comes next
//! reads the marketplace's own jobs before asking again. Messages only say "look": doubled, late
//! and lost ones change nothing.

use std::sync::Arc;
use std::time::Duration;

use haat_domain::{Account, Action};
use haat_ports::{
    Connection, ErrorKind, FileError, Files, JobProgress, JobRecord, MarketplaceError, QueueError,
    ShipMessage, ShipQueue, Shipping, StoreError, VaultError,
};
use jiff::{SignedDuration, Timestamp};

use crate::Hub;
use crate::account_trouble::take_note;
use crate::account_work::Work;
use crate::log_in::LoginSessions;
use crate::write_order::WriteError;
use crate::{accept_by_job, hand_over, label_by_job, one_by_one};

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
/// How long the hub waits after trouble on the marketplace's side that passes by itself.
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
    /// How long one look may begin new things; what is left is done by the next one.
    pub budget: SignedDuration,
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
    if message.wake.is_some() && is_stale(desk, message, &record).await? {
        return Ok(());
    }
    let Some(account) = store.account(&message.seller, &message.account).await? else {
        return Ok(());
    };
    if account.marketplace_seller.is_empty() {
        // It waits for its first one-time password, and has no order yet.
        return Ok(());
    }
    let mut work = Work::new(desk, &account, message, record);
    if work.can_wait(message) {
        work.note_for_later(&message.orders).await?;
        if work.is_still_at_it().await? {
            return Ok(());
        }
    } else {
        work.take_in(&message.orders).await?;
    }
    if message.wake.is_some() {
        // This is the reminder that was set; the next one is a new one.
        work.record.wake = None;
    }
    let done = match step(&mut work).await {
        Err(WorkError::Marketplace(error)) => meet_trouble(&mut work, &error).await,
        other => other,
    };
    match done {
        Err(WorkError::Write(WriteError::Store(StoreError::Conflict(_)))) => {
            come_back(desk, message).await
        }
        other => other,
    }
}

/// Someone else works on the same account: comes back when he is through. He may be this very look,
/// whose write was done and its answer lost: then nobody has promised to look at what the message
/// will note, so that is looked at when his time is over.
async fn come_back(desk: &ShipDesk, message: &ShipMessage) -> Result<(), WorkError> {
    let again = ShipMessage {
        wake: None,
        ..message.clone()
    };
    desk.queue.send(&again, Duration::from_secs(20)).await?;
    if !again.orders.is_empty() {
        let look = ShipMessage {
            orders: Vec::new(),
            ..again
        };
        desk.queue.send(&look, ASKING_LEASE.unsigned_abs()).await?;
    }
    Ok(())
}

/// A reminder is stale when another one is on its way, or nothing waits. One whose time has passed
/// without a look may have been saved and never sent: then any reminder will do.
async fn is_stale(
    desk: &ShipDesk,
    message: &ShipMessage,
    record: &JobRecord,
) -> Result<bool, StoreError> {
    if let Some(wake) = record.wake {
        return Ok(message.wake != Some(wake) && wake > desk.hub.clock.now());
    }
    let is_idle = record.progress == JobProgress::Idle
        && record.orders.is_empty()
        && record.asked.is_empty()
        && record.ended.is_none();
    if !is_idle {
        return Ok(false);
    }
    // A look that died after it had filed somebody else's labels leaves no more than its notes.
    let place = (&record.seller, &record.account, record.action);
    let noted = desk.hub.store.waiting(place, Timestamp::MAX, 1).await?;
    Ok(noted.is_empty())
}

async fn step(work: &mut Work<'_>) -> Result<(), WorkError> {
    let connection = connect(work)?;
    let orders = connection.orders();
    work.record.trouble = None;
    match (work.action(), connection.shipping()) {
        (Action::Accept, Some(Shipping::ByJob(jobs))) => {
            work.record.pace = Some(jobs.accept_pace());
            accept_by_job::step(work, orders, jobs).await
        }
        (Action::Ship, Some(Shipping::ByJob(jobs))) => {
            work.record.pace = Some(jobs.label_pace());
            label_by_job::step(work, orders, jobs).await
        }
        (Action::Accept | Action::Cancel | Action::Ship, Some(Shipping::ByOrder(shipping))) => {
            work.record.pace = Some(shipping.pace());
            one_by_one::step(work, orders, shipping).await
        }
        (Action::HandOver, _) => match connection.manifests() {
            Some(manifests) => hand_over::step(work, orders, manifests).await,
            None => give_up(work).await,
        },
        (Action::Cancel, Some(Shipping::ByJob(_)))
        | (Action::Accept | Action::Cancel | Action::Ship, None) => give_up(work).await,
    }
}

async fn give_up(work: &mut Work<'_>) -> Result<(), WorkError> {
    let reason = "this marketplace cannot be asked for that through Haat";
    work.give_up(reason).await
}

fn connect(work: &Work<'_>) -> Result<Box<dyn Connection>, MarketplaceError> {
    let (hub, account) = (&work.desk.hub, work.account);
    let Some(marketplace) = hub.marketplaces.get(&account.marketplace) else {
        let said = format!("this deployment does not speak to {}", account.marketplace);
        return Err(MarketplaceError::new(ErrorKind::Rejected, "connect", said));
    };
    let sessions = Arc::new(LoginSessions::new(
        hub,
        &marketplace,
        &account.seller,
        &account.login,
    ));
    marketplace.connect(&account.marketplace_seller, sessions)
}

/// Whether the login waits for its seller. A stop that could not be noted, or that he has ended
/// meanwhile, wakes nobody.
async fn stands_still(work: &Work<'_>) -> Result<bool, WorkError> {
    let (hub, Account { seller, login, .. }) = (&work.desk.hub, work.account);
    let login = hub.store.login(seller, login).await?;
    Ok(login.is_some_and(|(login, _)| login.stop(hub.clock.now()).is_some()))
}

async fn meet_trouble(work: &mut Work<'_>, error: &MarketplaceError) -> Result<(), WorkError> {
    let Account {
        seller, id, login, ..
    } = work.account;
    tracing::warn!(
        event = "work.trouble",
        %seller,
        account = %id,
        action = work.action().word(),
        %error,
        "work on orders stopped for now"
    );
    match take_note(&work.desk.hub, seller, id, login, error).await {
        // The login was written meanwhile; the next refusal says this again.
        Ok(()) | Err(StoreError::Conflict(_)) => {}
        Err(failed) => return Err(failed.into()),
    }
    let reason = error.to_string();
    work.tell_the_first(&reason).await?;
    work.record.trouble = Some(reason);
    if let ErrorKind::Attention(_) = error.kind {
        // No reminder: the work goes on when the seller has acted. Written before the login is
        // read: who acts after that finds the work.
        work.record.wake = None;
        work.save().await?;
        if stands_still(work).await? {
            return Ok(());
        }
        return work.look_again(AFTER_TROUBLE).await;
    }
    let wait = error
        .retry_after
        .and_then(|wait| SignedDuration::try_from(wait).ok())
        .unwrap_or(if error.is_temporary() {
            AFTER_TROUBLE
        } else {
            LATER
        });
    work.look_again(wait).await
}
