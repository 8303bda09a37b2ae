//! Every answer that is no success: `application/problem+json`, as RFC 9457 has it.

use std::time::Duration;

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use haat_domain::AttentionReason;
use serde::Serialize;
use utoipa::ToSchema;

use crate::words;

/// Content type of every problem.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// What went wrong, and what to do about it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Told {
    #[serde(rename = "type")]
    #[schema(schema_with = words::problem_type)]
    kind: String,
    /// The kind, for people.
    #[schema(value_type = String, example = "The order does not take this now")]
    title: &'static str,
    /// The HTTP status once more.
    #[schema(example = 409)]
    status: u16,
    /// What happened this time, to which account or order, and what to do.
    #[schema(
        example = "order a_5d41402abc4b2a76.299000000000000001_1: the order was cancelled; do not pack it"
    )]
    pub(crate) detail: String,
    /// What the marketplace wants of a person; with `marketplace-refused` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    attention: Option<WantedOfAPerson>,
    /// The choice; with `choose-marketplace-seller` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    marketplace_sellers: Option<Vec<SellerChoice>>,
}

/// An answer that is no success.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) told: Box<Told>,
    retry_after: Option<Duration>,
    /// What lies behind trouble of ours: for the log, not for the caller.
    cause: Option<String>,
}

/// Why the marketplace refuses until a person acts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WantedOfAPerson {
    #[schema(schema_with = words::attention_reason)]
    pub(crate) reason: AttentionReason,
    /// What the marketplace said.
    pub(crate) said: String,
    /// What to do.
    #[schema(value_type = String)]
    pub(crate) what_to_do: &'static str,
}

/// One of the marketplace sellers that a login owns.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SellerChoice {
    /// What to send as `marketplace_seller`.
    #[schema(example = "4100001/ab1cd")]
    pub(crate) key: String,
    /// Its name at the marketplace.
    pub(crate) name: String,
}

/// A kind of problem.
pub(crate) struct Kind {
    /// Last part of the `type`.
    pub(crate) slug: &'static str,
    pub(crate) status: StatusCode,
    title: &'static str,
}

macro_rules! kinds {
    ($($name:ident, $slug:literal, $status:ident, $title:literal;)*) => {
        $(pub(crate) const $name: Kind = Kind {
            slug: $slug,
            status: StatusCode::$status,
            title: $title,
        };)*
        /// Every kind, for the description of the API.
        pub(crate) const KINDS: &[Kind] = &[$($name),*];
    };
}

kinds! {
    NOT_SIGNED_IN, "not-signed-in", UNAUTHORIZED, "No valid token";
    NOT_ALLOWED, "not-allowed", FORBIDDEN, "The token may not do this";
    NOT_FOUND, "not-found", NOT_FOUND, "There is no such thing";
    NO_SUCH_ROUTE, "no-such-route", NOT_FOUND, "There is no such route";
    WRONG_METHOD, "wrong-method", METHOD_NOT_ALLOWED, "The route does not take this method";
    ORDER_REFUSED, "order-refused", CONFLICT, "The order does not take this now";
    NO_LABEL, "no-label", CONFLICT, "There is no label to print";
    NO_PAPER, "no-paper", CONFLICT, "There is no such paper";
    CONNECTED_ALREADY, "connected-already", CONFLICT, "The marketplace seller is connected already";
    NO_OTP_WANTED, "no-otp-wanted", CONFLICT, "Nobody asked for a one-time password";
    NEEDS_ATTENTION, "needs-attention", CONFLICT, "The account waits for something else";
    CHANGED_MEANWHILE, "changed-meanwhile", CONFLICT, "Someone else was first";
    LABEL_GONE, "label-gone", GONE, "The label is no longer kept";
    TOO_LARGE, "too-large", PAYLOAD_TOO_LARGE, "The body is too large";
    NOT_JSON, "not-json", UNSUPPORTED_MEDIA_TYPE, "The body is not declared as JSON";
    BAD_INPUT, "bad-input", UNPROCESSABLE_ENTITY, "The input cannot be used";
    CHOOSE_SELLER, "choose-marketplace-seller", UNPROCESSABLE_ENTITY, "The login owns several sellers";
    OTHER_SELLER, "other-marketplace-seller", UNPROCESSABLE_ENTITY, "These credentials lead to another seller";
    MARKETPLACE_REFUSED, "marketplace-refused", UNPROCESSABLE_ENTITY, "The marketplace refused";
    INTERNAL, "internal", INTERNAL_SERVER_ERROR, "Haat failed";
    MARKETPLACE_UNCLEAR, "marketplace-unclear", BAD_GATEWAY, "The marketplace's answer makes no sense";
    MARKETPLACE_UNAVAILABLE, "marketplace-unavailable", SERVICE_UNAVAILABLE, "The marketplace cannot be reached";
    UNAVAILABLE, "unavailable", SERVICE_UNAVAILABLE, "Haat cannot do this just now";
}

impl Kind {
    /// The whole `type`.
    pub(crate) fn urn(&self) -> String {
        format!("urn:haat:problem:{}", self.slug)
    }

    /// A problem of this kind.
    pub(crate) fn because(&self, detail: impl Into<String>) -> Problem {
        Problem {
            told: Box::new(self.told(detail)),
            retry_after: None,
            cause: None,
        }
    }

    /// The words of such a problem.
    pub(crate) fn told(&self, detail: impl Into<String>) -> Told {
        Told {
            kind: self.urn(),
            title: self.title,
            status: self.status.as_u16(),
            detail: detail.into(),
            attention: None,
            marketplace_sellers: None,
        }
    }
}

/// What stands in the log beside the request.
#[derive(Debug, Clone)]
pub(crate) struct Cause(pub(crate) String);

impl Problem {
    pub(crate) fn not_signed_in() -> Self {
        NOT_SIGNED_IN.because("Send a token of this deployment as `Authorization: Bearer haat_…`.")
    }

    pub(crate) async fn no_such_route() -> Self {
        NO_SUCH_ROUTE.because("See /openapi.json for the routes there are.")
    }

    pub(crate) async fn wrong_method() -> Self {
        WRONG_METHOD.because("See /openapi.json for the methods of this route.")
    }

    pub(crate) fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    pub(crate) fn caused_by(mut self, cause: impl ToString) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    pub(crate) fn wanting(mut self, wanted: WantedOfAPerson) -> Self {
        self.told.attention = Some(wanted);
        self
    }

    pub(crate) fn choosing_of(mut self, sellers: Vec<SellerChoice>) -> Self {
        self.told.marketplace_sellers = Some(sellers);
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.told.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.told)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.retry_after {
            // Whole seconds, never too early.
            let early = u64::from(wait.subsec_nanos() > 0);
            headers.insert(RETRY_AFTER, wait.as_secs().saturating_add(early).into());
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(Cause(cause));
        }
        response
    }
}
