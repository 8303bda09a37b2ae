//! New orders, as many as asked for, in the state asked for.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::{
    invent,
    order::{HoldReason, Order, PaymentMode, Plan, State},
    world::World,
};
use crate::clock;

/// Orders to be made, as `POST /_sandbox/seed` reads them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Seed {
    /// Whose orders.
    pub supplier_id: u64,
    /// How many in which state.
    pub states: BTreeMap<State, u32>,
    /// Chosen by the seed when missing.
    pub payment: Option<PaymentMode>,
    /// For held orders; chosen by the seed when missing.
    pub hold_reason: Option<HoldReason>,
    /// Pieces per order; now and then two when missing.
    pub quantity: Option<u64>,
    /// Whether the orders go on by themselves (pick-up, delivery, return, cancellation).
    pub living: bool,
}

impl Seed {
    /// This many orders in one state, which stay there until they are moved.
    #[must_use]
    pub fn new(supplier_id: u64, state: State, count: u32) -> Self {
        Self {
            supplier_id,
            states: BTreeMap::from([(state, count)]),
            ..Self::default()
        }
    }

    /// A shop's morning that lives on: of twenty orders one is held, three are accepted, four on
    /// their way, one cancelled, one delivered, and the rest pending.
    #[must_use]
    pub fn mixed(supplier_id: u64, count: u32) -> Self {
        let share = |of_twenty: u32| count.saturating_mul(of_twenty).div_euclid(20);
        let mut states = BTreeMap::from([
            (State::OnHold, share(1)),
            (State::ReadyToShip, share(3)),
            (State::Shipped, share(4)),
            (State::Cancelled, share(1)),
            (State::Delivered, share(1)),
        ]);
        let others = states.values().sum();
        states.insert(State::Pending, count.saturating_sub(others));
        Self {
            supplier_id,
            states,
            living: true,
            ..Self::default()
        }
    }

    /// How the buyers pay.
    #[must_use]
    pub fn payment(self, payment: PaymentMode) -> Self {
        let payment = Some(payment);
        Self { payment, ..self }
    }

    /// Why held orders are held.
    #[must_use]
    pub fn hold_reason(self, reason: HoldReason) -> Self {
        let hold_reason = Some(reason);
        Self {
            hold_reason,
            ..self
        }
    }

    /// Pieces per order.
    #[must_use]
    pub fn quantity(self, quantity: u64) -> Self {
        let quantity = Some(quantity);
        Self { quantity, ..self }
    }

    /// Lets the orders go on by themselves.
    #[must_use]
    pub fn living(self) -> Self {
        Self {
            living: true,
            ..self
        }
    }
}

/// What the maker of an order leaves to the seed and what not.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wish {
    /// `None` draws a life for each order.
    pub(crate) plan: Option<Plan>,
    pub(crate) payment: Option<PaymentMode>,
    pub(crate) hold_reason: Option<HoldReason>,
    pub(crate) quantity: Option<u64>,
    pub(crate) label_delay_seconds: Option<u32>,
    /// How many of the couriers are used; 0 is all.
    pub(crate) carriers: usize,
}

impl Wish {
    pub(crate) fn with_plan(plan: Plan) -> Self {
        Self {
            plan: Some(plan),
            ..Self::default()
        }
    }
}

/// Orders in one state, oldest first; now and then two of them belong to one order number.
pub(crate) fn add_orders(
    world: &mut World,
    supplier_id: u64,
    state: State,
    count: u32,
    wish: &Wish,
) -> Vec<String> {
    let age = seconds_since_order(state);
    // A day's orders at most, however many are asked for.
    let step = 86_400_i64
        .checked_div(i64::from(count))
        .unwrap_or(60)
        .min(600);
    let mut numbers: Vec<String> = Vec::new();
    let mut twin: Option<Order> = None;
    for turn in (1..=i64::from(count)).rev() {
        let seconds_ago = turn.saturating_mul(step).saturating_add(age);
        let created = clock::later(world.now, seconds_ago.saturating_neg());
        let order = invent::order(world, supplier_id, state, created, wish);
        let order = match twin.take() {
            Some(first) if world.rng.u8(0..12) == 0 => second_of(&first, order),
            Some(_) | None => {
                twin = Some(order.clone());
                order
            }
        };
        numbers.push(order.sub_order_num.clone());
        let index = world.add_order(order);
        settle(world, index, state, created);
    }
    numbers
}

/// Gives the order what its state implies, as if it had come to it a while ago.
fn settle(world: &mut World, index: usize, state: State, created: Timestamp) {
    let now = world.now;
    let age = clock::seconds_between(created, now);
    world.enter(index, state);
    if let Some(order) = world.orders.get_mut(index) {
        order.updated = if matches!(state, State::OnHold | State::Pending) {
            created
        } else {
            clock::later(created, age.checked_div(2).unwrap_or(0))
        };
        order.label_downloaded = state.is_past_accept() && state != State::ReadyToShip;
        if let Some(parcel) = &mut order.parcel {
            parcel.accepted_at = order.updated;
        }
    }
}

/// How long ago an order was made that stands in this state now.
fn seconds_since_order(state: State) -> i64 {
    const HOUR: i64 = 3_600;
    match state {
        State::OnHold | State::Pending => 0,
        State::ReadyToShip | State::Cancelled => 10 * HOUR,
        State::Shipped => 48 * HOUR,
        State::Delivered | State::DoorStepExchanged => 6 * 24 * HOUR,
        State::RtoInitiated | State::RtoLocked | State::RtoOfd | State::RtoDeliveryFailed => {
            9 * 24 * HOUR
        }
        State::RtoComplete | State::Returned | State::Lost => 16 * 24 * HOUR,
    }
}

fn second_of(first: &Order, second: Order) -> Order {
    Order {
        order_num: first.order_num.clone(),
        sub_order_num: format!("{}_2", first.order_num),
        buyer: first.buyer.clone(),
        payment: first.payment,
        shipping: 0,
        created: first.created,
        dispatch_by: first.dispatch_by,
        ..second
    }
}
