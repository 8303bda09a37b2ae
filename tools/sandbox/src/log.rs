//! What a double was asked, call by call.

use std::collections::BTreeMap;

use serde::Serialize;

/// One call and what became of it. Holds no password, cookie, token, code or body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogEntry {
    /// The double's time, as `2026-09-11T12:11:10+0530`.
    pub at: String,
    /// Operation id of the contract; empty for an unknown path.
    pub operation: String,
    /// HTTP method.
    pub method: String,
    /// Path without its query.
    pub path: String,
    /// Whose call: Meesho's `identifier` header, AJIO's POB; empty where none is named.
    pub identifier: String,
    /// Status as answered or, where no answer was sent, none.
    pub status: Option<u16>,
    /// Whether the call had an effect and an answer.
    pub outcome: Outcome,
    /// The fault that was played, by its kind.
    pub fault: Option<String>,
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// An answer was sent.
    Answered,
    /// The work was done; no answer was sent.
    DoneUnanswered,
    /// No work was done and no answer was sent.
    Dropped,
}

pub(crate) fn count(counts: &mut BTreeMap<String, u64>, key: &str) {
    let entry = counts.entry(key.to_owned()).or_default();
    *entry = entry.saturating_add(1);
}
