//! One order, which is also one shipment here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    catalogue::Variant,
    wire::{AckLine, AckRequest, AckStatus, CancelRequest},
};
use crate::{
    clock, gst,
    gst::Split,
    names::{Buyer, Carrier},
};

/// States of the contract's `x-order-lifecycle`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the words are the contract's own")]
pub enum State {
    Pendency,
    Confirmed,
    Packed,
    ReadyToDispatch,
    Dispatched,
    Delivered,
    Cancelled,
}

impl State {
    /// What comes next when nothing goes wrong; `None` at the end of a life.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        match self {
            Self::Pendency => Some(Self::Confirmed),
            Self::Confirmed => Some(Self::Packed),
            Self::Packed => Some(Self::ReadyToDispatch),
            Self::ReadyToDispatch => Some(Self::Dispatched),
            Self::Dispatched => Some(Self::Delivered),
            Self::Delivered | Self::Cancelled => None,
        }
    }

    /// Whether the order may go there. That AJIO cancels after packing is ours.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        self.next() == Some(to) || (to == Self::Cancelled && self < Self::Dispatched)
    }

    /// Whether the order has invoice, courier and AWB.
    #[must_use]
    pub fn is_packed(self) -> bool {
        matches!(
            self,
            Self::Packed | Self::ReadyToDispatch | Self::Dispatched | Self::Delivered
        )
    }

    /// The contract's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pendency => "PENDENCY",
            Self::Confirmed => "CONFIRMED",
            Self::Packed => "PACKED",
            Self::ReadyToDispatch => "READY_TO_DISPATCH",
            Self::Dispatched => "DISPATCHED",
            Self::Delivered => "DELIVERED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// Who ended an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CancelledBy {
    /// The consumer.
    Consumer,
    /// The seller, by refusing or cancelling.
    Seller,
    /// AJIO.
    Marketplace,
}

/// How the consumer pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the words are the contract's own")]
pub enum PaymentMethod {
    Cod,
    Prepaid,
}

/// What will happen to an order by itself as time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Nothing: a test moves it.
    Stay,
    Deliver,
    /// The courier brings it back.
    Rto,
    /// Delivered, then sent back by the consumer.
    CustomerReturn,
    /// The consumer cancels before it is acknowledged.
    CancelPending,
    /// AJIO cancels an hour after its label was fetched.
    CancelLabelled,
}

/// One line: so many units of one variant.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) variant: Variant,
    pub(crate) ordered: u64,
    pub(crate) customer_cancelled: u64,
    pub(crate) seller_cancelled: u64,
    pub(crate) short_picked: u64,
    /// What one unit is worth between seller and AJIO; paise.
    pub(crate) unit: Split,
}

impl Line {
    /// Units that are still wanted.
    pub(crate) fn open(&self) -> u64 {
        self.ordered
            .saturating_sub(self.customer_cancelled)
            .saturating_sub(self.seller_cancelled)
            .saturating_sub(self.short_picked)
    }
}

/// AJIO's purchase order.
#[derive(Debug, Clone)]
pub(crate) struct PurchaseOrder {
    pub(crate) number: String,
    pub(crate) date: Timestamp,
    /// Paise, tax included.
    pub(crate) amount: u64,
    /// Paise.
    pub(crate) tax: u64,
}

/// What packing made.
#[derive(Debug, Clone)]
pub(crate) struct Parcel {
    pub(crate) awb: String,
    pub(crate) weight_grams: u64,
    pub(crate) packed_at: Timestamp,
    /// The seller's invoice to AJIO.
    pub(crate) b2b_number: String,
    pub(crate) b2b_date: u64,
    /// AJIO's invoice to the consumer.
    pub(crate) b2c_number: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) pob: String,
    pub(crate) id: String,
    pub(crate) state: State,
    pub(crate) cancelled_by: Option<CancelledBy>,
    pub(crate) payment: PaymentMethod,
    pub(crate) lines: Vec<Line>,
    pub(crate) buyer: Buyer,
    pub(crate) created: Timestamp,
    pub(crate) carrier: &'static Carrier,
    pub(crate) acknowledged: Option<AckRequest>,
    /// Cancellations of the seller and how they were answered.
    pub(crate) cancels: Vec<(CancelRequest, Value)>,
    /// Whether AJIO will never raise a purchase order for it.
    pub(crate) po_never: bool,
    pub(crate) po: Option<PurchaseOrder>,
    pub(crate) parcel: Option<Parcel>,
    pub(crate) e_invoice: bool,
    pub(crate) manifest: Option<String>,
    pub(crate) plan: Plan,
}

impl Order {
    /// Paise that the consumer pays for what is still wanted, tax included.
    pub(crate) fn total(&self) -> u64 {
        let price = |line: &Line| line.variant.price.saturating_mul(line.open());
        self.lines.iter().map(price).sum()
    }

    /// Paise that AJIO pays for what is still wanted: amount and the tax in it.
    pub(crate) fn worth(&self) -> (u64, u64) {
        self.lines.iter().fold((0, 0), |(amount, tax), line| {
            let unit_tax = line.unit.tax.total();
            let unit = line.unit.taxable.saturating_add(unit_tax);
            (
                amount.saturating_add(unit.saturating_mul(line.open())),
                tax.saturating_add(unit_tax.saturating_mul(line.open())),
            )
        })
    }

    /// One day after it was ordered (assumed).
    pub(crate) fn dispatch_by(&self) -> Timestamp {
        clock::later(self.created, 86_400)
    }

    /// An acknowledgement of all of it.
    pub(crate) fn whole(&self) -> AckRequest {
        let lines = self.lines.iter().map(|line| AckLine {
            order_item_id: line.id.clone(),
            confirmed_quantity: line.ordered,
            cancelled_quantity: 0,
        });
        AckRequest {
            order_id: self.id.clone(),
            status: AckStatus::Acknowledge,
            order_lines: lines.collect(),
        }
    }

    pub(crate) fn line_mut(&mut self, id: &str) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.id == id)
    }

    /// Cancels what is left, in the name of whoever ended the order.
    pub(crate) fn cancel_rest(&mut self, by: CancelledBy) {
        for line in &mut self.lines {
            let open = line.open();
            match by {
                CancelledBy::Consumer => {
                    line.customer_cancelled = line.customer_cancelled.saturating_add(open);
                }
                CancelledBy::Seller => {
                    line.seller_cancelled = line.seller_cancelled.saturating_add(open);
                }
                // The contract has no field for it: the status alone tells.
                CancelledBy::Marketplace => {}
            }
        }
    }
}

/// What AJIO pays for one unit, split into base and tax.
pub(crate) fn unit_worth(variant: &Variant, same_state: bool) -> Split {
    gst::split(variant.payable, variant.gst_percent, same_state)
}
