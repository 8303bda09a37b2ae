//! The only file that talks to the panel. It sends one request for one call; the one thing it
//! ever repeats is a call that was refused because the session was gone, once.

use std::sync::Arc;
use std::time::Duration;

use haat_domain::{AttentionReason, Secret};
use haat_ports::{Clock, ErrorKind, MarketplaceError, Session};
use jiff::Timestamp;
use reqwest::header::{ACCEPT, COOKIE, HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Line;
use super::cookies::Cookies;
use super::errors::{self, Effect};
use super::profile::{ApiPath, Paths, Profile};
use super::translate::unreadable;
use crate::Hosts;
use crate::http::{BodyError, Kind, read_body, retry_after};
use crate::known_pages::KnownPages;

/// Largest JSON answer that is read: 50 orders take about 60 KB.
const MAX_ANSWER_BYTES: usize = 8 << 20;
const PDF_MAGIC: &[u8] = b"%PDF-";

/// One operation of the contract.
pub(super) struct Operation {
    /// For people: marketplace and operation.
    pub(super) name: &'static str,
    pub(super) path: fn(&Paths) -> &ApiPath,
    pub(super) effect: Effect,
}

/// An answer that arrived whole, whatever it says.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) kind: Kind,
    pub(super) retry_after: Option<Duration>,
    pub(super) cookies: Cookies,
    pub(super) body: Vec<u8>,
}

pub(super) struct Client {
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    hosts: Hosts,
    pub(super) profile: Profile,
    pub(super) known: KnownPages,
}

impl Client {
    pub(super) fn new(
        http: reqwest::Client,
        clock: Arc<dyn Clock>,
        hosts: Hosts,
        profile: Profile,
    ) -> Self {
        Self {
            http,
            clock,
            hosts,
            profile,
            known: KnownPages::new(),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Calls for a supplier. When the session is gone, the call was not done: it is repeated
    /// once with a renewed session, and never again.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        line: &Line,
        operation: &Operation,
        body: &impl Serialize,
    ) -> Result<T, MarketplaceError> {
        read(operation, &self.ask(line, operation, body).await?)
    }

    /// Like [`Client::call`]; the answer as it came.
    pub(super) async fn ask(
        &self,
        line: &Line,
        operation: &Operation,
        body: &impl Serialize,
    ) -> Result<Vec<u8>, MarketplaceError> {
        let session = line.sessions.current().await?;
        line.pace.turn().await;
        let first = self
            .ask_with(&session, &line.supplier.identifier, operation, body)
            .await;
        match first {
            Err(error) if error.kind == ErrorKind::Auth => {}
            Err(_) | Ok(_) => return first,
        }
        let renewed = line.sessions.renew(&session).await?;
        line.pace.turn().await;
        let second = self
            .ask_with(&renewed, &line.supplier.identifier, operation, body)
            .await;
        second.map_err(|mut error| {
            if error.kind == ErrorKind::Auth {
                error.kind = ErrorKind::Attention(AttentionReason::SessionRefused);
                error.said = format!("a fresh session was refused at once: {}", error.said);
            }
            error
        })
    }

    /// Calls for the supplier with this identifier with this session, once.
    pub(super) async fn call_with<T: DeserializeOwned>(
        &self,
        session: &Session,
        identifier: &str,
        operation: &Operation,
        body: &impl Serialize,
    ) -> Result<T, MarketplaceError> {
        let answer = self.ask_with(session, identifier, operation, body);
        read(operation, &answer.await?)
    }

    async fn ask_with(
        &self,
        session: &Session,
        identifier: &str,
        operation: &Operation,
        body: &impl Serialize,
    ) -> Result<Vec<u8>, MarketplaceError> {
        let gone = || {
            let said = "the stored session cannot be read";
            MarketplaceError::new(ErrorKind::Auth, operation.name, said)
        };
        let cookies = Cookies::of(session).ok_or_else(gone)?;
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, cookies.header().ok_or_else(gone)?);
        let identifier = HeaderValue::from_str(identifier).map_err(|_| {
            let said = "the supplier's identifier cannot be a header";
            MarketplaceError::new(ErrorKind::Malformed, operation.name, said)
        })?;
        headers.insert(HeaderName::from_static("identifier"), identifier);
        let answer = self.post(operation, headers, body).await?;
        let secrets = cookies.secrets();
        if let Some(refused) = errors::refusal(operation.name, operation.effect, &answer, &secrets)
        {
            return Err(refused);
        }
        Ok(answer.body)
    }

