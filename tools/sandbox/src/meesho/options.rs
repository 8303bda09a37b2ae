//! What a sandbox is started with.

use std::fmt;

use serde::Deserialize;

use crate::{clock::ClockMode, throttle::Throttle};

/// Everything that shapes a sandbox before its first call.
///
/// `Options::default()` is what a test wants: free ports, a stopped clock, no throttle and one
/// log-in with one supplier (see [`NewAccount::default`]).
#[derive(Debug, Clone)]
pub struct Options {
    /// Port of the panel API on 127.0.0.1; 0 takes a free one.
    pub api_port: u16,
    /// Port of the file host on 127.0.0.1; 0 takes a free one.
    pub files_port: u16,
    /// The same seed and the same calls give the same bytes.
    pub seed: u64,
    /// Stopped for tests, real time for a demonstration.
    pub clock: ClockMode,
    /// How long jobs, sessions and addresses last.
    pub timings: Timings,
    /// Calls allowed per account; `None` never throttles.
    pub throttle: Option<Throttle>,
    /// Log-ins that exist from the start.
    pub accounts: Vec<NewAccount>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            api_port: 0,
            files_port: 0,
            seed: 1,
            clock: ClockMode::default(),
            timings: Timings::default(),
            throttle: None,
            accounts: vec![NewAccount::default()],
        }
    }
}

/// Seconds on the sandbox's clock; defaults are those of the contract's `x-sandbox.timing`.
#[derive(Debug, Clone, Copy)]
pub struct Timings {
    /// From accept request to the end of its job.
    pub accept_job_seconds: u32,
    /// From label request to the end of its job.
    pub label_job_seconds: u32,
    /// From accept to the opening of the label window.
    pub label_delay_seconds: u32,
    /// Life of a session.
    pub session_seconds: u32,
    /// Life of a label file's address.
    pub label_url_seconds: u32,
    /// Refused log-ins before the account is locked.
    pub lockout_logins: u32,
    /// How long a locked account stays locked.
    pub lockout_seconds: u32,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            accept_job_seconds: 5,
            label_job_seconds: 30,
            label_delay_seconds: 0,
            session_seconds: 86_400,
            label_url_seconds: 3_600,
            lockout_logins: 5,
            lockout_seconds: 1_800,
        }
    }
}

/// A log-in and the suppliers it owns.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// E-mail, the key of the log-in; the mobile number logs in as well.
    pub email: String,
    /// Invented; nothing real may be typed into a sandbox.
    pub password: String,
    /// Ten digits.
    #[serde(default = "default_mobile")]
    pub mobile: String,
    /// At least one.
    pub suppliers: Vec<NewSupplier>,
}

impl NewAccount {
    /// A log-in that owns the suppliers with these ids and identifiers.
    #[must_use]
    pub fn new(email: &str, password: &str, suppliers: &[(u64, &str)]) -> Self {
        Self {
            email: email.to_owned(),
            password: password.to_owned(),
            mobile: default_mobile(),
            suppliers: suppliers
                .iter()
                .map(|(supplier_id, identifier)| NewSupplier {
                    supplier_id: *supplier_id,
                    identifier: (*identifier).to_owned(),
                    name: None,
                })
                .collect(),
        }
    }
}

impl fmt::Debug for NewAccount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NewAccount")
            .field("email", &self.email)
            .field("suppliers", &self.suppliers)
            .finish_non_exhaustive()
    }
}

impl Default for NewAccount {
    /// `seller@example.test` / `sandbox-only`, owning supplier 4100001 with identifier `ab1cd`.
    fn default() -> Self {
        Self::new(
            "seller@example.test",
            "sandbox-only",
            &[(4_100_001, "ab1cd")],
        )
    }
}

/// One supplier of a log-in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewSupplier {
    /// Numeric id.
    pub supplier_id: u64,
    /// Five characters `a-z0-9`.
    pub identifier: String,
    /// Shop name; one is invented when missing.
    #[serde(default)]
    pub name: Option<String>,
}

fn default_mobile() -> String {
    "9000000000".to_owned()
}
