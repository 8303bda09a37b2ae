//! The SDK's configuration, by hand from what Lambda puts into the environment.
//!
//! The SDK's own default chain would look for profiles and build a client for STS: twenty times
//! the instructions of all the rest of a cold start.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_types::retry::{ReconnectMode, RetryConfig};
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;

use crate::lambda::{MissingVariable, env};
use crate::transport::SharedTransport;

/// The environment does not say how to reach AWS.
#[derive(Debug, thiserror::Error)]
#[error("AWS cannot be reached: {0}")]
pub struct InvalidConfig(#[from] MissingVariable);

const ATTEMPTS: u32 = 3;
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
const OPERATION_TIMEOUT: Duration = Duration::from_secs(15);

/// Configuration for every client of this crate.
///
/// Reads `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` (absent
/// for keys that are not temporary) and `AWS_ENDPOINT_URL` (set for the local cloud only). Three
/// attempts of 5 seconds each, 15 seconds in all.
pub fn sdk_config(http: reqwest::Client) -> Result<SdkConfig, InvalidConfig> {
    let credentials = Credentials::new(
        env("AWS_ACCESS_KEY_ID")?,
        env("AWS_SECRET_ACCESS_KEY")?,
        env("AWS_SESSION_TOKEN").ok(),
        None,
        "environment",
    );
    let endpoint = env("AWS_ENDPOINT_URL").ok();
    Ok(configured(http, env("AWS_REGION")?, credentials, endpoint))
}

pub(crate) fn configured(
    http: reqwest::Client,
    region: String,
    credentials: Credentials,
    endpoint: Option<String>,
) -> SdkConfig {
    let mut config = SdkConfig::builder()
        .behavior_version(
            aws_smithy_runtime_api::client::behavior_version::BehaviorVersion::latest(),
        )
        .region(Region::new(region))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(SharedTransport(http))
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(ATTEMPTS)
                // The pool belongs to the HTTP client, which drops broken connections itself.
                .with_reconnect_mode(ReconnectMode::ReuseAllConnections),
        )
        .timeout_config(
            TimeoutConfig::builder()
                .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                .operation_timeout(OPERATION_TIMEOUT)
                .build(),
        );
    config.set_endpoint_url(endpoint);
    config.build()
}
