//! What a test or an operator does to the Meesho double from outside the contract.

use super::{
    accounts,
    counters::Counters,
    labels,
    options::NewAccount,
    order::{CancelledBy, State},
    order_view::{OrderView, view},
    scenario::{self, ScenarioRequest},
    seed::{self, Seed, Wish},
    session,
    world::World,
};
use crate::control::{self, ControlError};

/// The control of the Meesho double: every action of its control API as a method.
pub type Control = control::Control<World>;

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
            plan: (!seed.living).then_some(crate::meesho::order::Plan::Stay),
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

    /// What was asked and done since the start.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let world = self.shared.world();
        Counters {
            calls: world.weather.calls.clone(),
            lost_answers: world.weather.lost_answers.clone(),
            ..world.counters.clone()
        }
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
        let next = state.next().ok_or_else(|| {
            ControlError::EndOfLife(sub_order_num.to_owned(), format!("{state:?}"))
        })?;
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
                format!("{state:?}"),
                format!("{to:?}"),
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
}
