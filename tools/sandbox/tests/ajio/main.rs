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
mod documents;
mod faults;
mod orders;
mod path;
mod returns;
mod stock;
mod token;
