//! What a test or an operator does to the AJIO double from outside the contract.

use super::{
    catalogue,
    counters::Counters,
    invent::{self, Wish},
    options::{DocumentForm, NewPob, RefusalForm},
    order::{CancelledBy, Plan, State},
    return_view::{ReturnView, return_view},
    returns::{self, ReturnKind, ReturnState},
    scenario::{self, ScenarioRequest},
    seed::Seed,
    token,
    view::{OrderView, view},
    world::World,
};
use crate::control::{self, ControlError};

/// The control of the AJIO double: every action of its control API as a method.
pub type Control = control::Control<World>;

impl Control {
    /// Adds a POB; a known one with its password keeps what it has.
    ///
    /// # Errors
    /// The name is misshapen, or known with another password.
    pub fn add_pob(&self, pob: &NewPob) -> Result<(), ControlError> {
        self.shared.world().add_pob(pob)
    }

    /// Changes the password of a POB and kills its tokens (401).
    ///
    /// # Errors
    /// The POB is unknown.
    pub fn change_password(&self, pob: &str, password: &str) -> Result<(), ControlError> {
        token::change_password(&mut self.shared.world(), pob, Some(password))
    }

    /// Lets the tokens of a POB expire: 401 `TOKEN_EXPIRED` on their next call.
    ///
    /// # Errors
    /// The POB is unknown.
    pub fn expire_tokens(&self, pob: &str) -> Result<(), ControlError> {
        token::expire(&mut self.shared.world(), pob)
    }

    /// Switches a POB's access to the API; without it, the log-in is refused.
    ///
    /// # Errors
    /// The POB is unknown.
    pub fn set_api_access(&self, pob: &str, allowed: bool) -> Result<(), ControlError> {
        self.shared.world().pob_mut(pob)?.api_access = allowed;
        Ok(())
    }

    /// Switches a POB's access to documents and dispatch; without it, those are answered 403.
    ///
    /// # Errors
    /// The POB is unknown.
    pub fn set_shipping_access(&self, pob: &str, allowed: bool) -> Result<(), ControlError> {
        self.shared.world().pob_mut(pob)?.shipping_access = allowed;
        Ok(())
    }

    /// How refused log-ins are told from now on.
    pub fn set_refusal_form(&self, form: RefusalForm) {
        self.shared.world().profile.refusal = form;
    }

    /// How documents come from now on.
    pub fn set_document_form(&self, form: DocumentForm) {
        self.shared.world().profile.documents = form;
    }

    /// Makes orders and gives their ids, oldest first in each state.
    ///
    /// # Errors
    /// The POB is unknown.
    pub fn seed(&self, seed: &Seed) -> Result<Vec<String>, ControlError> {
        let mut world = self.shared.world();
        world.pob_mut(&seed.pob)?;
        let wish = Wish {
            plan: (!seed.living).then_some(Plan::Stay),
            payment: seed.payment,
            lines: seed.lines,
            quantity: seed.quantity,
            without_po: seed.without_po,
            po_never: false,
        };
        let ids = seed.states.iter().flat_map(|(state, count)| {
            invent::add_orders(&mut world, &seed.pob, *state, *count, &wish)
        });
        Ok(ids.collect())
    }

