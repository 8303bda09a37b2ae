//! A seller's account at a marketplace.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Action, LoginId, MarketplaceId, PackId, SellerId, SeriesPrefix, Tested, WarehouseId,
};

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
    /// What the hub does by itself when it ships.
    pub courier: CourierSettings,
    /// The seller's own series of invoices to the marketplace; `None`: the marketplace numbers
    /// them.
    pub invoice_series: Option<SeriesPrefix>,
    /// Where its parcels leave from, once the seller has said.
    pub warehouse: Option<WarehouseId>,
    /// Who looks after it at the marketplace, where the seller has said.
    pub contact: Option<String>,
    /// What its marketplace can be asked and wants to know.
    pub terms: Terms,
    /// Whether the marketplace lets it ship, as far as was asked.
    pub may_ship: MayShip,
    /// What its last test found, if there was one.
    pub tested: Option<Tested>,
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
    /// How many minutes an order is old before the hub accepts it by itself, 0 to 360: accepting
    /// may end the buyer's right to cancel. Whoever asks for it himself does not wait.
    #[serde(default)]
    pub accept_after_minutes: u16,
}

/// What the hub does by itself when it ships for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CourierSettings {
    /// The label is asked for as soon as an order is accepted.
    pub auto_label: bool,
    /// What the marketplace wants in the parcel beside the label is fetched with it.
    pub auto_documents: bool,
}

/// What a marketplace can be asked and wants to know, as its connector said when the account was
/// connected or looked at last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// What it can be asked to do with an order.
    pub actions: Vec<Action>,
    /// Whether it wants weight and size of each parcel.
    pub wants_parcel: bool,
    /// Whether the account is one place that parcels are fetched from.
    pub has_warehouse: bool,
}

impl Terms {
    /// A marketplace that can be asked for these, and wants to know nothing more.
    pub fn of(actions: &[Action]) -> Self {
        Self {
            actions: actions.to_vec(),
            wants_parcel: false,
            has_warehouse: false,
        }
    }
}

/// Whether a marketplace lets an account ship. Reading orders says nothing about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MayShip {
    /// Nobody has asked yet, or there is nothing to ask.
    Unknown,
    /// It said yes.
    Yes(Timestamp),
    /// It said no.
    No {
        /// Since when.
        since: Timestamp,
        /// What it said, and what to do.
        said: String,
    },
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            orders_every_minutes: 5,
            auto_accept: false,
            accept_after_minutes: 0,
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
