//! The double through HTTP, as a connector and a test see it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions
)]

mod accept;
mod binary;
mod client;
mod control_api;
mod faults;
mod label_jobs;
mod label_page;
mod orders;
mod scenarios;
mod session;
mod storm;
