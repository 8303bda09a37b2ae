//! An order in the API's words.

use haat_domain::{
    DispatchBy, DispatchRule, Intent, IntentState, LabelState, Order, OrderLine, Paise, Payment,
    PaymentMode, Shipment, Supply,
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::history::Who;
use crate::parcels::ParcelAnswer;
use crate::words;

/// An order: the marketplace's unit of life (for Meesho, one sub-order).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Order)]
pub(crate) struct OrderAnswer {
    /// Account id, a dot, the marketplace's number.
    #[schema(example = "a_5d41402abc4b2a76.299000000000000001_1")]
    id: String,
    /// The account it came through.
    #[schema(example = "a_5d41402abc4b2a76")]
    account: String,
    /// The marketplace's id.
    #[schema(example = "meesho")]
    marketplace: String,
    /// The marketplace's own number of it.
    #[schema(example = "299000000000000001_1")]
    number: String,
    /// The number buyers see; several orders of one purchase share it.
    #[schema(example = "299000000000000001")]
    purchase: String,
    #[schema(schema_with = words::stage)]
    stage: &'static str,
    /// The marketplace's own last word on it.
    marketplace_word: String,
    /// Why it is held or who cancelled it, as the marketplace says.
    reason: Option<String>,
    /// What to pack.
    lines: Vec<LineAnswer>,
    /// How it is paid; null while the marketplace has not said.
    payment: Option<PaymentAnswer>,
    /// What the buyer pays in all; null while the marketplace has not said.
    value: Option<Money>,
    /// When the buyer ordered; when Haat first saw it, if the marketplace does not say.
    ordered_at: Timestamp,
    /// When it must be handed over.
    dispatch_by: DispatchAnswer,
    /// When it was shipped or cancelled; null while it is open.
    closed_at: Option<Timestamp>,
    /// What stands between seller and marketplace, where the marketplace buys before it sells.
    supply: SupplyAnswer,
    /// Weight and size of its parcel, where they differ from what its products say.
    parcel: Option<ParcelAnswer>,
    /// Whether the marketplace's invoice to the buyer is stored.
    has_invoice: bool,
    /// Whether the account is tested with it.
    is_test: bool,
    /// The parcel, once the marketplace has made it.
    shipment: Option<ShipmentAnswer>,
    /// How far its label is.
    label: LabelAnswer,
    /// What was asked for and is not done yet.
    intents: Intents,
}

/// An amount of money.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Money {
    /// In paise, to count with.
    #[schema(example = 34900)]
    paise: i64,
    /// In rupees, to show.
    #[schema(example = "₹349.00")]
    text: String,
}

/// One product of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderLine)]
pub(crate) struct LineAnswer {
    /// The seller's key of the product.
    #[schema(example = "KURTI-BLUE-M")]
    sku: String,
    /// Its name, as the marketplace shows it.
    title: String,
    /// Size or other variation.
    #[schema(example = "M")]
    variation: Option<String>,
    /// Pieces that were ordered.
    #[schema(example = 1)]
    quantity: u32,
    /// Pieces of them that were cancelled since.
    #[schema(example = 0)]
    cancelled: u32,
    /// The marketplace's own key of the line, where it has one: what part of an order is accepted
    /// by.
    item: Option<String>,
    /// Price of one piece, tax included; null where the marketplace does not say.
    price: Option<Money>,
}

/// How an order is paid.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Payment)]
pub(crate) struct PaymentAnswer {
    #[schema(schema_with = words::payment_mode)]
    mode: PaymentMode,
    /// What the courier collects, for cash on delivery, where the marketplace says.
    collect: Option<Money>,
}

/// What stands between seller and marketplace for one order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Supply)]
pub(crate) struct SupplyAnswer {
    /// The marketplace's purchase order, once it has raised one; nothing is packed before.
    purchase_order: Option<PurchaseOrderAnswer>,
    /// The number of the seller's invoice to the marketplace.
    #[schema(example = "HUB26-27/00123")]
    invoice_number: Option<String>,
    /// Its date.
    invoiced_at: Option<Timestamp>,
}

/// A purchase order of the marketplace.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PurchaseOrder)]
pub(crate) struct PurchaseOrderAnswer {
    /// Its number.
    #[schema(example = "4500000001")]
    number: String,
    /// What the marketplace pays, as it says.
    amount: Option<Money>,
    /// The tax in it.
    tax: Option<Money>,
}

impl From<&Supply> for SupplyAnswer {
    fn from(supply: &Supply) -> Self {
        let order = supply.purchase_order.as_ref();
        let invoice = supply.invoice.as_ref();
        Self {
            purchase_order: order.map(|order| PurchaseOrderAnswer {
                number: order.number.clone(),
                amount: order.amount.map(Money::from),
                tax: order.tax.map(Money::from),
            }),
            invoice_number: invoice.map(|invoice| invoice.number.to_string()),
            invoiced_at: invoice.map(|invoice| invoice.at),
        }
    }
}

