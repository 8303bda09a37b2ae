//! Filing labels: a job's PDF is stored once, and each of its pages belongs to the order whose
//! number it carries.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use haat_domain::{Label, LabelPage, Order, OrderId, OrderNumber, Parked, ParkedKind};
use haat_ports::{
    ErrorKind, JobId, JobProgress, JobState, LabelJob, MarketplaceError, ShippingByJob, Store,
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::account_work::Work;
use crate::work_on_jobs::{PageOrders, WorkError};
use crate::write_order::{self, WRITERS, WriteError};

/// How many of the marketplace's older jobs are taken over at the first look.
const TAKEN_OVER: usize = 20;
/// Labels that are filed in no time.
const FEW: u32 = 50;
/// Pages whose orders are read in one call of the table.
const PAGES_AT_ONCE: usize = 100;

/// Stores the PDFs of jobs that finished since the last look, oldest first, whoever asked for
/// them, as far as there is time: labels made in the marketplace's own panel are taken over.
/// `false`: some are still to be filed.
pub(crate) async fn file_finished(
    work: &mut Work<'_>,
    shipping: &dyn ShippingByJob,
    jobs: &[LabelJob],
) -> Result<bool, WorkError> {
    let first_look = work.record.filed.is_none();
    let unfiled: Vec<&LabelJob> = jobs
        .iter()
        .take_while(|job| Some(&job.job.id) != work.record.filed.as_ref())
        .take(if first_look { TAKEN_OVER } else { usize::MAX })
        .collect();
    for (index, job) in unfiled.iter().enumerate().rev() {
        let newer = unfiled.get(..index).unwrap_or_default();
        match (&job.job.state, &job.file) {
            // What comes after a running job is filed when that one has ended; a job that runs on
            // while newer ones have ended will never end. How long ours may take is known.
            (JobState::Running, _) if newer.iter().all(|job| runs(job)) || is_ours(work, job) => {
                break;
            }
            (JobState::Finished, Some(_)) => {
                if job.labels.is_some_and(|labels| labels > FEW) {
                    work.begin_much().await?;
                }
                let filed = file_job(work, shipping, job).await?;
                work.end_much();
                work.record.brought |= filed.brought;
                if may_be_ours(work, job) && filed.trouble.is_some() {
                    work.record.unfiled = filed.trouble;
                }
            }
            (JobState::Running | JobState::Finished | JobState::Failed { .. }, _) => {}
        }
        work.record.filed = Some(job.job.id.clone());
        // A long history is taken over step by step, however often this is cut off.
        work.save().await?;
        if work.is_late() && index > 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn runs(job: &LabelJob) -> bool {
    job.job.state == JobState::Running
}

/// Whether the request under way made the job.
fn is_ours(work: &Work<'_>, job: &LabelJob) -> bool {
    matches!(&work.record.progress, JobProgress::Running { job: ours, .. } if *ours == job.job.id)
}

/// Whether the request under way made the job, as far as is known: its answer may have been lost.
fn may_be_ours(work: &Work<'_>, job: &LabelJob) -> bool {
    match &work.record.progress {
        JobProgress::Idle => false,
        JobProgress::Running { .. } => is_ours(work, job),
        JobProgress::Asking { .. } | JobProgress::Unknown { .. } => true,
    }
}

/// What became of one job's PDF.
#[derive(Default)]
struct Filed {
    /// Whether it brought labels of orders that had none.
    brought: bool,
    /// Why not all of it could be filed, if so.
    trouble: Option<String>,
}

async fn file_job(
    work: &Work<'_>,
    shipping: &dyn ShippingByJob,
    job: &LabelJob,
) -> Result<Filed, WorkError> {
    let pdf = match shipping.label_file(job).await {
        Ok(pdf) => pdf,
        Err(error) if concerns_the_file(&error) => {
            let reason = error.to_string();
            park_page(work, reason.clone()).await?;
            return Ok(Filed {
                brought: false,
                // A refusal comes again with the next job. Of all else, the next job may cure it:
                // its orders are still without a label there, so it makes them again.
                trouble: (error.kind == ErrorKind::Rejected).then_some(reason),
            });
        }
        Err(error) => return Err(error.into()),
    };
    let sha256 = hex::encode(Sha256::digest(&pdf));
    let file = file_key(work, &job.job.id, &sha256);
    let pages = (work.desk.read_pages)(&pdf);
    work.desk.files.put(&file, pdf, "application/pdf").await?;
    let pages = match pages {
        Ok(pages) => pages,
        Err(reason) => {
            let reason = format!("the label PDF cannot be read: {reason}; it is kept as {file}");
            park_page(work, reason.clone()).await?;
            return Ok(Filed {
                brought: false,
                trouble: Some(reason),
            });
        }
    };
    let mut filed = Filed::default();
    for some in pages.chunks(PAGES_AT_ONCE) {
        file_pages(work, some, (&file, &sha256), &mut filed).await?;
    }
    match shipping.labels_stored(&job.job.id).await {
        Ok(()) => {}
        // The labels are here; the next job makes them once more.
        Err(error) if concerns_the_file(&error) => park_page(work, error.to_string()).await?,
        Err(error) => return Err(error.into()),
    }
    Ok(filed)
}

/// Trouble with one job's file is no reason to stop at it for ever: it is kept among what failed,
/// and the next job goes on.
fn concerns_the_file(error: &MarketplaceError) -> bool {
    matches!(
        error.kind,
        ErrorKind::NotFound | ErrorKind::Rejected | ErrorKind::Malformed
    )
}

/// Where a job's PDF is kept. The same job with other bytes is another file: orders point at pages.
fn file_key(work: &Work<'_>, job: &JobId, sha256: &str) -> String {
    // A marketplace's key never becomes part of a file name as it came.
    let name = hex::encode(Sha256::digest(job.0.as_bytes()));
    let name: String = name.chars().take(32).collect();
    let content: String = sha256.chars().take(16).collect();
    let (seller, account) = (&work.account.seller, &work.account.id);
    format!("labels/{seller}/{account}/{name}-{content}.pdf")
}

/// Files pages under the orders they name.
async fn file_pages(
    work: &Work<'_>,
    pages: &[PageOrders],
    (file, sha256): (&str, &str),
    filed: &mut Filed,
) -> Result<(), WorkError> {
    let mut labels: BTreeMap<OrderNumber, LabelPage> = BTreeMap::new();
    for page in pages {
        let numbers: Vec<OrderNumber> = page
            .orders
            .iter()
            .filter_map(|number| number.parse().ok())
            .collect();
        if numbers.is_empty() {
            let reason = for_nobody(page, file);
            park_page(work, reason.clone()).await?;
            filed.trouble = Some(reason);
        }
        let label = LabelPage {
            file: file.to_owned(),
            page: Some(page.page),
            sha256: sha256.to_owned(),
            stored_at: work.now(),
        };
        labels.extend(numbers.into_iter().map(|number| (number, label.clone())));
    }
    let numbers: Vec<OrderNumber> = labels.keys().cloned().collect();
    let orders = work.orders(&numbers).await?;
    let known = orders
        .into_iter()
        .filter_map(|order| Some((labels.remove(&order.id.number)?, order)));
    let brought: Vec<bool> = stream::iter(known.collect::<Vec<_>>())
        .map(|(label, order)| file_label(work, label, order))
        .buffer_unordered(WRITERS)
        .try_collect()
        .await?;
    filed.brought |= brought.contains(&true);
    stream::iter(&labels)
        .map(|(number, label)| park_label(work, number, label))
        .buffer_unordered(WRITERS)
        .try_collect::<Vec<()>>()
        .await?;
    Ok(())
}

/// Whether the order had no label before.
async fn file_label(
    work: &Work<'_>,
    label: LabelPage,
    mut order: Order,
) -> Result<bool, WorkError> {
    let had_none = order.label == Label::None;
    let store = work.desk.hub.store.as_ref();
    let changed = write_order::change(store, &mut order, |order| {
        order.file_label(label.clone(), label.stored_at)
    })
    .await?;
    Ok(had_none && changed)
}

fn for_nobody(page: &PageOrders, file: &str) -> String {
    let problem = page.problem.as_deref().unwrap_or("it names none");
    let page = page.page;
    format!(
        "page {page} of the label PDF carries no order number that can be read ({problem}); print \
         the label from the marketplace's own panel (kept in {file})"
    )
}

/// Keeps the label of an order that Haat does not know yet.
async fn park_label(
    work: &Work<'_>,
    number: &OrderNumber,
    label: &LabelPage,
) -> Result<(), WorkError> {
    let parked = Parked {
        seller: work.account.seller.clone(),
        account: work.account.id.clone(),
        kind: ParkedKind::LabelPage,
        key: number.to_string(),
        reason: format!(
            "the label of order {number}, which Haat does not know yet; it is filed when the \
             order arrives"
        ),
        since: work.now(),
        label: Some(label.clone()),
    };
    let store = work.desk.hub.store.as_ref();
    store.park(&parked, None).await?;
    // A poll may have stored the order between our look and our note.
    let arrived = work.orders(std::slice::from_ref(number)).await?.pop();
    if let Some(mut order) = arrived {
        file_parked(store, &mut order, work.now()).await?;
    }
    Ok(())
}

/// Files the label that waited for an order, if one did and the order has none yet: a later one
/// may have come since.
pub(crate) async fn file_parked(
    store: &dyn Store,
    order: &mut Order,
    now: Timestamp,
) -> Result<(), WriteError> {
    let OrderId { account, number } = order.id.clone();
    let (kind, key) = (ParkedKind::LabelPage, number.as_str());
    let parked = store.one_parked(&order.seller, &account, kind, key).await?;
    let Some(label) = parked.and_then(|parked| parked.label) else {
        return Ok(());
    };
    write_order::change(store, order, |order| {
        order.label == Label::None && order.file_label(label.clone(), now)
    })
    .await?;
    store.unpark(&order.seller, &account, kind, key).await?;
    Ok(())
}

/// Shows trouble with a label file; the same trouble again is one entry.
async fn park_page(work: &Work<'_>, reason: String) -> Result<(), WorkError> {
    let key: String = hex::encode(Sha256::digest(reason.as_bytes()))
        .chars()
        .take(16)
        .collect();
    let parked = Parked {
        seller: work.account.seller.clone(),
        account: work.account.id.clone(),
        kind: ParkedKind::LabelPage,
        key,
        reason,
        since: work.now(),
        label: None,
    };
    work.desk.hub.store.park(&parked, None).await?;
    Ok(())
}
