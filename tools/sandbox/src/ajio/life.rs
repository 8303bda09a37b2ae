//! How orders move by themselves: due events, in their order, each at its own instant.

use jiff::Timestamp;

use super::{
    invent,
    order::{CancelledBy, Parcel, Plan, PurchaseOrder, State},
    returns::{self, ReturnKind, ReturnState},
    world::World,
};
use crate::clock;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// Between two new orders of one POB that lives on its own (invented).
const BETWEEN_ORDERS: i64 = 60 * 60;
/// A POB with this much open work gets no new orders by itself.
const MOST_OPEN: usize = 200;
/// A pending order that lives on its own is cancelled by AJIO after this (invented).
const PENDING: i64 = 3 * DAY;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// Orders by index: they never leave the world.
    Move {
        order: usize,
        from: State,
        to: State,
        by: Option<CancelledBy>,
    },
    PurchaseOrder {
        order: usize,
    },
    ReturnAppears {
        order: usize,
        kind: ReturnKind,
    },
    ReturnMoves {
        returned: usize,
        from: ReturnState,
        to: ReturnState,
    },
    OrderArrives {
        pob: String,
    },
}

impl World {
    /// Lives through everything due, so that whoever looks next sees the present.
    pub(crate) fn live_until_now(&mut self) {
        let present = self.clock.now();
        while let Some(entry) = self.events.first_entry() {
            if entry.key().0 > present {
                break;
            }
            let ((at, _), event) = entry.remove_entry();
            self.now = at;
            self.live_through(event);
        }
        self.now = present;
    }

    pub(crate) fn at(&mut self, at: Timestamp, event: Event) {
        let turn = self.next_turn();
        self.events.insert((at, turn), event);
    }

    pub(crate) fn after_life(&mut self, seconds: i64, event: Event) {
        let span = self.clock.span_of_life(seconds);
        self.at(clock::later(self.now, span), event);
    }

    fn live_through(&mut self, event: Event) {
        match event {
            Event::Move {
                order,
                from,
                to,
                by,
            } => {
                let still = self.orders.get(order).map(|order| order.state);
                if still == Some(from) {
                    self.enter(order, to, by);
                }
            }
            Event::PurchaseOrder { order } => {
                let never = self.orders.get(order).is_none_or(|order| order.po_never);
                if !never {
                    self.raise_po(order);
                }
            }
            Event::ReturnAppears { order, kind } => {
                returns::appear(self, order, kind);
            }
            Event::ReturnMoves { returned, from, to } => returns::step(self, returned, from, to),
            Event::OrderArrives { pob } => self.order_arrives(&pob),
        }
    }

    /// Puts an order into a state now, with what belongs to it, and plans what follows.
    pub(crate) fn enter(&mut self, index: usize, state: State, by: Option<CancelledBy>) {
        let Some(order) = self.orders.get_mut(index) else {
            return;
        };
        order.state = state;
        if state == State::Cancelled {
            let by = by.unwrap_or(CancelledBy::Consumer);
            order.cancelled_by = Some(by);
            order.cancel_rest(by);
        }
        match (order.plan, state) {
            (Plan::Stay, State::Pendency) => {}
            (Plan::CancelPending, State::Pendency) => {
                let consumer = Some(CancelledBy::Consumer);
                self.after_life(10 * 60, cancels(index, state, consumer));
            }
            (_, State::Pendency) => {
                let marketplace = Some(CancelledBy::Marketplace);
                self.after_life(PENDING, cancels(index, state, marketplace));
            }
            (_, State::Confirmed) => self.plan_po(index),
            (Plan::Deliver | Plan::CustomerReturn, State::Dispatched) => {
                let delivered = Event::Move {
                    order: index,
                    from: state,
                    to: State::Delivered,
                    by: None,
                };
                self.after_life(3 * DAY, delivered);
            }
            (Plan::Rto, State::Dispatched) => {
                let kind = ReturnKind::Rto;
                self.after_life(5 * DAY, Event::ReturnAppears { order: index, kind });
            }
            (Plan::CustomerReturn, State::Delivered) => {
                let kind = ReturnKind::CustomerReturn;
                self.after_life(5 * DAY, Event::ReturnAppears { order: index, kind });
            }
            (
                Plan::Stay
                | Plan::Deliver
                | Plan::Rto
                | Plan::CustomerReturn
                | Plan::CancelPending
                | Plan::CancelLabelled,
                _,
            ) => {}
        }
    }

