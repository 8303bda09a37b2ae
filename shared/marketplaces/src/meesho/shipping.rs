//! Accepting orders and getting their labels, both by the panel's jobs.

use std::time::Duration;

use async_trait::async_trait;
use haat_domain::OrderNumber;
use haat_ports::{
    ErrorKind, Job, JobId, LabelJob, LabelJobs, MarketplaceError, Pace, ShippingByJob,
};

use super::Line;
use super::client::Operation;
use super::translate::{self, MAX_JOB_ID_BYTES};
use super::wire::{
    AcceptGroup, AcceptRequest, Flag, JobRef, JobStarted, LabelFilter, LabelRequest, Success,
};
use crate::call::Effect;

const REQ_PENDING_ORDERS: Operation = Operation {
    name: "meesho reqPendingOrders",
    path: |paths| &paths.req_pending_orders,
    effect: Effect::Starts,
};
const FETCH_PENDING_ORDERS_HISTORY: Operation = Operation {
    name: "meesho fetchPendingOrdersHistory",
    path: |paths| &paths.fetch_pending_orders_history,
    effect: Effect::None,
};
const REQ_DOWNLOAD_LABEL: Operation = Operation {
    name: "meesho reqDownloadLabelV2",
    path: |paths| &paths.req_download_label,
    effect: Effect::Starts,
};
const FETCH_LABEL_DOWNLOAD_HISTORY: Operation = Operation {
    name: "meesho fetchLabelDownloadHistory",
    path: |paths| &paths.fetch_label_download_history,
    effect: Effect::None,
};
/// Harmless to repeat, so its lost answer is no ambiguity.
const UPDATE_GROUP_DOWNLOAD_BACKEND_FLAG: Operation = Operation {
    name: "meesho updateGroupDownloadBackendFlag",
    path: |paths| &paths.update_group_download_backend_flag,
    effect: Effect::None,
};
const GET_LABEL_FILE: &str = "meesho getLabelFile";

#[async_trait]
impl ShippingByJob for Line {
    async fn accept(&self, numbers: &[OrderNumber]) -> Result<JobId, MarketplaceError> {
        let profile = &self.client.profile;
        let trouble = |said: String| {
            MarketplaceError::new(ErrorKind::Rejected, REQ_PENDING_ORDERS.name, said)
        };
        if numbers.is_empty() {
            return Err(trouble("no order was named; nothing was sent".to_owned()));
        }
        let most = profile.max_accept_transitions;
        if numbers.len() > most {
            return Err(trouble(format!(
                "{} orders at once, {most} are allowed; nothing was sent",
                numbers.len()
            )));
        }
        let group = |number: &OrderNumber| {
            let key = format!("{number}{}", profile.accept_grouping_suffix);
            AcceptGroup {
                grouping_key: key.clone(),
                sub_order_ids: [key],
                shipment_type: &profile.accept_shipment_type,
            }
        };
        let request = AcceptRequest {
            supplier_details: self.supplier.details_ref(),
            current_status: profile.accept_current_status,
            requested_status: profile.accept_requested_status,
            max_transitions: most,
            groups: numbers.iter().map(group).collect(),
        };
        let started = self.client.call(self, &REQ_PENDING_ORDERS, &request);
        job(&REQ_PENDING_ORDERS, started.await?)
    }

    async fn accept_jobs(&self) -> Result<Vec<Job>, MarketplaceError> {
        let operation = &FETCH_PENDING_ORDERS_HISTORY;
        let supplier = self.supplier.reference();
        let history = self.client.call(self, operation, &supplier).await?;
        translate::accept_jobs(history)
            .map_err(|why| MarketplaceError::new(ErrorKind::Malformed, operation.name, why))
    }

    fn accept_takes(&self) -> Duration {
        Duration::from_secs(self.client.profile.accept_poll_seconds.into())
    }

    fn accept_pace(&self) -> Pace {
        let profile = &self.client.profile;
        let orders = profile.max_accept_transitions.max(1);
        // Afterwards every order is looked up.
        let look_ups = orders.div_ceil(profile.max_details_orders.get());
        let job = u64::from(profile.accept_poll_seconds);
        Pace {
            orders,
            seconds: job.saturating_add(self.calls_take(look_ups.saturating_add(3))),
        }
    }

    fn label_pace(&self) -> Pace {
        let profile = &self.client.profile;
        let job = u64::from(profile.label_job_seconds);
        let look = u64::from(profile.label_poll_seconds);
        Pace {
            orders: profile.max_label_transitions.max(1),
            seconds: job.saturating_add(look).saturating_add(self.calls_take(6)),
        }
    }

    async fn request_labels(&self) -> Result<JobId, MarketplaceError> {
        let profile = &self.client.profile;
        let request = LabelRequest {
            supplier_details: self.supplier.details_ref(),
            identifier: &self.supplier.identifier,
            enable_hold: true,
            include_all: true,
            current_status: profile.label_current_status,
            requested_status: profile.label_requested_status,
            max_transitions: profile.max_label_transitions,
            filter: LabelFilter {
                label_downloaded: Flag { status: false },
            },
        };
        let started = self.client.call(self, &REQ_DOWNLOAD_LABEL, &request);
        job(&REQ_DOWNLOAD_LABEL, started.await?)
    }

    async fn label_jobs(&self) -> Result<LabelJobs, MarketplaceError> {
        let operation = &FETCH_LABEL_DOWNLOAD_HISTORY;
        let supplier = self.supplier.reference();
        let history = self.client.call(self, operation, &supplier).await?;
        translate::label_jobs(&self.client.profile, history)
            .map_err(|why| MarketplaceError::new(ErrorKind::Malformed, operation.name, why))
    }

    async fn label_file(&self, job: &LabelJob) -> Result<Vec<u8>, MarketplaceError> {
        let Some(address) = &job.file else {
            let said = "the label job has no file";
            return Err(MarketplaceError::new(
                ErrorKind::NotFound,
                GET_LABEL_FILE,
                said,
            ));
        };
        self.client.pdf(GET_LABEL_FILE, address).await
    }

    async fn labels_stored(&self, job: &JobId) -> Result<(), MarketplaceError> {
        let operation = &UPDATE_GROUP_DOWNLOAD_BACKEND_FLAG;
        let request = JobRef {
            supplier_id: self.supplier.id,
            identifier: &self.supplier.identifier,
            request_id: &job.0,
        };
        let answer: Success = self.client.call(self, operation, &request).await?;
        if answer.success == Some(false) {
            let said = "the panel did not take the word that the labels are stored";
            return Err(MarketplaceError::new(
                ErrorKind::Rejected,
                operation.name,
                said,
            ));
        }
        Ok(())
    }
}

impl Line {
    /// How many seconds so many calls take.
    fn calls_take(&self, calls: usize) -> u64 {
        let calls = u64::try_from(calls).unwrap_or(u64::MAX);
        let pause = self.client.profile.milliseconds_between_calls;
        calls.saturating_mul(pause).div_ceil(1000)
    }
}

fn job(operation: &Operation, started: JobStarted) -> Result<JobId, MarketplaceError> {
    // Longer than any key that was seen, and too long to be written down with the work.
    let usable = 1..=MAX_JOB_ID_BYTES;
    if !usable.contains(&started.request_id.len()) {
        let said = "the answer names no job that could be noted; it may run all the same";
        return Err(MarketplaceError::new(
            ErrorKind::Ambiguous,
            operation.name,
            said,
        ));
    }
    Ok(JobId(started.request_id))
}
