//! What Haat spends, measured: billed units, instructions, bytes, memory. `docs/bench.md` says what
//! each figure means and what it does not say.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a bench that cannot measure must stop and say why"
)]

pub mod ajio;
pub mod billed;
pub mod bills;
mod bills_ajio;
pub mod callgrind;
pub mod groups;
pub mod instructions;
pub mod journeys;
pub mod load;
pub mod measured_cloud;
pub mod peers;
pub mod programs;
pub mod row;
pub mod shop;
pub mod stage;
pub mod suites;

/// A count as a figure.
#[allow(
    clippy::as_conversions,
    reason = "counts here are far below 2^52, where floats are exact"
)]
pub fn figure(count: u64) -> f64 {
    count as f64
}
