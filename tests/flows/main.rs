//! The hub's life as stories, in one process: the real connector, the real table semantics, a
//! marketplace that misbehaves on request, one clock.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic
)]

mod accepting;
mod ajio;
mod backlog;
mod broken_off;
mod credentials;
mod growing;
mod labels;
mod logins;
mod meanwhile;
mod no_time;
mod noise;
mod panel_jobs;
mod path;
mod polling;
mod resuming;
