//! Who may speak for a seller.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{SellerId, TokenId};

/// What a token may do. Each scope stands alone; `Admin` includes all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// See accounts, orders and failed work.
    Read,
    /// Accept, ship, fetch labels.
    Pack,
    /// Change stock and prices.
    Stock,
    /// Everything, connecting accounts included.
    Admin,
}

impl Scope {
    /// Every scope, for lists and forms.
    pub const ALL: [Self; 4] = [Self::Read, Self::Pack, Self::Stock, Self::Admin];

    /// The word used in tokens, API and command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Pack => "pack",
            Self::Stock => "stock",
            Self::Admin => "admin",
        }
    }

    /// The scope of a word, if it is one.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }

    /// Whether a holder of `self` may do what `needed` asks for. Whoever may act may also look.
    pub fn grants(self, needed: Self) -> bool {
        self == Self::Admin || self == needed || needed == Self::Read
    }
}

/// An API token or console session as it is stored: without the token itself, of which only
/// the SHA-256 is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The token's public id, shown in lists and in the audit trail.
    pub id: TokenId,
    /// Whose token it is.
    pub seller: SellerId,
    /// The seller's own name for it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself; `None` means when it is revoked.
    pub expires_at: Option<Timestamp>,
}

impl Token {
    /// Whether the token may do what `needed` asks for at this time.
    pub fn allows(&self, needed: Scope, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
            && self.scopes.iter().any(|scope| scope.grants(needed))
    }
}
