//! The size DynamoDB bills an item at.

use serde_json::{Map, Value};

const CONTAINER: u64 = 3;
const ENTRY: u64 = 1;

/// The bytes of an item in DynamoDB's JSON form (`{"pk": {"S": "…"}, …}`): names and values in
/// UTF-8, a number two digits a byte and one more, a list or map three bytes and one for each
/// entry. Zero for what is not in that form.
pub fn size(item: &Map<String, Value>) -> u64 {
    item.iter()
        .map(|(name, value)| bytes(name).saturating_add(value_size(value)))
        .sum()
}

fn bytes(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}

fn value_size(value: &Value) -> u64 {
    let Some((kind, value)) = value.as_object().and_then(|one| one.iter().next()) else {
        return 0;
    };
    let text = value.as_str().unwrap_or_default();
    match kind.as_str() {
        "S" => bytes(text),
        "N" => number(text),
        "B" => binary(text),
        "BOOL" | "NULL" => 1,
        "SS" => entries(value).map(bytes).sum(),
        "NS" => entries(value).map(number).sum(),
        "BS" => entries(value).map(binary).sum(),
        "L" => {
            let entries = value.as_array().into_iter().flatten();
            entries
                .map(|entry| ENTRY.saturating_add(value_size(entry)))
                .sum::<u64>()
                .saturating_add(CONTAINER)
        }
        "M" => value.as_object().map_or(0, |map| {
            let entries = u64::try_from(map.len()).unwrap_or(u64::MAX);
            size(map).saturating_add(entries).saturating_add(CONTAINER)
        }),
        _ => 0,
    }
}

fn entries(set: &Value) -> impl Iterator<Item = &str> {
    set.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

/// Significant digits, two a byte, one byte more, and one for a minus.
fn number(text: &str) -> u64 {
    let sign = u64::from(text.starts_with('-'));
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    let digits = digits.trim_end_matches('0');
    bytes(digits)
        .div_ceil(2)
        .saturating_add(1)
        .saturating_add(sign)
}

/// The bytes that this base64 stands for.
fn binary(text: &str) -> u64 {
    let letters = bytes(text.trim_end_matches('='));
    letters.saturating_mul(3) / 4
}
