//! One call to a marketplace: sent once, its answer read whole or not at all. Nothing in here
//! repeats a call, and no text in here names an address: it may carry a password.

use std::time::Duration;

use haat_ports::{ErrorKind, MarketplaceError};
use reqwest::RequestBuilder;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::http::{BodyError, Kind, read_body, retry_after};
use crate::rows::unreadable;

/// Whether a call changes something at the marketplace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It only reads, or doing it twice is harmless: a lost answer is nobody's loss.
    None,
    /// It starts something: when its answer is lost, it may have happened.
    Starts,
}

impl Effect {
    /// The trouble of a call whose answer was lost.
    pub(crate) fn lost(self) -> ErrorKind {
        match self {
            Self::None => ErrorKind::Unavailable,
            Self::Starts => ErrorKind::Ambiguous,
        }
    }

    /// The trouble of a call that was answered, and the answer cannot be read.
    pub(crate) fn garbled(self) -> ErrorKind {
        match self {
            Self::None => ErrorKind::Malformed,
            Self::Starts => ErrorKind::Ambiguous,
        }
    }
}

/// An answer that arrived whole, whatever it says.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) kind: Kind,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Whatever an answer says may end in a log or on a page: it says nothing of this secret.
    pub(crate) fn conceal(&mut self, secret: &str) {
        if let Ok(text) = str::from_utf8(&self.body)
            && !secret.is_empty()
            && text.contains(secret)
        {
            self.body = text.replace(secret, "***").into_bytes();
        }
    }
}

/// Sends one request and reads its answer of at most `limit` bytes, whatever it says.
pub(crate) async fn send(
    request: RequestBuilder,
    operation: &'static str,
    effect: Effect,
    limit: usize,
) -> Result<Answer, MarketplaceError> {
    let trouble = |kind, said| MarketplaceError::new(kind, operation, said);
    let response = request.send().await.map_err(|error| {
        let (kind, said) = lost(&error, effect);
        trouble(kind, said)
    })?;
    let status = response.status().as_u16();
    tracing::debug!(operation, status, "answered");
    let headers = response.headers().clone();
    let body = read_body(response, limit).await;
    let body = body.map_err(|error| match error {
        BodyError::Lost => trouble(effect.lost(), "the answer broke off"),
        BodyError::TooLarge => trouble(effect.garbled(), "the answer is too large"),
    })?;
    Ok(Answer {
        status,
        kind: Kind::of(&headers),
        retry_after: retry_after(&headers),
        headers,
        body,
    })
}

/// Reads an answer.
pub(crate) fn read<T: DeserializeOwned>(
    operation: &'static str,
    effect: Effect,
    answer: &[u8],
) -> Result<T, MarketplaceError> {
    let mut json = serde_json::Deserializer::from_slice(answer);
    serde_path_to_error::deserialize(&mut json)
        .map_err(|error| MarketplaceError::new(effect.garbled(), operation, unreadable(&error)))
}

/// What a request without an answer means. The library's own text is left out: it has the URL.
pub(crate) fn lost(error: &reqwest::Error, effect: Effect) -> (ErrorKind, &'static str) {
    if error.is_builder() {
        (ErrorKind::Malformed, "the request could not be made")
    } else if error.is_connect() {
        (ErrorKind::Unavailable, "no connection; nothing was sent")
    } else if error.is_timeout() {
        (effect.lost(), "no answer in time")
    } else {
        (
            effect.lost(),
            "the connection was lost before the answer came",
        )
    }
}
