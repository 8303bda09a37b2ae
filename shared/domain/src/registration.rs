//! The way to an account: what was applied for, and how far an account's set-up is.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Account, Health, MarketplaceId, MayShip, RegistrationId, SellerId, WarehouseId};

/// An account that was applied for at a marketplace and waits for its approval. There are no
/// credentials yet, so nothing can be read or sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Haat's id of it.
    pub id: RegistrationId,
    /// The tenant.
    pub seller: SellerId,
    /// The marketplace.
    pub marketplace: MarketplaceId,
    /// What the account is to be called.
    pub name: String,
    /// Where its parcels will leave from.
    pub warehouse: Option<WarehouseId>,
    /// Who at the marketplace hands out the credentials.
    pub contact: Option<String>,
    /// When it was applied for.
    pub applied_on: Date,
    /// When to ask after it.
    pub remind_on: Date,
    /// Counts the writes; a write against an older version is refused.
    pub version: u64,
}

/// What a test of an account found last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tested {
    /// When.
    pub at: Timestamp,
    /// Whether all of it passed.
    pub passed: bool,
}

/// The steps from an application to an account that works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetUpStep {
    /// Have an account at the marketplace.
    Register,
    /// Log in.
    Connect,
    /// Be allowed to ship, and say from where.
    Shipping,
    /// See that it works.
    Test,
}

impl SetUpStep {
    /// The word used in API and page.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Connect => "connect",
            Self::Shipping => "shipping",
            Self::Test => "test",
        }
    }
}

/// What is missing of each step of an account's set-up; nothing of one that is done.
pub fn set_up(account: &Account) -> [(SetUpStep, Option<String>); 4] {
    let connect = match &account.health {
        Health::Connected => None,
        Health::NeedsAttention(attention) => Some(attention.reason.what_to_do().to_owned()),
    };
    let test = match account.tested {
        Some(tested) if tested.passed => None,
        Some(_) => Some("The last test did not pass: see its report.".to_owned()),
        None => Some("Nobody has tested the account yet: start its test.".to_owned()),
    };
    [
        (SetUpStep::Register, None),
        (SetUpStep::Connect, connect),
        (SetUpStep::Shipping, shipping(account)),
        (SetUpStep::Test, test),
    ]
}

fn shipping(account: &Account) -> Option<String> {
    if account.terms.has_warehouse && account.warehouse.is_none() {
        return Some("Say which warehouse its parcels leave from.".to_owned());
    }
    match &account.may_ship {
        MayShip::Yes(_) => None,
        MayShip::No { said, .. } => Some(said.clone()),
        MayShip::Unknown => {
            Some("The marketplace has not been asked yet: start the account's test.".to_owned())
        }
    }
}
