//! Haat's ports over DynamoDB, SQS, S3 and KMS.
//!
//! Nothing here decides anything: that is `haat-workflows`' business. Each service sits behind a
//! cargo feature (`dynamodb`, `sqs`, `s3`, `kms`), because the SDKs are most of a function's size
//! and of its start; a function turns on what it may use. All of them speak through one
//! [`reqwest::Client`], so that a function has one connection pool and one TLS stack.

mod config;
#[cfg(any(feature = "dynamodb", feature = "s3", feature = "sqs"))]
mod failure;
pub mod lambda;
mod transport;

#[cfg(feature = "batch")]
pub mod batch;
#[cfg(feature = "s3")]
mod files;
#[cfg(feature = "sqs")]
mod queues;
#[cfg(feature = "dynamodb")]
mod table;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "kms")]
mod vault;

pub use config::{InvalidConfig, sdk_config};
pub use transport::{NoTransport, http_client};

#[cfg(feature = "s3")]
pub use files::S3Files;
#[cfg(feature = "sqs")]
pub use queues::{PollsSqs, ShipSqs};
#[cfg(feature = "dynamodb")]
pub use table::{Table, is_news, order_of_key};
#[cfg(feature = "kms")]
pub use vault::SellerVault;
