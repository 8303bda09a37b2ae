//! What Haat's workflows need of the world: marketplaces, table, files, queues, keys, time.
//!
//! Each port is a small async trait with its error. The `# Behavior` bullets of a method are
//! what every implementation is tested for.

mod clock;
mod files;
mod login;
mod marketplace;
mod messages;
mod store;
mod vault;

pub use clock::{Clock, SystemClock};
pub use files::{FileError, Files};
pub use login::{
    Challenge, Credentials, Login, LoginState, MarketplaceSeller, Session, Sessions, Stop,
};
pub use marketplace::{
    Asked, Connection, Descriptor, ErrorKind, Feed, Field, Job, JobId, JobState, LabelJob,
    LabelJobs, Limits, LookUp, Marketplace, MarketplaceError, Marketplaces, OrderPage, Orders,
    Reading, RefusedRow, Shipping,
};
pub use messages::{PollMessage, PollsQueue, QueueError, ShipMessage, ShipQueue};
pub use store::{
    Accounts, EndedJob, Heartbeat, JobProgress, JobRecord, Jobs, Listing, Logins, Missed,
    OrderStore, OthersJob, Pace, Pack, Page, ParkedStore, PollState, Polls, Seller, SellerWork,
    Sellers, Store, StoreError, Tokens, WaitingOrders,
};
pub use vault::{Sealed, Vault, VaultError};
