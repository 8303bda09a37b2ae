//! What every connector needs of an HTTP answer: bounded, told apart, and safe to repeat.

use std::time::Duration;

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};

/// What an answer's body is, by its content type alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Json,
    Pdf,
    Html,
    Other,
}

impl Kind {
    /// Reads the content type; its parameters and letter case do not count.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let text = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let essence = text
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default();
        match essence.trim().to_ascii_lowercase().as_str() {
            "application/json" => Self::Json,
            "application/pdf" => Self::Pdf,
            "text/html" => Self::Html,
            _ => Self::Other,
        }
    }
}

/// How long the server wants to be left alone, where it says so in seconds.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

/// Why a body could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// The connection ended before the body did, or the time was over.
    Lost,
    /// It is larger than it may be; the rest was not read.
    TooLarge,
}

/// Reads a body of at most `limit` bytes.
pub(crate) async fn read_body(mut response: Response, limit: usize) -> Result<Vec<u8>, BodyError> {
    let fits = |length: usize| length <= limit;
    let announced = response.content_length().map(usize::try_from);
    if !announced.is_none_or(|length| length.is_ok_and(fits)) {
        return Err(BodyError::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| BodyError::Lost)? {
        if !fits(body.len().saturating_add(chunk.len())) {
            return Err(BodyError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// A text of the marketplace, made fit for a log and a page: one line, short, and without any
/// of the secrets that were in the request.
pub(crate) fn repeatable(text: &str, secrets: &[&str]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret, "***");
    }
    let one_line = text.split(|letter: char| letter.is_control() || letter == ' ');
    let words: Vec<_> = one_line.filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: reqwest::header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn a_body_is_what_its_content_type_says() {
        let kind = |value| Kind::of(&headers(CONTENT_TYPE, value));
        assert_eq!(kind("application/json; charset=utf-8"), Kind::Json);
        assert_eq!(kind("Application/JSON"), Kind::Json);
        assert_eq!(kind("text/html"), Kind::Html);
        assert_eq!(kind("application/pdf"), Kind::Pdf);
        assert_eq!(kind("application/jsonp"), Kind::Other);
        assert_eq!(Kind::of(&HeaderMap::new()), Kind::Other);
    }

    #[test]
    fn retry_after_counts_in_whole_seconds() {
        let rest = |value| retry_after(&headers(RETRY_AFTER, value));
        assert_eq!(rest("30"), Some(Duration::from_secs(30)));
        assert_eq!(rest("soon"), None);
        assert_eq!(rest("-5"), None);
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }

    #[test]
    fn a_repeated_text_is_one_short_line_without_secrets() {
        let text = repeatable(
            "no\n user  me@example.test\twith pa ss",
            &["pa ss", "", "me@example.test"],
        );
        assert_eq!(text, "no user *** with ***");
        assert_eq!(repeatable(&"x".repeat(900), &[]).len(), 200);
    }
}
