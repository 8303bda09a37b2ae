//! The connector against the double that is written from the same contract.

mod dispatching;
mod papers;
mod reading;
mod sessions;
mod shop;
mod stock_and_returns;
