//! Where the marketplace buys an order from the seller before it sells it to the buyer (B2B2C):
//! its purchase order, and the seller's invoice to it.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Gstin, InvalidId, Paise, ist};

/// What stands between seller and marketplace for one order; empty where the seller sells to the
/// buyer himself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Supply {
    /// The marketplace's purchase order, once it has raised one. Nothing is packed before.
    pub purchase_order: Option<PurchaseOrder>,
    /// The seller's invoice to the marketplace. Its number belongs to the order from the moment it
    /// is given, whatever becomes of the call.
    pub invoice: Option<SupplyInvoice>,
}

/// A purchase order of the marketplace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseOrder {
    /// Its number.
    pub number: String,
    /// Its date.
    pub at: Option<Timestamp>,
    /// What the marketplace pays, as it says.
    pub amount: Option<Paise>,
    /// The tax in it.
    pub tax: Option<Paise>,
}

/// The seller's invoice to the marketplace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplyInvoice {
    /// Its number.
    pub number: InvoiceNumber,
    /// Its date.
    pub at: Timestamp,
}

/// What the marketplace pays for one piece of an order line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplyPrice {
    /// Without tax.
    pub base: Paise,
    /// The tax on it, where the marketplace says.
    pub tax: Option<Paise>,
}

/// The number of a tax invoice: at most 16 letters, digits, `-` and `/`, unique in its financial
/// year (rule 46 of the CGST rules).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InvoiceNumber(String);

impl InvoiceNumber {
    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const NUMBER_RULE: &str = "1 to 16 letters, digits, '-' or '/'";

impl FromStr for InvoiceNumber {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let fits = (1..=16).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'/'));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId::new("invoice number", text, NUMBER_RULE))
        }
    }
}

impl TryFrom<String> for InvoiceNumber {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<InvoiceNumber> for String {
    fn from(number: InvoiceNumber) -> Self {
        number.0
    }
}

impl fmt::Display for InvoiceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A series of invoice numbers without gaps: one for each GSTIN, prefix and financial year.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InvoiceSeries {
    /// Whose invoices.
    pub gstin: Gstin,
    /// What the numbers begin with.
    pub prefix: SeriesPrefix,
    /// The year in which the financial year begins.
    pub year: i16,
}

/// What the numbers of a series begin with: 1 to 5 letters or digits, so that financial year and
/// a million invoices fit into sixteen characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SeriesPrefix(String);

const PREFIX_RULE: &str = "1 to 5 letters or digits";

impl SeriesPrefix {
    /// The prefix as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SeriesPrefix {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let fits =
            (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId::new("invoice prefix", text, PREFIX_RULE))
        }
    }
}

impl TryFrom<String> for SeriesPrefix {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<SeriesPrefix> for String {
    fn from(prefix: SeriesPrefix) -> Self {
        prefix.0
    }
}

impl InvoiceSeries {
    /// The series of an invoice of that instant. The financial year begins on 1 April in India.
    pub fn at(gstin: Gstin, prefix: SeriesPrefix, instant: Timestamp) -> Self {
        let day = ist(instant).date();
        let year = if day.month() < 4 {
            day.year().saturating_sub(1)
        } else {
            day.year()
        };
        Self {
            gstin,
            prefix,
            year,
        }
    }

    /// The financial year as it stands in numbers: `26-27`.
    pub fn financial_year(&self) -> String {
        let short = |year: i16| year.rem_euclid(100);
        let next = self.year.saturating_add(1);
        format!("{:02}-{:02}", short(self.year), short(next))
    }

    /// The n-th number, counted from 1: `HUB26-27/00123`.
    pub fn number(&self, n: u32) -> Result<InvoiceNumber, InvalidId> {
        let (prefix, year) = (self.prefix.as_str(), self.financial_year());
        format!("{prefix}{year}/{n:05}").parse()
    }
}
