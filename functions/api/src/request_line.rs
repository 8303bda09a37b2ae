//! One line in the log per request: who did what, and what came of it. No body, no query, no id
//! of a path.

use axum::extract::{MatchedPath, Request};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::middleware::Next;
use axum::response::Response;

use crate::caller::Caller;
use crate::problem::Cause;

/// Lets the request through, writes its line, and keeps the answer out of every cache on its way.
pub(crate) async fn write(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let caller = Caller::of(request.extensions());
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    tracing::info!(
        event = "api.request",
        %method,
        route = route.as_ref().map_or("none", MatchedPath::as_str),
        status = response.status().as_u16(),
        seller = caller.as_ref().map(|caller| caller.seller.as_str()),
        token = caller.as_ref().map(|caller| caller.token.as_str()),
        reason = response.extensions().get::<Cause>().map(|cause| cause.0.as_str()),
    );
    response
}
