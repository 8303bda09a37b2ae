//! Keeping what went on a manifest, under an id that is the same whoever keeps it.

use std::collections::BTreeSet;

use haat_domain::{InvalidId, Manifest, Order, OrderNumber, Stage};
use haat_ports::StoreError;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::account_work::Work;
use crate::work_on_jobs::WorkError;

/// Keeps a manifest that was asked for then; keeping it again changes nothing.
pub(crate) async fn keep(
    work: &Work<'_>,
    on_it: &[Order],
    key: Option<String>,
    since: Timestamp,
) -> Result<(), WorkError> {
    let account = &work.account.id;
    let numbers: BTreeSet<&OrderNumber> = on_it.iter().map(|order| &order.id.number).collect();
    let mut hash = Sha256::new();
    for number in &numbers {
        hash.update(number.as_str());
        hash.update(b"\n");
    }
    let hash: String = hex::encode(hash.finalize()).chars().take(8).collect();
    let id = format!("{}-{hash}", since.strftime("%Y%m%dT%H%M%SZ"));
    let id = id.parse().map_err(|why: InvalidId| StoreError::Corrupt {
        what: format!("a manifest of account {account}"),
        reason: why.to_string(),
    })?;
    let mut manifest = Manifest {
        id,
        seller: work.account.seller.clone(),
        account: account.clone(),
        courier: on_it.first().map_or("", courier).to_owned(),
        key,
        orders: numbers.into_iter().cloned().collect(),
        closed_at: work.now(),
        paper: None,
        version: 0,
    };
    match work.desk.hub.store.put_manifest(&mut manifest).await {
        // It was kept, and the look that kept it died.
        Ok(()) | Err(StoreError::Conflict(_)) => Ok(()),
        Err(failed) => Err(failed.into()),
    }
}

/// Keeps the manifest of orders that turned out to have left, although nobody heard its key.
pub(crate) async fn keep_gone(
    work: &Work<'_>,
    mut orders: Vec<Order>,
    since: Timestamp,
) -> Result<(), WorkError> {
    orders.retain(|order| !order.stage.is_open() && order.stage != Stage::Cancelled);
    if orders.is_empty() {
        return Ok(());
    }
    keep(work, &orders, None, since).await
}

/// A parcel without a courier goes by itself: the marketplace will say what it misses.
pub(crate) fn courier(order: &Order) -> &str {
    let shipment = order.shipment.as_ref();
    shipment
        .and_then(|shipment| shipment.courier.as_deref())
        .unwrap_or_default()
}
