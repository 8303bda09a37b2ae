//! What a run leaves behind, without what may differ from run to run: times, versions, names that
//! are drawn by lot, sealed bytes.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use haat_aws::testing::TABLE;
use haat_tests::cloud::SHIP;
use serde_json::{Value, json};

use crate::shop::Shop;

/// Every item of the table and all that is stored and sent, by name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct State(pub(crate) BTreeMap<String, Value>);

impl State {
    pub(crate) async fn of(shop: &Shop) -> Self {
        let account = shop.account().await;
        let mut names = vec![
            (account.id.to_string(), "<account>".to_owned()),
            (account.login.to_string(), "<login>".to_owned()),
        ];
        names.extend(shop.market.lots());
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let named = |text: &str| {
            let renamed =
                |text: String, (name, shown): &(String, String)| text.replace(name, shown);
            names.iter().fold(text.to_owned(), renamed)
        };
        let mut state = BTreeMap::new();
        let scan = shop.cloud.database.client.scan().table_name(TABLE);
        let answer = scan.send().await.unwrap();
        assert!(answer.last_evaluated_key.is_none(), "one page is all");
        for item in answer.items.unwrap_or_default() {
            let key = |name: &str| item[name].as_s().unwrap().clone();
            let place = untimed(&named(&format!("{} {}", key("pk"), key("sk"))));
            // A rest that is over is nobody's concern; what a job brought only says how soon the
            // next one is asked for, and is not heard twice.
            let passing = ["rest_until", "brought"];
            let fields = item
                .iter()
                .filter(|(name, _)| !passing.contains(&name.as_str()));
            let fields = fields.map(|(name, value)| {
                let shown = shown(name, value);
                (
                    name.clone(),
                    serde_json::from_str(&named(&shown.to_string())).unwrap(),
                )
            });
            state.insert(place, Value::Object(fields.collect()));
        }
        for (number, seen) in shop.market.seen() {
            let seen = serde_json::from_str(&named(&seen.to_string())).unwrap();
            state.insert(format!("marketplace {number}"), seen);
        }
        for message in shop.cloud.queues().waiting(SHIP) {
            let body: Value = serde_json::from_str(&message.body).unwrap();
            // Told twice is told: messages say where to look.
            for order in body["orders"].as_array().into_iter().flatten() {
                let place = format!("told to {} {order}", body["action"]);
                state.insert(place, json!({}));
            }
        }
        Self(state)
    }

    /// Leaves out which orders' histories say that a label was stored without being asked for.
    pub(crate) fn forget_filings(&mut self) {
        for item in self.0.values_mut() {
            if let Some(Value::Array(history)) = item.get_mut("h") {
                history.retain(|entry| entry[2] != "t");
            }
        }
    }

    /// Leaves out which papers of manifests are stored.
    pub(crate) fn forget_manifest_papers(&mut self) {
        let items = self.0.iter_mut();
        for (_, item) in items.filter(|(place, _)| place.contains(" MANIFEST#")) {
            if let Some(fields) = item.as_object_mut() {
                fields.remove("key");
                fields.remove("paper");
            }
        }
    }

    /// What is different from what was expected, for people.
    pub(crate) fn differences(&self, expected: &Self) -> String {
        let mut lines = String::new();
        let places = self.0.keys().chain(expected.0.keys());
        let places: std::collections::BTreeSet<&String> = places.collect();
        for place in places {
            let (is, was) = (self.0.get(place), expected.0.get(place));
            if is == was {
                continue;
            }
            let (Some(Value::Object(is)), Some(Value::Object(was))) = (is, was) else {
                lines.push_str(&format!(
                    "  {place}\n    is       {is:?}\n    expected {was:?}\n"
                ));
                continue;
            };
            lines.push_str(&format!("  {place}\n"));
            for name in is
                .keys()
                .chain(was.keys().filter(|name| !is.contains_key(*name)))
            {
                let (is, was) = (is.get(name), was.get(name));
                if is != was {
                    let text = |value: Option<&Value>| {
                        value.map_or("nothing".to_owned(), Value::to_string)
                    };
                    let (is, was) = (text(is), text(was));
                    lines.push_str(&format!("    {name}: is {is}\n      expected {was}\n"));
                }
            }
        }
        lines
    }
}

/// A stored value as JSON.
fn shown(name: &str, value: &AttributeValue) -> Value {
    match (name, value) {
        ("v", AttributeValue::N(_)) => json!("<version>"),
        // Hashes of rows that cannot be read cover what the marketplace draws by lot.
        ("s" | "h", AttributeValue::M(feeds)) => {
            let feeds: std::collections::BTreeSet<&String> = feeds.keys().collect();
            json!(feeds)
        }
        // Whether a login is free is asked apart from this.
        ("doing", _) => json!("<lease>"),
        // The marketplace's job, and what is named after it.
        // So are the bytes of a paper, which show it.
        ("filed" | "f" | "h" | "sha" | "file" | "sha256", AttributeValue::S(_)) => {
            json!(format!("<{name}>"))
        }
        // Who heard the refusal himself names its status; who knows of it does not.
        ("reason", AttributeValue::S(text)) => json!(untimed(text).replace(" (401)", "")),
        (_, AttributeValue::S(text)) => json!(untimed(text)),
        (_, AttributeValue::N(digits)) if is_time(digits) => json!("<time>"),
        (_, AttributeValue::N(digits)) => json!(digits),
        (_, AttributeValue::Bool(yes)) => json!(yes),
        (_, AttributeValue::B(_)) => json!("<sealed>"),
        (_, AttributeValue::L(list)) => list.iter().map(|value| shown("", value)).collect(),
        (_, AttributeValue::M(fields)) => {
            let fields = fields
                .iter()
                .map(|(name, value)| (name.clone(), shown(name, value)));
            Value::Object(fields.collect())
        }
        (_, AttributeValue::Null(_)) => Value::Null,
        (_, other) => json!(format!("{other:?}")),
    }
}

/// Seconds or nanoseconds of the shop's years.
fn is_time(digits: &str) -> bool {
    matches!(digits.len(), 10 | 19)
        && (digits.starts_with("178") || digits.starts_with("179") || digits.starts_with("18"))
}

/// A text without the times in it: `2026-09-11T06:41:10Z`, with or without fractions, or as in the
/// ids of manifests `20260911T064110Z`.
fn untimed(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find('Z').filter(|end| (15..=30).contains(end));
        match end.map(|end| rest.split_at(end + 1)) {
            Some((time, after)) if time.parse::<jiff::Timestamp>().is_ok() => {
                shown.push_str("<time>");
                rest = after;
            }
            Some(_) | None => {
                shown.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    shown
}
