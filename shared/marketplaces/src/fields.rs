//! Values of a marketplace's fields.

use std::str::FromStr;

use haat_domain::{InvalidId, Paise};
use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

/// An id; or why it is none, naming the field without its value.
pub(crate) fn id<T: FromStr<Err = InvalidId>>(field: &str, text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|wrong: InvalidId| format!("{field}: not a {}: {}", wrong.kind, wrong.rule))
}

/// An optional text; one without letters is none.
pub(crate) fn filled(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

/// Rupees, as number or text, read from their decimal digits and never through a float.
#[derive(Clone, Copy)]
pub(crate) struct Amount(pub(crate) Paise);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = match serde_json::from_str::<String>(raw.get()) {
            Ok(text) => text,
            Err(_) => raw.get().to_owned(),
        };
        Paise::from_rupees(text.trim())
            .map(Self)
            .map_err(de::Error::custom)
    }
}
