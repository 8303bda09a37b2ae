//! PDFs of a marketplace: bounded, and only what begins like one. A file is fetched from the
//! allowed hosts alone, without session and without redirects.

use std::time::Duration;

use haat_ports::{ErrorKind, MarketplaceError};

use crate::Hosts;
use crate::call::{Effect, lost};
use crate::http::{BodyError, Kind, read_body, retry_after};

const MAGIC: &[u8] = b"%PDF-";

/// How a file is fetched: by whom it was named, and how large it may be.
pub(crate) struct Wanted {
    /// Marketplace and operation, for people.
    pub(crate) operation: &'static str,
    /// Largest file that is read, and the value of the profile that says so.
    pub(crate) limit: usize,
    pub(crate) limit_name: &'static str,
    /// What ends it when the address leads nowhere any more.
    pub(crate) fresh: &'static str,
}

/// Fetches the file at an address that a marketplace named. No error repeats the address.
pub(crate) async fn fetch(
    http: &reqwest::Client,
    hosts: &Hosts,
    wanted: &Wanted,
    address: &str,
) -> Result<Vec<u8>, MarketplaceError> {
    let operation = wanted.operation;
    let trouble = |kind, said: &str| MarketplaceError::new(kind, operation, said);
    let url = hosts.file(address);
    let url = url.map_err(|why| trouble(ErrorKind::Rejected, &why))?;
    let response = http.get(url).send().await.map_err(|error| {
        let (kind, said) = lost(&error, Effect::None);
        trouble(kind, said)
    })?;
    let status = response.status().as_u16();
    tracing::debug!(operation, status, "answered");
    if let Some(refused) = refusal(wanted, status, retry_after(response.headers())) {
        return Err(refused);
    }
    if Kind::of(response.headers()) != Kind::Pdf {
        return Err(trouble(
            ErrorKind::Malformed,
            "the file is not declared a PDF",
        ));
    }
    let body = read_body(response, wanted.limit).await;
    let body = body.map_err(|error| match error {
        BodyError::Lost => trouble(ErrorKind::Unavailable, "the file broke off"),
        BodyError::TooLarge => too_large(wanted),
    })?;
    checked(wanted, body)
}

/// The bytes, if they begin like a PDF and are no larger than allowed.
pub(crate) fn checked(wanted: &Wanted, bytes: Vec<u8>) -> Result<Vec<u8>, MarketplaceError> {
    if bytes.len() > wanted.limit {
        return Err(too_large(wanted));
    }
    if !bytes.starts_with(MAGIC) {
        let said = "the file does not begin like a PDF";
        return Err(MarketplaceError::new(
            ErrorKind::Malformed,
            wanted.operation,
            said,
        ));
    }
    Ok(bytes)
}

fn too_large(wanted: &Wanted) -> MarketplaceError {
    let said = format!("the file is larger than {}", wanted.limit_name);
    MarketplaceError::new(ErrorKind::Malformed, wanted.operation, said)
}

/// The error behind an answer of a file host.
fn refusal(
    wanted: &Wanted,
    status: u16,
    retry_after: Option<Duration>,
) -> Option<MarketplaceError> {
    let (kind, said) = match status {
        200 => return None,
        300..=399 => (
            ErrorKind::Malformed,
            "the file's address leads on to another one, which is never followed",
        ),
        403 | 404 | 410 => (
            ErrorKind::NotFound,
            "the file's address has expired or the file is gone",
        ),
        429 => (ErrorKind::RateLimited, "too many calls to the file host"),
        400..=499 => (ErrorKind::Rejected, "the file host refused"),
        500..=599 => (ErrorKind::Unavailable, "trouble at the file host"),
        _ => (
            ErrorKind::Malformed,
            "the file host answered with a status it should not",
        ),
    };
    let said = if kind == ErrorKind::NotFound {
        format!("{said}: {}", wanted.fresh)
    } else {
        said.to_owned()
    };
    let mut error = MarketplaceError::new(kind, wanted.operation, said);
    error.code = Some(status.to_string());
    error.retry_after = retry_after;
    Some(error)
}
