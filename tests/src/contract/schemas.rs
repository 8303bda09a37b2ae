//! The schemas of a contract, compiled, by the place where they stand.

use std::collections::HashMap;

use jsonschema::{Registry, Validator};
use serde_json::Value;

const BASE: &str = "contract:///document";

/// Validators by JSON pointer.
pub(super) struct Schemas {
    validators: HashMap<String, Validator>,
    integers: Vec<String>,
}

impl Schemas {
    pub(super) fn compile(
        document: &Value,
        wanted: impl Iterator<Item = String>,
    ) -> Result<Schemas, String> {
        let mut closed = document.clone();
        close(&mut closed);
        let registry = Registry::new()
            .add(BASE, closed)
            .and_then(jsonschema::RegistryBuilder::prepare)
            .map_err(|error| error.to_string())?;
        let mut schemas = Schemas {
            validators: HashMap::new(),
            integers: Vec::new(),
        };
        for pointer in wanted {
            if schemas.validators.contains_key(&pointer) {
                continue;
            }
            let reference =
                serde_json::json!({ "$ref": format!("{BASE}#{}", in_fragment(&pointer)) });
            let validator = jsonschema::options()
                .with_registry(&registry)
                .should_validate_formats(true)
                .build(&reference)
                .map_err(|error| format!("schema at {pointer}: {error}"))?;
            if resolve(document, &pointer)
                .is_some_and(|(_, schema)| schema.get("type") == Some(&"integer".into()))
            {
                schemas.integers.push(pointer.clone());
            }
            schemas.validators.insert(pointer, validator);
        }
        Ok(schemas)
    }

    /// What is wrong with a value, place by place. Values are masked.
    pub(super) fn check(&self, pointer: &str, value: &Value) -> Vec<String> {
        let Some(validator) = self.validators.get(pointer) else {
            return vec![format!("no schema was compiled for {pointer}")];
        };
        validator
            .iter_errors(value)
            .map(|error| {
                format!(
                    "at {:?}: {}",
                    error.instance_path().to_string(),
                    error.masked()
                )
            })
            .collect()
    }

    /// The same for a header, which is text whatever its schema says.
    pub(super) fn check_text(&self, pointer: &str, text: &str) -> Vec<String> {
        let number = text.parse::<i64>().ok();
        match number.filter(|_| self.integers.iter().any(|integer| integer == pointer)) {
            Some(number) => self.check(pointer, &number.into()),
            None => self.check(pointer, &text.into()),
        }
    }
}

/// Says of every object with named fields that it has no others.
fn close(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(close),
        Value::Object(fields) => {
            // Where `properties` is itself the name of a field, there is no `type` beside it.
            let is_schema = fields.get("properties").is_some_and(Value::is_object)
                && fields.contains_key("type");
            if is_schema && !fields.contains_key("additionalProperties") {
                fields.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            fields.values_mut().for_each(close);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Follows references from a place to the place that is meant.
pub(super) fn resolve<'a>(document: &'a Value, pointer: &str) -> Option<(String, &'a Value)> {
    let mut pointer = pointer.to_owned();
    for _ in 0..16 {
        let value = document.pointer(&pointer)?;
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => pointer = reference.strip_prefix('#')?.to_owned(),
            None => return Some((pointer, value)),
        }
    }
    None
}

/// A key as one step of a JSON pointer.
pub(super) fn step(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

fn in_fragment(pointer: &str) -> String {
    pointer.replace('{', "%7B").replace('}', "%7D")
}
