//! What AJIO's refusals mean. The HTTP status decides; the body is text for people. Pure.

use std::time::Duration;

use haat_domain::AttentionReason;
use haat_ports::{ErrorKind, MarketplaceError};

use super::client::Operation;
use super::wire::{AuthResult, ErrorBody};
use crate::call::Answer;
use crate::http::{Kind, repeatable};

/// What AJIO wrote into a JSON refusal, fit for a log.
fn text(answer: &Answer, secrets: &[&str]) -> Option<String> {
    let body: ErrorBody = (answer.kind == Kind::Json)
        .then(|| serde_json::from_slice(&answer.body).ok())
        .flatten()?;
    let said: Vec<_> = [body.code, body.message].into_iter().flatten().collect();
    let said = repeatable(&said.join(": "), secrets);
    (!said.is_empty()).then_some(said)
}

/// The error behind an answer to a call within a session; nothing when it is what the operation
/// gives. `rest` are the seconds to wait where AJIO names none.
pub(super) fn refusal(
    operation: &Operation,
    rest: u16,
    answer: &Answer,
    secrets: &[&str],
) -> Option<MarketplaceError> {
    let effect = operation.effect;
    let (kind, ours) = match answer.status {
        200..=299 if operation.gives.contains(&answer.kind) => return None,
        200..=299 => (
            effect.garbled(),
            "answered with something else than JSON: if it stays so, correct the path in the \
             profile",
        ),
        // What was asked for may have been done all the same.
        300..=399 => (
            effect.garbled(),
            "answered with a redirect, which is never followed",
        ),
        401 => (ErrorKind::Auth, "the token is gone"),
        // That it is answered so is assumed; that the access is switched on apart is documented.
        403 => (
            ErrorKind::Rejected,
            "forbidden: if shipping API access is not switched on for this POB, ask your AJIO \
             account manager",
        ),
        404 => (ErrorKind::NotFound, "not found"),
        409 => (ErrorKind::NotReady, "not ready yet"),
        429 => (ErrorKind::RateLimited, "too many calls"),
        400..=499 => (ErrorKind::Rejected, "refused"),
        500..=599 => (effect.lost(), "trouble on the marketplace's side"),
        _ => (effect.garbled(), "answered with a status it should not"),
    };
    let text = text(answer, secrets);
    let said = text.map_or_else(|| ours.to_owned(), |text| format!("{ours}: {text}"));
    let mut error = operation.error(kind, said);
    error.code = Some(answer.status.to_string());
    error.retry_after = answer.retry_after;
    if kind == ErrorKind::RateLimited {
        let ours = Duration::from_secs(rest.into());
        error.retry_after = answer.retry_after.or(Some(ours));
    }
    Some(error)
}

/// The error behind an answer to a log-in that brought no token.
///
/// A log-in is repeated only where trying again can help and cannot lock the seller out: after
/// 429, trouble on the marketplace's side, or an answer that is no answer to a log-in.
pub(super) fn login_refusal(
    operation: &Operation,
    rest: u16,
    answer: &Answer,
    secrets: &[&str],
) -> MarketplaceError {
    let ours = "log-in refused";
    let mut attention = AttentionReason::LoginRefused;
    let said = match (answer.status, answer.kind) {
        (200..=299, Kind::Json) => {
            let Ok(body) = serde_json::from_slice::<AuthResult>(&answer.body) else {
                return operation.error(ErrorKind::Malformed, "no answer to a log-in");
            };
            let word = repeatable(&body.status.unwrap_or_default(), secrets);
            format!("{ours}: the answer's status is {word:?}, and it brings no usable token")
        }
        (400 | 401 | 422, _) | (403, Kind::Json) => {
            text(answer, secrets).map_or_else(|| ours.to_owned(), |text| format!("{ours}: {text}"))
        }
        (403, Kind::Html | Kind::Pdf | Kind::Other) => {
            attention = AttentionReason::Blocked;
            "its edge turned the hub away".to_owned()
        }
        _ => {
            let other = refusal(operation, rest, answer, secrets);
            return other
                .unwrap_or_else(|| operation.error(ErrorKind::Malformed, "no answer to a log-in"));
        }
    };
    let mut error = operation.error(ErrorKind::Attention(attention), said);
    error.code = Some(answer.status.to_string());
    error.retry_after = answer.retry_after;
    error
}
