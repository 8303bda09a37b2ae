//! The one HTTP client of a function: for marketplaces and, where it calls AWS, for AWS too.

use std::sync::Arc;
use std::time::Duration;

use rustls::{ClientConfig, RootCertStore};

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a call may take with its answer. Every function that calls a marketplace runs
/// longer than this, so that a call ends before its function does.
const CALL_TIMEOUT: Duration = Duration::from_secs(25);
/// Servers close idle connections; one that was idle longer is not trusted with a request.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// The HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be made: {0}")]
pub struct TransportError(String);

/// A client that uses no proxy, follows no redirect, repeats nothing and trusts the public
/// web's certificate authorities. It says honestly who it is.
pub fn http_client() -> Result<reqwest::Client, TransportError> {
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|why| TransportError(why.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(CALL_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .user_agent(concat!("haat/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|why| TransportError(why.to_string()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_client_can_be_made() {
        assert!(super::http_client().is_ok());
    }
}
