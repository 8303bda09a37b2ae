//! One call of a contract: what it needs and what it may answer.

use std::collections::BTreeMap;

use http::{HeaderMap, header::COOKIE};
use serde_json::Value;

use super::Example;
use super::schemas::{Schemas, resolve, step};
use super::session::{self, Credential};

/// One call.
#[derive(Debug)]
pub struct Operation {
    /// `operationId`.
    pub id: String,
    /// HTTP method in capitals.
    pub method: String,
    /// Path, with `{names}` where it varies.
    pub path: String,
    /// The path behind the base path of the contract's first server.
    full_path: String,
    headers: Vec<Parameter>,
    query: Vec<Parameter>,
    body: Option<Media>,
    body_place: String,
    answers: BTreeMap<u16, Answer>,
    session: Vec<Credential>,
    /// On a host of its own, where the session must not be sent.
    elsewhere: bool,
}

#[derive(Debug)]
struct Parameter {
    name: String,
    required: bool,
    schema: String,
}

#[derive(Debug)]
struct Answer {
    headers: Vec<Parameter>,
    media: Media,
}

/// Places of media objects by media type.
type Media = BTreeMap<String, String>;

/// All calls of a contract.
pub(super) fn all(document: &Value) -> Result<Vec<Operation>, String> {
    let paths = document.get("paths").and_then(Value::as_object);
    let mut operations = Vec::new();
    for (path, item) in paths.ok_or("it has no paths")? {
        for method in ["get", "post", "put", "patch", "delete"] {
            if item.get(method).is_some() {
                operations.push(
                    read(document, path, method)
                        .ok_or(format!("{method} {path} cannot be read"))?,
                );
            }
        }
    }
    Ok(operations)
}

fn read(document: &Value, path: &str, method: &str) -> Option<Operation> {
    let place = format!("/paths{}", step(path));
    let elsewhere = document.pointer(&format!("{place}/servers")).is_some();
    let place = format!("{place}/{method}");
    let operation = document.pointer(&place)?;
    let mut answers = BTreeMap::new();
    for status in operation.get("responses")?.as_object()?.keys() {
        let (answer, value) = resolve(document, &format!("{place}/responses/{status}"))?;
        let names = value.get("headers").and_then(Value::as_object);
        let headers = names.into_iter().flatten().map(|(name, _)| Parameter {
            name: name.clone(),
            required: false,
            schema: format!("{answer}/headers/{name}/schema"),
        });
        let headers = headers.collect();
        let media = media(document, &answer);
        answers.insert(status.parse().ok()?, Answer { headers, media });
    }
    let body = resolve(document, &format!("{place}/requestBody")).map(|(body, _)| body);
    Some(Operation {
        id: operation.get("operationId")?.as_str()?.to_owned(),
        method: method.to_uppercase(),
        path: path.to_owned(),
        full_path: format!("{}{path}", base_path(document)),
        headers: parameters(document, &place, "header")?,
        query: parameters(document, &place, "query")?,
        body: body.as_ref().map(|body| media(document, body)),
        body_place: format!("{}/", body.unwrap_or_default()),
        answers,
        session: session::credentials(document, operation)?,
        elsewhere,
    })
}

/// What the path of the first server is: nothing for most.
fn base_path(document: &Value) -> &str {
    let server = document.pointer("/servers/0/url").and_then(Value::as_str);
    let host = server.and_then(|url| url.split_once("://"));
    let path = host.and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    path.unwrap_or_default().trim_end_matches('/')
}

fn parameters(document: &Value, place: &str, kind: &str) -> Option<Vec<Parameter>> {
    let count = document
        .pointer(&format!("{place}/parameters"))
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let mut found = Vec::new();
    for index in 0..count {
        let (place, parameter) = resolve(document, &format!("{place}/parameters/{index}"))?;
        if parameter.get("in")?.as_str()? == kind {
            found.push(Parameter {
                name: parameter.get("name")?.as_str()?.to_owned(),
                required: parameter
                    .get("required")
                    .and_then(Value::as_bool)
                    .unwrap_or(false),
                schema: format!("{place}/schema"),
            });
        }
    }
    Some(found)
}

fn media(document: &Value, place: &str) -> Media {
    let content = document
        .pointer(&format!("{place}/content"))
        .and_then(Value::as_object);
    content
        .into_iter()
        .flatten()
        .map(|(name, _)| (name.clone(), format!("{place}/content{}", step(name))))
        .collect()
}

/// The media type of a message, without its parameters.
pub(super) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(http::header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next()?.trim().to_ascii_lowercase())
}

impl Operation {
    /// Statuses that the contract lists for this call.
    pub fn statuses(&self) -> impl Iterator<Item = u16> {
        self.answers.keys().copied()
    }

    /// Whether the call needs a session.
    pub fn needs_session(&self) -> bool {
        !self.session.is_empty()
    }

    pub(super) fn body_place(&self) -> &str {
        &self.body_place
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        let (mut mine, mut theirs) = (self.full_path.split('/'), path.split('/'));
        loop {
            match (mine.next(), theirs.next()) {
                (None, None) => return true,
                (Some(name), Some(value)) if name.starts_with('{') && !value.is_empty() => {}
                (Some(one), Some(other)) if one == other => {}
                _ => return false,
            }
        }
    }

