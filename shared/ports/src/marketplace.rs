//! The marketplace seam. A marketplace is orders always, and whatever else it has; implementing
//! a capability is declaring it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use haat_domain::{Action, AttentionReason, MarketplaceId, OrderNumber, OrderReport, Secret};

use crate::{Challenge, Credentials, MarketplaceSeller, Pace, Session, Sessions};

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
}

/// How much a marketplace takes at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Orders per look-up.
    pub look_up: usize,
    /// Orders per accept call.
    pub accept: usize,
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

    /// Logs in, once.
    ///
    /// # Behavior
    /// - Makes one log-in call, never a second.
    /// - Refused credentials: [`ErrorKind::Attention`] with `LoginRefused`.
    /// - A wanted one-time password: `OtpRequired`, with the challenge.
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
    fn shipping(&self) -> Option<&dyn Shipping> {
        None
    }
}

/// One list of orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feed {
    /// Its name, as in `pending`; key of what was last seen.
    pub name: &'static str,
    /// How it must be read.
    pub reading: Reading,
}

/// How a feed must be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// To its end, each time: orders leave it again.
    Whole,
    /// Newest first, until the newest row of the last reading is met: it only grows.
    UntilKnown,
}

/// Reading orders.
#[async_trait]
pub trait Orders: Send + Sync {
    /// The feeds, in the order in which they are read: when two of them may name the same order
    /// during one poll, the later feed is right.
    fn feeds(&self) -> &'static [Feed];

    /// One page of a feed, from the start or from where the last page pointed.
    ///
    /// # Behavior
    /// - A row that cannot be read lands in `refused` and does not spoil the page.
    /// - A page that cannot be read at all is [`ErrorKind::Malformed`].
    /// - The marketplace is asked each time. An answer that is the same to the byte need not be
    ///   read again: that is why a page is shared.
    async fn page(
        &self,
        feed: Feed,
        cursor: Option<&str>,
    ) -> Result<Arc<OrderPage>, MarketplaceError>;

    /// What the marketplace says now of these orders, at most [`Limits::look_up`], with details.
    async fn look_up(&self, numbers: &[OrderNumber]) -> Result<LookUp, MarketplaceError>;
}

/// One page of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderPage {
    /// The rows that could be read.
    pub reports: Vec<OrderReport>,
    /// The rows that could not.
    pub refused: Vec<RefusedRow>,
    /// For each report, then for each refused row, a number that stands for all it says: rows
    /// with the same mark say the same. It is kept, so the same words have the same mark in every
    /// process.
    pub marks: Vec<u64>,
    /// Where the next page starts; `None` at the end.
    pub next: Option<String>,
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// The order it is about, when that much could be read.
    pub number: Option<OrderNumber>,
    /// Why, naming the field, without buyer's data.
    pub reason: String,
    /// The row as it came.
    pub raw: Secret,
}

/// The answer to a look-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookUp {
    /// What was found.
    pub reports: Vec<OrderReport>,
    /// Rows that could not be read.
    pub refused: Vec<RefusedRow>,
    /// What the marketplace does not know.
    pub unknown: Vec<OrderNumber>,
}

/// The marketplace's own key of one of its jobs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(pub String);

/// One job at the marketplace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its key.
    pub id: JobId,
    /// How far it is.
    pub state: JobState,
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobState {
    /// Not finished. Words we do not know count as this, until the caller's patience ends.
    Running,
    /// Finished, for all or for a part.
    Finished,
    /// Finished without effect.
    Failed {
        /// The marketplace's text.
        said: String,
    },
}

/// A label job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelJob {
    /// Key and state.
    pub job: Job,
    /// How many labels it made, where the marketplace says.
    pub labels: Option<u32>,
    /// Where its PDF lies, once it is finished; a signed address, so a secret.
    pub file: Option<Secret>,
}

/// The label jobs of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelJobs {
    /// Newest first.
    pub jobs: Vec<LabelJob>,
    /// When to look again, if one is running.
    pub look_again: Duration,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The marketplace does it in a job of its own.
    Job(JobId),
    /// It is done already.
    Done,
}

/// Accepting and shipping orders.
///
/// Errors after a request may have been sent are [`ErrorKind::Ambiguous`]: the caller reads the
/// jobs before it asks again.
#[async_trait]
pub trait Shipping: Send + Sync {
    /// Accepts orders, at most [`Limits::accept`].
    async fn accept(&self, numbers: &[OrderNumber]) -> Result<Asked, MarketplaceError>;

    /// The account's accept jobs, newest first.
    async fn accept_jobs(&self) -> Result<Vec<Job>, MarketplaceError>;

    /// How long an accept job usually takes.
    fn accept_takes(&self) -> Duration;

    /// How many orders one job of an action takes and how long such a job takes as a rule, the
    /// calls around it included: what estimates are made of.
    fn pace(&self, action: Action) -> Pace;

    /// Asks for the labels of all accepted orders that have none.
    async fn request_labels(&self) -> Result<Asked, MarketplaceError>;

    /// The account's label jobs, newest first.
    async fn label_jobs(&self) -> Result<LabelJobs, MarketplaceError>;

    /// The PDF of a finished label job.
    ///
    /// # Behavior
    /// - Follows its address to the configured hosts only, without session and redirects.
    /// - Gives bytes that begin like a PDF and are no larger than the limit, or an error.
    async fn label_file(&self, job: &LabelJob) -> Result<Vec<u8>, MarketplaceError>;

    /// Tells the marketplace that the PDF of a job is stored, so that the next job leaves these
    /// orders out. Harmless to repeat.
    async fn labels_stored(&self, job: &JobId) -> Result<(), MarketplaceError>;
}

/// What went wrong with a marketplace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketplaceError {
    /// What kind of trouble.
    pub kind: ErrorKind,
    /// The marketplace and the operation of its contract, as in `meesho listOrders`.
    pub operation: &'static str,
    /// The marketplace's own code or HTTP status, where there is one.
    pub code: Option<String>,
    /// What it said, or what was wrong with its answer; no secret, no address with a password.
    pub said: String,
    /// How long the marketplace wants to be left alone.
    pub retry_after: Option<Duration>,
    /// The challenge, when a one-time password is wanted.
    pub challenge: Option<Box<Challenge>>,
}

/// The kinds of trouble with a marketplace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The session is gone.
    Auth,
    /// Only a person can end it; no call may be made until then.
    Attention(AttentionReason),
    /// What was asked for does not exist.
    NotFound,
    /// Understood and refused; asking again gives the same.
    Rejected,
    /// Too many calls.
    RateLimited,
    /// Not reachable, or trouble on its side; nothing was done.
    Unavailable,
    /// The answer cannot be understood.
    Malformed,
    /// A side effect was sent and its answer is missing: it may have happened.
    Ambiguous,
}

impl MarketplaceError {
    /// An error with nothing but its kind, operation and text.
    pub fn new(kind: ErrorKind, operation: &'static str, said: impl Into<String>) -> Self {
        Self {
            kind,
            operation,
            code: None,
            said: said.into(),
            retry_after: None,
            challenge: None,
        }
    }

    /// Whether trying again later, without a person, may help.
    pub fn is_temporary(&self) -> bool {
        match self.kind {
            ErrorKind::RateLimited | ErrorKind::Unavailable | ErrorKind::Ambiguous => true,
            ErrorKind::Auth
            | ErrorKind::Attention(_)
            | ErrorKind::NotFound
            | ErrorKind::Rejected
            | ErrorKind::Malformed => false,
        }
    }
}

impl fmt::Display for MarketplaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.said)?;
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        Ok(())
    }
}

impl std::error::Error for MarketplaceError {}
