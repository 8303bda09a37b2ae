//! Lists by time: parts of the index, and the cursors between them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use haat_domain::SellerId;
use haat_ports::{Page, StoreError};

use super::item::{Attributes, corrupt, key_attributes, values};
use super::keys::{self, Key};
use super::{Table, failed, starting_with};
use aws_sdk_dynamodb::types::AttributeValue;

/// One list of one seller.
pub(super) struct List<'a> {
    seller: &'a SellerId,
    /// What the index keys of the list begin with.
    prefix: &'static str,
    ascending: bool,
}

impl<'a> List<'a> {
    pub(super) fn ascending(seller: &'a SellerId, prefix: &'static str) -> Self {
        Self {
            seller,
            prefix,
            ascending: true,
        }
    }

    pub(super) fn descending(seller: &'a SellerId, prefix: &'static str) -> Self {
        Self {
            seller,
            prefix,
            ascending: false,
        }
    }

    /// A cursor is the last entry given. It carries the seller, so that another seller's cursor
    /// starts his own list anew.
    fn cursor(&self, gsk: &str) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}#{gsk}", self.seller))
    }

    /// Where the part after a cursor starts; `None` for what is no cursor of this list.
    fn start(&self, cursor: &str) -> Option<Attributes> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let (seller, gsk) = text.split_once('#')?;
        if seller != self.seller.as_str() || !gsk.starts_with(self.prefix) {
            return None;
        }
        let mut start = key_attributes(keys::of_index(self.seller, gsk)?);
        start.extend(values([
            ("gpk", AttributeValue::S(keys::tenant(self.seller))),
            ("gsk", AttributeValue::S(gsk.to_owned())),
        ]));
        Some(start)
    }
}

impl Table {
    /// The keys of the items in a part of a list, in its order.
    pub(super) async fn list(
        &self,
        what: &str,
        list: &List<'_>,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Key>, StoreError> {
        let limit = limit.clamp(1, 1000);
        let partition = keys::tenant(list.seller);
        let (condition, values) = starting_with("gpk", "gsk", partition, list.prefix);
        let request = self.client.query().table_name(&self.name);
        let request = request.index_name(keys::BY_TIME);
        let request = request.key_condition_expression(condition);
        let request = request.set_expression_attribute_values(Some(values));
        let request = request.scan_index_forward(list.ascending);
        let request = request.set_exclusive_start_key(cursor.and_then(|text| list.start(text)));
        // One more than wanted tells whether there is a next part.
        let one_more = i32::try_from(limit.saturating_add(1)).unwrap_or(i32::MAX);
        let answer = request.limit(one_more).send().await;
        let answer = answer.map_err(|error| failed(what, &error))?;

        let mut entries = answer.items.unwrap_or_default();
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let goes_on = entries.len() > wanted || answer.last_evaluated_key.is_some();
        entries.truncate(wanted);
        let gsks = entries.iter().map(|entry| gsk_of(what, entry));
        let gsks = gsks.collect::<Result<Vec<&str>, StoreError>>()?;
        let items = gsks.iter().map(|gsk| {
            keys::of_index(list.seller, gsk)
                .ok_or_else(|| corrupt(what, format!("the index holds {gsk}")))
        });
        Ok(Page {
            items: items.collect::<Result<_, _>>()?,
            next: gsks.last().filter(|_| goes_on).map(|gsk| list.cursor(gsk)),
        })
    }
}

fn gsk_of<'a>(what: &str, entry: &'a Attributes) -> Result<&'a str, StoreError> {
    let gsk = entry.get("gsk").and_then(|value| value.as_s().ok());
    gsk.map(String::as_str)
        .ok_or_else(|| corrupt(what, "an entry of the index has no sort key"))
}
