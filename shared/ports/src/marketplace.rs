//! The marketplace seam. A marketplace is orders always, and whatever else it has; implementing
//! a capability is declaring it.

use std::sync::Arc;

use async_trait::async_trait;
use haat_domain::{Action, MarketplaceId, Secret};

use crate::{Challenge, Credentials, MarketplaceSeller, Session, Sessions};

mod by_job;
mod by_order;
mod error;
mod manifests;
mod offers;
mod orders;
mod returns;

pub use by_job::{Job, JobId, JobState, LabelJob, LabelJobs, ShippingByJob};
pub use by_order::{Packing, ShippingByOrder};
pub use error::{ErrorKind, MarketplaceError, RefusedOrder};
pub use manifests::{ClosedManifest, ManifestParcel, Manifests};
pub use offers::{OfferPage, Offers, RefusedLevel, Stock, StockLevel};
pub use orders::{Feed, FeedPage, LookUp, OrderPage, Orders, Pause, Reading, RefusedRow, Which};
pub use returns::{
    CheckedItem, CreditNote, HandBackCode, ReturnChecks, ReturnPage, ReturnSalesInvoice, Returns,
};

/// What is fixed about a marketplace. Every list of marketplaces iterates over these.
#[derive(Debug)]
pub struct Descriptor {
    /// Short name, as in `meesho`; the [`MarketplaceId`].
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// The settings form, in order. The first field names the login.
    pub fields: &'static [Field],
    /// What the marketplace decides itself and nobody can set, for people.
    pub decides: &'static [&'static str],
    /// What the hub can ask it to do with an order.
    pub actions: &'static [Action],
    /// Who says how heavy and how large a parcel is.
    pub parcel: ParcelSize,
    /// How a seller comes to an account there.
    pub registration: Registration,
    /// Batch sizes.
    pub limits: Limits,
}

/// A field of the settings form.
#[derive(Debug)]
pub struct Field {
    /// Key in the API.
    pub name: &'static str,
    /// Label on the page.
    pub label: &'static str,
    /// Whether it is never shown again.
    pub secret: bool,
    /// The words it takes, the usual one first; any text where there are none. A field with words
    /// that is left out has the first.
    pub choices: &'static [&'static str],
}

/// Who says how heavy and how large a parcel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParcelSize {
    /// The marketplace; nobody is asked.
    Marketplace,
    /// The seller: no shipment without them.
    Seller,
}

/// How a seller comes to an account.
#[derive(Debug)]
pub struct Registration {
    /// What he must have before he can connect, in the order in which he gets it.
    pub needs: &'static [&'static str],
    /// Whether the marketplace approves each account and takes days for it.
    pub is_approved: bool,
    /// Whether an account is one place that parcels are fetched from: it has a warehouse of its own.
    pub has_warehouse: bool,
}

/// How much a marketplace takes at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Orders per look-up.
    pub look_up: usize,
    /// Orders per accept call.
    pub accept: usize,
    /// Parcels on one manifest.
    pub manifest: usize,
    /// Stock levels per call.
    pub stock: usize,
}

/// The marketplaces this deployment speaks to.
pub trait Marketplaces: Send + Sync {
    /// All of them, in the order they are listed to people.
    fn all(&self) -> Vec<Arc<dyn Marketplace>>;

    /// The one with this id.
    fn get(&self, id: &MarketplaceId) -> Option<Arc<dyn Marketplace>> {
        self.all()
            .into_iter()
            .find(|marketplace| marketplace.descriptor().id == id.as_str())
    }
}

/// One marketplace.
#[async_trait]
pub trait Marketplace: Send + Sync {
    /// What is fixed about it.
    fn descriptor(&self) -> &'static Descriptor;

    /// What looks wrong about credentials and may be right all the same, for people; makes no call.
    fn doubts(&self, _credentials: &Credentials) -> Vec<String> {
        Vec::new()
    }

    /// Logs in, once.
    ///
    /// # Behavior
    /// - Makes one log-in call, never a second.
    /// - Refused credentials: [`ErrorKind::Attention`] with `LoginRefused`.
    /// - A wanted one-time password: `OtpRequired`, with the challenge.
    /// - Credentials of a kind that Haat does not serve: [`ErrorKind::Rejected`] without a call.
    async fn log_in(&self, credentials: &Credentials) -> Result<Session, MarketplaceError>;

    /// Answers a challenge, once. A wrong password is `LoginRefused`.
    async fn answer_otp(
        &self,
        credentials: &Credentials,
        challenge: &Challenge,
        otp: &Secret,
    ) -> Result<Session, MarketplaceError>;

    /// The marketplace sellers that a session may act for, at least one.
    async fn sellers(&self, session: &Session) -> Result<Vec<MarketplaceSeller>, MarketplaceError>;

    /// A connection that acts for one marketplace seller; makes no call.
    ///
    /// # Behavior
    /// - A call answered with "session gone" is repeated once with a renewed session; when that
    ///   one is refused too, the error is [`ErrorKind::Attention`] with `SessionRefused`.
    fn connect(
        &self,
        seller_key: &str,
        sessions: Arc<dyn Sessions>,
    ) -> Result<Box<dyn Connection>, MarketplaceError>;
}

/// A marketplace seller's open line.
pub trait Connection: Send + Sync {
    /// Reading orders.
    fn orders(&self) -> &dyn Orders;

    /// Accepting and shipping them, where the marketplace has it.
    fn shipping(&self) -> Option<Shipping<'_>> {
        None
    }

    /// Handing parcels over with a manifest that the marketplace makes.
    fn manifests(&self) -> Option<&dyn Manifests> {
        None
    }

    /// What comes back.
    fn returns(&self) -> Option<&dyn Returns> {
        None
    }

    /// Settling what came back, where the marketplace wants to be told of it.
    fn return_checks(&self) -> Option<&dyn ReturnChecks> {
        None
    }

    /// What the seller offers there.
    fn offers(&self) -> Option<&dyn Offers> {
        None
    }

    /// Setting how much of it can be bought.
    fn stock(&self) -> Option<&dyn Stock> {
        None
    }
}

/// How a marketplace takes orders and makes labels.
#[derive(Clone, Copy)]
pub enum Shipping<'a> {
    /// In jobs of its own: one for many orders, asked for and read back.
    ByJob(&'a dyn ShippingByJob),
    /// Order by order: each has calls of its own.
    ByOrder(&'a dyn ShippingByOrder),
}
