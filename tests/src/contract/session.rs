//! What proves who calls: cookies or headers, as the contract's `securitySchemes` name them.

use http::{HeaderMap, header::COOKIE};
use serde_json::Value;

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Credential {
    Cookie(String),
    Header(String),
}

pub(super) fn credentials(document: &Value, operation: &Value) -> Option<Vec<Credential>> {
    let wanted = operation
        .get("security")
        .or_else(|| document.get("security"));
    let mut found = Vec::new();
    // One set is enough for a caller; our contracts give one at most.
    let first = wanted.and_then(|all| all.get(0)).and_then(Value::as_object);
    for scheme in first.into_iter().flat_map(|set| set.keys()) {
        let scheme = document.pointer(&format!("/components/securitySchemes/{scheme}"))?;
        let name = scheme.get("name")?.as_str()?.to_owned();
        found.push(match scheme.get("in")?.as_str()? {
            "cookie" => Credential::Cookie(name),
            _ => Credential::Header(name),
        });
    }
    Some(found)
}

/// Each credential that the headers lack.
pub(super) fn missing(wanted: &[Credential], headers: &HeaderMap) -> Vec<String> {
    let cookies: Vec<&str> = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('=').map(|(name, _)| name))
        .collect();
    let mut wrong = Vec::new();
    for credential in wanted {
        match credential {
            Credential::Cookie(name) if !cookies.contains(&name.as_str()) => {
                wrong.push(format!("cookie {name} is missing"));
            }
            Credential::Header(name) if !headers.contains_key(name) => {
                wrong.push(format!("header {name} is missing"));
            }
            Credential::Cookie(_) | Credential::Header(_) => {}
        }
    }
    wrong
}
