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
    CheckedItem, ClosedManifest, Connection, CreditNote, Descriptor, ErrorKind, Feed, FeedPage,
    Field, HandBackCode, Job, JobId, JobState, LabelJob, LabelJobs, Limits, LookUp, ManifestParcel,
    Manifests, Marketplace, MarketplaceError, Marketplaces, OfferPage, Offers, OrderPage, Orders,
    Packing, ParcelSize, Pause, Reading, RefusedLevel, RefusedOrder, RefusedRow, Registration,
    ReturnChecks, ReturnPage, ReturnSalesInvoice, Returns, Shipping, ShippingByJob,
    ShippingByOrder, Stock, StockLevel, Which,
};
pub use messages::{PollMessage, PollsQueue, QueueError, ShipMessage, ShipQueue};
pub use store::{
    AccountTests, Accounts, EndedJob, Heartbeat, InvoiceNumbers, JobProgress, JobRecord, Jobs,
    Listing, Logins, ManifestStore, Missed, Numbers, OfferStore, OrderStore, OthersJob, Pace, Pack,
    Page, Parcels, ParkedStore, PollState, Polls, Registrations, ReturnStore, Seller, SellerWork,
    Sellers, Store, StoreError, Tokens, WaitingOrders, Warehouses,
};
pub use vault::{Sealed, Vault, VaultError};
