//! Items on their way into the table and out of it.

use std::collections::HashMap;
use std::fmt::Display;

use aws_sdk_dynamodb::types::AttributeValue;
use haat_ports::StoreError;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::keys::{IndexKey, Key};

pub(super) type Attributes = HashMap<String, AttributeValue>;

/// How long closed orders and what belongs to them stay.
pub(super) const KEPT_SECONDS: i64 = 400 * 24 * 60 * 60;

/// An item to be written, with the condition under which it may be.
pub(super) struct Item {
    pub(super) what: String,
    pub(super) attributes: Attributes,
    guard: Guard,
}

enum Guard {
    Always,
    Absent,
    Present,
    Version(u64),
    Holding(&'static str, AttributeValue),
}

/// A condition in DynamoDB's form.
#[derive(Default)]
pub(super) struct Condition {
    pub(super) expression: Option<String>,
    pub(super) names: Option<HashMap<String, String>>,
    pub(super) values: Option<Attributes>,
}

impl Item {
    /// An item that replaces whatever is there. `what` names it in errors.
    pub(super) fn new(
        what: impl Display,
        key: Key,
        body: &impl Serialize,
    ) -> Result<Self, StoreError> {
        let what = what.to_string();
        let mut attributes: Attributes =
            serde_dynamo::to_item(body).map_err(|error| corrupt(&what, error))?;
        attributes.extend(key_attributes(key));
        Ok(Self {
            what,
            attributes,
            guard: Guard::Always,
        })
    }

    /// Written only where nothing is, or nothing that has not expired.
    pub(super) fn if_absent(mut self) -> Self {
        self.guard = Guard::Absent;
        self
    }

    /// Written only where the item is.
    pub(super) fn if_present(mut self) -> Self {
        self.guard = Guard::Present;
        self
    }

    /// Written only where the item is and has this attribute, unchanged.
    pub(super) fn if_holding(mut self, name: &'static str, value: AttributeValue) -> Self {
        self.guard = Guard::Holding(name, value);
        self
    }

    /// Written only over the version it was read with; 0 means that it must not exist.
    pub(super) fn over(mut self, read: u64) -> Self {
        self.guard = match read {
            0 => Guard::Absent,
            version => Guard::Version(version),
        };
        self.set("v", number(read.saturating_add(1)));
        self
    }

    /// Invisible from this second on, and deleted some time later.
    pub(super) fn until(mut self, epoch_seconds: i64) -> Self {
        self.set("ttl", number(epoch_seconds));
        self
    }

    /// Listed in the index.
    pub(super) fn indexed(mut self, key: IndexKey) -> Self {
        self.set("gpk", AttributeValue::S(key.gpk));
        self.set("gsk", AttributeValue::S(key.gsk));
        self
    }

    fn set(&mut self, name: &str, value: AttributeValue) {
        self.attributes.insert(name.to_owned(), value);
    }

    pub(super) fn condition(&self, now: Timestamp) -> Condition {
        match &self.guard {
            Guard::Always => Condition::default(),
            Guard::Absent => Condition {
                expression: Some("attribute_not_exists(pk) OR #ttl <= :now".to_owned()),
                names: Some(HashMap::from([("#ttl".to_owned(), "ttl".to_owned())])),
                values: Some(values([(":now", number(now.as_second()))])),
            },
            Guard::Present => Condition {
                expression: Some("attribute_exists(pk)".to_owned()),
                names: None,
                values: None,
            },
            Guard::Version(version) => Condition {
                expression: Some("v = :v".to_owned()),
                names: None,
                values: Some(values([(":v", number(*version))])),
            },
            Guard::Holding(name, value) => Condition {
                expression: Some("#held = :held".to_owned()),
                names: Some(HashMap::from([("#held".to_owned(), (*name).to_owned())])),
                values: Some(values([(":held", value.clone())])),
            },
        }
    }
}

/// An item that was read.
pub(super) struct Stored<T> {
    pub(super) pk: String,
    pub(super) sk: String,
    pub(super) version: u64,
    pub(super) body: T,
}

impl<T: DeserializeOwned> Stored<T> {
    pub(super) fn read(what: &str, attributes: Attributes) -> Result<Self, StoreError> {
        let text = |name: &str| {
            let value = attributes.get(name).and_then(|value| value.as_s().ok());
            value.cloned().unwrap_or_default()
        };
        let version = attributes.get("v").and_then(|value| value.as_n().ok());
        // The library that reads items stops the program at a type that it does not know.
        if !attributes.values().all(is_of_known_type) {
            return Err(corrupt(what, "a value has a type that Haat does not know"));
        }
        let (pk, sk) = (text("pk"), text("sk"));
        let version = version.map_or(Ok(0), |digits| digits.parse());
        Ok(Self {
            pk,
            sk,
            version: version.map_err(|error| corrupt(what, error))?,
            body: serde_dynamo::from_item(attributes).map_err(|error| corrupt(what, error))?,
        })
    }
}

fn is_of_known_type(value: &AttributeValue) -> bool {
    if let Ok(fields) = value.as_m() {
        return fields.values().all(is_of_known_type);
    }
    if let Ok(values) = value.as_l() {
        return values.iter().all(is_of_known_type);
    }
    !value.is_unknown()
}

/// Whether the item's time has passed, though DynamoDB has not deleted it yet.
pub(super) fn has_expired(attributes: &Attributes, now: Timestamp) -> bool {
    let end = attributes.get("ttl").and_then(|value| value.as_n().ok());
    end.and_then(|digits| digits.parse::<i64>().ok())
        .is_some_and(|end| end <= now.as_second())
}

pub(super) fn corrupt(what: &str, reason: impl Display) -> StoreError {
    StoreError::Corrupt {
        what: what.to_string(),
        reason: reason.to_string(),
    }
}

pub(super) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(super) fn values<const N: usize>(entries: [(&str, AttributeValue); N]) -> Attributes {
    entries.map(|(name, value)| (name.to_owned(), value)).into()
}

pub(super) fn key_attributes(key: Key) -> Attributes {
    values([
        ("pk", AttributeValue::S(key.pk)),
        ("sk", AttributeValue::S(key.sk)),
    ])
}
