//! Answers and how they leave the house.

use std::fmt;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::Value;

const PAGE: &str = "<!doctype html><html><head><title>panel</title></head><body></body></html>";
const EDGE_PAGE: &str = "<html><head><title>Access Denied</title></head><body></body></html>";

/// An answer of a double.
#[derive(Debug)]
pub struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, String)>,
    pub(crate) content: Content,
}

#[derive(Debug)]
pub(crate) enum Content {
    Json(Value),
    Html(&'static str),
    Xml(&'static str),
    Bytes(&'static str, Bytes),
    /// Content type and a document that is drawn only now that someone fetches it.
    Drawn(&'static str, Drawing),
    /// A PDF's first bytes and then this many megabytes of nothing.
    Endless(u32),
}

/// Gives the bytes of a document.
pub(crate) struct Drawing(pub(crate) Box<dyn FnOnce() -> Bytes + Send>);

impl fmt::Debug for Drawing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Drawing(..)")
    }
}

impl Reply {
    pub(crate) fn json(body: Value) -> Self {
        Self::of(StatusCode::OK, Content::Json(body))
    }

    pub(crate) fn of(status: StatusCode, content: Content) -> Self {
        Self {
            status,
            headers: Vec::new(),
            content,
        }
    }

    pub(crate) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn page() -> Self {
        Self::of(StatusCode::OK, Content::Html(PAGE))
    }

    pub(crate) fn edge_block() -> Self {
        Self::of(StatusCode::FORBIDDEN, Content::Html(EDGE_PAGE))
    }

    pub(crate) fn retry_after(self, seconds: i64) -> Self {
        self.with(header::RETRY_AFTER, seconds.max(1).to_string())
    }

    pub(crate) fn cut_in_the_middle(self) -> Self {
        let Content::Json(body) = &self.content else {
            return self;
        };
        let mut text = body.to_string();
        let middle = text.len().checked_div(2).unwrap_or(0);
        let cut = text
            .char_indices()
            .map(|(index, _)| index)
            .take_while(|index| *index <= middle)
            .last()
            .unwrap_or(0);
        text.truncate(cut);
        Self {
            content: Content::Bytes("application/json", Bytes::from(text)),
            ..self
        }
    }

    pub(crate) async fn into_response(self) -> Response<Body> {
        let (content_type, body) = match self.content {
            Content::Json(value) => ("application/json", Body::from(value.to_string())),
            Content::Html(page) => ("text/html; charset=utf-8", Body::from(page)),
            Content::Xml(text) => ("application/xml", Body::from(text)),
            Content::Bytes(content_type, bytes) => (content_type, Body::from(bytes)),
            Content::Drawn(content_type, drawing) => {
                // Drawing thousands of pages takes seconds of one core.
                let drawn = tokio::task::spawn_blocking(drawing.0).await;
                (
                    content_type,
                    drawn.map_or_else(|_| Body::empty(), Body::from),
                )
            }
            Content::Endless(megabytes) => ("application/pdf", endless(megabytes)),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.append(name, value);
            }
        }
        response
    }
}

fn endless(megabytes: u32) -> Body {
    let start = std::iter::once(Bytes::from_static(b"%PDF-1.7\n"));
    let megabyte = Bytes::from(vec![b' '; 1 << 20]);
    let rest = (0..megabytes).map(move |_| megabyte.clone());
    Body::from_stream(futures_util::stream::iter(
        start.chain(rest).map(Ok::<_, std::convert::Infallible>),
    ))
}
