//! Histories of a hub and its marketplace, told in process: a month, a thousand random short ones,
//! and those that once went wrong. `docs/histories.md` says how to play one again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod ajio_rest;
mod cloud;
mod double;
mod found;
mod mail;
mod month;
mod play;
mod random;
mod rest;
mod shops;
mod steps;
mod truth;

use tokio::runtime::{Builder, Runtime};

/// What a history runs on: one thread, so that it runs the same each time.
fn runtime() -> (Runtime, reqwest::Client) {
    let runtime = Builder::new_current_thread().enable_all().build();
    (runtime.unwrap(), haat_marketplaces::http_client().unwrap())
}
