//! Links to papers that are stored as files of their own.

use haat_domain::{AccountId, ManifestId, OrderId, SellerId, Stage, StoredPaper};
use haat_ports::{FileError, Files, Store, StoreError};
use jiff::{SignedDuration, Timestamp};

use crate::label_link::{LINK_LIFETIME, LabelLink};

/// There is no link to give.
#[derive(Debug, thiserror::Error)]
pub enum PaperRefusal {
    /// The seller has no such order.
    #[error("there is no order {0}")]
    NoSuchOrder(OrderId),
    /// The order was cancelled: nothing of it goes into a parcel.
    #[error("order {0} was cancelled; do not pack it")]
    Cancelled(OrderId),
    /// The order has no such paper.
    #[error(
        "order {0} has no invoice of the marketplace to the buyer: it is fetched with the label where \
         the account's auto_documents is on"
    )]
    NoInvoice(OrderId),
    /// The seller has no such manifest.
    #[error("account {account} has no manifest {id}")]
    NoSuchManifest {
        /// The account.
        account: AccountId,
        /// The manifest.
        id: ManifestId,
    },
    /// The paper is not there.
    #[error("manifest {id} has no paper: {why}")]
    NoPaper {
        /// The manifest.
        id: ManifestId,
        /// Why, and what to do.
        why: &'static str,
    },
    /// The file store failed.
    #[error(transparent)]
    File(#[from] FileError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A link to the marketplace's invoice to the buyer, for the parcel.
pub async fn invoice_link(
    store: &dyn Store,
    files: &dyn Files,
    seller: &SellerId,
    id: &OrderId,
    now: Timestamp,
) -> Result<LabelLink, PaperRefusal> {
    let found = store.orders(seller, std::slice::from_ref(id)).await?.pop();
    let order = found.ok_or_else(|| PaperRefusal::NoSuchOrder(id.clone()))?;
    if order.stage == Stage::Cancelled {
        return Err(PaperRefusal::Cancelled(id.clone()));
    }
    let paper = order.buyer_invoice;
    let paper = paper.ok_or_else(|| PaperRefusal::NoInvoice(id.clone()))?;
    link(files, &paper, now).await
}

/// A link to the paper of a manifest.
pub async fn manifest_link(
    store: &dyn Store,
    files: &dyn Files,
    seller: &SellerId,
    (account, id): (&AccountId, &ManifestId),
    now: Timestamp,
) -> Result<LabelLink, PaperRefusal> {
    let manifest = store.manifest(seller, account, id).await?;
    let manifest = manifest.ok_or_else(|| PaperRefusal::NoSuchManifest {
        account: account.clone(),
        id: id.clone(),
    })?;
    let why = match &manifest.key {
        Some(_) => "the marketplace has not given it yet; Haat asks again",
        None => {
            "the marketplace's answer that named it was lost; print it from the marketplace's own \
             panel"
        }
    };
    let id = id.clone();
    let paper = manifest.paper.ok_or(PaperRefusal::NoPaper { id, why })?;
    link(files, &paper, now).await
}

async fn link(
    files: &dyn Files,
    paper: &StoredPaper,
    now: Timestamp,
) -> Result<LabelLink, PaperRefusal> {
    let url = files.link(&paper.file, LINK_LIFETIME).await?;
    let lifetime = SignedDuration::try_from(LINK_LIFETIME).unwrap_or_default();
    Ok(LabelLink {
        url,
        expires_at: now.saturating_add(lifetime).unwrap_or(now),
    })
}
