//! Shapes of the contract's requests and answers, nothing more.

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::value::RawValue;

mod jobs;
mod orders;
mod session;

pub(super) use jobs::*;
pub(super) use orders::*;
pub(super) use session::*;

#[derive(Serialize)]
pub(super) struct SupplierRef<'a> {
    pub(super) supplier_id: u64,
    pub(super) identifier: &'a str,
}

#[derive(Serialize)]
pub(super) struct SupplierDetailsRef<'a> {
    pub(super) id: u64,
    pub(super) identifier: &'a str,
}

/// The rows of a list, each still as text, so that one that cannot be read spoils no other.
/// A list, or an object keyed by id: both were seen.
pub(super) struct Rows(pub(super) Vec<Box<RawValue>>);

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListOrObject;

        impl<'de> Visitor<'de> for ListOrObject {
            type Value = Rows;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of rows, or an object of them")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Rows, A::Error> {
                let mut rows = Vec::new();
                while let Some(row) = list.next_element()? {
                    rows.push(row);
                }
                Ok(Rows(rows))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Rows, A::Error> {
                let mut rows = Vec::new();
                while let Some((de::IgnoredAny, row)) = object.next_entry()? {
                    rows.push(row);
                }
                Ok(Rows(rows))
            }
        }

        deserializer.deserialize_any(ListOrObject)
    }
}
