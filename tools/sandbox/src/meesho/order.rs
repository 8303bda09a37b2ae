//! One sub-order: the unit of life on this marketplace.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    clock,
    names::{Buyer, Carrier, Product},
};

/// States of the contract's `x-order-lifecycle`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the words are the contract's own")]
pub enum State {
    OnHold,
    Pending,
    ReadyToShip,
    Shipped,
    Delivered,
    Cancelled,
    RtoLocked,
    RtoInitiated,
    RtoOfd,
    RtoDeliveryFailed,
    RtoComplete,
    Returned,
    Lost,
    DoorStepExchanged,
}

impl State {
    /// What comes next when nothing goes wrong; `None` at the end of a life.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        match self {
            Self::OnHold => Some(Self::Pending),
            Self::Pending => Some(Self::ReadyToShip),
            Self::ReadyToShip => Some(Self::Shipped),
            Self::Shipped => Some(Self::Delivered),
            Self::RtoInitiated => Some(Self::RtoLocked),
            Self::RtoLocked | Self::RtoDeliveryFailed => Some(Self::RtoOfd),
            Self::RtoOfd => Some(Self::RtoComplete),
            Self::Delivered => Some(Self::Returned),
            Self::Cancelled
            | Self::RtoComplete
            | Self::Returned
            | Self::Lost
            | Self::DoorStepExchanged => None,
        }
    }

    /// Whether the contract's table has this step.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        use State as S;
        self.next() == Some(to)
            || matches!(
                (self, to),
                (S::OnHold | S::Pending | S::ReadyToShip, S::Cancelled)
                    | (S::Shipped, S::RtoInitiated | S::Lost | S::DoorStepExchanged)
                    | (S::RtoInitiated, S::RtoOfd)
                    | (S::RtoOfd, S::RtoDeliveryFailed)
            )
    }

    /// Whether the order was accepted at some time, so that it has a packet.
    #[must_use]
    pub fn is_past_accept(self) -> bool {
        !matches!(self, Self::OnHold | Self::Pending | Self::Cancelled)
    }
}

/// Why an order waits (the words are assumed, the causes documented).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the words are the contract's own")]
pub enum HoldReason {
    UnserviceableAddress,
    ExchangeReturnPending,
    FraudReview,
    Other,
}

impl HoldReason {
    /// How long such a hold lasts in an order that lives on its own (invented).
    pub(crate) fn seconds(self) -> i64 {
        match self {
            Self::UnserviceableAddress => 4 * 3_600,
            Self::ExchangeReturnPending => 24 * 3_600,
            Self::FraudReview => 2 * 3_600,
            Self::Other => 8 * 3_600,
        }
    }
}

/// Who ended an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the words are the contract's own")]
pub enum CancelledBy {
    Buyer,
    Seller,
    Marketplace,
}

/// How the buyer pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the words are the contract's own")]
pub enum PaymentMode {
    Cod,
    Prepaid,
}

impl PaymentMode {
    /// The banner in the label's black box.
    pub(crate) fn banner(self) -> &'static str {
        match self {
            Self::Cod => "COD: Check the payable amount on the app",
            Self::Prepaid => "Prepaid: Do not collect cash",
        }
    }
}

/// What will happen to an order by itself as time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Nothing: a test moves it.
    Stay,
    Deliver,
    Return,
    Lose,
    Exchange,
    CancelUnaccepted,
    CancelLabelled,
}

/// Packet and AWB, given when the order is accepted (that accept and not the label makes the AWB
/// is assumed).
#[derive(Debug, Clone)]
pub(crate) struct Parcel {
    pub(crate) packet_id: String,
    pub(crate) awb: String,
    pub(crate) accepted_at: Timestamp,
}

/// The tax invoice that Meesho prints; its number belongs to the order from the first label on.
#[derive(Debug, Clone)]
pub(crate) struct Invoice {
    pub(crate) number: String,
    pub(crate) date: Date,
}

#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) supplier_id: u64,
    pub(crate) order_num: String,
    pub(crate) sub_order_num: String,
    pub(crate) sub_order_id: u64,
    pub(crate) state: State,
    pub(crate) hold_reason: Option<HoldReason>,
    pub(crate) cancelled_by: Option<CancelledBy>,
    pub(crate) payment: PaymentMode,
    pub(crate) product: &'static Product,
    pub(crate) size: &'static str,
    pub(crate) quantity: u64,
    /// Paise for one piece, tax included.
    pub(crate) unit_price: u64,
    /// Paise for the line; shown on the invoice only.
    pub(crate) discount: u64,
    /// Paise.
    pub(crate) shipping: u64,
    pub(crate) buyer: Buyer,
    pub(crate) from_advertisement: bool,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) dispatch_by: Date,
    pub(crate) carrier: &'static Carrier,
    pub(crate) parcel: Option<Parcel>,
    /// Overrides the sandbox's own delay between accept and label.
    pub(crate) label_delay_seconds: Option<u32>,
    pub(crate) label_downloaded: bool,
    pub(crate) invoice: Option<Invoice>,
    pub(crate) plan: Plan,
}

impl Order {
    pub(crate) fn grouping_key(&self) -> String {
        format!("{}_FORWARD", self.sub_order_num)
    }

    pub(crate) fn sku(&self) -> String {
        if self.size == "Free Size" {
            return self.product.sku.to_owned();
        }
        format!("{}-{}", self.product.sku, self.size)
    }

    /// Paise for the line, tax included.
    pub(crate) fn sub_total(&self) -> u64 {
        self.unit_price.saturating_mul(self.quantity)
    }

    /// Paise for line and charges, tax included.
    pub(crate) fn total(&self) -> u64 {
        self.sub_total().saturating_add(self.shipping)
    }

    /// 17:30 IST on the dispatch day.
    pub(crate) fn ship_by(&self) -> Timestamp {
        clock::india(self.dispatch_by.at(17, 30, 0, 0))
    }

    /// When the label window opens; `None` before the order is accepted.
    pub(crate) fn label_opens_at(&self, usual_delay_seconds: u32) -> Option<Timestamp> {
        let delay = self.label_delay_seconds.unwrap_or(usual_delay_seconds);
        self.parcel
            .as_ref()
            .map(|parcel| clock::later(parcel.accepted_at, i64::from(delay)))
    }
}
