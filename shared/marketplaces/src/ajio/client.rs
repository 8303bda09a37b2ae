//! The only file that talks to AJIO. It sends one request for one call; the one thing it ever
//! repeats is a call that was refused because the token was gone, once.

use std::sync::Arc;

use haat_ports::{Clock, ErrorKind, MarketplaceError, Session};
use jiff::Timestamp;
use reqwest::RequestBuilder;
use reqwest::header::ACCEPT;
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::Line;
use super::errors;
use super::profile::Profile;
use super::session::Token;
use super::translate::Trouble;
use crate::Hosts;
use crate::call::{self, Answer, Effect};
use crate::http::Kind;
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
    pub(super) path: fn(&Profile) -> &ApiPath,
    pub(super) effect: Effect,
    /// What a good answer may be.
    pub(super) gives: &'static [Kind],
}

impl Operation {
    /// One that only reads, or is harmless to repeat.
    pub(super) const fn reads(name: &'static str, path: fn(&Profile) -> &ApiPath) -> Self {
        Self {
            name,
            path,
            effect: Effect::None,
            gives: &[Kind::Json],
        }
    }

    /// One that changes something.
    pub(super) const fn starts(name: &'static str, path: fn(&Profile) -> &ApiPath) -> Self {
        Self {
            effect: Effect::Starts,
            ..Self::reads(name, path)
        }
    }

    /// One that gives a paper.
    pub(super) const fn paper(name: &'static str, path: fn(&Profile) -> &ApiPath) -> Self {
        Self {
            gives: &[Kind::Json, Kind::Pdf],
            ..Self::reads(name, path)
        }
    }

    pub(super) fn error(&self, kind: ErrorKind, said: impl Into<String>) -> MarketplaceError {
        MarketplaceError::new(kind, self.name, said)
    }

    /// The error behind a good answer that tells of trouble.
    pub(super) fn trouble(&self, trouble: Trouble) -> MarketplaceError {
        match trouble {
            Trouble::Refused(said) => self.error(ErrorKind::Rejected, said),
            Trouble::Unclear(said) => self.error(self.effect.garbled(), said),
        }
    }
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

    /// Reads within a session.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        line: &Line,
        operation: &Operation,
        query: &[(&str, &str)],
    ) -> Result<T, MarketplaceError> {
        read(operation, &self.ask(line, operation, query).await?.body)
    }

    /// Like [`Client::get`]; the answer as it came.
    pub(super) async fn ask(
        &self,
        line: &Line,
        operation: &Operation,
        query: &[(&str, &str)],
    ) -> Result<Answer, MarketplaceError> {
        within_session(&*line.sessions, &line.pace, |session| async move {
            let request = self.http.get(self.at(operation, query));
            self.send_within(&session, operation, request).await
        })
        .await
    }

    /// Hands something in within a session.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        line: &Line,
        operation: &Operation,
        body: &impl Serialize,
    ) -> Result<T, MarketplaceError> {
        let answer = within_session(&*line.sessions, &line.pace, |session| async move {
            let request = self.http.post(self.at(operation, &[])).json(body);
            self.send_within(&session, operation, request).await
        });
        read(operation, &answer.await?.body)
    }

    /// Logs in by an address that carries the password: it is never shown to anybody.
    pub(super) async fn get_without_session(
        &self,
        operation: &Operation,
        query: &[(&str, &str)],
    ) -> Result<Answer, MarketplaceError> {
        let request = self.http.get(self.at(operation, query));
        self.send(operation, request).await
    }

    /// Logs in by a body.
    pub(super) async fn post_without_session(
        &self,
        operation: &Operation,
        body: &impl Serialize,
    ) -> Result<Answer, MarketplaceError> {
        let request = self.http.post(self.at(operation, &[])).json(body);
        self.send(operation, request).await
    }

    fn at(&self, operation: &Operation, query: &[(&str, &str)]) -> Url {
        let mut url = self.hosts.at((operation.path)(&self.profile).as_str());
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    async fn send_within(
        &self,
        session: &Session,
        operation: &Operation,
        request: RequestBuilder,
    ) -> Result<Answer, MarketplaceError> {
        let gone = || operation.error(ErrorKind::Auth, "the stored session cannot be read");
        let token = Token::of(session).ok_or_else(gone)?;
        let name = self.profile.token_header();
        let name = name.map_err(|why| operation.error(ErrorKind::Malformed, why))?;
        let request = request.header(name, token.header().ok_or_else(gone)?);
        let mut answer = self.send(operation, request).await?;
        answer.conceal(token.expose());
        let rest = self.profile.throttled_seconds;
        match errors::refusal(operation, rest, &answer, &[token.expose()]) {
            Some(refused) => Err(refused),
            None => Ok(answer),
        }
    }

    /// Sends one request and reads its answer, whatever it says.
    async fn send(
        &self,
        operation: &Operation,
        request: RequestBuilder,
    ) -> Result<Answer, MarketplaceError> {
        // In base64 a paper is larger by a third.
        let limit = match operation.gives {
            [Kind::Json] => MAX_ANSWER_BYTES,
            _ => self.profile.max_document_bytes.saturating_mul(2),
        };
        let request = request.header(ACCEPT, accepted(operation));
        call::send(request, operation.name, operation.effect, limit).await
    }

    /// Fetches a PDF from a file host: without token, from the allowed hosts, bounded.
    pub(super) async fn pdf(
        &self,
        wanted: &Wanted,
        address: &str,
    ) -> Result<Vec<u8>, MarketplaceError> {
        pdf::fetch(&self.http, &self.hosts, wanted, address).await
    }
}

fn accepted(operation: &Operation) -> &'static str {
    match operation.gives {
        [Kind::Json] => "application/json",
        _ => "application/json, application/pdf",
    }
}

/// Reads an answer.
pub(super) fn read<T: DeserializeOwned>(
    operation: &Operation,
    answer: &[u8],
) -> Result<T, MarketplaceError> {
    call::read(operation.name, operation.effect, answer)
}
