//! Contracts: the file against itself, and the doubles against the files.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod ajio;
mod ajio_connector;
mod connector;
mod judge;
mod judged;
mod panel;
mod proxy;
mod sandbox;
mod shop;
