//! The connector against the sandbox: what happens over several calls, with real sessions.

mod reading;
mod sessions;
mod shipping;
mod shop;
