//! The table: one method per access pattern of `docs/access-patterns.md`.

mod accounts;
mod item;
mod jobs;
mod keys;
mod lists;
mod logins;
mod news;
mod numbers;
mod offers;
mod orders;
mod parked;
mod parts;
mod polls;
mod returns;
mod sellers;
mod set_up;
mod shipping;
mod stored_history;
mod stored_order;
mod stored_supply;
mod tokens;
mod transaction;
mod write;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_types::SdkConfig;
use haat_ports::{Clock, StoreError};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::failure::reason;
use item::{Attributes, Stored, corrupt, has_expired, key_attributes, values};
use keys::Key;

pub use keys::order_of_key;
pub use news::is_news;

/// Haat's table. Implements every port of the store.
pub struct Table {
    client: Client,
    name: String,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

const KEYS_PER_CALL: usize = 100;
const BATCH_ROUNDS: u32 = 10;
const FIRST_PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_millis(400);

impl Table {
    /// The table of this name. The clock tells which items have expired.
    pub fn new(config: &SdkConfig, name: impl Into<String>, clock: Arc<dyn Clock>) -> Self {
        Self {
            client: Client::new(config),
            name: name.into(),
            clock,
        }
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn get<T: DeserializeOwned>(
        &self,
        what: &str,
        key: Key,
    ) -> Result<Option<Stored<T>>, StoreError> {
        let request = self.client.get_item().table_name(&self.name);
        let request = request.set_key(Some(key_attributes(key)));
        let answer = request.consistent_read(true).send().await;
        let answer = answer.map_err(|error| failed(what, &error))?;
        answer
            .item
            .filter(|attributes| !has_expired(attributes, self.now()))
            .map(|attributes| Stored::read(what, attributes))
            .transpose()
    }

    /// The items that exist among `keys`, in any order; each key once.
    async fn batch_get<T: DeserializeOwned>(
        &self,
        what: &str,
        keys: Vec<Key>,
    ) -> Result<Vec<Stored<T>>, StoreError> {
        let mut found = Vec::with_capacity(keys.len());
        for some in keys.chunks(KEYS_PER_CALL) {
            let wanted = some.iter().cloned().map(key_attributes).collect();
            found.extend(self.batch_get_some(what, wanted).await?);
        }
        let now = self.now();
        found
            .into_iter()
            .filter(|attributes| !has_expired(attributes, now))
            .map(|attributes| Stored::read(what, attributes))
            .collect()
    }

    /// DynamoDB may answer a part and hand the rest back; the rest is asked again.
    async fn batch_get_some(
        &self,
        what: &str,
        mut wanted: Vec<Attributes>,
    ) -> Result<Vec<Attributes>, StoreError> {
        let mut found = Vec::with_capacity(wanted.len());
        let mut pause = FIRST_PAUSE;
        for _ in 0..BATCH_ROUNDS {
            let before = wanted.len();
            let keys = KeysAndAttributes::builder().consistent_read(true);
            let keys = keys.set_keys(Some(wanted)).build();
            let keys = keys.map_err(|error| corrupt(what, error))?;
            let request = self.client.batch_get_item();
            let answer = request.request_items(&self.name, keys).send().await;
            let answer = answer.map_err(|error| failed(what, &error))?;
            found.extend(
                answer
                    .responses
                    .into_iter()
                    .flatten()
                    .flat_map(|(_, items)| items),
            );
            let mut rest = answer.unprocessed_keys.unwrap_or_default();
            wanted = rest
                .remove(&self.name)
                .map(|rest| rest.keys)
                .unwrap_or_default();
            if wanted.is_empty() {
                return Ok(found);
            }
            if wanted.len() == before {
                tokio::time::sleep(pause).await;
                pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
            }
        }
        Err(StoreError::Unavailable {
            what: what.to_string(),
            reason: format!("{} of the items were not read in time", wanted.len()),
        })
    }

    /// All items of a partition whose sort key begins so, in its order.
    async fn query<T: DeserializeOwned>(
        &self,
        what: &str,
        pk: String,
        prefix: &str,
    ) -> Result<Vec<Stored<T>>, StoreError> {
        let (condition, values) = starting_with("pk", "sk", pk, prefix);
        let mut found = Vec::new();
        let mut from = None;
        loop {
            let request = self.client.query().table_name(&self.name);
            let request = request.key_condition_expression(&condition);
            let request = request.set_expression_attribute_values(Some(values.clone()));
            let request = request.consistent_read(true).set_exclusive_start_key(from);
            let answer = request.send().await.map_err(|error| failed(what, &error))?;
            let now = self.now();
            for attributes in answer.items.unwrap_or_default() {
                if !has_expired(&attributes, now) {
                    found.push(Stored::read(what, attributes)?);
                }
            }
            from = answer.last_evaluated_key;
            if from.is_none() {
                return Ok(found);
            }
        }
    }
}

/// A key condition: this partition, sort keys that begin so.
fn starting_with(
    pk_name: &str,
    sk_name: &str,
    pk: String,
    prefix: &str,
) -> (String, HashMap<String, AttributeValue>) {
    let pk_value = (":pk", AttributeValue::S(pk));
    if prefix.is_empty() {
        return (format!("{pk_name} = :pk"), values([pk_value]));
    }
    let condition = format!("{pk_name} = :pk AND begins_with({sk_name}, :sk)");
    let sk_value = (":sk", AttributeValue::S(prefix.to_owned()));
    (condition, values([pk_value, sk_value]))
}

fn failed<E>(what: &str, error: &SdkError<E, HttpResponse>) -> StoreError
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    match error
        .as_service_error()
        .and_then(ProvideErrorMetadata::code)
    {
        Some("ConditionalCheckFailedException" | "TransactionConflictException") => {
            StoreError::Conflict(what.to_string())
        }
        Some(_) | None => StoreError::Unavailable {
            what: what.to_string(),
            reason: reason(error),
        },
    }
}
