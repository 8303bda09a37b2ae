//! The table, by what is asked of it. `docs/access-patterns.md` lists every pattern.

mod accounts;
mod jobs;
mod offers;
mod orders;
mod polls;
mod returns;
mod sellers;
mod set_up;
mod shipping;

pub use accounts::{Accounts, Logins};
pub use jobs::{
    EndedJob, JobProgress, JobRecord, Jobs, OthersJob, Pace, SellerWork, WaitingOrders,
};
pub use offers::OfferStore;
pub use orders::{Listing, Numbers, OrderStore, Page, ParkedStore};
pub use polls::{Heartbeat, Missed, Pack, PollState, Polls};
pub use returns::ReturnStore;
pub use sellers::{Seller, Sellers, Tokens};
pub use set_up::{AccountTests, Registrations};
pub use shipping::{InvoiceNumbers, ManifestStore, Parcels, Warehouses};

/// The whole table, for workflows that touch many kinds of items.
pub trait Store:
    Sellers
    + Tokens
    + Accounts
    + Logins
    + OrderStore
    + Jobs
    + ParkedStore
    + Polls
    + Parcels
    + Warehouses
    + InvoiceNumbers
    + ManifestStore
    + ReturnStore
    + OfferStore
    + Registrations
    + AccountTests
{
}

impl<T> Store for T where
    T: Sellers
        + Tokens
        + Accounts
        + Logins
        + OrderStore
        + Jobs
        + ParkedStore
        + Polls
        + Parcels
        + Warehouses
        + InvoiceNumbers
        + ManifestStore
        + ReturnStore
        + OfferStore
        + Registrations
        + AccountTests
{
}

/// The table failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Someone else wrote first: read again, decide again.
    #[error("{0} was changed by someone else meanwhile")]
    Conflict(String),
    /// The table did not answer, or not in time; nothing is known of the write.
    #[error("the table did not answer for {what}: {reason}")]
    Unavailable {
        /// The item.
        what: String,
        /// What the table said.
        reason: String,
    },
    /// An item cannot be read.
    #[error("{what} is stored in a form this version cannot read: {reason}")]
    Corrupt {
        /// The item.
        what: String,
        /// Why.
        reason: String,
    },
}
