use async_trait::async_trait;
use haat_domain::{AccountId, Action, OrderNumber, SellerId};
use haat_ports::{JobId, JobProgress, JobRecord, Jobs, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::item::Item;
use super::{Table, keys};

#[derive(Serialize, Deserialize)]
struct StoredJob {
    orders: Vec<OrderNumber>,
    asked: Vec<OrderNumber>,
    progress: StoredProgress,
    #[serde(skip_serializing_if = "Option::is_none")]
    filed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wake: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredProgress {
    Idle,
    Asking(StoredRequest),
    Unknown(StoredRequest),
    Running { since: Timestamp, job: String },
}

#[derive(Serialize, Deserialize)]
struct StoredRequest {
    since: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
}

impl From<&JobProgress> for StoredProgress {
    fn from(progress: &JobProgress) -> Self {
        let request = |since: &Timestamp, before: &Option<JobId>| StoredRequest {
            since: *since,
            before: before.as_ref().map(|job| job.0.clone()),
        };
        match progress {
            JobProgress::Idle => Self::Idle,
            JobProgress::Asking { since, before } => Self::Asking(request(since, before)),
            JobProgress::Unknown { since, before } => Self::Unknown(request(since, before)),
            JobProgress::Running { since, job } => Self::Running {
                since: *since,
                job: job.0.clone(),
            },
        }
    }
}

impl From<StoredProgress> for JobProgress {
    fn from(progress: StoredProgress) -> Self {
        match progress {
            StoredProgress::Idle => Self::Idle,
            StoredProgress::Asking(StoredRequest { since, before }) => Self::Asking {
                since,
                before: before.map(JobId),
            },
            StoredProgress::Unknown(StoredRequest { since, before }) => Self::Unknown {
                since,
                before: before.map(JobId),
            },
            StoredProgress::Running { since, job } => Self::Running {
                since,
                job: JobId(job),
            },
        }
    }
}

fn named(seller: &SellerId, account: &AccountId, action: Action) -> String {
    let action = action.word();
    format!("the {action} job of account {account} of seller {seller}")
}

#[async_trait]
impl Jobs for Table {
    async fn job(
        &self,
        seller: &SellerId,
        account: &AccountId,
        action: Action,
    ) -> Result<JobRecord, StoreError> {
        let what = named(seller, account, action);
        let key = keys::job(seller, account, action);
        let stored = self.get::<StoredJob>(&what, key).await?;
        let (body, version) = match stored {
            Some(stored) => (stored.body, stored.version),
            None => {
                let idle = StoredJob {
                    orders: Vec::new(),
                    asked: Vec::new(),
                    progress: StoredProgress::Idle,
                    filed: None,
                    wake: None,
                };
                (idle, 0)
            }
        };
        Ok(JobRecord {
            seller: seller.clone(),
            account: account.clone(),
            action,
            orders: body.orders,
            asked: body.asked,
            progress: JobProgress::from(body.progress),
            filed: body.filed.map(JobId),
            wake: body.wake,
            version,
        })
    }

    async fn put_job(&self, record: &mut JobRecord) -> Result<(), StoreError> {
        let body = StoredJob {
            orders: record.orders.clone(),
            asked: record.asked.clone(),
            progress: StoredProgress::from(&record.progress),
            filed: record.filed.as_ref().map(|job| job.0.clone()),
            wake: record.wake,
        };
        let what = named(&record.seller, &record.account, record.action);
        let key = keys::job(&record.seller, &record.account, record.action);
        let item = Item::new(what, key, &body)?;
        self.put(item.over(record.version)).await?;
        record.version = record.version.saturating_add(1);
        Ok(())
    }
}
