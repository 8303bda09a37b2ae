//! What a connector assumes, as far as a deployment may correct it without a build.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The defaults of a connector, changed by a JSON merge patch (RFC 7396); or what is wrong with it.
pub(crate) fn read<T: DeserializeOwned>(defaults: &str, patch: Option<&str>) -> Result<T, String> {
    let mut profile: Value =
        serde_json::from_str(defaults).map_err(|why| format!("profile.json: {why}"))?;
    if let Some(patch) = patch {
        let patch =
            serde_json::from_str(patch).map_err(|why| format!("the profile is not JSON: {why}"))?;
        merge(&mut profile, patch);
    }
    serde_path_to_error::deserialize(profile)
        .map_err(|why| format!("the profile cannot be used: {why}"))
}

fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(fields), Value::Object(changes)) => {
            for (name, change) in changes {
                if change.is_null() {
                    fields.remove(&name);
                } else {
                    merge(fields.entry(name).or_insert(Value::Null), change);
                }
            }
        }
        (target, patch) => *target = patch,
    }
}

/// A path at the marketplace's host.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct ApiPath(String);

impl ApiPath {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ApiPath {
    type Error = &'static str;

    fn try_from(path: String) -> Result<Self, Self::Error> {
        if path.starts_with('/') && !path.starts_with("//") {
            Ok(Self(path))
        } else {
            Err("a path begins with one '/'")
        }
    }
}
