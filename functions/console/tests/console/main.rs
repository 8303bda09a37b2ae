//! The console's pages, driven in process over a real table.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod account_test;
mod browser;
mod documents;
mod failed_work;
mod integrations;
mod log;
mod one_order;
mod order_list;
mod parcels;
mod pob;
mod pob_order;
mod registrations;
mod safety;
mod settings;
mod shop;
mod sign_in;
mod strangers;
mod warehouses;
