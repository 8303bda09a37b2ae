//! What comes back: from the courier (RTO) or from the buyer.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, Awb, OrderNumber, ReturnNumber, SellerId, Sku};

/// One return as Haat keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// The tenant.
    pub seller: SellerId,
    /// The account it came through.
    pub account: AccountId,
    /// What the marketplace said of it last.
    pub said: ReturnReport,
    /// When Haat first saw it.
    pub seen_at: Timestamp,
    /// When its stage last changed, as far as Haat saw it.
    pub moved_at: Timestamp,
    /// Counts the writes; a write against an older version is refused.
    pub version: u64,
}

/// What a marketplace says of one return at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnReport {
    /// The marketplace's key of it.
    pub number: ReturnNumber,
    /// The order that comes back.
    pub order: OrderNumber,
    /// Where it stands; `None` for a word we do not know.
    pub stage: Option<ReturnStage>,
    /// The marketplace's word, raw.
    pub word: String,
    /// Who sent it back; `None` for a word we do not know.
    pub kind: Option<ReturnKind>,
    /// Why, in the marketplace's words, where it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The parcel on its way back.
    pub awb: Option<Awb>,
    /// Who brings it, as the marketplace names him.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub courier: Option<String>,
    /// When it began, where the marketplace says.
    pub began_at: Option<Timestamp>,
    /// When it is expected at the seller's, where the marketplace says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_at: Option<Timestamp>,
    /// What comes back.
    pub lines: Vec<ReturnLine>,
}

/// One line of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnLine {
    /// The marketplace's key of it, where it has one.
    pub item: String,
    /// The marketplace's key of the order line, where it has one.
    pub order_line: String,
    /// The seller's key of the product, where the marketplace says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<Sku>,
    /// Product name, where the marketplace says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Size or other variation, where the marketplace says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variation: Option<String>,
    /// Pieces that come back.
    pub pieces: u32,
    /// Pieces of them that stay with the buyer after all.
    pub cancelled: u32,
}

/// Where a return stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnStage {
    /// Asked for.
    Asked,
    /// On its way.
    OnItsWay,
    /// The courier brings it today.
    OutForDelivery,
    /// At the seller's.
    Received,
    /// Looked at and settled.
    Settled,
    /// It does not come.
    Cancelled,
    /// The courier lost it.
    Lost,
    /// The marketplace did away with it: it does not come.
    Disposed,
}

impl ReturnStage {
    /// Every stage, in the order of an undisturbed life.
    pub const ALL: [Self; 8] = [
        Self::Asked,
        Self::OnItsWay,
        Self::OutForDelivery,
        Self::Received,
        Self::Settled,
        Self::Cancelled,
        Self::Lost,
        Self::Disposed,
    ];

    /// The word used in table, API and page.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::OnItsWay => "on_its_way",
            Self::OutForDelivery => "out_for_delivery",
            Self::Received => "received",
            Self::Settled => "settled",
            Self::Cancelled => "cancelled",
            Self::Lost => "lost",
            Self::Disposed => "disposed",
        }
    }
}

/// Who sent it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnKind {
    /// The courier: return to origin.
    Rto,
    /// The buyer.
    Buyer,
}

/// In which condition a piece came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// It can be sold again.
    Good,
    /// It cannot.
    Bad,
    /// It was not in the parcel.
    Missing,
}

impl Return {
    /// A return that is seen for the first time.
    pub fn first_heard(
        seller: SellerId,
        account: AccountId,
        said: ReturnReport,
        now: Timestamp,
    ) -> Self {
        Self {
            seller,
            account,
            said,
            seen_at: now,
            moved_at: now,
            version: 0,
        }
    }

    /// Takes in what the marketplace says now; whether anything changed.
    pub fn hear(&mut self, said: &ReturnReport, now: Timestamp) -> bool {
        if self.said == *said {
            return false;
        }
        if self.said.stage != said.stage {
            self.moved_at = now;
        }
        self.said = said.clone();
        true
    }
}
