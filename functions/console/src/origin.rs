//! Whether a request that changes something was sent by a page of the console itself.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, Method};

/// Whether the request must be refused: it changes something, and was sent by another site's page
/// or by something that does not say.
///
/// A browser cannot be talked into lying in `Sec-Fetch-Site`. One that does not know it has to
/// send an `Origin` that names our own host.
pub(crate) fn is_foreign(method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return false;
    }
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(HeaderName::from_static("sec-fetch-site")) {
        Some(site) => site != "same-origin",
        None => {
            let origin = text(ORIGIN).and_then(|origin| origin.split_once("://"));
            let named = origin.map(|(_, host)| host);
            named.is_none() || named != text(HOST)
        }
    }
}
