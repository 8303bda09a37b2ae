//! The API as a seller's app meets it: whole events in, whole answers out, with the real table
//! semantics, the real connector and a marketplace that misbehaves on request.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod ajio;
mod app;
mod connecting;
mod credentials;
mod description;
mod failed;
mod input;
mod log;
mod orders;
mod set_up;
mod shipping;
mod strangers;
mod trouble;
mod user_name;
