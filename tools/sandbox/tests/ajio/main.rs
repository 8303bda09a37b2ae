//! The AJIO double through HTTP, as a connector and a test see it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions
)]

mod client;
mod control_api;
mod documents;
mod faults;
mod manifests;
mod orders;
mod packing;
mod path;
mod returns;
mod scenarios;
mod stock;
mod token;
