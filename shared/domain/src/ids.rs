//! Typed ids. Parsed once at the edge, trusted inside.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that cannot be the id it was given for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a valid {kind}: {rule}")]
pub struct InvalidId {
    /// What the text should have been, in the reader's words.
    pub kind: &'static str,
    /// The refused text, cut to 64 characters.
    pub text: String,
    /// What a valid one looks like.
    pub rule: &'static str,
}

impl InvalidId {
    pub(crate) fn new(kind: &'static str, text: &str, rule: &'static str) -> Self {
        Self {
            kind,
            text: text.chars().take(64).collect(),
            rule,
        }
    }
}

fn is_token(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

fn is_printable(text: &str) -> bool {
    (1..=128).contains(&text.len()) && !text.chars().any(char::is_control) && text.trim() == text
}

const TOKEN_RULE: &str = "1 to 64 letters, digits, '_' or '-'";
const PRINTABLE_RULE: &str = "1 to 128 bytes without control characters or outer spaces";

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $check:ident, $rule:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if $check(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId::new($kind, text, $rule))
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// One seller: the tenant that owns accounts, orders and tokens.
    SellerId, "seller id", is_token, TOKEN_RULE
);
text_id!(
    /// One account: a login together with one of the marketplace sellers it owns.
    AccountId, "account id", is_token, TOKEN_RULE
);
text_id!(
    /// One set of credentials at a marketplace; several accounts may share it.
    LoginId, "login id", is_token, TOKEN_RULE
);
text_id!(
    /// A marketplace by its short name, as in `meesho`. Open: Haat's core knows no list of them.
    MarketplaceId, "marketplace", is_token, TOKEN_RULE
);
text_id!(
    /// The marketplace's own key of one order, the unit it moves through its life
    /// (for Meesho the sub-order, as in `299000000000000001_1`).
    OrderNumber, "order number", is_token, TOKEN_RULE
);
text_id!(
    /// A pack: up to a hundred accounts that are polled together.
    PackId, "pack id", is_token, TOKEN_RULE
);
text_id!(
    /// An API token's public name; never the token itself.
    TokenId, "token id", is_token, TOKEN_RULE
);
text_id!(
    /// One closed manifest: the time it was asked for and a hash of its orders, so that their order is that of time.
    ManifestId, "manifest id", is_token, TOKEN_RULE
);
text_id!(
    /// The marketplace's own key of one return.
    ReturnNumber, "return number", is_token, TOKEN_RULE
);
text_id!(
    /// One account that was applied for.
    RegistrationId, "registration id", is_token, TOKEN_RULE
);
text_id!(
    /// One warehouse of a seller.
    WarehouseId, "warehouse id", is_token, TOKEN_RULE
);
text_id!(
    /// The seller's own key of a product variation.
    Sku, "SKU", is_printable, PRINTABLE_RULE
);
text_id!(
    /// Air waybill number: the courier's key of one parcel.
    Awb, "AWB", is_token, TOKEN_RULE
);

/// One order in Haat: the account it came through and the marketplace's number of it.
/// Written `<account>.<number>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrderId {
    /// The account the order came through.
    pub account: AccountId,
    /// The marketplace's own number of the order.
    pub number: OrderNumber,
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.account, self.number)
    }
}

impl FromStr for OrderId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let (account, number) = text.split_once('.').ok_or_else(|| {
            InvalidId::new("order id", text, "an account id, a dot, an order number")
        })?;
        Ok(Self {
            account: account.parse()?,
            number: number.parse()?,
        })
    }
}

impl TryFrom<String> for OrderId {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<OrderId> for String {
    fn from(id: OrderId) -> String {
        id.to_string()
    }
}
