//! What a unit costs, and what a ledger costs.

use std::fmt;

use crate::{Ledger, Unit};

/// Where AWS bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// us-east-1.
    Virginia,
    /// ap-south-1.
    Mumbai,
}

/// How well a price is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// AWS's price list says so.
    Documented,
    /// Taken over from another region or from memory; look it up before relying on it.
    Recheck,
}

/// The price of a unit, before free allowances and volume discounts (tier 1, on demand, arm64).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Millionths of a dollar …
    pub micro_dollars: u64,
    /// … for this many units.
    pub per: u64,
    /// How well it is known.
    pub mark: Mark,
}

/// Money, exact: a millionth of a millionth of a dollar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct PicoDollars(pub u128);

impl PicoDollars {
    /// Millionths of a dollar, rounded half up.
    pub fn micro_dollars(self) -> u128 {
        self.0.saturating_add(500_000) / 1_000_000
    }

    /// Thousandths of a millionth of a dollar, rounded half up.
    pub fn nano_dollars(self) -> u128 {
        self.0.saturating_add(500) / 1_000
    }
}

/// In millionths of a dollar, with three decimals.
impl fmt::Display for PicoDollars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nano = self.nano_dollars();
        write!(f, "{}.{:03}", nano / 1_000, nano % 1_000)
    }
}

const MILLION: u64 = 1_000_000;
/// MB-ms in a thousand GB-seconds.
const THOUSAND_GB_SECONDS: u64 = 1_000 * 1_000 * 1_024;
const GB: u64 = 1_000 * MILLION;
/// Megabytes of storage in a GB-month.
const GB_IN_MB: u64 = 1_000;

/// The price of a unit in a region. Columns: micro-dollars and units in us-east-1, then Mumbai.
pub fn price_of(unit: Unit, region: Region) -> Price {
    use Mark::{Documented, Recheck};
    let (virginia, mumbai, per, marks) = match unit {
        Unit::TableWrite | Unit::IndexWrite => {
            (625_000, 710_000, MILLION, (Documented, Documented))
        }
        Unit::HalfRead => (125_000, 142_500, 2 * MILLION, (Documented, Documented)),
        Unit::SqsRequest => (400_000, 400_000, MILLION, (Documented, Recheck)),
        Unit::SqsGroupRequest => (100_000, 100_000, MILLION, (Recheck, Recheck)),
        Unit::LambdaCall => (200_000, 200_000, MILLION, (Documented, Documented)),
        Unit::LambdaMbMs => (
            13_333_400,
            13_333_400,
            1_000 * THOUSAND_GB_SECONDS,
            (Documented, Documented),
        ),
        Unit::S3Put => (5_000, 5_000, 1_000, (Documented, Documented)),
        Unit::S3Get => (400, 400, 1_000, (Documented, Documented)),
        Unit::KmsRequest => (30_000, 30_000, 10_000, (Documented, Documented)),
        Unit::SchedulerCall => (1_000_000, 1_250_000, MILLION, (Recheck, Recheck)),
        Unit::HttpApiCall => (1_000_000, 1_050_000, MILLION, (Documented, Documented)),
        Unit::EgressByte => (90_000, 109_300, GB, (Documented, Documented)),
        Unit::LogByte => (500_000, 670_000, GB, (Documented, Documented)),
        Unit::TableMbMonth => (250_000, 285_000, GB_IN_MB, (Documented, Documented)),
        // Mumbai: us-east-1's, dearer by as much as the table's storage is. Assumed.
        Unit::BackupMbMonth => (200_000, 228_000, GB_IN_MB, (Recheck, Recheck)),
        Unit::S3MbMonth => (23_000, 25_000, GB_IN_MB, (Documented, Documented)),
        Unit::KmsKeyMonth => (MILLION, MILLION, 1, (Documented, Documented)),
        Unit::AlarmMonth => (100_000, 100_000, 1, (Documented, Recheck)),
        Unit::MetricMonth => (300_000, 300_000, 1, (Recheck, Recheck)),
    };
    let (micro_dollars, mark) = match region {
        Region::Virginia => (virginia, marks.0),
        Region::Mumbai => (mumbai, marks.1),
    };
    Price {
        micro_dollars,
        per,
        mark,
    }
}

/// One unit's share of a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The unit.
    pub unit: Unit,
    /// How many.
    pub count: u64,
    /// What they cost, rounded half up to the picodollar.
    pub cost: PicoDollars,
}

/// What each unit of a ledger costs.
pub fn itemise(ledger: &Ledger, region: Region) -> Vec<Line> {
    let line = |(unit, count): (Unit, u64)| {
        let Price {
            micro_dollars, per, ..
        } = price_of(unit, region);
        let pico = u128::from(count)
            .saturating_mul(u128::from(micro_dollars))
            .saturating_mul(1_000_000);
        let per = u128::from(per);
        let rounded = pico.saturating_add(per / 2).checked_div(per);
        let cost = PicoDollars(rounded.unwrap_or_default());
        Line { unit, count, cost }
    };
    ledger.used().map(line).collect()
}

/// What a ledger costs, before free allowances.
pub fn price(ledger: &Ledger, region: Region) -> PicoDollars {
    let lines = itemise(ledger, region);
    PicoDollars(lines.iter().map(|line| line.cost.0).sum())
}
