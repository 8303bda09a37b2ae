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
        let (look_up, accept) = known.map_or((1, 1), |known| {
            let Limits { look_up, accept } = known.descriptor().limits;
            (look_up.max(1), accept.max(1))
        });
        Limits { look_up, accept }
    }
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hub")
    }
}
