//! The AJIO connector through its public seam: against a scripted marketplace for the four basic
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

mod accepting;
mod errors;
mod feeds;
mod login;
mod look_ups;
mod manifests;
mod offers;
mod packing;
mod paging;
mod papers;
mod pendency;
mod pob;
mod returns;
mod sandbox;
#[path = "../script/mod.rs"]
mod script;
mod silence;
