//! A seller's account at a marketplace.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, LoginId, MarketplaceId, PackId, SellerId};

/// One account: a login together with one of the marketplace sellers that it owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Haat's id of it.
    pub id: AccountId,
    /// The tenant.
    pub seller: SellerId,
    /// The marketplace.
    pub marketplace: MarketplaceId,
    /// The credentials it uses.
    pub login: LoginId,
    /// Who the account is at the marketplace, in the connector's own form
    /// (for Meesho `4100001/ab1cd`). Never changes: a reconnect must lead to the same one.
    pub marketplace_seller: String,
    /// The seller's name for it; influences nothing.
    pub name: String,
    /// What the seller chose.
    pub settings: Settings,
    /// Whether it works.
    pub health: Health,
    /// The pack it is polled with.
    pub pack: PackId,
    /// When it was connected.
    pub connected_at: Timestamp,
    /// Counts the writes; a write against an older version is refused.
    pub version: u64,
}

/// What a seller sets per account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Minutes between two order polls, 1 to 60.
    pub orders_every_minutes: u8,
    /// Whether new orders are accepted without asking.
    pub auto_accept: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            orders_every_minutes: 5,
            auto_accept: false,
        }
    }
}

/// Whether an account works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// Orders flow.
    Connected,
    /// Nothing flows until the seller does something.
    NeedsAttention(Attention),
}

/// Why an account stands still, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attention {
    /// The kind of trouble.
    pub reason: AttentionReason,
    /// Since when.
    pub since: Timestamp,
    /// What the marketplace said, without secrets.
    pub said: String,
}

/// The kinds of trouble that only a person can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttentionReason {
    /// User name or password was refused.
    LoginRefused,
    /// Too many wrong log-ins; the marketplace has locked the login for a while.
    LoginLocked,
    /// The marketplace wants a one-time password.
    OtpRequired,
    /// The marketplace's edge turned us away.
    Blocked,
    /// The login now leads to another marketplace seller.
    OtherSeller,
    /// A fresh session was refused at once.
    SessionRefused,
}

impl AttentionReason {
    /// Whether pressing "Sync now" may end it. The others need new credentials or a code:
    /// a login that was refused is never tried again as it was.
    pub const fn may_be_retried(self) -> bool {
        matches!(self, Self::Blocked | Self::SessionRefused)
    }

    /// What to do about it, for the seller.
    pub const fn what_to_do(self) -> &'static str {
        match self {
            Self::LoginRefused => {
                "Type the current user name and password. Nothing is lost; orders catch up then."
            }
            Self::LoginLocked => {
                "Wait until the marketplace unlocks the login, then type the password again."
            }
            Self::OtpRequired => {
                "Type the one-time password that the marketplace sent to your phone."
            }
            Self::Blocked => {
                "The marketplace turned this hub away. Ask the marketplace for consent or a \
                 partner access, then press Sync now."
            }
            Self::OtherSeller => {
                "These credentials belong to another marketplace seller. Type those of this \
                 account, or connect the other seller as an account of its own."
            }
            Self::SessionRefused => {
                "The marketplace refused a session it had just given. Sign in to its own panel, \
                 see that the account is in order, then press Sync now."
            }
        }
    }
}
