//! What the tests of the whole share.

pub mod contract;
pub mod world;