    /// Sends one request and reads its answer, whatever it says.
    pub(super) async fn post(
        &self,
        operation: &Operation,
        headers: HeaderMap,
        body: &impl Serialize,
    ) -> Result<Answer, MarketplaceError> {
        let trouble = |kind, said: &str| MarketplaceError::new(kind, operation.name, said);
        let path = (operation.path)(&self.profile.paths);
        let always = self.profile.headers();
        let request = self
            .http
            .post(self.hosts.at(path.as_str()))
            .headers(always.map_err(|why| trouble(ErrorKind::Malformed, &why))?)
            .headers(headers)
            .header(ACCEPT, "application/json")
            .json(body);
        let response = request.send().await.map_err(|error| {
            let (kind, said) = lost(&error, operation.effect);
            trouble(kind, said)
        })?;
        let status = response.status().as_u16();
        tracing::debug!(operation = operation.name, status, "answered");
        let headers = response.headers();
        let (kind, rest) = (Kind::of(headers), retry_after(headers));
        let cookies = Cookies::set_by(headers);
        let body = read_body(response, MAX_ANSWER_BYTES).await;
        let body = body.map_err(|error| match error {
            BodyError::Lost => trouble(operation.effect.lost(), "the answer broke off"),
            BodyError::TooLarge => trouble(operation.effect.garbled(), "the answer is too large"),
        })?;
        Ok(Answer {
            status,
            kind,
            retry_after: rest,
            cookies,
            body,
        })
    }

    /// Fetches a PDF from a file host: without session, from the allowed hosts, bounded.
    pub(super) async fn pdf(
        &self,
        operation: &'static str,
        address: &Secret,
    ) -> Result<Vec<u8>, MarketplaceError> {
        let trouble = |kind, said: &str| MarketplaceError::new(kind, operation, said);
        let url = self.hosts.file(address.expose());
        let url = url.map_err(|why| trouble(ErrorKind::Rejected, &why))?;
        let response = self.http.get(url).send().await.map_err(|error| {
            let (kind, said) = lost(&error, Effect::None);
            trouble(kind, said)
        })?;
        let status = response.status().as_u16();
        tracing::debug!(operation, status, "answered");
        if let Some(refused) =
            errors::file_refusal(operation, status, retry_after(response.headers()))
        {
            return Err(refused);
        }
        if Kind::of(response.headers()) != Kind::Pdf {
            return Err(trouble(
                ErrorKind::Malformed,
                "the file is not declared a PDF",
            ));
        }
        let body = read_body(response, self.profile.max_label_file_bytes).await;
        let body = body.map_err(|error| match error {
            BodyError::Lost => trouble(ErrorKind::Unavailable, "the file broke off"),
            BodyError::TooLarge => trouble(
                ErrorKind::Malformed,
                "the file is larger than max_label_file_bytes",
            ),
        })?;
        if !body.starts_with(PDF_MAGIC) {
            return Err(trouble(
                ErrorKind::Malformed,
                "the file does not begin like a PDF",
            ));
        }
        Ok(body)
    }
}

/// Reads an answer.
pub(super) fn read<T: DeserializeOwned>(
    operation: &Operation,
    answer: &[u8],
) -> Result<T, MarketplaceError> {
    let mut json = serde_json::Deserializer::from_slice(answer);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let kind = operation.effect.garbled();
        MarketplaceError::new(kind, operation.name, unreadable(&error))
    })
}

/// What a request without an answer means. The library's own text is left out: it has the URL.
fn lost(error: &reqwest::Error, effect: Effect) -> (ErrorKind, &'static str) {
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
