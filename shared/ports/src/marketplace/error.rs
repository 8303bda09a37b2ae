//! What can go wrong with a marketplace.

use std::fmt;
use std::time::Duration;

use haat_domain::{AttentionReason, OrderNumber};

use crate::Challenge;

/// What went wrong with a marketplace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketplaceError {
    /// What kind of trouble.
    pub kind: ErrorKind,
    /// The marketplace and the operation of its contract, as in `meesho listOrders`.
    pub operation: &'static str,
    /// The marketplace's own code or HTTP status, where there is one.
    pub code: Option<String>,
    /// What it said, or what was wrong with its answer; no secret, no address with a password.
    pub said: String,
    /// How long the marketplace wants to be left alone.
    pub retry_after: Option<Duration>,
    /// The challenge, when a one-time password is wanted.
    pub challenge: Option<Box<Challenge>>,
}

/// The kinds of trouble with a marketplace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The session is gone.
    Auth,
    /// Only a person can end it; no call may be made until then.
    Attention(AttentionReason),
    /// What was asked for does not exist.
    NotFound,
    /// Understood and refused; asking again gives the same.
    Rejected,
    /// A step before it is not finished at the marketplace; nothing was done, and later it will be.
    NotReady,
    /// Too many calls.
    RateLimited,
    /// Not reachable, or trouble on its side; nothing was done.
    Unavailable,
    /// The answer cannot be understood.
    Malformed,
    /// A side effect was sent and its answer is missing: it may have happened.
    Ambiguous,
}

impl MarketplaceError {
    /// An error with nothing but its kind, operation and text.
    pub fn new(kind: ErrorKind, operation: &'static str, said: impl Into<String>) -> Self {
        Self {
            kind,
            operation,
            code: None,
            said: said.into(),
            retry_after: None,
            challenge: None,
        }
    }

    /// Whether trying again later, without a person, may help.
    pub fn is_temporary(&self) -> bool {
        match self.kind {
            ErrorKind::RateLimited
            | ErrorKind::Unavailable
            | ErrorKind::Ambiguous
            | ErrorKind::NotReady => true,
            ErrorKind::Auth
            | ErrorKind::Attention(_)
            | ErrorKind::NotFound
            | ErrorKind::Rejected
            | ErrorKind::Malformed => false,
        }
    }
}

impl fmt::Display for MarketplaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.said)?;
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        Ok(())
    }
}

impl std::error::Error for MarketplaceError {}

/// An order that a marketplace left out of a request that it took otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedOrder {
    /// The order.
    pub number: OrderNumber,
    /// What the marketplace said.
    pub said: String,
}
