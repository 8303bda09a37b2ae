//! Filing labels: a job's PDF is stored once, and each of its pages belongs to the order whose
//! number it carries.

use haat_domain::{LabelPage, OrderNumber, Parked, ParkedKind};
use haat_ports::{ErrorKind, JobId, JobState, LabelJob, Shipping};
use sha2::{Digest, Sha256};

use crate::work_on_jobs::{PageOrders, Work, WorkError};
use crate::write_order;

/// How many of the marketplace's older jobs are taken over at the first look.
const TAKEN_OVER: usize = 20;

/// Stores the PDFs of jobs that finished since the last look, oldest first, whoever asked for
/// them: labels made in the marketplace's own panel are taken over.
pub(crate) async fn file_finished(
    work: &mut Work<'_>,
    shipping: &dyn Shipping,
    jobs: &[LabelJob],
) -> Result<(), WorkError> {
    let unfiled: Vec<&LabelJob> = jobs
        .iter()
        .take_while(|job| Some(&job.job.id) != work.record.filed.as_ref())
        .take(TAKEN_OVER)
        .collect();
    for job in unfiled.into_iter().rev() {
        match (&job.job.state, &job.file) {
            // What comes after a running job is filed when that one has ended.
            (JobState::Running, _) => break,
            (JobState::Finished, Some(_)) => file_job(work, shipping, job).await?,
            (JobState::Finished, None) | (JobState::Failed { .. }, _) => {}
        }
        work.record.filed = Some(job.job.id.clone());
    }
    Ok(())
}

async fn file_job(
    work: &Work<'_>,
    shipping: &dyn Shipping,
    job: &LabelJob,
) -> Result<(), WorkError> {
    let pdf = match shipping.label_file(job).await {
        Ok(pdf) => pdf,
        // Its orders are still without a label there, so the next job makes them again.
        Err(error) if error.kind == ErrorKind::NotFound => {
            return park_page(work, &job.job.id, 0, error.to_string()).await;
        }
        Err(error) => return Err(error.into()),
    };
    let sha256 = hex::encode(Sha256::digest(&pdf));
    let file = file_key(work, &job.job.id);
    let pages = (work.desk.read_pages)(&pdf);
    work.desk.files.put(&file, pdf, "application/pdf").await?;
    match pages {
        Ok(pages) => {
            for page in pages {
                file_page(work, &job.job.id, page, &file, &sha256).await?;
            }
        }
        Err(reason) => {
            let reason = format!("the label PDF cannot be read: {reason}; it is kept as {file}");
            park_page(work, &job.job.id, 0, reason).await?;
        }
    }
    Ok(shipping.labels_stored(&job.job.id).await?)
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

async fn file_page(
    work: &Work<'_>,
    job: &JobId,
    page: PageOrders,
    file: &str,
    sha256: &str,
) -> Result<(), WorkError> {
    let now = work.now();
    let numbers: Vec<OrderNumber> = page
        .orders
        .iter()
        .filter_map(|number| number.parse().ok())
        .collect();
    let mut orders = work.orders(&numbers).await?;
    if orders.is_empty() {
        let whose = match numbers.first() {
            Some(number) => format!("order {number}, which Haat does not know"),
            None => match &page.problem {
                Some(problem) => format!("no order number that can be read ({problem})"),
                None => "no order number".to_owned(),
            },
        };
        let reason = format!("page {} carries {whose}; it is kept in {file}", page.page);
        return park_page(work, job, page.page, reason).await;
    }
    for order in &mut orders {
        let label = LabelPage {
            file: file.to_owned(),
            page: page.page,
            sha256: sha256.to_owned(),
            stored_at: now,
        };
        write_order::change(work.desk.hub.store.as_ref(), order, |order| {
            order.file_label(label.clone(), now)
        })
        .await?;
    }
    Ok(())
}

async fn park_page(
    work: &Work<'_>,
    job: &JobId,
    page: u32,
    reason: String,
) -> Result<(), WorkError> {
    let job: String = hex::encode(Sha256::digest(job.0.as_bytes()))
        .chars()
        .take(12)
        .collect();
    let parked = Parked {
        seller: work.account.seller.clone(),
        account: work.account.id.clone(),
        kind: ParkedKind::LabelPage,
        key: format!("{job}-{page}"),
        reason,
        since: work.now(),
    };
    work.desk.hub.store.park(&parked, None).await?;
    Ok(())
}
