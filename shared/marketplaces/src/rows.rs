//! Rows of a marketplace's lists, each read on its own, so that one that cannot be read spoils no
//! other. What cannot be read is named by its field and never quoted, for it may be the buyer's.

use haat_domain::{OrderNumber, Secret};
use haat_ports::RefusedRow;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// Largest row that is read, and most that is kept of one that is not. An item of the table holds
/// 400 KB, and a row that could not be stored would stop all others for ever.
const MAX_ROW_BYTES: usize = 64 << 10;

/// Why a JSON text does not have the shape it should have, naming the field without its value.
pub(crate) fn unreadable(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let path = error.path().to_string();
    let text = error.inner().to_string();
    match text.split(" at line ").next() {
        // Only this text of the parser's is free of the sender's values.
        Some(missing) if missing.starts_with("missing field") => format!("{path}: {missing}"),
        _ if error.inner().is_data() => format!("{path}: cannot be read"),
        _ => "the JSON ends too early or is not JSON".to_owned(),
    }
}

/// Reads a row.
pub(crate) fn row<T: DeserializeOwned>(raw: &RawValue) -> Result<T, String> {
    row_within(MAX_ROW_BYTES, raw)
}

/// Reads a row that may have so many bytes.
pub(crate) fn row_within<T: DeserializeOwned>(most: usize, raw: &RawValue) -> Result<T, String> {
    let bytes = raw.get().len();
    if bytes > most {
        return Err(format!(
            "it has {bytes} bytes, of which {most} are read at most"
        ));
    }
    let mut json = serde_json::Deserializer::from_str(raw.get());
    serde_path_to_error::deserialize(&mut json).map_err(|error| unreadable(&error))
}

/// A row that cannot be read, about the order of this number as far as that can be read.
pub(crate) fn refused(raw: &RawValue, number: Option<String>, reason: String) -> RefusedRow {
    let raw = raw.get();
    let kept = raw.get(..raw.floor_char_boundary(MAX_ROW_BYTES));
    RefusedRow {
        number: number.and_then(|number| number.parse().ok()),
        reason,
        raw: Secret::new(kept.unwrap_or_default()),
    }
}

/// An order that an answer should have named and did not.
pub(crate) fn left_out(number: &OrderNumber) -> RefusedRow {
    RefusedRow {
        number: Some(number.clone()),
        reason: "the answer leaves this order out".to_owned(),
        raw: Secret::new(""),
    }
}
