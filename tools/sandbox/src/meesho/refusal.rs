//! Refusals in the panel's words.

use http::StatusCode;
use serde_json::json;

use crate::reply::{Content, Reply};

impl Reply {
    pub(crate) fn server_error() -> Self {
        Self::status(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(crate) fn forbidden(error_code: u32, message: &str) -> Self {
        let body = json!({"errorCode": error_code, "message": message});
        Self::of(StatusCode::FORBIDDEN, Content::Json(body))
    }

    /// A status with the body that the contract shows for it.
    pub(crate) fn status(status: StatusCode) -> Self {
        let error = match status.as_u16() {
            401 => "unauthorised",
            403 => return Self::forbidden(1001, "identifier is missing"),
            423 => "too many attempts",
            429 => "too many requests",
            463 => "session expired",
            _ => "internal error",
        };
        Self::of(status, Content::Json(json!({"error": error})))
    }

    /// The session's end as the panel words it: expired, not unknown.
    pub(crate) fn session_expired() -> Self {
        Self::status(StatusCode::from_u16(463).unwrap_or(StatusCode::UNAUTHORIZED))
    }
}
