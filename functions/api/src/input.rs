//! Reading requests. What cannot be read is refused with the place where, never with the value:
//! it may be a password.

use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use haat_domain::{InvalidId, Secret};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use utoipa::IntoParams;

use crate::problem::{BAD_INPUT, NOT_FOUND, NOT_JSON, Problem, TOO_LARGE};

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_json = is_json(request.headers());
        let bytes = bytes_of(request, state).await?;
        read_json(is_json, &bytes).map(Self)
    }
}

async fn bytes_of<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    let bytes = Bytes::from_request(request, state).await;
    bytes.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => TOO_LARGE.because("A body has at most 64 KiB."),
        _ => BAD_INPUT.because("The body ended too early; send the request again."),
    })
}

fn read_json<T: DeserializeOwned>(is_json: bool, bytes: &[u8]) -> Result<T, Problem> {
    if !is_json {
        let detail = "Send the body as JSON, with `Content-Type: application/json`.";
        return Err(NOT_JSON.because(detail));
    }
    read(bytes)
}

/// A JSON body, or none at all.
pub(crate) struct OptionalBody<T>(pub(crate) Option<T>);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for OptionalBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_json = is_json(request.headers());
        let bytes = bytes_of(request, state).await?;
        if bytes.is_empty() {
            return Ok(Self(None));
        }
        read_json(is_json, &bytes).map(|body| Self(Some(body)))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let text = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = text
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let reader = &mut serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut *reader)
        .map_err(|error| unreadable(&error.path().to_string(), error.inner()))?;
    reader.end().map_err(|error| unreadable(".", &error))?;
    Ok(value)
}

fn unreadable(place: &str, error: &serde_json::Error) -> Problem {
    let place = if place == "." { "the body" } else { place };
    let text = error.to_string();
    BAD_INPUT.because(match error.classify() {
        Category::Syntax | Category::Eof | Category::Io => {
            let (line, column) = (error.line(), error.column());
            format!("The body is not JSON: it breaks at line {line}, column {column}.")
        }
        // The names of our own fields are the only words of serde that are repeated.
        Category::Data => match text.split_once(" at line ") {
            Some((missing, _)) if missing.starts_with("missing field ") => {
                format!("In {place}: {missing}.")
            }
            _ if text.starts_with("unknown field ") => {
                format!("There is no field {place}; see /openapi.json for those there are.")
            }
            _ => format!("{place} is not what /openapi.json has in its place."),
        },
    })
}

/// A secret as it was typed, byte for byte.
pub(crate) struct Typed(pub(crate) Secret);

impl<'de> Deserialize<'de> for Typed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Secret::new(text)))
    }
}

/// A query.
pub(crate) struct Asked<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(QueryRejection::FailedToDeserializeQueryString(error)) => {
                Err(BAD_INPUT.because(error.body_text()))
            }
            Err(_) => Err(BAD_INPUT.because("The query cannot be read.")),
        }
    }
}

/// The ids of a path. A text that can be no id is an id that does not exist.
pub(crate) struct Named<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let named = Path::from_request_parts(parts, state).await;
        let unknown = |_| NOT_FOUND.because("The path names no id that could exist.");
        named.map(|Path(ids)| Self(ids)).map_err(unknown)
    }
}

/// Which part.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichPart {
    /// The `next` of the part before.
    pub(crate) cursor: Option<String>,
    /// Entries in one part, 50 when nothing is said.
    #[param(minimum = 1, maximum = 100)]
    pub(crate) limit: Option<u32>,
}

/// How many entries of a list are wanted: 1 to 100, 50 when nothing is said.
pub(crate) fn limit(asked: Option<u32>) -> Result<u32, Problem> {
    match asked {
        None => Ok(50),
        Some(limit @ 1..=100) => Ok(limit),
        Some(other) => Err(BAD_INPUT.because(format!("limit must be 1 to 100, not {other}."))),
    }
}

/// A field that may be left out (`None`) or be null (`Some(None)`).
pub(crate) fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// An id in a body or a query.
pub(crate) fn id<T: FromStr<Err = InvalidId>>(text: &str) -> Result<T, Problem> {
    let id = text.parse::<T>();
    id.map_err(|wrong| BAD_INPUT.because(wrong.to_string()))
}

/// An id in a body, where one is given.
pub(crate) fn optional_id<T: FromStr<Err = InvalidId>>(
    text: Option<String>,
) -> Result<Option<T>, Problem> {
    text.map(|text| id(&text)).transpose()
}

/// A name for people.
pub(crate) fn name(text: String) -> Result<String, Problem> {
    let shaped = (1..=100).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if shaped && text.trim() == text {
        return Ok(text);
    }
    let detail = "name must have 1 to 100 characters, no control characters and no outer spaces.";
    Err(BAD_INPUT.because(detail))
}

#[cfg(test)]
mod tests {
    use super::{Typed, read};
    use serde::Deserialize;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read counts")]
    struct Form {
        email: String,
        password: Typed,
        tries: u8,
    }

    fn refusal(body: &str) -> String {
        read::<Form>(body.as_bytes()).err().unwrap().told.detail
    }

    #[test]
    fn a_refusal_names_the_place_and_never_the_value() {
        let wrong_type = refusal(r#"{"email": "me", "password": {"text": "hunter2"}, "tries": 1}"#);
        assert_eq!(
            wrong_type,
            "password is not what /openapi.json has in its place."
        );
        let out_of_range = refusal(r#"{"email": "me", "password": "hunter2", "tries": 300}"#);
        assert_eq!(
            out_of_range,
            "tries is not what /openapi.json has in its place."
        );
        let missing = refusal(r#"{"email": "me", "password": "hunter2"}"#);
        assert_eq!(missing, "In the body: missing field `tries`.");
        let unknown = refusal(r#"{"email": "me", "pasword": "hunter2", "tries": 1}"#);
        assert_eq!(
            unknown,
            "There is no field pasword; see /openapi.json for those there are."
        );
        let cut_short = refusal(r#"{"email": "me", "password": "hunt"#);
        assert_eq!(
            cut_short,
            "The body is not JSON: it breaks at line 1, column 33."
        );
        let goes_on = refusal(r#"{"email": "me", "password": "hunter2", "tries": 1} hunter2"#);
        assert_eq!(
            goes_on,
            "The body is not JSON: it breaks at line 1, column 52."
        );
    }
}
