//! What comes back.

use async_trait::async_trait;
use haat_domain::{Condition, OrderNumber, ReturnNumber, ReturnReport, Secret};
use jiff::Timestamp;

use super::{Feed, FeedPage, MarketplaceError};

/// One page of returns.
pub type ReturnPage = FeedPage<ReturnReport>;

/// Pieces of a return that were looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedItem {
    /// The marketplace's key of the return's line; of the product where it has no return yet.
    pub item: String,
    /// The marketplace's key of the order line.
    pub order_line: String,
    /// Pieces.
    pub pieces: u32,
    /// In which condition they are.
    pub condition: Condition,
    /// What is wrong with them.
    pub remark: String,
}

/// The invoice by which a marketplace bills returned goods back to the seller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnSalesInvoice {
    /// Its number.
    pub number: String,
    /// Its date.
    pub at: Option<Timestamp>,
    /// The seller's invoice that it is about.
    pub invoice: Option<String>,
}

/// The seller's credit note for a return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditNote {
    /// The return.
    pub number: ReturnNumber,
    /// The number of the note.
    pub note: String,
    /// Its date.
    pub at: Timestamp,
    /// The paper.
    pub pdf: Vec<u8>,
}

/// A courier's one-time password for the parcels that he hands back today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandBackCode {
    /// The courier.
    pub courier: String,
    /// What the seller reads out to him once the parcels are there.
    pub code: Secret,
    /// Parcels that he brings, where the marketplace says.
    pub parcels: Option<u32>,
}

/// Reading what comes back. Nothing here changes anything.
#[async_trait]
pub trait Returns: Send + Sync {
    /// The feeds of returns, those first whose rows are still to arrive.
    fn feeds(&self) -> &'static [Feed];

    /// One page of a feed; as [`Orders::page`](super::Orders::page).
    async fn page(&self, feed: Feed, cursor: Option<&str>) -> Result<ReturnPage, MarketplaceError>;

    /// The passwords that prove today's hand-backs; `None` where the marketplace has none.
    async fn hand_back_codes(&self) -> Result<Option<Vec<HandBackCode>>, MarketplaceError> {
        Ok(None)
    }
}

/// Settling returns with a marketplace that wants to be told of their condition. A side effect whose
/// answer is lost is [`ErrorKind::Ambiguous`](super::ErrorKind::Ambiguous).
#[async_trait]
pub trait ReturnChecks: Send + Sync {
    /// Says in which condition a return arrived.
    async fn check(
        &self,
        number: &ReturnNumber,
        items: &[CheckedItem],
    ) -> Result<(), MarketplaceError>;

    /// Announces a parcel that came back although the marketplace knows of no return.
    async fn announce(
        &self,
        order: &OrderNumber,
        items: &[CheckedItem],
    ) -> Result<ReturnNumber, MarketplaceError>;

    /// The invoice by which the marketplace bills a return back; `None` while there is none.
    async fn sales_invoice(
        &self,
        number: &ReturnNumber,
    ) -> Result<Option<ReturnSalesInvoice>, MarketplaceError>;

    /// Hands in the seller's credit note.
    async fn credit(&self, note: &CreditNote) -> Result<(), MarketplaceError>;
}
