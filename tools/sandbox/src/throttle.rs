//! A marketplace's patience with one account.

use jiff::Timestamp;
use serde::Deserialize;

use crate::clock;

/// How many calls one account may make.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Throttle {
    /// Calls in one minute; the next one is answered 429.
    pub calls_per_minute: u32,
    /// What `Retry-After` then says.
    pub retry_after_seconds: u32,
}

/// An account's running minute.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Minute {
    start: Timestamp,
    calls: u32,
}

impl Minute {
    pub(crate) fn new(start: Timestamp) -> Self {
        Self { start, calls: 0 }
    }

    /// Counts a call, and gives the seconds to wait when it is one too many.
    pub(crate) fn count(&mut self, now: Timestamp, limit: Throttle) -> Option<i64> {
        if clock::seconds_between(self.start, now) >= 60 {
            *self = Self::new(now);
        }
        self.calls = self.calls.saturating_add(1);
        let too_many = self.calls > limit.calls_per_minute;
        too_many.then(|| i64::from(limit.retry_after_seconds))
    }
}
