//! Billable units, added up.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul};

/// A thing that AWS bills by count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// A DynamoDB write unit of the table's own items.
    TableWrite,
    /// A DynamoDB write unit of index entries.
    IndexWrite,
    /// Half a DynamoDB read unit: an eventually consistent read of up to 4 KB.
    HalfRead,
    /// An SQS request of up to 64 KB.
    SqsRequest,
    /// A request about an SQS message that names its group: a surcharge on the request.
    SqsGroupRequest,
    /// A Lambda call.
    LambdaCall,
    /// A megabyte of Lambda memory held for a millisecond; 1,024 of them are a GB-ms.
    LambdaMbMs,
    /// An S3 PUT, or another request of its class.
    S3Put,
    /// An S3 GET, or another request of its class.
    S3Get,
    /// A KMS request.
    KmsRequest,
    /// A call by EventBridge Scheduler.
    SchedulerCall,
    /// A call of the HTTP API.
    HttpApiCall,
    /// A byte sent to the internet.
    EgressByte,
    /// A byte written to CloudWatch Logs.
    LogByte,
    /// A megabyte in the table for a month.
    TableMbMonth,
    /// A megabyte of the table kept for point-in-time recovery for a month.
    BackupMbMonth,
    /// A megabyte in the bucket for a month.
    S3MbMonth,
    /// A customer key for a month.
    KmsKeyMonth,
    /// A CloudWatch alarm for a month.
    AlarmMonth,
    /// A CloudWatch metric of our own for a month.
    MetricMonth,
}

impl Unit {
    /// All of them, in the order they are listed.
    pub const ALL: [Self; 20] = [
        Self::TableWrite,
        Self::IndexWrite,
        Self::HalfRead,
        Self::SqsRequest,
        Self::SqsGroupRequest,
        Self::LambdaCall,
        Self::LambdaMbMs,
        Self::S3Put,
        Self::S3Get,
        Self::KmsRequest,
        Self::SchedulerCall,
        Self::HttpApiCall,
        Self::EgressByte,
        Self::LogByte,
        Self::TableMbMonth,
        Self::BackupMbMonth,
        Self::S3MbMonth,
        Self::KmsKeyMonth,
        Self::AlarmMonth,
        Self::MetricMonth,
    ];

    /// Its name in tables and golden files.
    pub fn name(self) -> &'static str {
        match self {
            Self::TableWrite => "table WRU",
            Self::IndexWrite => "index WRU",
            Self::HalfRead => "half RRU",
            Self::SqsRequest => "SQS requests",
            Self::SqsGroupRequest => "SQS groups",
            Self::LambdaCall => "Lambda calls",
            Self::LambdaMbMs => "Lambda MB-ms",
            Self::S3Put => "S3 PUT",
            Self::S3Get => "S3 GET",
            Self::KmsRequest => "KMS requests",
            Self::SchedulerCall => "Scheduler calls",
            Self::HttpApiCall => "HTTP API calls",
            Self::EgressByte => "egress bytes",
            Self::LogByte => "log bytes",
            Self::TableMbMonth => "table MB-months",
            Self::BackupMbMonth => "backup MB-months",
            Self::S3MbMonth => "S3 MB-months",
            Self::KmsKeyMonth => "KMS key months",
            Self::AlarmMonth => "alarm months",
            Self::MetricMonth => "metric months",
        }
    }
}

/// How many of each unit were used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ledger([u64; Unit::ALL.len()]);

impl Ledger {
    /// Nothing used.
    pub const NOTHING: Self = Self([0; Unit::ALL.len()]);

    /// This many of one unit.
    pub fn of(unit: Unit, count: u64) -> Self {
        Self::NOTHING.and(unit, count)
    }

    /// These and this many more of one unit.
    #[must_use]
    pub fn and(mut self, unit: Unit, count: u64) -> Self {
        for (known, held) in Unit::ALL.iter().zip(&mut self.0) {
            if *known == unit {
                *held = held.saturating_add(count);
            }
        }
        self
    }

    /// Both together.
    #[must_use]
    pub fn plus(mut self, other: Self) -> Self {
        for (held, more) in self.0.iter_mut().zip(other.0) {
            *held = held.saturating_add(more);
        }
        self
    }

    /// How many of one unit.
    pub fn count(&self, unit: Unit) -> u64 {
        self.used()
            .find(|(used, _)| *used == unit)
            .map_or(0, |(_, count)| count)
    }

    /// The units used at all, in the order they are listed.
    pub fn used(&self) -> impl Iterator<Item = (Unit, u64)> {
        Unit::ALL
            .into_iter()
            .zip(self.0)
            .filter(|(_, count)| *count > 0)
    }

    /// DynamoDB write units, those of index entries included.
    pub fn writes(&self) -> u64 {
        self.count(Unit::TableWrite)
            .saturating_add(self.count(Unit::IndexWrite))
    }
}

impl Add for Ledger {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.plus(other)
    }
}

impl AddAssign for Ledger {
    fn add_assign(&mut self, other: Self) {
        *self = self.plus(other);
    }
}

impl Sum for Ledger {
    fn sum<I: Iterator<Item = Self>>(ledgers: I) -> Self {
        ledgers.fold(Self::NOTHING, Self::plus)
    }
}

impl Mul<u64> for Ledger {
    type Output = Self;

    fn mul(self, times: u64) -> Self {
        Self(self.0.map(|count| count.saturating_mul(times)))
    }
}

/// One line for each unit used: the form of the golden files.
impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, count) in self.used() {
            writeln!(f, "{:<16}{count:>10}", unit.name())?;
        }
        Ok(())
    }
}
