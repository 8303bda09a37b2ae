//! What Lambda, SQS's event sources, logs and the way out add to a bill. What cannot be measured
//! without AWS is assumed here, in one place, and said in every figure that stands on it. Every
//! constant below is `assumed` unless it names what it was taken from.

use haat_ledger::{Ledger, Unit, lambda};

/// How long a marketplace takes to answer. Assumed.
pub const MARKETPLACE_MS: u64 = 200;
/// What a connection waits between two calls (`milliseconds_between_calls` of the profile).
pub const PAUSE_MS: u64 = 1_000;
/// How long an AWS service takes to answer. Assumed.
pub const AWS_MS: u64 = 5;
/// What a function does besides waiting. Assumed.
pub const OWN_MS: u64 = 5;
/// Logins that a poll reads at once, as the poll has it (`ACCOUNTS_AT_ONCE`).
pub const LOGINS_AT_ONCE: u64 = 20;
/// Bytes sent for one call of a marketplace: request line, headers with the session's cookies,
/// body, TLS record. Assumed: 620 were seen on the double's socket, whose cookies are short.
pub const REQUEST_BYTES: u64 = 650;
/// What stands around a log line: time, level, target, request. Assumed.
const AROUND_A_LINE: u64 = 120;
/// Bytes of an answer of the API. Assumed.
const ANSWER_BYTES: u64 = 1_500;

/// The functions that an order's life calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// Every minute.
    Schedule,
    /// A pack's feeds.
    Poll,
    /// A change of the table.
    React,
    /// Work on an account's jobs.
    Ship,
    /// A seller's app.
    Api,
    /// The caller of the API, before it.
    Authorize,
}

impl Function {
    /// Memory in MB, as `template.yaml` says; a test compares.
    pub fn memory(self) -> u64 {
        match self {
            Self::Schedule | Self::Poll | Self::React | Self::Authorize => 128,
            Self::Ship => 512,
            Self::Api => 256,
        }
    }
}

/// What was sent so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen {
    /// Requests to AWS.
    pub attempts: u64,
    /// Requests to the marketplace.
    pub marketplace: u64,
}

/// One call of a function that sent this, for so many logins side by side, with a log line of so
/// many bytes (none: 0).
pub fn call(function: Function, sent: Seen, logins: u64, line: u64) -> Ledger {
    let rounds = logins.max(1).div_ceil(LOGINS_AT_ONCE);
    let calls_each = sent.marketplace.div_ceil(logins.max(1));
    let pauses = calls_each
        .saturating_sub(1)
        .saturating_mul(PAUSE_MS.max(MARKETPLACE_MS));
    let last = calls_each.min(1).saturating_mul(MARKETPLACE_MS);
    let waits = rounds.saturating_mul(pauses.saturating_add(last));
    let aws = sent
        .attempts
        .div_ceil(logins.clamp(1, LOGINS_AT_ONCE))
        .saturating_mul(AWS_MS);
    let took = OWN_MS.saturating_add(waits).saturating_add(aws);
    let mb_ms = lambda::mb_ms(function.memory(), 0, took.saturating_mul(1_000));
    let units = Ledger::of(Unit::LambdaCall, 1)
        .and(Unit::LambdaMbMs, mb_ms)
        .and(
            Unit::EgressByte,
            sent.marketplace.saturating_mul(REQUEST_BYTES),
        );
    let units = if line == 0 {
        units
    } else {
        units.and(Unit::LogByte, line.saturating_add(AROUND_A_LINE))
    };
    match function {
        Function::Api => units
            .and(Unit::HttpApiCall, 1)
            .and(Unit::EgressByte, ANSWER_BYTES),
        Function::Schedule
        | Function::Poll
        | Function::React
        | Function::Ship
        | Function::Authorize => units,
    }
}

/// A message brought to a function: received and deleted, each alone (`BatchSize: 1`).
pub fn delivery() -> Ledger {
    Ledger::of(Unit::SqsRequest, 2).and(Unit::SqsGroupRequest, 2)
}
