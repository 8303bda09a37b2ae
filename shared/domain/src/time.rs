//! Time: UTC inside, Indian Standard Time at the edge.

use jiff::civil::{Date, DateTime, Time, time};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};

const SECONDS_EAST: i32 = 19_800;

fn india() -> TimeZone {
    // India has one time zone, five and a half hours east, and no daylight saving.
    Offset::from_seconds(SECONDS_EAST).map_or(TimeZone::UTC, TimeZone::fixed)
}

/// An instant as people in India read it.
pub fn ist(instant: Timestamp) -> Zoned {
    instant.to_zoned(india())
}

/// A text that is neither an instant nor a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither an instant with an offset nor a day")]
pub struct InvalidTime(String);

/// Reads the times marketplaces send: `2026-09-11T12:11:10+0530` (with or without the colon,
/// `Z`, fractions), the same without an offset (taken as IST), or a bare day, which is taken as
/// `day_time` of that day in India.
pub fn parse_marketplace_time(text: &str, day_time: Time) -> Result<Timestamp, InvalidTime> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    let refuse = || InvalidTime(text.chars().take(40).collect());
    let civil = match text.parse::<DateTime>() {
        Ok(civil) if text.contains('T') => civil,
        _ => text
            .parse::<Date>()
            .map_err(|_| refuse())?
            .to_datetime(day_time),
    };
    let zoned = civil.to_zoned(india()).map_err(|_| refuse())?;
    Ok(zoned.timestamp())
}

/// When an order must be handed over, and how we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DispatchBy {
    /// The deadline.
    pub at: Timestamp,
    /// Where it comes from.
    pub rule: DispatchRule,
}

/// Where a dispatch deadline comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DispatchRule {
    /// The marketplace named the instant.
    Marketplace,
    /// The marketplace named the day; the hour is the usual cut-off, 17:30 IST (assumed).
    MarketplaceDay,
    /// The marketplace named nothing; so many hours after the order, by its profile (assumed).
    HoursAfterOrder,
    /// The marketplace named nothing: the day after the order, 17:30 IST (assumed).
    Fallback,
}

impl DispatchRule {
    /// The more is known, the more it counts: a vaguer word changes no deadline.
    pub(crate) const fn weight(self) -> u8 {
        match self {
            Self::Marketplace => 3,
            Self::MarketplaceDay => 2,
            Self::HoursAfterOrder => 1,
            Self::Fallback => 0,
        }
    }
}

impl DispatchBy {
    /// The hour couriers stop collecting: 17:30 in India. Told by sellers, not documented.
    pub const CUT_OFF: Time = time(17, 30, 0, 0);

    /// The deadline the marketplace named, instant or day.
    pub fn named(text: &str) -> Result<Self, InvalidTime> {
        let at = parse_marketplace_time(text, Self::CUT_OFF)?;
        let rule = if text.contains('T') {
            DispatchRule::Marketplace
        } else {
            DispatchRule::MarketplaceDay
        };
        Ok(Self { at, rule })
    }

    /// The deadline of an order whose marketplace named none: the cut-off of the next day.
    pub fn fallback(ordered_at: Timestamp) -> Self {
        let next_day = ist(ordered_at).date().saturating_add(1.day());
        let at = next_day
            .to_datetime(Self::CUT_OFF)
            .to_zoned(india())
            .map_or(ordered_at, |cut_off| cut_off.timestamp());
        Self {
            at,
            rule: DispatchRule::Fallback,
        }
    }
}
