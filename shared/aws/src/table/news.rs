//! Which changes of an order can lead to anything, told from its item before and after: the table's
//! stream shows every write, and most writes are the work itself.

use serde_dynamo::{AttributeValue, Item};

/// The attributes that hold what was asked of an order.
const INTENTS: [&str; 4] = ["acc", "can", "shp", "hov"];

/// Whether a change of an order may lead to something: it became new or accepted, something was
/// newly asked of it, or what it waited for has come.
pub fn is_news(before: &Item, after: &Item) -> bool {
    let turned = |name: &str, word: &str| {
        text(after.get(name)) == Some(word) && text(before.get(name)) != Some(word)
    };
    let newly_asked = |name: &&str| is_open(after.get(*name)) && !is_open(before.get(*name));
    if text(after.get("kind")) != Some("order") {
        return false;
    }
    let may_go_on = has_purchase_order(after) && !has_purchase_order(before);
    // An item may say that it has work to do and not which: then it is looked at and shown.
    let has_work = turned("state", "open") || INTENTS.iter().any(newly_asked);
    turned("stage", "new") || turned("stage", "accepted") || has_work || may_go_on
}

fn is_open(intent: Option<&AttributeValue>) -> bool {
    text(field(intent, "s")) == Some("open")
}

fn has_purchase_order(order: &Item) -> bool {
    field(order.get("sup"), "po").is_some()
}

fn field<'a>(value: Option<&'a AttributeValue>, name: &str) -> Option<&'a AttributeValue> {
    match value {
        Some(AttributeValue::M(fields)) => fields.get(name),
        Some(_) | None => None,
    }
}

fn text(value: Option<&AttributeValue>) -> Option<&str> {
    match value {
        Some(AttributeValue::S(text)) => Some(text),
        Some(_) | None => None,
    }
}
