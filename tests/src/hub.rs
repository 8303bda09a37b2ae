//! A hub with one seller, over whatever table and marketplace a test brings.
#![allow(
    clippy::expect_used,
    reason = "a test stops when its hub cannot be built"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use haat_aws::{SellerVault, Table};
use haat_domain::SellerId;
use haat_marketplaces::{Hosts, Place, Registry};
use haat_ports::{Clock, Seller, Sellers as _};
use haat_workflows::Hub;

/// The marketplace at these addresses of its panel and its files, with a patch of the connector's
/// profile.
pub fn marketplaces(
    panel: &str,
    files: &str,
    profile: &str,
    http: &reqwest::Client,
    clock: &Arc<dyn Clock>,
) -> Registry {
    let place = Place {
        hosts: Hosts::parse(panel, files).expect("hosts"),
        profile: Some(profile.to_owned()),
    };
    let places = BTreeMap::from([("meesho".to_owned(), place)]);
    Registry::new(http, clock, &places).expect("marketplaces")
}

/// A hub over this table, and its only seller.
pub async fn hub(
    table: Arc<Table>,
    vault: SellerVault,
    marketplaces: Registry,
    clock: Arc<dyn Clock>,
) -> (Hub, SellerId) {
    let seller: SellerId = "s_1".parse().expect("an id");
    let tenant = Seller {
        id: seller.clone(),
        name: "Test Shop".to_owned(),
        created_at: clock.now(),
    };
    table.create_seller(&tenant).await.expect("a seller");
    let hub = Hub {
        store: table,
        vault: Arc::new(vault),
        marketplaces: Arc::new(marketplaces),
        clock,
    };
    (hub, seller)
}
