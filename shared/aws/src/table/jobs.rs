use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use haat_domain::{AccountId, Action, OrderNumber, SellerId};
use haat_ports::{
    EndedJob, JobId, JobProgress, JobRecord, Jobs, OthersJob, Pace, SellerWork, StoreError,
    WaitingOrders,
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::item::{Item, Stored, corrupt, key_attributes, values};
use super::{Table, failed, keys, starting_with};

#[derive(Serialize, Deserialize)]
struct StoredJob {
    orders: Vec<OrderNumber>,
    asked: Vec<OrderNumber>,
    progress: StoredProgress,
    #[serde(skip_serializing_if = "Option::is_none")]
    filed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wake: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pace: Option<Pace>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<EndedJob>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unfiled: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    brought: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    beside: Option<OthersJob>,
}

/// Its time and name are its key.
#[derive(Serialize, Deserialize)]
struct StoredWaiting {
    due: Timestamp,
    since: Timestamp,
    orders: Vec<OrderNumber>,
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

fn filled(idle: JobRecord, stored: Stored<StoredJob>) -> JobRecord {
    let body = stored.body;
    JobRecord {
        orders: body.orders,
        asked: body.asked,
        progress: JobProgress::from(body.progress),
        filed: body.filed.map(JobId),
        wake: body.wake,
        since: body.since,
        trouble: body.trouble,
        pace: body.pace,
        ended: body.ended,
        unfiled: body.unfiled,
        brought: body.brought,
        beside: body.beside,
        version: stored.version,
        ..idle
    }
}

fn noted(what: &str, stored: Stored<StoredWaiting>) -> Result<WaitingOrders, StoreError> {
    let name = keys::waiting_name(&stored.sk).ok_or_else(|| corrupt(what, "a key has no name"))?;
    Ok(WaitingOrders {
        due: stored.body.due,
        name: name.to_owned(),
        since: stored.body.since,
        orders: stored.body.orders,
    })
}

impl Table {
    /// The first part of what a seller's partition holds under a prefix: at most a megabyte.
    async fn first_part<T: DeserializeOwned>(
        &self,
        what: &str,
        seller: &SellerId,
        prefix: &str,
    ) -> Result<Vec<Stored<T>>, StoreError> {
        let (condition, values) = starting_with("pk", "sk", keys::tenant(seller), prefix);
        let request = self.client.query().table_name(&self.name);
        let request = request.key_condition_expression(condition);
        let request = request.set_expression_attribute_values(Some(values));
        let answer = request.send().await.map_err(|error| failed(what, &error))?;
        let items = answer.items.unwrap_or_default().into_iter();
        items
            .map(|attributes| Stored::read(what, attributes))
            .collect()
    }
}

fn waits(seller: &SellerId, account: &AccountId, action: Action) -> String {
    let action = action.word();
    format!("what waits for the {action} work of account {account} of seller {seller}")
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
        let idle = JobRecord::idle(seller.clone(), account.clone(), action);
        Ok(match stored {
            Some(stored) => filled(idle, stored),
            None => idle,
        })
    }

    async fn put_job(&self, record: &mut JobRecord) -> Result<(), StoreError> {
        let body = StoredJob {
            orders: record.orders.clone(),
            asked: record.asked.clone(),
            progress: StoredProgress::from(&record.progress),
            filed: record.filed.as_ref().map(|job| job.0.clone()),
            wake: record.wake,
            since: record.since,
            trouble: record.trouble.clone(),
            pace: record.pace,
            ended: record.ended.clone(),
            unfiled: record.unfiled.clone(),
            brought: record.brought,
            beside: record.beside.clone(),
        };
        let what = named(&record.seller, &record.account, record.action);
        let key = keys::job(&record.seller, &record.account, record.action);
        let item = Item::new(what, key, &body)?;
        self.put(item.over(record.version)).await?;
        record.version = record.version.saturating_add(1);
        Ok(())
    }
    async fn put_waiting(
        &self,
        (seller, account, action): (&SellerId, &AccountId, Action),
        waiting: &WaitingOrders,
    ) -> Result<(), StoreError> {
        let what = waits(seller, account, action);
        let WaitingOrders {
            due, name, since, ..
        } = waiting;
        let body = StoredWaiting {
            due: *due,
            since: *since,
            orders: waiting.orders.clone(),
        };
        let key = keys::waiting(seller, account, action, *due, name);
        self.put(Item::new(what, key, &body)?).await
    }

    async fn waiting(
        &self,
        (seller, account, action): (&SellerId, &AccountId, Action),
        due_by: Timestamp,
        limit: u32,
    ) -> Result<Vec<WaitingOrders>, StoreError> {
        let what = waits(seller, account, action);
        let request = self.client.query().table_name(&self.name);
        let request = request.key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to");
        let values = values([
            (":pk", AttributeValue::S(keys::tenant(seller))),
            (
                ":from",
                AttributeValue::S(keys::waiting_of(account, action)),
            ),
            (
                ":to",
                AttributeValue::S(keys::waiting_until(account, action, due_by)),
            ),
        ]);
        let request = request.set_expression_attribute_values(Some(values));
        let limit = i32::try_from(limit.clamp(1, 1000)).unwrap_or(1000);
        let answer = request.consistent_read(true).limit(limit).send().await;
        let answer = answer.map_err(|error| failed(&what, &error))?;
        let items = answer.items.unwrap_or_default().into_iter();
        items
            .map(|attributes| noted(&what, Stored::read(&what, attributes)?))
            .collect()
    }

    async fn drop_waiting(
        &self,
        (seller, account, action): (&SellerId, &AccountId, Action),
        waiting: &WaitingOrders,
    ) -> Result<(), StoreError> {
        let what = waits(seller, account, action);
        let key = keys::waiting(seller, account, action, waiting.due, &waiting.name);
        let request = self.client.delete_item().table_name(&self.name);
        let request = request.set_key(Some(key_attributes(key)));
        request
            .send()
            .await
            .map_err(|error| failed(&what, &error))?;
        Ok(())
    }

    async fn work_of(&self, seller: &SellerId) -> Result<SellerWork, StoreError> {
        let what = format!("the work of seller {seller}");
        let unknown = |sk: &str| corrupt(&what, format!("a key is {sk}"));
        let mut work = SellerWork::default();
        for stored in self
            .first_part::<StoredJob>(&what, seller, keys::JOBS)
            .await?
        {
            let (account, action) = keys::work_of(&stored.sk).ok_or_else(|| unknown(&stored.sk))?;
            let idle = JobRecord::idle(seller.clone(), account, action);
            work.records.push(filled(idle, stored));
        }
        let notes = self.first_part::<StoredWaiting>(&what, seller, keys::WAITING);
        for stored in notes.await? {
            let (account, action) = keys::work_of(&stored.sk).ok_or_else(|| unknown(&stored.sk))?;
            work.waiting.push((account, action, noted(&what, stored)?));
        }
        Ok(work)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{StoredJob, StoredProgress};

    #[test]
    fn a_record_written_before_there_were_notes_is_read() {
        let old = json!({
            "orders": ["299_1", "299_2"], "asked": ["299_3"],
            "progress": {"running": {"since": "2026-09-12T12:00:00Z", "job": "job-8"}},
            "filed": "job-7", "wake": "2026-09-12T12:00:10Z"
        });
        let read: StoredJob = serde_json::from_value(old).unwrap();
        assert_eq!((read.orders.len(), read.asked.len()), (2, 1));
        assert!(matches!(read.progress, StoredProgress::Running { .. }));
        assert!(read.ended.is_none() && read.pace.is_none() && !read.brought);
    }
}
