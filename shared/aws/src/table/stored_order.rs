//! An order as it lies in the table: short names, because every order is paid by its size, and a
//! form of its own, so that no change of the domain's types changes what is stored by accident.

use haat_domain::{
    Action, Awb, DispatchBy, DispatchRule, HistoryEntry, Intent, Label, LabelPage, MarketplaceId,
    Order, OrderId, OrderLine, Paise, Parcel, Payment, PaymentMode, SellerId, Shipment, Stage,
    StoredPaper, Supply,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::stored_history::{StoredEntry, StoredIntent};
use super::stored_supply::{StoredFile, StoredLine, StoredParcel, StoredSupply};

#[derive(Serialize, Deserialize)]
pub(super) struct StoredOrder {
    // These three keep their names: the stream's filters in template.yaml read them.
    kind: Kind,
    stage: Stage,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<Wanted>,

    #[serde(rename = "m")]
    marketplace: MarketplaceId,
    #[serde(rename = "pu")]
    purchase: String,
    #[serde(rename = "li")]
    lines: Vec<StoredLine>,
    #[serde(rename = "w")]
    word: String,
    #[serde(rename = "why", skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(rename = "pay", skip_serializing_if = "Option::is_none")]
    payment: Option<StoredPayment>,
    #[serde(rename = "val", skip_serializing_if = "Option::is_none")]
    value: Option<Paise>,
    #[serde(rename = "at")]
    ordered_at: Timestamp,
    #[serde(rename = "by")]
    dispatch_by: Timestamp,
    #[serde(rename = "rule")]
    dispatch_rule: DispatchRule,
    #[serde(rename = "sup", skip_serializing_if = "Option::is_none")]
    supply: Option<StoredSupply>,
    #[serde(rename = "box", skip_serializing_if = "Option::is_none")]
    parcel: Option<StoredParcel>,
    #[serde(rename = "awb", skip_serializing_if = "Option::is_none")]
    shipment: Option<StoredShipment>,
    #[serde(rename = "lab", skip_serializing_if = "Option::is_none")]
    label: Option<StoredLabel>,
    #[serde(rename = "inv", skip_serializing_if = "Option::is_none")]
    buyer_invoice: Option<StoredFile>,
    #[serde(rename = "acc", skip_serializing_if = "Option::is_none")]
    accept: Option<StoredIntent>,
    #[serde(rename = "can", skip_serializing_if = "Option::is_none")]
    cancel: Option<StoredIntent>,
    #[serde(rename = "shp", skip_serializing_if = "Option::is_none")]
    ship: Option<StoredIntent>,
    #[serde(rename = "hov", skip_serializing_if = "Option::is_none")]
    hand_over: Option<StoredIntent>,
    #[serde(rename = "tst", default, skip_serializing_if = "std::ops::Not::not")]
    is_test: bool,
    #[serde(rename = "end", skip_serializing_if = "Option::is_none")]
    closed_at: Option<Timestamp>,
    #[serde(rename = "h")]
    history: Vec<StoredEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Order,
}

/// There while the hub has to work on an intent.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wanted {
    Open,
}

#[derive(Serialize, Deserialize)]
struct StoredPayment {
    #[serde(rename = "m")]
    mode: PaymentMode,
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    collect: Option<Paise>,
}

#[derive(Serialize, Deserialize)]
struct StoredShipment {
    #[serde(rename = "a")]
    awb: Awb,
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    courier: Option<String>,
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    packet: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredLabel {
    #[serde(rename = "x", default, skip_serializing_if = "std::ops::Not::not")]
    stale: bool,
    #[serde(rename = "f")]
    file: String,
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
    #[serde(rename = "h")]
    sha256: String,
    #[serde(rename = "at")]
    stored_at: Timestamp,
}

impl From<&Order> for StoredOrder {
    fn from(order: &Order) -> Self {
        let wanted = Action::ALL.into_iter().any(|action| order.wants(action));
        Self {
            kind: Kind::Order,
            stage: order.stage,
            state: wanted.then_some(Wanted::Open),
            marketplace: order.marketplace.clone(),
            purchase: order.purchase.clone(),
            lines: order.lines.iter().map(StoredLine::from).collect(),
            word: order.word.clone(),
            reason: order.reason.clone(),
            payment: order.payment.map(|payment| StoredPayment {
                mode: payment.mode,
                collect: payment.collect,
            }),
            value: order.value,
            ordered_at: order.ordered_at,
            dispatch_by: order.dispatch_by.at,
            dispatch_rule: order.dispatch_by.rule,
            supply: StoredSupply::of(&order.supply),
            parcel: order.parcel.map(StoredParcel::from),
            shipment: order.shipment.as_ref().map(|shipment| StoredShipment {
                awb: shipment.awb.clone(),
                courier: shipment.courier.clone(),
                packet: shipment.packet.clone(),
            }),
            label: match &order.label {
                Label::None => None,
                Label::Ready(page) => Some(StoredLabel::new(page, false)),
                Label::Stale(page) => Some(StoredLabel::new(page, true)),
            },
            buyer_invoice: order.buyer_invoice.as_ref().map(StoredFile::from),
            accept: order.accept.as_ref().map(StoredIntent::from),
            cancel: order.cancel.as_ref().map(StoredIntent::from),
            ship: order.ship.as_ref().map(StoredIntent::from),
            hand_over: order.hand_over.as_ref().map(StoredIntent::from),
            is_test: order.is_test,
            closed_at: order.closed_at,
            history: order.history.iter().map(StoredEntry::from).collect(),
        }
    }
}

impl StoredOrder {
    pub(super) fn into_order(self, seller: SellerId, id: OrderId, version: u64) -> Order {
        Order {
            id,
            seller,
            marketplace: self.marketplace,
            purchase: self.purchase,
            lines: self.lines.into_iter().map(OrderLine::from).collect(),
            stage: self.stage,
            word: self.word,
            reason: self.reason,
            payment: self.payment.map(|payment| Payment {
                mode: payment.mode,
                collect: payment.collect,
            }),
            value: self.value,
            ordered_at: self.ordered_at,
            dispatch_by: DispatchBy {
                at: self.dispatch_by,
                rule: self.dispatch_rule,
            },
            supply: self.supply.map(Supply::from).unwrap_or_default(),
            parcel: self.parcel.map(Parcel::from),
            shipment: self.shipment.map(|shipment| Shipment {
                awb: shipment.awb,
                courier: shipment.courier,
                packet: shipment.packet,
            }),
            label: self.label.map_or(Label::None, Label::from),
            buyer_invoice: self.buyer_invoice.map(StoredPaper::from),
            accept: self.accept.map(Intent::from),
            cancel: self.cancel.map(Intent::from),
            ship: self.ship.map(Intent::from),
            hand_over: self.hand_over.map(Intent::from),
            is_test: self.is_test,
            closed_at: self.closed_at,
            history: self.history.into_iter().map(HistoryEntry::from).collect(),
            version,
        }
    }
}

impl StoredLabel {
    fn new(page: &LabelPage, stale: bool) -> Self {
        Self {
            stale,
            file: page.file.clone(),
            page: page.page,
            sha256: page.sha256.clone(),
            stored_at: page.stored_at,
        }
    }
}

impl From<StoredLabel> for Label {
    fn from(label: StoredLabel) -> Self {
        let page = LabelPage {
            file: label.file,
            page: label.page,
            sha256: label.sha256,
            stored_at: label.stored_at,
        };
        if label.stale {
            Self::Stale(page)
        } else {
            Self::Ready(page)
        }
    }
}
