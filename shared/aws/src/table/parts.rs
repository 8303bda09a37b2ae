//! Parts of a partition, in the order of its sort keys.

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use haat_ports::{Page, StoreError};
use serde::de::DeserializeOwned;

use super::item::{Stored, has_expired, key_attributes};
use super::keys::Key;
use super::{Table, failed, starting_with};

/// Which items of a partition, and from which end.
pub(super) struct Part {
    pub(super) pk: String,
    /// What the sort keys begin with.
    pub(super) prefix: String,
    pub(super) ascending: bool,
}

impl Part {
    /// A cursor is the sort key of the last item given; one of another list is none.
    fn start(&self, cursor: &str) -> Option<Key> {
        let sk = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        sk.starts_with(&self.prefix)
            .then(|| Key::new(self.pk.clone(), sk))
    }
}

impl Table {
    /// A part of some items of a partition.
    pub(super) async fn part<T: DeserializeOwned>(
        &self,
        what: &str,
        part: &Part,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Stored<T>>, StoreError> {
        let limit = i32::try_from(limit.clamp(1, 1000)).unwrap_or(1000);
        let (condition, values) = starting_with("pk", "sk", part.pk.clone(), &part.prefix);
        let start = cursor.and_then(|cursor| part.start(cursor));
        let request = self.client.query().table_name(&self.name);
        let request = request.key_condition_expression(condition);
        let request = request.set_expression_attribute_values(Some(values));
        let request = request.set_exclusive_start_key(start.map(key_attributes));
        let request = request.scan_index_forward(part.ascending);
        let request = request.consistent_read(true).limit(limit);
        let answer = request.send().await.map_err(|error| failed(what, &error))?;
        let last = answer.last_evaluated_key;
        let last = last.and_then(|mut key| match key.remove("sk") {
            Some(AttributeValue::S(sk)) => Some(URL_SAFE_NO_PAD.encode(sk)),
            Some(_) | None => None,
        });
        let now = self.now();
        let items = answer.items.unwrap_or_default().into_iter();
        let items = items
            .filter(|attributes| !has_expired(attributes, now))
            .map(|attributes| Stored::read(what, attributes))
            .collect::<Result<_, _>>()?;
        Ok(Page { items, next: last })
    }
}
