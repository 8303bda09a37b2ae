//! The cookies that make a session.

use std::collections::BTreeMap;

use haat_domain::Secret;
use haat_ports::Session;
use reqwest::header::{HeaderMap, HeaderValue, SET_COOKIE};

/// The cookies of a session, by name.
pub(super) struct Cookies(pub(super) BTreeMap<String, String>);

impl Cookies {
    /// The cookies of a session that [`Cookies::seal`] made; nothing when it is not one.
    pub(super) fn of(session: &Session) -> Option<Self> {
        serde_json::from_str(session.secret.expose()).ok().map(Self)
    }

    pub(super) fn seal(&self) -> Secret {
        let pairs = self
            .0
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().into()));
        Secret::new(serde_json::Value::Object(pairs.collect()).to_string())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn set_by(headers: &HeaderMap) -> Self {
        let pair = |header: &HeaderValue| {
            let text = header.to_str().ok()?;
            let (name, value) = text.split(';').next()?.split_once('=')?;
            let (name, value) = (name.trim(), value.trim());
            (!name.is_empty() && !value.is_empty()).then(|| (name.to_owned(), value.to_owned()))
        };
        Self(
            headers
                .get_all(SET_COOKIE)
                .iter()
                .filter_map(pair)
                .collect(),
        )
    }

    pub(super) fn header(&self) -> Option<HeaderValue> {
        let pairs: Vec<_> = self
            .0
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut header = HeaderValue::from_str(&pairs.join("; ")).ok()?;
        header.set_sensitive(true);
        Some(header)
    }

    pub(super) fn secrets(&self) -> Vec<&str> {
        self.0.values().map(String::as_str).collect()
    }
}
