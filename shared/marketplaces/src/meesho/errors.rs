//! What the panel's refusals mean. Pure.

use haat_domain::AttentionReason;
use haat_ports::{ErrorKind, MarketplaceError};

use super::wire::PanelError;
use crate::call::{Answer, Effect};
use crate::http::{Kind, repeatable};

/// 463 is the panel's own status for "session expired".
pub(super) const SESSION_EXPIRED: u16 = 463;
/// The panel's error code for a call without the header `identifier`.
const IDENTIFIER_MISSING: i64 = 1001;

/// What the panel wrote into a JSON refusal, fit for a log.
pub(super) fn panel_text(answer: &Answer, secrets: &[&str]) -> Option<String> {
    let error = panel_error(answer)?;
    let text = error.error.or(error.message)?;
    Some(repeatable(&text, secrets))
}

fn panel_error(answer: &Answer) -> Option<PanelError> {
    (answer.kind == Kind::Json)
        .then(|| serde_json::from_slice(&answer.body).ok())
        .flatten()
}

/// The error behind an answer to a call within a session; nothing when it is a JSON success.
pub(super) fn refusal(
    operation: &'static str,
    effect: Effect,
    answer: &Answer,
    secrets: &[&str],
) -> Option<MarketplaceError> {
    let (kind, ours) = match (answer.status, answer.kind) {
        (200..=299, Kind::Json) => return None,
        (200..=299, Kind::Html) => (
            ErrorKind::Malformed,
            "answered with a page instead of JSON: the path is unknown there, correct it in the \
             profile",
        ),
        (200..=299, Kind::Pdf | Kind::Other) => (effect.garbled(), "answered without JSON"),
        (401 | SESSION_EXPIRED, _) => (ErrorKind::Auth, "the session is gone"),
        (403, Kind::Json) => (ErrorKind::Rejected, "forbidden"),
        (403, Kind::Html | Kind::Pdf | Kind::Other) => (
            ErrorKind::Attention(AttentionReason::Blocked),
            "its edge turned the hub away",
        ),
        (404, _) => (ErrorKind::NotFound, "not found"),
        (429, _) => (ErrorKind::RateLimited, "too many calls"),
        // What was asked for may have been done all the same.
        (300..=399, _) => (
            effect.garbled(),
            "answered with a redirect, which is never followed",
        ),
        (400..=499, _) => (ErrorKind::Rejected, "refused"),
        (500..=599, _) => (effect.lost(), "trouble on the marketplace's side"),
        (_, _) => (effect.garbled(), "answered with a status it should not"),
    };
    let mut error = MarketplaceError::new(kind, operation, ours);
    error.code = Some(answer.status.to_string());
    error.retry_after = answer.retry_after;
    if let Some(text) = panel_text(answer, secrets) {
        error.said = format!("{ours}: {text}");
    }
    if panel_error(answer).and_then(|panel| panel.error_code) == Some(IDENTIFIER_MISSING) {
        error.kind = ErrorKind::Rejected;
        error.code = Some(IDENTIFIER_MISSING.to_string());
        error.said = "the header `identifier` did not arrive; the session is fine, so no new \
                      log-in was made"
            .to_owned();
    }
    Some(error)
}

/// The error behind an answer to a log-in that brought no session and no challenge.
///
/// A log-in is repeated only where trying again can help and cannot lock the seller out: after
/// 429, trouble on the marketplace's side, or an answer that is no answer to a log-in.
pub(super) fn login_refusal(
    operation: &'static str,
    answer: &Answer,
    success: Option<bool>,
    secrets: &[&str],
) -> MarketplaceError {
    use AttentionReason::{Blocked, LoginLocked, LoginRefused, SessionRefused};
    let (attention, ours) = match (answer.status, answer.kind) {
        (200..=299, Kind::Json) if success == Some(false) => (LoginRefused, "log-in refused"),
        (200..=299, Kind::Json) => (
            SessionRefused,
            "the log-in was answered without the session cookies connect.sid and \
             current_az_identifier",
        ),
        (400 | 401 | 422, _) | (403, Kind::Json) => (LoginRefused, "log-in refused"),
        (423, _) => (LoginLocked, "the log-in is locked"),
        (SESSION_EXPIRED, _) => (Blocked, "its edge turned the hub away"),
        _ => {
            let other = refusal(operation, Effect::None, answer, secrets);
            return other.unwrap_or_else(|| {
                MarketplaceError::new(ErrorKind::Malformed, operation, "no answer to a log-in")
            });
        }
    };
    let text = panel_text(answer, secrets);
    let said = text.map_or_else(|| ours.to_owned(), |text| format!("{ours}: {text}"));
    let mut error = MarketplaceError::new(ErrorKind::Attention(attention), operation, said);
    error.code = Some(answer.status.to_string());
    error.retry_after = answer.retry_after;
    error
}