    /// Loads a named scenario and gives its order ids.
    ///
    /// # Errors
    /// The POB is unknown.
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
        let orders = world.orders.iter();
        orders.map(|order| view(order, delay)).collect()
    }

    /// One order.
    ///
    /// # Errors
    /// The order is unknown.
    pub fn order(&self, order_id: &str) -> Result<OrderView, ControlError> {
        let world = self.shared.world();
        let index = index_of(&world, order_id)?;
        world
            .orders
            .get(index)
            .map(|order| view(order, world.timings.label_delay_seconds))
            .ok_or_else(|| ControlError::UnknownOrder(order_id.to_owned()))
    }

    /// Cancels an order at any time before it is dispatched, whoever is supposed to be able to.
    ///
    /// # Errors
    /// The order is unknown, dispatched or ended.
    pub fn cancel(&self, order_id: &str, by: CancelledBy) -> Result<(), ControlError> {
        self.step(order_id, State::Cancelled, Some(by))
    }

    /// Moves an order to the next state of a good life, and says which that is. Its purchase order
    /// is raised before it is packed.
    ///
    /// # Errors
    /// The order is unknown or ended.
    pub fn advance_order(&self, order_id: &str) -> Result<State, ControlError> {
        let state = self.order(order_id)?.state;
        let over = || ControlError::EndOfLife(order_id.to_owned(), state.word().to_owned());
        let next = state.next().ok_or_else(over)?;
        self.step(order_id, next, None)?;
        Ok(next)
    }

    /// Moves an order along any step of the contract's life cycle.
    ///
    /// # Errors
    /// The order is unknown or the life cycle has no such step.
    pub fn move_to(&self, order_id: &str, to: State) -> Result<(), ControlError> {
        self.step(order_id, to, None)
    }

    fn step(&self, order_id: &str, to: State, by: Option<CancelledBy>) -> Result<(), ControlError> {
        let mut world = self.shared.world();
        let index = index_of(&world, order_id)?;
        let state = world.orders.get(index).map(|order| order.state);
        match state.filter(|state| state.may_become(to)) {
            None => Err(ControlError::NoSuchStep(
                order_id.to_owned(),
                state.map_or("", State::word).to_owned(),
                to.word().to_owned(),
            )),
            Some(_) if to == State::Cancelled => {
                world.enter(index, to, by);
                Ok(())
            }
            Some(_) => {
                invent::advance(&mut world, index, to);
                Ok(())
            }
        }
    }

    /// Raises the purchase order of a confirmed order now.
    ///
    /// # Errors
    /// The order is unknown or not confirmed.
    pub fn raise_po(&self, order_id: &str) -> Result<(), ControlError> {
        let mut world = self.shared.world();
        let index = index_of(&world, order_id)?;
        let state = world.orders.get(index).map(|order| order.state);
        if state != Some(State::Confirmed) {
            return Err(ControlError::NoSuchStep(
                order_id.to_owned(),
                state.map_or("", State::word).to_owned(),
                "PO raised".to_owned(),
            ));
        }
        world.raise_po(index);
        Ok(())
    }

    /// The purchase order of this order never comes by itself; [`Control::raise_po`] still raises it.
    ///
    /// # Errors
    /// The order is unknown.
    pub fn withhold_po(&self, order_id: &str) -> Result<(), ControlError> {
        let mut world = self.shared.world();
        let index = index_of(&world, order_id)?;
        if let Some(order) = world.orders.get_mut(index) {
            order.po_never = true;
        }
        Ok(())
    }

    /// Seconds from acknowledgement to purchase order, for orders acknowledged from now on; `None` is
    /// never.
    pub fn set_po_delay(&self, seconds: Option<u32>) {
        self.shared.world().timings.po_delay_seconds = seconds;
    }

    /// Seconds from packing until documents can be read.
    pub fn set_label_delay(&self, seconds: u32) {
        self.shared.world().timings.label_delay_seconds = seconds;
    }

    /// Every variant of the catalogue, by its `variantId`.
    #[must_use]
    pub fn variants(&self) -> Vec<String> {
        let listings = catalogue::listings().into_iter();
        listings.map(|listing| listing.variant.id).collect()
    }

    /// What the marketplace believes to be in stock.
    ///
    /// # Errors
    /// POB or variant is unknown.
    pub fn stock(&self, pob: &str, variant_id: &str) -> Result<u64, ControlError> {
        let mut world = self.shared.world();
        let mut listings = world.pob_mut(pob)?.listings.iter();
        listings
            .find(|listing| listing.variant.id == variant_id)
            .map(|listing| listing.inventory)
            .ok_or_else(|| ControlError::UnknownVariant(variant_id.to_owned()))
    }

    /// Lets a return of the order appear now, and gives its id; none when there is one already or
    /// nothing was dispatched.
    ///
    /// # Errors
    /// The order is unknown, was not dispatched or is being returned.
    pub fn start_return(&self, order_id: &str, kind: ReturnKind) -> Result<String, ControlError> {
        let mut world = self.shared.world();
        let index = index_of(&world, order_id)?;
        let state = world.orders.get(index).map(|order| order.state);
        returns::appear(&mut world, index, kind).ok_or_else(|| {
            ControlError::NoSuchStep(
                order_id.to_owned(),
                state.map_or("", State::word).to_owned(),
                kind.word().to_owned(),
            )
        })
    }

    /// Puts a return into a state now.
    ///
    /// # Errors
    /// The return is unknown.
    pub fn move_return(&self, return_id: &str, to: ReturnState) -> Result<(), ControlError> {
        let mut world = self.shared.world();
        let mut returns = world.returns.iter_mut();
        let returned = returns
            .find(|one| one.id == return_id)
            .ok_or_else(|| ControlError::UnknownReturn(return_id.to_owned()))?;
        returned.state = to;
        Ok(())
    }

    /// All returns, in the order in which they appeared.
    #[must_use]
    pub fn returns(&self) -> Vec<ReturnView> {
        self.shared
            .world()
            .returns
            .iter()
            .map(return_view)
            .collect()
    }
}

fn index_of(world: &World, order_id: &str) -> Result<usize, ControlError> {
    let index = world.order_by_id.get(order_id).copied();
    index.ok_or_else(|| ControlError::UnknownOrder(order_id.to_owned()))
}
