//! Contracts: the file against itself, and the sandbox against the file.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod connector;
mod judge;
mod panel;
mod proxy;
mod sandbox;
