//! What every answer has: its headers, its line in the log, and a page where there is none.

use axum::extract::{MatchedPath, Request};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use haat_domain::Scope;
use haat_ports::{QueueError, StoreError};
use haat_workflows::{AskRefusal, WriteError};

use crate::layout;
use crate::origin::is_foreign;
use crate::session::WhoAsked;
use crate::words::sentence;

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Around everything: refuses what other sites send, dresses the answer, and logs one line that
/// names neither order nor buyer.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = if is_foreign(&method, request.headers()) {
        Failure::Foreign.into_response()
    } else {
        next.run(request).await
    };
    let who = response.extensions().get::<WhoAsked>();
    tracing::info!(
        event = "console.request",
        %method,
        route = route.as_ref().map_or("none", |route| route.as_str()),
        status = response.status().as_u16(),
        seller = who.map(|who| who.seller.as_str()),
        token = who.map(|who| who.token.as_str()),
    );
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // The stylesheet says for itself that it may be kept.
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// An address that is no page.
pub(crate) async fn not_found() -> Failure {
    Failure::NotFound
}

/// Why there is no page.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nothing of this seller has this address. What belongs to another seller looks the same.
    NotFound,
    /// The token does not reach that far.
    NoScope(Scope),
    /// A workflow said no; these are its words.
    Refused(String),
    /// Somebody else changed the same thing at the same moment.
    ChangedMeanwhile,
    /// Another site's page sent it.
    Foreign,
    /// Table, queue or files did not answer; the text is for the log.
    Unavailable(String),
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, title, text) = match self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "Not found",
                "There is nothing at this address, or it belongs to another seller.".to_owned(),
            ),
            Self::NoScope(scope) => (
                StatusCode::FORBIDDEN,
                "Not allowed",
                format!(
                    "The token you signed in with lacks the scope “{}”. Nothing was changed. \
                     Sign in with a token that has it.",
                    scope.word()
                ),
            ),
            Self::Refused(said) => (StatusCode::CONFLICT, "Not done", said),
            Self::ChangedMeanwhile => (
                StatusCode::CONFLICT,
                "Changed meanwhile",
                "Somebody else changed this at the same moment, so your change was not made. Open \
                 the page again and see whether it is still wanted."
                    .to_owned(),
            ),
            Self::Foreign => (
                StatusCode::FORBIDDEN,
                "Not allowed",
                "This did not come from a page of the console, so nothing was changed. Open the \
                 console itself and press the button there."
                    .to_owned(),
            ),
            Self::Unavailable(error) => {
                tracing::error!(event = "console.unavailable", %error, "a page could not be made");
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Not just now",
                    "A part of Haat did not answer. Nothing is lost; try again in a minute. If it \
                     stays so, tell whoever runs this Haat: the log has the reason."
                        .to_owned(),
                )
            }
        };
        (status, layout::bare(title, &text)).into_response()
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(_) => Self::ChangedMeanwhile,
            StoreError::Unavailable { .. } | StoreError::Corrupt { .. } => {
                Self::Unavailable(error.to_string())
            }
        }
    }
}

impl From<QueueError> for Failure {
    fn from(error: QueueError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Store(error) => error.into(),
            WriteError::Vault(error) => Self::Unavailable(error.to_string()),
        }
    }
}

/// A refusal by the order's own rules in its own words, where the caller has no notice for it.
impl From<AskRefusal> for Failure {
    fn from(refusal: AskRefusal) -> Self {
        match refusal {
            AskRefusal::NoSuchOrder(_) => Self::NotFound,
            AskRefusal::Write(error) => error.into(),
            AskRefusal::Queue(error) => error.into(),
            AskRefusal::Refused { .. }
            | AskRefusal::NotOffered { .. }
            | AskRefusal::NoParcel { .. } => Self::Refused(sentence(&refusal.to_string())),
        }
    }
}
