//! What a test or an operator does to the sandbox from outside the contract.

use jiff::{SignedDuration, Timestamp};

use crate::{
    accounts,
    counters::{Counters, LogEntry},
    fault::{Fault, FaultKind},
    host::Shared,
    labels,
    options::{NewAccount, Throttle},
    order::{CancelledBy, State},
    order_view::{OrderView, view},
    scenario::{self, ScenarioRequest},
    seed::{self, Seed, Wish},
    session,
    storm::{Raging, Storm},
};

/// The control of a sandbox: every action of the control API as a method.
#[derive(Debug, Clone)]
pub struct Control {
    pub(crate) shared: Shared,
}

/// Why a control action was refused; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// No account owns this supplier.
    #[error("no supplier {0} in this sandbox")]
    UnknownSupplier(u64),
    /// No order has this number.
    #[error("no sub-order {0} in this sandbox")]
    UnknownOrder(String),
    /// The life cycle has no such step.
    #[error("sub-order {0} cannot go from {1:?} to {2:?}")]
    NoSuchStep(String, State, State),
    /// The life of the order is over.
    #[error("sub-order {0} has reached the end of its life, {1:?}")]
    EndOfLife(String, State),
    /// A log-in must own a supplier.
    #[error("an account needs at least one supplier")]
    NoSupplier,
    /// The e-mail is known with another password.
    #[error("account {0} exists with another password")]
    AccountTaken(String),
    /// A supplier belongs to one log-in.
    #[error("supplier {0} or its identifier is taken")]
    SupplierTaken(u64),
    /// Not five characters of `a-z0-9`, or the id is 0.
    #[error("identifier `{0}` is not five characters a-z0-9, or its supplier id is 0")]
    Identifier(String),
    /// The fault names no operation, no time or no status.
    #[error("fault on `{0}`: operationId, times or status is impossible")]
    Fault(String),
    /// The stopped clock only goes forward.
    #[error("the clock goes forward only, not by {0} seconds")]
    Backwards(i64),
}

impl Control {
    /// Adds a log-in, or more suppliers to one that exists with this password.
    ///
    /// # Errors
    /// The supplier or the e-mail is taken, or the identifier is misshapen.
    pub fn add_account(&self, account: &NewAccount) -> Result<(), ControlError> {
        accounts::add(&mut self.shared.world(), account)
    }

    /// Changes the password of the supplier's log-in and kills its sessions (463).
    ///
    /// # Errors
    /// The supplier is unknown.
    pub fn change_password(&self, supplier_id: u64, password: &str) -> Result<(), ControlError> {
        session::change_password(&mut self.shared.world(), supplier_id, Some(password))
    }

    /// Lets the next log-in be answered by a challenge that this code solves.
    ///
    /// # Errors
    /// The supplier is unknown.
    pub fn demand_otp(&self, supplier_id: u64, code: &str) -> Result<(), ControlError> {
        session::demand_otp(&mut self.shared.world(), supplier_id, code)
    }

    /// Ends the sessions of the supplier's log-in: 463 on their next call.
    ///
    /// # Errors
    /// The supplier is unknown.
    pub fn expire_sessions(&self, supplier_id: u64) -> Result<(), ControlError> {
        session::expire(&mut self.shared.world(), supplier_id)
    }

    /// Makes orders and gives their sub-order numbers, oldest first in each state.
    ///
    /// # Errors
    /// The supplier is unknown.
    pub fn seed(&self, seed: &Seed) -> Result<Vec<String>, ControlError> {
        let mut world = self.shared.world();
        if world.supplier(seed.supplier_id).is_none() {
            return Err(ControlError::UnknownSupplier(seed.supplier_id));
        }
        let wish = Wish {
            plan: (!seed.living).then_some(crate::order::Plan::Stay),
            payment: seed.payment,
            hold_reason: seed.hold_reason,
            quantity: seed.quantity,
            ..Wish::default()
        };
        let numbers = seed.states.iter().flat_map(|(state, count)| {
            seed::add_orders(&mut world, seed.supplier_id, *state, *count, &wish)
        });
        Ok(numbers.collect())
    }

    /// Loads a named scenario and gives its sub-order numbers.
    ///
    /// # Errors
    /// The supplier is unknown or, for `multi-supplier`, its neighbour's id is taken.
    pub fn scenario(&self, request: &ScenarioRequest) -> Result<Vec<String>, ControlError> {
        scenario::load(&mut self.shared.world(), request)
    }

    /// Adds a fault behind those that wait already.
    ///
    /// # Errors
    /// The operation is unknown, or times or status cannot be.
    pub fn fault(&self, fault: Fault) -> Result<(), ControlError> {
        if !fault.is_possible() {
            return Err(ControlError::Fault(fault.operation_id));
        }
        self.shared.world().faults.push(fault);
        Ok(())
    }

    /// Forgets all faults that were not played yet, and ends the storm.
    pub fn clear_faults(&self) {
        let mut world = self.shared.world();
        world.faults.clear();
        world.storm = None;
    }

    /// Forgets the faults of one kind that were not played yet.
    pub fn clear_faults_of(&self, kind: FaultKind) {
        let mut world = self.shared.world();
        world.faults.retain(|fault| fault.kind != kind);
    }

