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

/// Meesho at these addresses of its panel and its files, with a patch of the connector's profile.
pub fn marketplaces(
    panel: &str,
    files: &str,
    profile: &str,
    http: &reqwest::Client,
    clock: &Arc<dyn Clock>,
) -> Registry {
    at_places(&[("meesho", panel, files, profile)], http, clock)
}

/// Marketplaces, each by its id, at these addresses of its API and its files, with a patch of the
/// connector's profile.
pub fn at_places(
    places: &[(&str, &str, &str, &str)],
    http: &reqwest::Client,
    clock: &Arc<dyn Clock>,
) -> Registry {
    let place = |(id, api, files, profile): &(&str, &str, &str, &str)| {
        let place = Place {
            hosts: Hosts::parse(api, files).expect("hosts"),
            profile: Some((*profile).to_owned()),
        };
        ((*id).to_owned(), place)
    };
    let places: BTreeMap<String, Place> = places.iter().map(place).collect();
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
