//! One HTTP request to a double, and what faults and the log know of it.

use axum::{body::to_bytes, extract::Request};
use bytes::Bytes;
use http::{HeaderMap, Method};

/// More than the largest request of any contract needs.
const LARGEST_BODY: usize = 4 << 20;

/// An operation of a contract.
pub trait Operation: Copy + PartialEq + Send + 'static {
    /// Its `operationId`.
    fn id(self) -> &'static str;

    /// The operation with this `operationId`.
    fn from_id(id: &str) -> Option<Self>;

    /// Whether a fault on `*` means it too.
    fn is_under_star(self) -> bool;

    /// Whether the contract lists 429 among its answers.
    fn is_throttled(self) -> bool;
}

/// One request, read whole. It may hold a password or a token: it never shows itself.
pub struct Call<O> {
    pub(crate) operation: Option<O>,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whose call it is, in the words that faults and the log use.
    pub(crate) identifier: Option<String>,
    /// Whether it asks for another page than the first.
    pub(crate) goes_on: bool,
}

impl<O> Call<O> {
    pub(crate) async fn receive(request: Request, operation: Option<O>) -> Self {
        let (parts, body) = request.into_parts();
        Self {
            operation,
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            // A body that breaks off or is too large is one that cannot be read: empty is no JSON.
            body: to_bytes(body, LARGEST_BODY).await.unwrap_or_default(),
            identifier: None,
            goes_on: false,
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A query value as it was sent, not decoded.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }
}
