//! How orders move by themselves: due events, in their order, each at its own instant.

use jiff::Timestamp;

use super::{
    accept, labels,
    order::{CancelledBy, Parcel, Plan, State},
    seed,
    world::World,
};
use crate::clock;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// Between two new orders of one supplier that lives on its own (invented).
const BETWEEN_ORDERS: i64 = 45 * 60;
/// A supplier with this much open work gets no new orders by itself.
const MOST_OPEN: usize = 400;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// Orders by index: they never leave the world.
    Move {
        order: usize,
        from: State,
        to: State,
    },
    AcceptJobEnds {
        job: usize,
    },
    LabelJobEnds {
        job: usize,
    },
    OrderArrives {
        supplier_id: u64,
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

    fn after_life(&mut self, seconds: i64, event: Event) {
        let span = self.clock.span_of_life(seconds);
        self.at(clock::later(self.now, span), event);
    }

    fn live_through(&mut self, event: Event) {
        match event {
            Event::Move { order, from, to } => {
                let still = self.orders.get(order).map(|order| order.state);
                if still == Some(from) {
                    self.enter(order, to);
                }
            }
            Event::AcceptJobEnds { job } => accept::end_job(self, job),
            Event::LabelJobEnds { job } => labels::end_job(self, job),
            Event::OrderArrives { supplier_id } => self.order_arrives(supplier_id),
        }
    }

    /// Puts an order into a state now, with what belongs to it, and plans what follows.
    pub(crate) fn enter(&mut self, index: usize, state: State) {
        let now = self.now;
        let parcel = self.parcel_for(index, state);
        let Some(order) = self.orders.get_mut(index) else {
            return;
        };
        let before = order.state;
        order.state = state;
        order.updated = now;
        if order.parcel.is_none() {
            order.parcel = parcel;
        }
        if state == State::Cancelled && order.cancelled_by.is_none() {
            order.cancelled_by = Some(CancelledBy::Buyer);
        }
        let plan = order.plan;
        let hold = order.hold_reason.map_or(HOUR, |reason| reason.seconds());
        if before == State::OnHold && state != State::OnHold {
            order.hold_reason = None;
        }
        if let Some((seconds, to)) = next_step(plan, state, hold) {
            self.after_life(
                seconds,
                Event::Move {
                    order: index,
                    from: state,
                    to,
                },
            );
        }
        self.plan_automatic_cancel(index);
    }

    /// Packet and AWB of an order that is past its accept and has none.
    fn parcel_for(&mut self, index: usize, state: State) -> Option<Parcel> {
        let order = self.orders.get(index)?;
        if order.parcel.is_some() || !state.is_past_accept() {
            return None;
        }
        let carrier = order.carrier;
        let number = self.next_parcel();
        Some(Parcel {
            packet_id: format!("TNL11{number:010}"),
            awb: carrier.awb(number),
            accepted_at: self.now,
        })
    }

    /// The marketplace cancels one day after the ship-by date, where orders live on their own.
    fn plan_automatic_cancel(&mut self, index: usize) {
        let Some(order) = self.orders.get(index) else {
            return;
        };
        if order.state == State::Pending && self.clock.lives() {
            let event = Event::Move {
                order: index,
                from: State::Pending,
                to: State::Cancelled,
            };
            self.at(clock::later(order.ship_by(), DAY), event);
        }
    }

    /// A label exists: from now on the courier may come, or the buyer may change his mind.
    pub(crate) fn after_label(&mut self, index: usize) {
        let plan = self
            .orders
            .get(index)
            .map_or(Plan::Stay, |order| order.plan);
        match plan {
            Plan::Deliver | Plan::Return | Plan::Lose | Plan::Exchange => {
                self.after_life(6 * HOUR, leaves_ready_to_ship(index, State::Shipped));
            }
            Plan::Stay | Plan::CancelUnaccepted | Plan::CancelLabelled => {}
        }
    }

    /// The label file left the house.
    pub(crate) fn after_label_fetched(&mut self, sub_order_num: &str) {
        let Some(index) = self.order_by_number.get(sub_order_num).copied() else {
            return;
        };
        if self.orders.get(index).map(|order| order.plan) == Some(Plan::CancelLabelled) {
            self.after_life(HOUR, leaves_ready_to_ship(index, State::Cancelled));
        }
    }

    /// Starts the stream of new orders of a supplier, where orders live on their own.
    pub(crate) fn plan_arrivals(&mut self, supplier_id: u64) {
        if self.clock.lives() {
            let seconds = self.rng.i64(BETWEEN_ORDERS / 2..BETWEEN_ORDERS * 3 / 2);
            self.after_life(seconds, Event::OrderArrives { supplier_id });
        }
    }

    fn order_arrives(&mut self, supplier_id: u64) {
        let open = self.orders.iter().filter(|order| {
            order.supplier_id == supplier_id
                && matches!(
                    order.state,
                    State::OnHold | State::Pending | State::ReadyToShip
                )
        });
        if open.count() < MOST_OPEN {
            let held = self.rng.u8(0..12) == 0;
            let state = if held { State::OnHold } else { State::Pending };
            let plan = random_plan(self.rng.u8(0..100));
            seed::add_orders(self, supplier_id, state, 1, &seed::Wish::with_plan(plan));
        }
        self.plan_arrivals(supplier_id);
    }
}

fn leaves_ready_to_ship(order: usize, to: State) -> Event {
    Event::Move {
        order,
        from: State::ReadyToShip,
        to,
    }
}

/// Of a hundred lives: most end well, some come back, a few end early.
pub(crate) fn random_plan(of_hundred: u8) -> Plan {
    match of_hundred {
        0..80 => Plan::Deliver,
        80..92 => Plan::Return,
        92..96 => Plan::CancelUnaccepted,
        96..98 => Plan::CancelLabelled,
        98 => Plan::Lose,
        _ => Plan::Exchange,
    }
}

/// What a plan makes of a state just entered, after how many seconds of life.
fn next_step(plan: Plan, state: State, hold_seconds: i64) -> Option<(i64, State)> {
    match (plan, state) {
        (Plan::Stay, _) => None,
        (_, State::OnHold) => Some((hold_seconds, State::Pending)),
        (Plan::CancelUnaccepted, State::Pending) => Some((10 * 60, State::Cancelled)),
        (Plan::Deliver, State::Shipped) => Some((3 * DAY, State::Delivered)),
        (Plan::Lose, State::Shipped) => Some((15 * DAY, State::Lost)),
        (Plan::Exchange, State::Shipped) => Some((4 * DAY, State::DoorStepExchanged)),
        (Plan::Return, State::Shipped) => Some((5 * DAY, State::RtoInitiated)),
        (Plan::Return, State::RtoInitiated) => Some((DAY, State::RtoLocked)),
        (Plan::Return, State::RtoLocked) => Some((4 * DAY, State::RtoOfd)),
        (Plan::Return, State::RtoOfd) => Some((DAY, State::RtoComplete)),
        (
            Plan::Deliver
            | Plan::Return
            | Plan::Lose
            | Plan::Exchange
            | Plan::CancelUnaccepted
            | Plan::CancelLabelled,
            _,
        ) => None,
    }
}