    /// The purchase order comes after its delay, if it ever comes.
    fn plan_po(&mut self, index: usize) {
        let raised = self
            .orders
            .get(index)
            .is_none_or(|order| order.po.is_some());
        if let (Some(seconds), false) = (self.timings.po_delay_seconds, raised) {
            self.after_life(i64::from(seconds), Event::PurchaseOrder { order: index });
        }
    }

    /// AJIO orders from the seller what the consumer ordered from AJIO.
    pub(crate) fn raise_po(&mut self, index: usize) {
        let number = self.next_po_number();
        let now = self.now;
        let Some(order) = self.orders.get_mut(index) else {
            return;
        };
        if order.state != State::Confirmed || order.po.is_some() {
            return;
        }
        let (amount, tax) = order.worth();
        order.po = Some(PurchaseOrder {
            number,
            date: now,
            amount,
            tax,
        });
    }

    /// Gives the order courier, AWB and both invoices. Whether it may be packed is asked before.
    pub(crate) fn pack(&mut self, index: usize, wish: Packing) {
        let number = self.next_parcel();
        let b2c_number = self.next_b2c_number();
        let now = self.now;
        let Some(order) = self.orders.get_mut(index) else {
            return;
        };
        order.parcel = Some(Parcel {
            awb: order.carrier.awb(number),
            weight_grams: wish.weight_grams,
            packed_at: now,
            b2b_number: wish.invoice_number.clone(),
            b2b_date: wish.invoice_date,
            b2c_number,
        });
        let (pob, id) = (order.pob.clone(), order.id.clone());
        if let Ok(pob) = self.pob_mut(&pob) {
            pob.invoice_numbers.insert(wish.invoice_number, id);
        }
        self.enter(index, State::Packed, None);
    }

    /// A label left the house.
    pub(crate) fn after_label(&mut self, index: usize) {
        let Some(order) = self.orders.get(index) else {
            return;
        };
        if order.plan == Plan::CancelLabelled && order.state < State::Dispatched {
            for from in [State::Packed, State::ReadyToDispatch] {
                let event = cancels(index, from, Some(CancelledBy::Marketplace));
                self.after_life(HOUR, event);
            }
        }
    }

    /// Starts the stream of new orders of a POB, where orders live on their own.
    pub(crate) fn plan_arrivals(&mut self, pob: &str) {
        if self.clock.lives() {
            let seconds = self.rng.i64(BETWEEN_ORDERS / 2..BETWEEN_ORDERS * 3 / 2);
            let pob = pob.to_owned();
            self.after_life(seconds, Event::OrderArrives { pob });
        }
    }

    fn order_arrives(&mut self, pob: &str) {
        let open = self
            .orders
            .iter()
            .filter(|order| order.pob == pob && order.state < State::Dispatched);
        if open.count() < MOST_OPEN {
            let plan = random_plan(self.rng.u8(0..100));
            invent::add_orders(
                self,
                pob,
                State::Pendency,
                1,
                &invent::Wish::with_plan(plan),
            );
        }
        self.plan_arrivals(pob);
    }
}

/// What a packed order is made of.
#[derive(Debug, Clone)]
pub(crate) struct Packing {
    pub(crate) invoice_number: String,
    pub(crate) invoice_date: u64,
    pub(crate) weight_grams: u64,
}

fn cancels(order: usize, from: State, by: Option<CancelledBy>) -> Event {
    Event::Move {
        order,
        from,
        to: State::Cancelled,
        by,
    }
}

/// Of a hundred lives: most end well, some come back, a few end early.
pub(crate) fn random_plan(of_hundred: u8) -> Plan {
    match of_hundred {
        0..75 => Plan::Deliver,
        75..87 => Plan::Rto,
        87..94 => Plan::CustomerReturn,
        94..98 => Plan::CancelPending,
        _ => Plan::CancelLabelled,
    }
}