/// A dispatch deadline.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DispatchBy)]
pub(crate) struct DispatchAnswer {
    /// The deadline.
    at: Timestamp,
    #[schema(schema_with = words::dispatch_rule)]
    rule: DispatchRule,
}

/// A parcel.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Shipment)]
pub(crate) struct ShipmentAnswer {
    /// The courier's number of it.
    #[schema(example = "VL0081234567890")]
    awb: String,
    /// The courier, as the marketplace names it.
    courier: Option<String>,
    /// The marketplace's key of the parcel; several orders may share one.
    packet: Option<String>,
}

/// How far a label is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Label)]
pub(crate) struct LabelAnswer {
    #[schema(schema_with = words::label_state)]
    state: &'static str,
    /// Since when it waits or has failed.
    since: Option<Timestamp>,
    /// What it waits for, or why it failed.
    reason: Option<String>,
}

/// What was asked for and is not done yet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Intents {
    accept: Option<IntentAnswer>,
    cancel: Option<IntentAnswer>,
    ship: Option<IntentAnswer>,
    hand_over: Option<IntentAnswer>,
}

/// One thing that was asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Intent)]
pub(crate) struct IntentAnswer {
    #[schema(schema_with = words::intent_state)]
    state: &'static str,
    /// Who asked.
    asked_by: Who,
    /// When.
    asked_at: Timestamp,
    /// What it waits for, or why it failed.
    reason: Option<String>,
}

impl From<&Order> for OrderAnswer {
    fn from(order: &Order) -> Self {
        Self {
            id: order.id.to_string(),
            account: order.id.account.to_string(),
            marketplace: order.marketplace.to_string(),
            number: order.id.number.to_string(),
            purchase: order.purchase.clone(),
            stage: order.stage.word(),
            marketplace_word: order.word.clone(),
            reason: order.reason.clone(),
            lines: order.lines.iter().map(LineAnswer::from).collect(),
            payment: order.payment.map(PaymentAnswer::from),
            value: order.value.map(Money::from),
            ordered_at: order.ordered_at,
            dispatch_by: order.dispatch_by.into(),
            closed_at: order.closed_at,
            supply: (&order.supply).into(),
            parcel: order.parcel.map(ParcelAnswer::from),
            has_invoice: order.buyer_invoice.is_some(),
            is_test: order.is_test,
            shipment: order.shipment.as_ref().map(ShipmentAnswer::from),
            label: order.label_state().into(),
            intents: Intents {
                accept: order.accept.as_ref().map(IntentAnswer::from),
                cancel: order.cancel.as_ref().map(IntentAnswer::from),
                ship: order.ship.as_ref().map(IntentAnswer::from),
                hand_over: order.hand_over.as_ref().map(IntentAnswer::from),
            },
        }
    }
}

impl From<Paise> for Money {
    fn from(amount: Paise) -> Self {
        Self {
            paise: amount.get(),
            text: amount.to_string(),
        }
    }
}

impl From<&OrderLine> for LineAnswer {
    fn from(line: &OrderLine) -> Self {
        Self {
            sku: line.sku.to_string(),
            title: line.title.clone(),
            variation: line.variation.clone(),
            quantity: line.quantity,
            cancelled: line.cancelled,
            item: line.item.clone(),
            price: line.price.map(Money::from),
        }
    }
}

impl From<Payment> for PaymentAnswer {
    fn from(payment: Payment) -> Self {
        Self {
            mode: payment.mode,
            collect: payment.collect.map(Money::from),
        }
    }
}

impl From<DispatchBy> for DispatchAnswer {
    fn from(deadline: DispatchBy) -> Self {
        let DispatchBy { at, rule } = deadline;
        Self { at, rule }
    }
}

impl From<&Shipment> for ShipmentAnswer {
    fn from(shipment: &Shipment) -> Self {
        Self {
            awb: shipment.awb.to_string(),
            courier: shipment.courier.clone(),
            packet: shipment.packet.clone(),
        }
    }
}

impl From<LabelState> for LabelAnswer {
    fn from(label: LabelState) -> Self {
        let (state, since, reason) = match label {
            LabelState::NotAsked => ("not_asked", None, None),
            LabelState::Waiting { since, reason } => ("waiting", Some(since), Some(reason)),
            LabelState::Failed { since, reason } => ("failed", Some(since), Some(reason)),
            LabelState::Ready => ("ready", None, None),
            LabelState::Stale => ("stale", None, None),
        };
        Self {
            state,
            since,
            reason,
        }
    }
}

impl From<&Intent> for IntentAnswer {
    fn from(intent: &Intent) -> Self {
        Self {
            state: match intent.state {
                IntentState::Open => "open",
                IntentState::Failed => "failed",
            },
            asked_by: (&intent.asked_by).into(),
            asked_at: intent.asked_at,
            reason: intent.reason.clone(),
        }
    }
}