    fn all_media(&self) -> impl Iterator<Item = &String> {
        let answers = self
            .answers
            .values()
            .flat_map(|answer| answer.media.values());
        self.body.iter().flat_map(Media::values).chain(answers)
    }

    pub(super) fn schemas(&self) -> Vec<String> {
        let answers = self.answers.values().flat_map(|answer| &answer.headers);
        let headers = self
            .headers
            .iter()
            .chain(&self.query)
            .chain(answers)
            .map(|header| header.schema.clone());
        let media = self.all_media().map(|media| format!("{media}/schema"));
        headers.chain(media).collect()
    }

    pub(super) fn examples(&self, document: &Value) -> Vec<Example> {
        let mut examples = Vec::new();
        for media in self.all_media() {
            let named = document
                .pointer(&format!("{media}/examples"))
                .and_then(Value::as_object);
            let named = named
                .into_iter()
                .flatten()
                .map(|(name, _)| format!("{media}/examples{}/value", step(name)));
            for place in named.chain([format!("{media}/example")]) {
                if let Some(value) = document.pointer(&place) {
                    examples.push(Example {
                        place,
                        value: value.clone(),
                        schema: format!("{media}/schema"),
                    });
                }
            }
        }
        examples
    }

    pub(super) fn check_headers(&self, headers: &HeaderMap, schemas: &Schemas) -> Vec<String> {
        check_headers(&self.headers, headers, schemas)
    }

    pub(super) fn check_session(&self, headers: &HeaderMap) -> Vec<String> {
        let mut wrong = session::missing(&self.session, headers);
        let has_session = headers.contains_key(COOKIE) || headers.contains_key("identifier");
        if self.elsewhere && has_session {
            wrong.push("the session is sent to another host".to_owned());
        }
        wrong
    }

    /// A query name that the contract does not know is as wrong as an unknown field.
    pub(super) fn check_query(&self, path: &str, schemas: &Schemas) -> Vec<String> {
        let address = reqwest::Url::parse(&format!("http://contract.invalid{path}"));
        let Ok(address) = address else {
            return vec!["the address cannot be read".to_owned()];
        };
        let sent: Vec<(String, String)> = address.query_pairs().into_owned().collect();
        let mut wrong = Vec::new();
        for parameter in &self.query {
            let is_sent = sent.iter().any(|(name, _)| *name == parameter.name);
            if parameter.required && !is_sent {
                wrong.push(format!("query {} is missing", parameter.name));
            }
        }
        for (name, value) in &sent {
            match self.query.iter().find(|known| known.name == *name) {
                None => wrong.push(format!("query {name} is not in the contract")),
                Some(known) => {
                    let found = schemas.check_text(&known.schema, value);
                    wrong.extend(found.iter().map(|what| format!("query {name} {what}")));
                }
            }
        }
        wrong
    }

    pub(super) fn check_request_body(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        schemas: &Schemas,
    ) -> Vec<String> {
        match &self.body {
            // Clients may send `{}` or nothing where no body is asked for.
            None => Vec::new(),
            Some(media) => check_body(media, headers, body, schemas),
        }
    }

    pub(super) fn check_answer(
        &self,
        status: u16,
        headers: &HeaderMap,
        body: &[u8],
        schemas: &Schemas,
    ) -> Vec<String> {
        let Some(answer) = self.answers.get(&status) else {
            return vec![format!("status {status} is not in the contract")];
        };
        let mut wrong = check_headers(&answer.headers, headers, schemas);
        wrong.extend(check_body(&answer.media, headers, body, schemas));
        wrong
            .into_iter()
            .map(|what| format!("with status {status}: {what}"))
            .collect()
    }
}

fn check_headers(expected: &[Parameter], headers: &HeaderMap, schemas: &Schemas) -> Vec<String> {
    let mut wrong = Vec::new();
    for header in expected {
        if header.required && !headers.contains_key(&header.name) {
            wrong.push(format!("header {} is missing", header.name));
        }
        for value in headers.get_all(&header.name) {
            let text = String::from_utf8_lossy(value.as_bytes());
            let found = schemas.check_text(&header.schema, &text);
            wrong.extend(
                found
                    .iter()
                    .map(|what| format!("header {} {what}", header.name)),
            );
        }
    }
    wrong
}

fn check_body(media: &Media, headers: &HeaderMap, body: &[u8], schemas: &Schemas) -> Vec<String> {
    let Some(kind) = media_type(headers) else {
        return vec!["content-type is missing".to_owned()];
    };
    let Some(place) = media.get(&kind) else {
        return vec![format!("content-type {kind} is not in the contract")];
    };
    let schema = format!("{place}/schema");
    if kind != "application/json" {
        // Text and files are strings to a schema; what is in them is another test's business.
        return schemas.check(&schema, &String::from_utf8_lossy(body).into());
    }
    match serde_json::from_slice(body) {
        Ok(value) => schemas.check(&schema, &value),
        Err(error) => vec![format!(
            "the body is not JSON (line {}, column {})",
            error.line(),
            error.column()
        )],
    }
}
