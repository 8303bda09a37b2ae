//! What a stranger might send instead of an answer, for tests.

use proptest::prelude::*;
use serde_json::{Value, json};

/// Any JSON, with a contract's field names among its keys and texts that look like its values.
pub(crate) fn any_json(keys: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("299000000000000001_1")),
        Just(json!("2026-09-11T12:11:10+0530")),
        Just(json!("999999999-12-31")),
        Just(json!("92233720368547758.08")),
        Just(json!("PROCESSED")),
        Just(json!("SUCCESS")),
        Just(json!("S900000001")),
        Just(json!(1_767_258_975)),
    ];
    leaf.prop_recursive(4, 48, 6, move |inner| {
        let key = prop::sample::select(keys);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..8).prop_map(|fields| fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

/// The row of a contract's example with one of its values, however deep, replaced.
fn spoiled(keys: &'static [&'static str], row: Value) -> impl Strategy<Value = Value> {
    let places = places(&row, String::new());
    (prop::sample::select(places), any_json(keys)).prop_map(move |(place, value)| {
        let mut row = row.clone();
        if let Some(target) = row.pointer_mut(&place) {
            *target = value;
        }
        row
    })
}

fn places(value: &Value, at: String) -> Vec<String> {
    let mut all = vec![at.clone()];
    if let Some(fields) = value.as_object() {
        all.extend(
            fields
                .iter()
                .flat_map(|(name, value)| places(value, format!("{at}/{name}"))),
        );
    }
    if let Some(items) = value.as_array() {
        let items = items.iter().enumerate();
        all.extend(items.flat_map(|(index, value)| places(value, format!("{at}/{index}"))));
    }
    all
}

/// The value at a place of a contract's example.
pub(crate) fn example(text: &str, place: &str) -> Value {
    let answer: Value = serde_json::from_str(text).unwrap();
    answer.pointer(place).unwrap().clone()
}

/// Rows of a list: spoiled ones of a contract's example, and anything else.
pub(crate) fn rows(keys: &'static [&'static str], row: Value) -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(prop_oneof![spoiled(keys, row), any_json(keys)], 0..6)
}

/// A value read as an answer, if it can be.
pub(crate) fn parsed<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_str(&value.to_string()).ok()
}
