//! Shipping where the marketplace works in jobs of its own, which name no orders.

use std::time::Duration;

use async_trait::async_trait;
use haat_domain::{OrderNumber, Secret};

use super::MarketplaceError;
use crate::Pace;

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

/// Accepting and shipping orders by jobs.
///
/// Errors after a request may have been sent are
/// [`ErrorKind::Ambiguous`](super::ErrorKind::Ambiguous): the caller reads the
/// jobs before it asks again.
#[async_trait]
pub trait ShippingByJob: Send + Sync {
    /// Asks for a job that accepts orders: one at least, at most
    /// [`Limits::accept`](super::Limits::accept).
    async fn accept(&self, numbers: &[OrderNumber]) -> Result<JobId, MarketplaceError>;

    /// The account's accept jobs, newest first.
    async fn accept_jobs(&self) -> Result<Vec<Job>, MarketplaceError>;

    /// How long an accept job usually takes.
    fn accept_takes(&self) -> Duration;

    /// How many orders one accept job takes and how long such a job takes as a rule, the calls
    /// around it included: what estimates are made of.
    fn accept_pace(&self) -> Pace;

    /// The same of a label job.
    fn label_pace(&self) -> Pace;

    /// Asks for a job that makes the labels of all accepted orders that have none.
    async fn request_labels(&self) -> Result<JobId, MarketplaceError>;

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
