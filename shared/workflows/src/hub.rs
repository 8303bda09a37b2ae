use std::sync::Arc;

use haat_ports::{Clock, Marketplaces, Store, Vault};

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

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hub")
    }
}
