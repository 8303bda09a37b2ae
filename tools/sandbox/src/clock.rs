//! The one clock of a double, and how times are written.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime},
    tz::{Offset, TimeZone},
};

/// How the sandbox's time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockMode {
    /// Time stands still until the control API advances it.
    Stopped {
        /// The instant the clock starts at.
        at: Timestamp,
    },
    /// The machine's clock. Orders live on their own: new ones arrive, couriers scan, buyers cancel.
    Realtime {
        /// How many times faster than life orders move (jobs and sessions keep their real time).
        speed: u32,
    },
}

impl Default for ClockMode {
    /// Stopped on 11 September 2026, 12:11:10 IST.
    fn default() -> Self {
        Self::Stopped {
            at: Timestamp::from_second(1_789_108_870).unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }
}

/// Where time stands and how it moves.
#[derive(Debug)]
pub struct Clock {
    mode: ClockMode,
    /// What was advanced by hand.
    advanced: SignedDuration,
}

impl Clock {
    pub(crate) fn new(mode: ClockMode) -> Self {
        Self {
            mode,
            advanced: SignedDuration::ZERO,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let base = match self.mode {
            ClockMode::Stopped { at } => at,
            ClockMode::Realtime { .. } => Timestamp::now(),
        };
        base.saturating_add(self.advanced).unwrap_or(base)
    }

    pub(crate) fn advance(&mut self, by: SignedDuration) {
        self.advanced = self.advanced.saturating_add(by);
    }

    /// Whether orders arrive and move without being asked.
    pub(crate) fn lives(&self) -> bool {
        matches!(self.mode, ClockMode::Realtime { .. })
    }

    /// A span of an order's life on this clock: shorter when life is speeded up.
    pub(crate) fn span_of_life(&self, seconds: i64) -> i64 {
        match self.mode {
            ClockMode::Stopped { .. } => seconds,
            ClockMode::Realtime { speed } => seconds
                .checked_div(i64::from(speed))
                .unwrap_or(seconds)
                .max(1),
        }
    }
}

pub(crate) fn later(at: Timestamp, seconds: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_secs(seconds))
        .unwrap_or(at)
}

/// Whole seconds from one instant to a later one; 0 when it is not later.
pub(crate) fn seconds_between(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_secs().max(0)
}

fn kolkata() -> TimeZone {
    TimeZone::fixed(Offset::from_seconds(19_800).unwrap_or(Offset::UTC))
}

/// `2026-09-11T12:11:10+0530`, as the panel writes it.
pub(crate) fn iso(at: Timestamp) -> String {
    at.to_zoned(kolkata())
        .strftime("%Y-%m-%dT%H:%M:%S%z")
        .to_string()
}

/// The Indian calendar day of an instant.
pub(crate) fn day(at: Timestamp) -> Date {
    at.to_zoned(kolkata()).date()
}

/// `11.09.2026`, as labels and invoices write it.
pub(crate) fn dotted(day: Date) -> String {
    day.strftime("%d.%m.%Y").to_string()
}

/// The instant of an Indian wall-clock time.
pub(crate) fn india(at: DateTime) -> Timestamp {
    kolkata().to_timestamp(at).unwrap_or(Timestamp::UNIX_EPOCH)
}
