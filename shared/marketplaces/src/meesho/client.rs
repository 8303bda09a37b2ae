//! The only file that talks to the panel. It sends one request for one call; the one thing it
//! ever repeats is a call that was refused because the session was gone, once.

use std::sync::Arc;

use haat_domain::Secret;
use haat_ports::{Clock, ErrorKind, MarketplaceError, Session};
use jiff::Timestamp;
use reqwest::header::{ACCEPT, COOKIE, HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Line;
use super::cookies::Cookies;
use super::errors;
use super::profile::{Paths, Profile};
use super::session::SESSION_COOKIE;
use crate::Hosts;
use crate::call::{self, Answer, Effect};
use crate::known_pages::KnownPages;
use crate::pdf::{self, Wanted};
use crate::profile::ApiPath;
use crate::within_session::within_session;

/// Largest JSON answer that is read: 50 orders take about 60 KB.
const MAX_ANSWER_BYTES: usize = 8 << 20;

/// One operation of the contract.
pub(super) struct Operation {
    /// For people: marketplace and operation.
    pub(super) name: &'static str,
    pub(super) path: fn(&Paths) -> &ApiPath,
    pub(super) effect: Effect,
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
        let identifier = line.supplier.identifier.as_str();
        within_session(&*line.sessions, &line.pace, |session| async move {
            self.ask_with(&session, identifier, operation, body).await
        })
        .await
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
        let mut answer = self.post(operation, headers, body).await?;
        // The other cookies name the supplier, and so do good answers.
        answer.conceal(cookies.get(SESSION_COOKIE).unwrap_or_default());
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
        call::send(request, operation.name, operation.effect, MAX_ANSWER_BYTES).await
    }

    /// Fetches a PDF from a file host: without session, from the allowed hosts, bounded.
    pub(super) async fn pdf(
        &self,
        operation: &'static str,
        address: &Secret,
    ) -> Result<Vec<u8>, MarketplaceError> {
        let wanted = Wanted {
            operation,
            limit: self.profile.max_label_file_bytes,
            limit_name: "max_label_file_bytes",
            fresh: "read the jobs again for a fresh address",
        };
        pdf::fetch(&self.http, &self.hosts, &wanted, address.expose()).await
    }
}

/// Reads an answer.
pub(super) fn read<T: DeserializeOwned>(
    operation: &Operation,
    answer: &[u8],
) -> Result<T, MarketplaceError> {
    call::read(operation.name, operation.effect, answer)
}
