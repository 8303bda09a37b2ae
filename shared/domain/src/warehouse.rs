//! Where parcels leave from.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{InvalidId, SellerId, WarehouseId};

/// A place that parcels are fetched from. Its bank details are nobody's business here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warehouse {
    /// Haat's id of it.
    pub id: WarehouseId,
    /// The tenant.
    pub seller: SellerId,
    /// The seller's name for it.
    pub name: String,
    /// Where it is.
    pub address: Address,
    /// The GST registration that its invoices are made under.
    pub gstin: Gstin,
    /// How invoices of this place are made out, as it was told to the marketplace.
    pub invoice_format: Option<String>,
    /// Counts the writes; a write against an older version is refused.
    pub version: u64,
}

/// A place in India.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// House, street, quarter.
    pub lines: Vec<String>,
    /// City.
    pub city: String,
    /// PIN code, six digits.
    pub pin: PinCode,
}

/// A PIN code: six digits, the first not 0.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PinCode(String);

impl FromStr for PinCode {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits && !text.starts_with('0') {
            Ok(Self(text.to_owned()))
        } else {
            let rule = "six digits, the first not 0";
            Err(InvalidId::new("PIN code", text, rule))
        }
    }
}

/// A GST identification number of fifteen characters: two digits of the State, the PAN, the number
/// of the registration, `Z`, and a check character over all of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Gstin(String);

const GSTIN_RULE: &str = "fifteen characters as on the GST certificate, with a right last one";
const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

impl Gstin {
    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The State it was given in, by its code; `None` for a code that no State has.
    pub fn state(&self) -> Option<&'static str> {
        let code = self.0.get(..2)?;
        STATES
            .iter()
            .find(|(known, _)| *known == code)
            .map(|(_, name)| *name)
    }
}

impl FromStr for Gstin {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let shape = b"00AAAAA0000A*Z*";
        let fits = |(byte, wanted): (u8, &u8)| match wanted {
            b'0' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_uppercase(),
            b'*' => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            exactly => byte == *exactly,
        };
        let number = Self(text.to_owned());
        let good = text.len() == shape.len()
            && text.bytes().zip(shape).all(fits)
            && check_character(text.as_bytes()) == text.bytes().last()
            && number.state().is_some();
        if good {
            Ok(number)
        } else {
            Err(InvalidId::new("GSTIN", text, GSTIN_RULE))
        }
    }
}

/// The check character of a GSTIN: places weighted 1, 2, 1, 2 ..., digits of the products added up
/// to base 36, and what is missing to a multiple of 36.
fn check_character(number: &[u8]) -> Option<u8> {
    let mut sum = 0_usize;
    for (place, byte) in number.iter().take(14).enumerate() {
        let value = ALPHABET.iter().position(|known| known == byte)?;
        let weight = if place.is_multiple_of(2) { 1 } else { 2 };
        let product = value.checked_mul(weight)?;
        sum = sum
            .checked_add(product.checked_div(36)?)?
            .checked_add(product.checked_rem(36)?)?;
    }
    let missing = 36_usize
        .checked_sub(sum.checked_rem(36)?)?
        .checked_rem(36)?;
    ALPHABET.get(missing).copied()
}

macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

as_text!(PinCode, Gstin);

/// The States and union territories by their GST code.
const STATES: &[(&str, &str)] = &[
    ("01", "Jammu and Kashmir"),
    ("02", "Himachal Pradesh"),
    ("03", "Punjab"),
    ("04", "Chandigarh"),
    ("05", "Uttarakhand"),
    ("06", "Haryana"),
    ("07", "Delhi"),
    ("08", "Rajasthan"),
    ("09", "Uttar Pradesh"),
    ("10", "Bihar"),
    ("11", "Sikkim"),
    ("12", "Arunachal Pradesh"),
    ("13", "Nagaland"),
    ("14", "Manipur"),
    ("15", "Mizoram"),
    ("16", "Tripura"),
    ("17", "Meghalaya"),
    ("18", "Assam"),
    ("19", "West Bengal"),
    ("20", "Jharkhand"),
    ("21", "Odisha"),
    ("22", "Chhattisgarh"),
    ("23", "Madhya Pradesh"),
    ("24", "Gujarat"),
    ("26", "Dadra and Nagar Haveli and Daman and Diu"),
    ("27", "Maharashtra"),
    ("29", "Karnataka"),
    ("30", "Goa"),
    ("31", "Lakshadweep"),
    ("32", "Kerala"),
    ("33", "Tamil Nadu"),
    ("34", "Puducherry"),
    ("35", "Andaman and Nicobar Islands"),
    ("36", "Telangana"),
    ("37", "Andhra Pradesh"),
    ("38", "Ladakh"),
    ("97", "Other Territory"),
];
