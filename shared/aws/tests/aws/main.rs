//! The ports of the store, of queues, files and keys, kept to their `# Behavior`.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm
)]

mod accounts;
mod batch;
mod double;
mod files;
mod jobs;
mod lambda;
mod ledger;
mod lists;
mod logins;
mod offers_and_returns;
mod orders;
mod parked;
mod polls;
mod queues;
mod round_trip;
mod sample;
mod sellers;
mod set_up;
mod shipping;
mod tenants;
mod transport;
mod units;
mod vault;
