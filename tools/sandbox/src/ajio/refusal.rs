//! Refusals in the contract's words: an `Error` body.

use http::StatusCode;
use serde_json::json;

use super::operation::Operation;
use crate::reply::{Content, Reply};

fn error(status: StatusCode, code: &str, message: &str) -> Reply {
    Reply::of(
        status,
        Content::Json(json!({"code": code, "message": message})),
    )
}

/// 400: nothing was changed.
pub(crate) fn bad_request(field: &str, message: &str) -> Reply {
    let body = json!({
        "code": "INVALID_REQUEST",
        "message": format!("{field} {message}"),
        "errors": [{"field": field, "message": message}],
    });
    Reply::of(StatusCode::BAD_REQUEST, Content::Json(body))
}

pub(crate) fn bad_credentials() -> Reply {
    error(
        StatusCode::UNAUTHORIZED,
        "INVALID_CREDENTIALS",
        "user or password is wrong",
    )
}

pub(crate) fn token_missing() -> Reply {
    error(StatusCode::UNAUTHORIZED, "TOKEN_MISSING", "log in first")
}

pub(crate) fn token_invalid() -> Reply {
    error(StatusCode::UNAUTHORIZED, "TOKEN_INVALID", "log in again")
}

pub(crate) fn token_expired() -> Reply {
    error(StatusCode::UNAUTHORIZED, "TOKEN_EXPIRED", "log in again")
}

/// 403 for a POB whose shipping access was not switched on (assumed).
pub(crate) fn no_shipping() -> Reply {
    error(
        StatusCode::FORBIDDEN,
        "SHIPPING_NOT_ENABLED",
        "shipping access is not enabled for this POB",
    )
}

pub(crate) fn throttled(seconds: i64) -> Reply {
    error(
        StatusCode::TOO_MANY_REQUESTS,
        "THROTTLED",
        "too many calls for this user",
    )
    .retry_after(seconds)
}

pub(crate) fn not_found(what: &str) -> Reply {
    error(
        StatusCode::NOT_FOUND,
        "NOT_FOUND",
        &format!("unknown {what}"),
    )
}

/// 409: AJIO has not bought the order yet.
pub(crate) fn po_not_ready() -> Reply {
    not_ready("PO_NOT_READY", "no purchase order for this order yet")
}

/// 409: the step before is not finished.
pub(crate) fn not_ready(code: &str, message: &str) -> Reply {
    error(StatusCode::CONFLICT, code, message)
}

/// A status with the body that the contract shows for it.
pub(crate) fn status(operation: Option<Operation>, status: StatusCode) -> Reply {
    let logs_in = matches!(
        operation,
        Some(Operation::GetAuthToken | Operation::PostAuthToken)
    );
    match status.as_u16() {
        400 => bad_request("request", "cannot be read"),
        401 if logs_in => bad_credentials(),
        401 => token_expired(),
        403 => no_shipping(),
        404 => not_found("order"),
        409 if operation == Some(Operation::GenerateB2bInvoice) => po_not_ready(),
        409 => not_ready("DOCUMENT_NOT_READY", "the document is being made"),
        429 => error(status, "THROTTLED", "too many calls for this user"),
        _ => error(status, "INTERNAL", "internal error"),
    }
}
