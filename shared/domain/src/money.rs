//! Money: integer paise, overflow-checked, shown the Indian way.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount of money in paise (one hundredth of a rupee).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Paise(i64);

/// A text that is not an amount of rupees with at most two decimals.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an amount in rupees with at most two decimals")]
pub struct InvalidAmount(String);

impl Paise {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// So many paise.
    pub const fn new(paise: i64) -> Self {
        Self(paise)
    }

    /// The number of paise.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Reads rupees from their decimal text, exactly: `349`, `349.5`, `-12.05`.
    /// Trailing zeros beyond two decimals are allowed, other further decimals are refused.
    pub fn from_rupees(text: &str) -> Result<Self, InvalidAmount> {
        let refuse = || InvalidAmount(text.chars().take(32).collect());
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let fraction = match fraction.trim_end_matches('0') {
            _ if !all_digits(whole) || !all_digits(fraction) => return Err(refuse()),
            "" => "0".to_owned(),
            kept if kept.len() > 2 => return Err(refuse()),
            kept => format!("{kept:0<2}"),
        };
        let rupees: i64 = whole.parse().map_err(|_| refuse())?;
        let paise: i64 = fraction.parse().map_err(|_| refuse())?;
        let total = rupees
            .checked_mul(100)
            .and_then(|sum| sum.checked_add(paise))
            .ok_or_else(refuse)?;
        Ok(Self(if negative {
            total.checked_neg().ok_or_else(refuse)?
        } else {
            total
        }))
    }

    /// The sum, or nothing when it does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The amount times a quantity, or nothing when it does not fit.
    pub fn checked_mul(self, quantity: u32) -> Option<Self> {
        self.0.checked_mul(i64::from(quantity)).map(Self)
    }
}

/// `₹1,23,456.00`: lakh and crore grouping, always two decimals.
impl fmt::Display for Paise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let absolute = self.0.unsigned_abs();
        let (rupees, paise) = (
            absolute.checked_div(100).unwrap_or_default().to_string(),
            absolute.checked_rem(100).unwrap_or_default(),
        );
        let (head, tail) = rupees.split_at(rupees.len().saturating_sub(3));
        let mut grouped = String::new();
        for (index, digit) in head.chars().enumerate() {
            if index > 0 && head.len().saturating_sub(index).is_multiple_of(2) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        if !head.is_empty() {
            grouped.push(',');
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}₹{grouped}{tail}.{paise:02}")
    }
}
