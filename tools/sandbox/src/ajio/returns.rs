//! What comes back: by the courier or from the consumer.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    catalogue::Variant,
    life::Event,
    order::{Order, State},
    world::World,
};
use crate::gst::Split;

const DAY: i64 = 86_400;

/// Why something comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReturnKind {
    /// The courier could not deliver it.
    Rto,
    /// The consumer sent it back.
    CustomerReturn,
}

impl ReturnKind {
    /// The contract's word (assumed there).
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Rto => "RTO",
            Self::CustomerReturn => "CUSTOMER_RETURN",
        }
    }
}

/// States of the contract's `ReturnStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the words are the contract's own")]
pub enum ReturnState {
    #[serde(rename = "RETURN_INITIATED")]
    Initiated,
    #[serde(rename = "RETURN_CREATED")]
    Created,
    #[serde(rename = "RETURN_DELIVERED")]
    Delivered,
    #[serde(rename = "RETURN_PROCESSED")]
    Processed,
    #[serde(rename = "RETURN_CANCELLED")]
    Cancelled,
}

/// One return of one order.
#[derive(Debug, Clone)]
pub(crate) struct Return {
    pub(crate) pob: String,
    pub(crate) id: String,
    pub(crate) order_id: String,
    pub(crate) kind: ReturnKind,
    pub(crate) state: ReturnState,
    pub(crate) created: Timestamp,
    pub(crate) awb: String,
    pub(crate) items: Vec<ReturnItem>,
    pub(crate) rsi: Option<Rsi>,
    pub(crate) credit_note: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct ReturnItem {
    pub(crate) id: String,
    pub(crate) line_id: String,
    pub(crate) variant: Variant,
    pub(crate) unit: Split,
    pub(crate) quantity: u64,
    /// What QC said of how many units, in the order in which it was said.
    pub(crate) checked: Vec<(QcCode, u64)>,
}

impl ReturnItem {
    /// Units that QC has not spoken of.
    pub(crate) fn unchecked(&self) -> u64 {
        let checked = self.checked.iter().map(|(_, units)| *units).sum();
        self.quantity.saturating_sub(checked)
    }
}

/// What QC says of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the words are the contract's own")]
pub enum QcCode {
    Good,
    Bad,
    Missing,
}

/// AJIO's return sales invoice.
#[derive(Debug, Clone)]
pub(crate) struct Rsi {
    pub(crate) number: String,
    pub(crate) date: Timestamp,
}

/// A return of all that was dispatched appears now, and comes nearer by itself: one day until it is
/// created, four more until it is here.
pub(crate) fn appear(world: &mut World, order: usize, kind: ReturnKind) -> Option<String> {
    let returned = world.orders.get(order)?;
    if exists(world, returned) {
        return None;
    }
    let created = Return {
        state: ReturnState::Initiated,
        ..of_order(world, order, kind)?
    };
    let id = created.id.clone();
    let index = world.returns.len();
    world.returns.push(created);
    let moves = Event::ReturnMoves {
        returned: index,
        from: ReturnState::Initiated,
        to: ReturnState::Created,
    };
    world.after_life(DAY, moves);
    Some(id)
}

pub(crate) fn exists(world: &World, order: &Order) -> bool {
    let mut returns = world.returns.iter();
    returns.any(|one| one.order_id == order.id && one.state != ReturnState::Cancelled)
}

/// A return of everything that is in the parcel.
pub(crate) fn of_order(world: &mut World, order: usize, kind: ReturnKind) -> Option<Return> {
    let id = world.next_return_id();
    let number = world.next_parcel();
    let order = world.orders.get(order)?;
    if !matches!(order.state, State::Dispatched | State::Delivered) {
        return None;
    }
    let lines = order.lines.iter().filter(|line| line.open() > 0);
    let items = lines.zip(1_u64..).map(|(line, turn)| ReturnItem {
        id: format!("{id}-{turn}"),
        line_id: line.id.clone(),
        variant: line.variant.clone(),
        unit: line.unit,
        quantity: line.open(),
        checked: Vec::new(),
    });
    Some(Return {
        pob: order.pob.clone(),
        order_id: order.id.clone(),
        kind,
        state: ReturnState::Created,
        created: world.now,
        awb: order.carrier.awb(number),
        items: items.collect(),
        rsi: None,
        credit_note: None,
        id,
    })
}

/// The return goes on, if it still stands where it stood when this was planned.
pub(crate) fn step(world: &mut World, index: usize, from: ReturnState, to: ReturnState) {
    let Some(returned) = world.returns.get_mut(index) else {
        return;
    };
    if returned.state != from {
        return;
    }
    returned.state = to;
    if to == ReturnState::Created {
        let moves = Event::ReturnMoves {
            returned: index,
            from: to,
            to: ReturnState::Delivered,
        };
        world.after_life(4 * DAY, moves);
    }
}
