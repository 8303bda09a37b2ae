//! The Meesho connector through its public seam: against a scripted panel for the four basic
//! questions (request built, URL hit, answer parsed, error parsed), and against the sandbox for
//! what happens over several calls.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions
)]

mod details;
mod errors;
mod files;
mod jobs;
mod lists;
mod login;
mod registry;
mod requests;
mod sandbox;
#[path = "../script/mod.rs"]
mod script;
mod scripted;
mod silence;
