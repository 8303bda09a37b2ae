//! What orders a test or an operator asks for.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::order::{PaymentMethod, State};

/// Orders to be made, as `POST /_sandbox/seed` reads them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Seed {
    /// Whose orders.
    pub pob: String,
    /// How many in which state.
    pub states: BTreeMap<State, u32>,
    /// Chosen by the seed when missing.
    pub payment: Option<PaymentMethod>,
    /// Lines per order; 1 when missing.
    pub lines: Option<u64>,
    /// Units per line; now and then two when missing.
    pub quantity: Option<u64>,
    /// Whether confirmed orders wait for their purchase order; they have it otherwise.
    pub without_po: bool,
    /// Whether the orders go on by themselves (delivery, return, cancellation).
    pub living: bool,
}

impl Seed {
    /// This many orders in one state, which stay there until they are moved.
    #[must_use]
    pub fn new(pob: &str, state: State, count: u32) -> Self {
        Self {
            pob: pob.to_owned(),
            states: BTreeMap::from([(state, count)]),
            ..Self::default()
        }
    }

    /// A shop's morning that lives on: of twenty orders two are confirmed, one packed, three on their
    /// way, one delivered, one cancelled, and the rest pending.
    #[must_use]
    pub fn mixed(pob: &str, count: u32) -> Self {
        let share = |of_twenty: u32| count.saturating_mul(of_twenty).div_euclid(20);
        let mut states = BTreeMap::from([
            (State::Confirmed, share(2)),
            (State::Packed, share(1)),
            (State::Dispatched, share(3)),
            (State::Delivered, share(1)),
            (State::Cancelled, share(1)),
        ]);
        let others = states.values().sum();
        states.insert(State::Pendency, count.saturating_sub(others));
        Self {
            pob: pob.to_owned(),
            states,
            living: true,
            ..Self::default()
        }
    }

    /// How the consumers pay.
    #[must_use]
    pub fn payment(self, payment: PaymentMethod) -> Self {
        let payment = Some(payment);
        Self { payment, ..self }
    }

    /// Lines per order, each of another variant.
    #[must_use]
    pub fn lines(self, lines: u64) -> Self {
        let lines = Some(lines);
        Self { lines, ..self }
    }

    /// Units per line.
    #[must_use]
    pub fn quantity(self, quantity: u64) -> Self {
        let quantity = Some(quantity);
        Self { quantity, ..self }
    }

    /// Confirmed orders wait for their purchase order.
    #[must_use]
    pub fn without_po(self) -> Self {
        Self {
            without_po: true,
            ..self
        }
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
