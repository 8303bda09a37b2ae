//! The marketplaces Haat speaks to, one folder each.
//!
//! Adding one is a folder and two lines here: its `mod` and its place in `ALL`. A folder has
//! the same parts as every other: `client` does the calls, `wire` has the shapes, `translate`
//! turns them into Haat's words without doing a call, `profile` holds what is assumed. What every
//! folder needs lies beside it, in the files of this one.

use std::collections::BTreeMap;
use std::sync::Arc;

use haat_ports::{Clock, Descriptor, Marketplace, Marketplaces};

mod ajio;
#[cfg(test)]
mod any_json;
mod call;
mod fields;
mod hosts;
mod http;
mod known_pages;
mod meesho;
mod pace;
mod pdf;
mod profile;
mod rows;
mod transport;
mod within_session;

pub use hosts::Hosts;
pub use transport::{TransportError, http_client};

const ALL: &[Entry] = &[meesho::ENTRY, ajio::ENTRY];

/// One marketplace in the list.
struct Entry {
    descriptor: &'static Descriptor,
    open: fn(Parts) -> Result<Arc<dyn Marketplace>, String>,
}

/// What a connector is made of.
struct Parts {
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    hosts: Hosts,
    profile: Option<String>,
}

/// What is fixed about every marketplace that Haat has a connector for, whether this
/// deployment speaks to it or not, in the order they are listed to people.
pub fn descriptors() -> impl Iterator<Item = &'static Descriptor> {
    ALL.iter().map(|entry| entry.descriptor)
}

/// Where one marketplace lives and what is special about it in this deployment.
#[derive(Debug, Clone)]
pub struct Place {
    /// The hosts that may be called.
    pub hosts: Hosts,
    /// Changes to what the connector assumes, as a JSON merge patch (RFC 7396) of its profile.
    pub profile: Option<String>,
}

/// A deployment parameter that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("deployment parameters of the marketplaces: {0}")]
pub struct SetUpError(String);

/// The marketplaces this deployment speaks to.
pub struct Registry {
    all: Vec<Arc<dyn Marketplace>>,
}

impl Registry {
    /// The marketplaces that have a place, by the marketplace's id. `http` must follow no
    /// redirect and use no proxy, as [`http_client`] does.
    pub fn new(
        http: &reqwest::Client,
        clock: &Arc<dyn Clock>,
        places: &BTreeMap<String, Place>,
    ) -> Result<Self, SetUpError> {
        if let Some(stranger) = places
            .keys()
            .find(|id| !descriptors().any(|descriptor| descriptor.id == id.as_str()))
        {
            return Err(SetUpError(format!("there is no marketplace {stranger:?}")));
        }
        let mut all = Vec::new();
        for entry in ALL {
            let id = entry.descriptor.id;
            let Some(place) = places.get(id) else {
                continue;
            };
            let parts = Parts {
                http: http.clone(),
                clock: clock.clone(),
                hosts: place.hosts.clone(),
                profile: place.profile.clone(),
            };
            let open = (entry.open)(parts);
            all.push(open.map_err(|why| SetUpError(format!("{id}: {why}")))?);
        }
        Ok(Self { all })
    }

    /// The marketplaces whose deployment parameters are set: for `meesho` these are
    /// `MEESHO_URL`, `MEESHO_FILE_HOSTS` (`host[:port]`, separated by commas) and, when
    /// something assumed must be corrected, `MEESHO_PROFILE` (see [`Place::profile`]).
    ///
    /// A deployment that names no marketplace at all is refused.
    pub fn from_variables(
        http: &reqwest::Client,
        clock: &Arc<dyn Clock>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, SetUpError> {
        let read = |name: &str| variable(name).filter(|text| !text.trim().is_empty());
        let mut places = BTreeMap::new();
        for descriptor in descriptors() {
            let prefix = descriptor.id.to_ascii_uppercase();
            let Some(url) = read(&format!("{prefix}_URL")) else {
                continue;
            };
            let files = read(&format!("{prefix}_FILE_HOSTS")).unwrap_or_default();
            let hosts = Hosts::parse(&url, &files)
                .map_err(|why| SetUpError(format!("{prefix}_URL, {prefix}_FILE_HOSTS: {why}")))?;
            let profile = read(&format!("{prefix}_PROFILE"));
            places.insert(descriptor.id.to_owned(), Place { hosts, profile });
        }
        if places.is_empty() {
            let names: Vec<_> = descriptors()
                .map(|descriptor| format!("{}_URL", descriptor.id.to_ascii_uppercase()))
                .collect();
            return Err(SetUpError(format!("none of {} is set", names.join(", "))));
        }
        Self::new(http, clock, &places)
    }
}

impl Marketplaces for Registry {
    fn all(&self) -> Vec<Arc<dyn Marketplace>> {
        self.all.clone()
    }
}
