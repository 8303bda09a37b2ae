//! Filing labels: a job's PDF is stored once, and each of its pages belongs to the order whose
//! number it carries.

use haat_domain::{LabelPage, Order, OrderId, OrderNumber, Parked, ParkedKind};
use haat_ports::{ErrorKind, JobId, JobState, LabelJob, MarketplaceError, Shipping, Store};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::work_on_jobs::{PageOrders, Work, WorkError};
use crate::write_order::{self, WriteError};

/// How many of the marketplace's older jobs are taken over at the first look.
const TAKEN_OVER: usize = 20;

/// What became of the jobs that finished since the last look.
#[derive(Default)]
pub(crate) struct Filed {
    /// Why some label of theirs could not be filed under its order, if so.
    pub(crate) trouble: Option<String>,
}

/// Stores the PDFs of jobs that finished since the last look, oldest first, whoever asked for
/// them: labels made in the marketplace's own panel are taken over.
pub(crate) async fn file_finished(
    work: &mut Work<'_>,
    shipping: &dyn Shipping,
    jobs: &[LabelJob],
) -> Result<Filed, WorkError> {
    let first_look = work.record.filed.is_none();
    let unfiled: Vec<&LabelJob> = jobs
        .iter()
        .take_while(|job| Some(&job.job.id) != work.record.filed.as_ref())
        .take(if first_look { TAKEN_OVER } else { usize::MAX })
        .collect();
    let mut filed = Filed::default();
    for (index, job) in unfiled.iter().enumerate().rev() {
        let newer = unfiled.get(..index).unwrap_or_default();
        match (&job.job.state, &job.file) {
            // What comes after a running job is filed when that one has ended; a job that runs on
            // while newer ones have ended will never end.
            (JobState::Running, _) if newer.iter().all(|job| runs(job)) => break,
            (JobState::Finished, Some(_)) => {
                if let Some(trouble) = file_job(work, shipping, job).await? {
                    filed.trouble = Some(trouble);
                }
            }
            (JobState::Running | JobState::Finished | JobState::Failed { .. }, _) => {}
        }
        work.record.filed = Some(job.job.id.clone());
        // A long history is taken over step by step, however often this is cut off.
        work.save().await?;
    }
    Ok(filed)
}

fn runs(job: &LabelJob) -> bool {
    job.job.state == JobState::Running
}

/// Files one job's PDF. `Some`: why not all of it could be filed.
async fn file_job(
    work: &Work<'_>,
    shipping: &dyn Shipping,
    job: &LabelJob,
) -> Result<Option<String>, WorkError> {
    let pdf = match shipping.label_file(job).await {
        Ok(pdf) => pdf,
        // Its orders are still without a label there, so the next job makes them again.
        Err(error) if concerns_the_file(&error) => {
            park_page(work, error.to_string()).await?;
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    let sha256 = hex::encode(Sha256::digest(&pdf));
    let file = file_key(work, &job.job.id);
    let pages = (work.desk.read_pages)(&pdf);
    work.desk.files.put(&file, pdf, "application/pdf").await?;
    let pages = match pages {
        Ok(pages) => pages,
        Err(reason) => {
            let reason = format!("the label PDF cannot be read: {reason}; it is kept as {file}");
            park_page(work, reason.clone()).await?;
            return Ok(Some(reason));
        }
    };
    let mut trouble = None;
    for page in pages {
        let label = LabelPage {
            file: file.clone(),
            page: page.page,
            sha256: sha256.clone(),
            stored_at: work.now(),
        };
        if let Some(reason) = file_page(work, page, &label).await? {
            trouble = Some(reason);
        }
    }
    match shipping.labels_stored(&job.job.id).await {
        Ok(()) => {}
        // The labels are here; the next job makes them once more.
        Err(error) if concerns_the_file(&error) => park_page(work, error.to_string()).await?,
        Err(error) => return Err(error.into()),
    }
    Ok(trouble)
}

/// Trouble with one job's file is no reason to stop at it for ever: it is kept among what failed,
/// and the next job goes on.
fn concerns_the_file(error: &MarketplaceError) -> bool {
    matches!(
        error.kind,
        ErrorKind::NotFound | ErrorKind::Rejected | ErrorKind::Malformed
    )
}

fn file_key(work: &Work<'_>, job: &JobId) -> String {
    // A marketplace's key never becomes part of a file name as it came.
    let name = hex::encode(Sha256::digest(job.0.as_bytes()));
    let name: String = name.chars().take(32).collect();
    format!(
        "labels/{}/{}/{name}.pdf",
        work.account.seller, work.account.id
    )
}

/// Files a page under every order it names. `Some`: why it is for nobody.
async fn file_page(
    work: &Work<'_>,
    page: PageOrders,
    label: &LabelPage,
) -> Result<Option<String>, WorkError> {
    let numbers: Vec<OrderNumber> = page
        .orders
        .iter()
        .filter_map(|number| number.parse().ok())
        .collect();
    if numbers.is_empty() {
        let problem = page.problem.unwrap_or_else(|| "it names none".to_owned());
        let (page, file) = (page.page, &label.file);
        let reason = format!(
            "page {page} of the label PDF carries no order number that can be read ({problem}); \
             print the label from the marketplace's own panel (kept in {file})"
        );
        park_page(work, reason.clone()).await?;
        return Ok(Some(reason));
    }
    let mut orders = work.orders(&numbers).await?;
    for order in &mut orders {
        write_order::change(work.desk.hub.store.as_ref(), order, |order| {
            order.file_label(label.clone(), label.stored_at)
        })
        .await?;
    }
    for number in numbers {
        if !orders.iter().any(|order| order.id.number == number) {
            park_label(work, &number, label).await?;
        }
    }
    Ok(None)
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

/// Files the label that waited for an order, if one did.
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
    write_order::change(store, order, |order| order.file_label(label.clone(), now)).await?;
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
