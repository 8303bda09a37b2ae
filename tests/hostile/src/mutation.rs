//! Changes to what is fed to a door. One to a JSON text leaves it JSON: what libFuzzer's own changes
//! of single bytes rarely do, and what it takes to get behind the first brace.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Changes one value of the JSON in `bytes`, whatever stands before it. `None`: there is none, or
/// it would be longer than `most`.
pub fn mutate_json(bytes: &[u8], most: usize, seed: u32) -> Option<Vec<u8>> {
    let start = bytes.iter().position(|byte| b"{[".contains(byte))?;
    let (head, text) = bytes.split_at(start);
    let mut json: Value = serde_json::from_slice(text).ok()?;
    let mut rng = Rng::with_seed(seed.into());
    let donor = nth(&mut json.clone(), rng.usize(..count(&json))).clone();
    let chosen = rng.usize(..count(&json));
    change(nth(&mut json, chosen), donor, &mut rng);
    let text = json.to_string();
    let mutated = [head, text.as_bytes()].concat();
    (mutated.len() <= most).then_some(mutated)
}

/// Changes some bytes, whatever they are.
pub fn mutate_bytes(bytes: &[u8], seed: u32) -> Vec<u8> {
    let mut rng = Rng::with_seed(seed.into());
    let mut changed = bytes.to_vec();
    let from = rng.usize(..=changed.len());
    let to = (from + rng.usize(..32)).min(changed.len());
    match rng.u8(..5) {
        0 => changed.truncate(from),
        1 => drop(changed.drain(from..to)),
        2 => changed.extend_from_within(from..to),
        3 => changed.insert(from, rng.u8(..)),
        _ => {
            let (bit, place) = (rng.u8(..8), changed.get_mut(from));
            place.into_iter().for_each(|byte| *byte ^= 1 << bit);
        }
    }
    changed
}

/// The values in a value, itself included.
fn count(value: &Value) -> usize {
    let inner = match value {
        Value::Array(values) => values.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    };
    inner + 1
}

/// The value of this number, counted from the outermost.
fn nth(value: &mut Value, number: usize) -> &mut Value {
    if number == 0 {
        return value;
    }
    let mut left = number - 1;
    let inner: Vec<&mut Value> = match value {
        Value::Array(values) => values.iter_mut().collect(),
        Value::Object(fields) => fields.values_mut().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for one in inner {
        let held = count(one);
        if left < held {
            return nth(one, left);
        }
        left -= held;
    }
    unreachable!("no value has more in it than was counted")
}

fn change(value: &mut Value, donor: Value, rng: &mut Rng) {
    match (rng.u8(..4), &mut *value) {
        (0, Value::Object(fields)) if !fields.is_empty() => change_field(fields, donor, rng),
        (0, Value::Array(values)) if !values.is_empty() => {
            let at = rng.usize(..values.len());
            match rng.u8(..3) {
                0 => drop(values.remove(at)),
                1 => values.push(donor),
                _ => values.push(values[at].clone()),
            }
        }
        (0 | 1, Value::String(text)) => *text = changed_text(text, rng),
        (2, _) => *value = donor,
        _ => *value = odd_one(rng),
    }
}

fn change_field(fields: &mut Map<String, Value>, donor: Value, rng: &mut Rng) {
    let names: Vec<String> = fields.keys().cloned().collect();
    let name = &names[rng.usize(..names.len())];
    match rng.u8(..3) {
        0 => drop(fields.remove(name)),
        1 => drop(fields.insert(name.clone(), donor)),
        _ => {
            let value = fields.remove(name).unwrap_or_default();
            fields.insert(format!("{name}_"), value);
        }
    }
}

fn changed_text(text: &str, rng: &mut Rng) -> String {
    // A JSON text within, as queues carry it.
    if let Some(inner) = mutate_json(text.as_bytes(), usize::MAX, rng.u32(..)) {
        return String::from_utf8_lossy(&inner).into_owned();
    }
    let mut letters: Vec<char> = text.chars().collect();
    let at = rng.usize(..=letters.len());
    match rng.u8(..4) {
        0 => letters.truncate(at),
        1 => letters.insert(at, rng.char(..)),
        2 => letters.extend(text.chars().cycle().take(text.len().min(200))),
        _ => {
            if let Some(letter) = letters.get_mut(at) {
                *letter = char::from(rng.u8(b' '..=b'~'));
            }
        }
    }
    letters.into_iter().collect()
}

/// Values that programs stumble over.
fn odd_one(rng: &mut Rng) -> Value {
    let odd = [
        Value::Null,
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e308),
        json!(0.005),
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("99999999999999999999"),
        json!("-0.01"),
        json!("0001-01-01"),
        json!("9999-12-31T23:59:59.999999999Z"),
        json!("-009999-01-02T01:59:59Z"),
        json!("=1+1"),
        json!("<script>"),
        json!("../.."),
        json!("🧵".repeat(40)),
        json!([]),
        json!({}),
    ];
    odd[rng.usize(..odd.len())].clone()
}
