//! What AWS bills, counted and priced by our own rules: emulators are wrong about units, and a
//! wrong count is a wrong promise to the seller who pays.
//!
//! Three parts, all pure: a [`Ledger`] adds up billable units, [`dynamodb`], [`sqs`] and
//! [`lambda`] say how many units a request is, and [`price`] says what they cost. Who counts the
//! requests themselves is `haat_aws::testing`, attempt by attempt.

pub mod dynamodb;
pub mod item;
pub mod lambda;
mod ledger;
mod prices;
pub mod sqs;

pub use ledger::{Ledger, Unit};
pub use prices::{Line, Mark, PicoDollars, Price, Region, itemise, price, price_of};
