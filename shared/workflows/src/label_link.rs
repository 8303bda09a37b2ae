//! A link to one order's label. It never points at a file with other buyers in it: the page is
//! cut out into a file of its own that lives a day.

use std::time::Duration;

use haat_domain::{Label, LabelPage, LabelState, Order, OrderId, SellerId, Stage};
use haat_ports::{FileError, Files, OrderStore, StoreError};
use jiff::{SignedDuration, Timestamp};

/// How long a link opens its file.
pub const LINK_LIFETIME: Duration = Duration::from_secs(300);

/// Cuts one page out of a PDF, or says why it cannot.
pub type CutPage = fn(&[u8], u32) -> Result<Vec<u8>, String>;

/// A link and its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelLink {
    /// Opens the label in a browser.
    pub url: String,
    /// When it stops to.
    pub expires_at: Timestamp,
}

/// There is no link to give.
#[derive(Debug, thiserror::Error)]
pub enum LinkRefusal {
    /// The seller has no such order.
    #[error("there is no order {0}")]
    NoSuchOrder(OrderId),
    /// The order was cancelled: its label must not be used.
    #[error("order {0} was cancelled; do not pack it")]
    Cancelled(OrderId),
    /// The label is not there.
    #[error("order {id} has no label to print: {why}")]
    NoLabel {
        /// The order.
        id: OrderId,
        /// Why, and what to do.
        why: String,
    },
    /// The stored PDF cannot be cut.
    #[error(
        "the stored label of order {id} cannot be read ({reason}); print it from the marketplace's own panel"
    )]
    Unreadable {
        /// The order.
        id: OrderId,
        /// Why.
        reason: String,
    },
    /// The file store failed.
    #[error(transparent)]
    File(#[from] FileError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a link to the label of one order.
pub async fn label_link(
    store: &dyn OrderStore,
    files: &dyn Files,
    cut: CutPage,
    seller: &SellerId,
    id: &OrderId,
    now: Timestamp,
) -> Result<LabelLink, LinkRefusal> {
    let found = store.orders(seller, std::slice::from_ref(id)).await?.pop();
    let order = found.ok_or_else(|| LinkRefusal::NoSuchOrder(id.clone()))?;
    if order.stage == Stage::Cancelled {
        return Err(LinkRefusal::Cancelled(id.clone()));
    }
    let Label::Ready(label) = &order.label else {
        let (id, why) = (id.clone(), why_not(&order));
        return Err(LinkRefusal::NoLabel { id, why });
    };
    let key = match label.page {
        // The whole file is this order's.
        None => label.file.clone(),
        Some(page) => cut_out(files, cut, &order, label, page).await?,
    };
    let url = files.link(&key, LINK_LIFETIME).await?;
    let lifetime = SignedDuration::try_from(LINK_LIFETIME).unwrap_or_default();
    Ok(LabelLink {
        url,
        expires_at: now.saturating_add(lifetime).unwrap_or(now),
    })
}

/// Cuts one page out of a file that others are in as well; returns the key of the cut.
async fn cut_out(
    files: &dyn Files,
    cut: CutPage,
    order: &Order,
    label: &LabelPage,
    page: u32,
) -> Result<String, LinkRefusal> {
    let (seller, id) = (&order.seller, &order.id);
    let pdf = files.get(&label.file).await?;
    let pdf = cut(&pdf, page).map_err(|reason| LinkRefusal::Unreadable {
        id: id.clone(),
        reason,
    })?;
    let short: String = label.sha256.chars().take(16).collect();
    let key = format!("cuts/{seller}/{id}/{short}-{page}.pdf");
    files.put(&key, pdf, "application/pdf").await?;
    Ok(key)
}

fn why_not(order: &Order) -> String {
    match order.label_state() {
        LabelState::NotAsked => "nobody has asked for it yet; ship the order first".to_owned(),
        LabelState::Waiting { reason, .. } => reason,
        LabelState::Failed { reason, .. } => format!("{reason}; ship the order again"),
        LabelState::Stale => {
            "the parcel got another AWB, the stored label is stale; ship the order again".to_owned()
        }
        LabelState::Ready => "it is being stored".to_owned(),
    }
}
