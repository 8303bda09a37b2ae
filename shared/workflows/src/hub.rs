use std::sync::Arc;

use haat_domain::MarketplaceId;
use haat_ports::{Clock, Limits, Marketplaces, Store, Vault};

/// What a workflow that speaks to marketplaces stands on.
#[derive(Clone)]
pub struct Hub {
    /// The table.
    pub store: Arc<dyn Store>,
    /// The sellers' keys.
    pub vault: Arc<dyn Vault>,
    /// The marketplaces.
    pub marketplaces: Arc<dyn Marketplaces>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Hub {
    /// How much a marketplace takes at once, one at least.
    pub(crate) fn limits(&self, marketplace: &MarketplaceId) -> Limits {
        let known = self.marketplaces.get(marketplace);
        let limits = known.map(|known| known.descriptor().limits);
        let at_least_one = |limit: fn(&Limits) -> usize| limits.as_ref().map_or(1, limit).max(1);
        Limits {
            look_up: at_least_one(|limits| limits.look_up),
            accept: at_least_one(|limits| limits.accept),
            manifest: at_least_one(|limits| limits.manifest),
            stock: at_least_one(|limits| limits.stock),
        }
    }
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hub")
    }
}
