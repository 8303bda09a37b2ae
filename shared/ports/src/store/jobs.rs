//! What accounts have under way at their marketplaces, and what waits for it.

use async_trait::async_trait;
use haat_domain::{AccountId, Action, OrderNumber, SellerId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::JobId;

/// A job that somebody started in the marketplace's own panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OthersJob {
    /// Its key.
    pub job: String,
    /// When the hub first met it.
    pub since: Timestamp,
}

/// The hub's one open piece of work per account and action. The marketplace's jobs have no order
/// in them, so the intent behind a call is the account's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRecord {
    /// The tenant.
    pub seller: SellerId,
    /// The account.
    pub account: AccountId,
    /// What is done.
    pub action: Action,
    /// Orders that wait to be asked for, while they are few; many stand in [`WaitingOrders`].
    pub orders: Vec<OrderNumber>,
    /// Orders that the request under way is about.
    pub asked: Vec<OrderNumber>,
    /// How far it is.
    pub progress: JobProgress,
    /// The newest job of the marketplace whose result is filed.
    pub filed: Option<JobId>,
    /// Somebody else's job whose end the hub waits for before it asks for its own.
    pub beside: Option<OthersJob>,
    /// When the hub means to look again; reminders for another time are dropped.
    pub wake: Option<Timestamp>,
    /// When the work began that is under way or waits in the record; `None` when there is none.
    pub since: Option<Timestamp>,
    /// Why the work stands still for now, when the marketplace is in trouble.
    pub trouble: Option<String>,
    /// How the marketplace works through such work, as it was at the last look.
    pub pace: Option<Pace>,
    /// How the last job ended, until each order that it left behind has been told.
    pub ended: Option<EndedJob>,
    /// Why not every label could be filed, until the orders without one have been told.
    pub unfiled: Option<String>,
    /// Whether jobs that were filed since the last request brought labels of orders without one.
    pub brought: bool,
    /// Counts the writes; 0 when the record does not exist yet.
    pub version: u64,
}

impl JobRecord {
    /// The record of an account for which nothing was ever done.
    pub fn idle(seller: SellerId, account: AccountId, action: Action) -> Self {
        Self {
            seller,
            account,
            action,
            orders: Vec::new(),
            asked: Vec::new(),
            progress: JobProgress::Idle,
            filed: None,
            beside: None,
            wake: None,
            since: None,
            trouble: None,
            pace: None,
            ended: None,
            unfiled: None,
            brought: false,
            version: 0,
        }
    }
}

/// A job that ended, and what its orders are to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedJob {
    /// When it was asked for: what was noted later was not.
    pub asked_at: Timestamp,
    /// How it ended, for the orders that it did nothing for.
    pub reason: String,
}

/// How a marketplace works through one kind of work: in jobs of so many orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// Orders that one job takes.
    pub orders: usize,
    /// Seconds that one job takes as a rule, the calls around it included.
    pub seconds: u64,
}

/// Orders that wait for an action of their account, beside its [`JobRecord`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingOrders {
    /// When they are to be looked at.
    pub due: Timestamp,
    /// Names them among those due at the same time; the same orders give the same name.
    pub name: String,
    /// Since when the first of them waits.
    pub since: Timestamp,
    /// The orders.
    pub orders: Vec<OrderNumber>,
}

/// What a seller's accounts have under way and waiting. It may lag a write by a moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SellerWork {
    /// The records that exist.
    pub records: Vec<JobRecord>,
    /// What waits beside them.
    pub waiting: Vec<(AccountId, Action, WaitingOrders)>,
}

/// How far a piece of work is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobProgress {
    /// Nothing is asked.
    Idle,
    /// Written before the call: someone is about to ask, has asked, or died in between.
    Asking {
        /// When this was written.
        since: Timestamp,
        /// The newest job at the marketplace before the call; a newer one is ours.
        before: Option<JobId>,
    },
    /// The call was made and its answer was lost: read back before asking again.
    Unknown {
        /// When it was asked.
        since: Timestamp,
        /// The newest job at the marketplace before the call; a newer one is ours.
        before: Option<JobId>,
    },
    /// The marketplace has taken it.
    Running {
        /// When it was asked.
        since: Timestamp,
        /// The marketplace's job.
        job: JobId,
    },
}

/// Jobs of accounts.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// The record; an idle one of version 0 when there is none.
    async fn job(
        &self,
        seller: &SellerId,
        account: &AccountId,
        action: Action,
    ) -> Result<JobRecord, StoreError>;

    /// Writes a record over the version it was read with and raises `record.version` by one.
    async fn put_job(&self, record: &mut JobRecord) -> Result<(), StoreError>;

    /// Notes orders that wait, whatever the record says. Noting the same again changes nothing.
    async fn put_waiting(
        &self,
        work: (&SellerId, &AccountId, Action),
        waiting: &WaitingOrders,
    ) -> Result<(), StoreError>;

    /// The orders that wait and are due by then, earliest first, at most `limit` notes.
    async fn waiting(
        &self,
        work: (&SellerId, &AccountId, Action),
        due_by: Timestamp,
        limit: u32,
    ) -> Result<Vec<WaitingOrders>, StoreError>;

    /// Forgets a note.
    async fn drop_waiting(
        &self,
        work: (&SellerId, &AccountId, Action),
        waiting: &WaitingOrders,
    ) -> Result<(), StoreError>;

    /// What all accounts of a seller have under way and waiting. Reads a bounded part: of more
    /// than forty thousand waiting orders, the earliest.
    async fn work_of(&self, seller: &SellerId) -> Result<SellerWork, StoreError>;
}