    /// Starts a storm in place of the one that rages, or ends it.
    ///
    /// # Errors
    /// One of its faults cannot be.
    pub fn set_storm(&self, storm: Option<Storm>) -> Result<(), ControlError> {
        let mut chances = storm.iter().flat_map(|storm| &storm.faults);
        if let Some(chance) = chances.find(|chance| !chance.fault.is_possible()) {
            return Err(ControlError::Fault(chance.fault.operation_id.clone()));
        }
        self.shared.world().storm = storm.map(Raging::new);
        Ok(())
    }

    /// Ends when a call hangs, as by [`FaultKind::Hang`]: its caller may
    /// be taken for dead then.
    pub async fn hung(&self) {
        self.shared.hung().await;
    }

    /// Advances the clock; what becomes due happens in its order.
    ///
    /// # Errors
    /// The clock does not go backwards.
    pub fn advance_seconds(&self, seconds: i64) -> Result<(), ControlError> {
        if seconds < 0 {
            return Err(ControlError::Backwards(seconds));
        }
        let mut world = self.shared.world();
        world.clock.advance(SignedDuration::from_secs(seconds));
        world.catch_up();
        Ok(())
    }

    /// The sandbox's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.world().now
    }

    /// What was asked and done since the start.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.shared.world().counters.clone()
    }

    /// The latest calls (20,000 at most), oldest first.
    #[must_use]
    pub fn log(&self) -> Vec<LogEntry> {
        self.shared.world().log.iter().cloned().collect()
    }

    /// All orders, in the order they were made.
    #[must_use]
    pub fn orders(&self) -> Vec<OrderView> {
        let world = self.shared.world();
        let delay = world.timings.label_delay_seconds;
        world
            .orders
            .iter()
            .map(|order| view(order, delay))
            .collect()
    }

    /// One order.
    ///
    /// # Errors
    /// The order is unknown.
    pub fn order(&self, sub_order_num: &str) -> Result<OrderView, ControlError> {
        let world = self.shared.world();
        let index = world.order_by_number.get(sub_order_num);
        let order = index.and_then(|index| world.orders.get(*index));
        order
            .map(|order| view(order, world.timings.label_delay_seconds))
            .ok_or_else(|| ControlError::UnknownOrder(sub_order_num.to_owned()))
    }

    /// Cancels an order that was not shipped yet.
    ///
    /// # Errors
    /// The order is unknown, or on its way or ended.
    pub fn cancel(&self, sub_order_num: &str, by: CancelledBy) -> Result<(), ControlError> {
        self.move_to(sub_order_num, State::Cancelled)?;
        let mut world = self.shared.world();
        let index = world.order_by_number.get(sub_order_num).copied();
        if let Some(order) = index.and_then(|index| world.orders.get_mut(index)) {
            order.cancelled_by = Some(by);
        }
        Ok(())
    }

    /// Moves an order to the next state of a good life, and says which that is.
    ///
    /// # Errors
    /// The order is unknown or ended.
    pub fn advance_order(&self, sub_order_num: &str) -> Result<State, ControlError> {
        let state = self.order(sub_order_num)?.state;
        let next = state
            .next()
            .ok_or_else(|| ControlError::EndOfLife(sub_order_num.to_owned(), state))?;
        self.move_to(sub_order_num, next)?;
        Ok(next)
    }

    /// Moves an order along any step of the contract's life cycle.
    ///
    /// # Errors
    /// The order is unknown or the life cycle has no such step.
    pub fn move_to(&self, sub_order_num: &str, to: State) -> Result<(), ControlError> {
        let mut world = self.shared.world();
        let unknown = || ControlError::UnknownOrder(sub_order_num.to_owned());
        let index = *world
            .order_by_number
            .get(sub_order_num)
            .ok_or_else(unknown)?;
        let state = world.orders.get(index).ok_or_else(unknown)?.state;
        if !state.may_become(to) {
            return Err(ControlError::NoSuchStep(
                sub_order_num.to_owned(),
                state,
                to,
            ));
        }
        world.enter(index, to);
        Ok(())
    }

    /// Seconds from accept to the opening of the label window, for orders without a delay of their own.
    pub fn set_label_delay(&self, seconds: u32) {
        self.shared.world().timings.label_delay_seconds = seconds;
    }

    /// How many sub-orders the supplier's next label job leaves out of its file.
    ///
    /// # Errors
    /// The supplier is unknown.
    pub fn leave_out_of_next_label_job(
        &self,
        supplier_id: u64,
        count: usize,
    ) -> Result<(), ControlError> {
        let mut world = self.shared.world();
        let unknown = ControlError::UnknownSupplier(supplier_id);
        let supplier = world.supplier_mut(supplier_id).ok_or(unknown)?;
        supplier.leave_out_of_next_label_job = count;
        Ok(())
    }

    /// Somebody presses the panel's own label button; the key of the job. It takes so many seconds,
    /// or runs for ever.
    ///
    /// # Errors
    /// The supplier is unknown.
    pub fn request_labels_in_panel(
        &self,
        supplier_id: u64,
        seconds: Option<u32>,
    ) -> Result<String, ControlError> {
        let mut world = self.shared.world();
        if world.supplier_mut(supplier_id).is_none() {
            return Err(ControlError::UnknownSupplier(supplier_id));
        }
        Ok(labels::request_in_panel(&mut world, supplier_id, seconds))
    }

    /// Starts, changes or ends the throttle.
    pub fn set_throttle(&self, throttle: Option<Throttle>) {
        self.shared.world().throttle = throttle;
    }
}
