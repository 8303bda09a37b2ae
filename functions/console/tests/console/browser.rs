//! A browser of the test's own: it sends what a browser sends and reads what a person reads.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt;

use crate::shop::Shop;

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Where it leads.
    pub(crate) fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.header("location")
    }

    /// What a person reads in the main part, one line for each row or block.
    pub(crate) fn text(&self) -> String {
        let (_, main) = self
            .body
            .split_once("<main")
            .expect("a page with a main part");
        let (_, main) = main.split_once('>').unwrap();
        as_text(main.split("</main>").next().unwrap())
    }
}

impl Shop {
    pub(crate) async fn get(&self, token: &str, address: &str) -> Answer {
        let request = Request::get(address)
            .header("host", "haat.example")
            .header("cookie", cookie(token));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A button pressed on a page of the console itself.
    pub(crate) async fn post(&self, token: &str, address: &str, form: &str) -> Answer {
        let request = Request::post(address)
            .header("cookie", cookie(token))
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap())
            .await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        crate::log::listen();
        let answer = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, 1_000_000).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }
}

pub(crate) fn cookie(token: &str) -> String {
    format!("other=1; __Host-haat={token}")
}

const BLOCKS: [&str; 16] = [
    "p", "h1", "h2", "li", "dt", "tr", "div", "section", "article", "aside", "header", "form",
    "nav", "table", "pre", "label",
];

fn as_text(html: &str) -> String {
    let mut text = String::new();
    for (position, piece) in html.split('<').enumerate() {
        let (tag, words) = match piece.split_once('>') {
            Some((tag, words)) if position > 0 => (tag, words),
            _ => ("", piece),
        };
        let name = tag.split([' ', '/']).next().unwrap();
        match (tag, name) {
            ("/button", _) => text.push_str("] "),
            (_, "button") => text.push_str(" ["),
            (_, "td" | "th") => text.push_str(" | "),
            (_, "dd") => text.push_str(": "),
            (_, "small") => text.push_str(" / "),
            (_, "option") => text.push_str(", "),
            (_, name) if BLOCKS.contains(&name) => text.push('\n'),
            _ => {}
        }
        text.push_str(words);
    }
    let plain = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    let plain = plain.replace("&amp;", "&");
    let lines = plain
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}
