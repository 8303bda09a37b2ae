//! New sellers and orders out of the seed.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::{
    clock,
    control::ControlError,
    life,
    names::{
        Buyer, CARRIERS, FIRST_NAMES, LANDMARKS, LAST_NAMES, PLACES, PRODUCTS, Place, SHOPS,
        STREETS, Shop, gstin_of,
    },
    options::NewAccount,
    order::{HoldReason, Order, PaymentMode, Plan, State},
    world::{Account, Supplier, World},
};

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

pub(crate) fn add_account(world: &mut World, new: &NewAccount) -> Result<(), ControlError> {
    check_account(world, new)?;
    let mut suppliers = Vec::new();
    for supplier in &new.suppliers {
        suppliers.push(Supplier {
            id: supplier.supplier_id,
            identifier: supplier.identifier.clone(),
            shop: shop(world, supplier.name.as_deref()),
            invoices: 0,
            leave_out_of_next_label_job: 0,
        });
    }
    let ids: Vec<u64> = suppliers.iter().map(|supplier| supplier.id).collect();
    let minute = (world.now, 0);
    let existing = world
        .accounts
        .iter_mut()
        .find(|account| account.email == new.email);
    match existing {
        Some(account) => account.suppliers.extend(suppliers),
        None => world.accounts.push(Account {
            email: new.email.clone(),
            mobile: new.mobile.clone(),
            password: new.password.clone(),
            suppliers,
            bad_logins: 0,
            locked_until: None,
            demanded_otp: None,
            minute,
        }),
    }
    for id in ids {
        world.plan_arrivals(id);
    }
    Ok(())
}

/// A log-in may be named again to own more suppliers; a supplier has one owner.
fn check_account(world: &World, new: &NewAccount) -> Result<(), ControlError> {
    if new.suppliers.is_empty() {
        return Err(ControlError::NoSupplier);
    }
    let existing = world
        .accounts
        .iter()
        .find(|account| account.email == new.email);
    if existing.is_some_and(|account| account.password != new.password) {
        return Err(ControlError::AccountTaken(new.email.clone()));
    }
    for supplier in &new.suppliers {
        let identifier = &supplier.identifier;
        let shaped = identifier.len() == 5
            && identifier
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if !shaped || supplier.supplier_id == 0 {
            return Err(ControlError::Identifier(identifier.clone()));
        }
        let taken = world
            .accounts
            .iter()
            .flat_map(|account| &account.suppliers)
            .any(|known| known.id == supplier.supplier_id || known.identifier == *identifier);
        if taken {
            return Err(ControlError::SupplierTaken(supplier.supplier_id));
        }
    }
    Ok(())
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
        let order = draw(world, supplier_id, state, created, wish);
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

fn draw(
    world: &mut World,
    supplier_id: u64,
    state: State,
    created: Timestamp,
    wish: &Wish,
) -> Order {
    let number = world.next_order();
    let order_num = format!("{}", number.saturating_add(299_000_000_000_000_000));
    let couriers = match wish.carriers {
        0 => CARRIERS,
        few => CARRIERS.get(..few).unwrap_or(CARRIERS),
    };
    let rng = &mut world.rng;
    let product = pick(rng, PRODUCTS);
    let size = *pick(rng, product.sizes);
    let prepaid = rng.u8(0..100) < 35;
    let drawn_payment = if prepaid {
        PaymentMode::Prepaid
    } else {
        PaymentMode::Cod
    };
    let two = rng.u8(0..20) == 0;
    let charged = rng.u8(0..4) == 0;
    let discounted = rng.u8(0..5) == 0;
    let reasons = [
        HoldReason::UnserviceableAddress,
        HoldReason::ExchangeReturnPending,
        HoldReason::FraudReview,
    ];
    let reason = *pick(rng, &reasons);
    let life = life::random_plan(rng.u8(0..100));
    Order {
        supplier_id,
        sub_order_num: format!("{order_num}_1"),
        order_num,
        sub_order_id: number.saturating_add(1_900_000_000),
        state,
        hold_reason: (state == State::OnHold).then(|| wish.hold_reason.unwrap_or(reason)),
        cancelled_by: None,
        payment: wish.payment.unwrap_or(drawn_payment),
        product,
        size,
        quantity: wish.quantity.unwrap_or(if two { 2 } else { 1 }),
        unit_price: product.rupees.saturating_mul(100),
        discount: if discounted { 2_500 } else { 0 },
        shipping: if charged { 3_500 } else { 0 },
        buyer: buyer(rng),
        from_advertisement: rng.u8(0..5) == 0,
        created,
        updated: created,
        dispatch_by: clock::day(
            created
                .saturating_add(SignedDuration::from_hours(24))
                .unwrap_or(created),
        ),
        carrier: pick(rng, couriers),
        parcel: None,
        label_delay_seconds: wish.label_delay_seconds,
        label_downloaded: false,
        invoice: None,
        plan: wish.plan.unwrap_or(life),
    }
}

fn buyer(rng: &mut fastrand::Rng) -> Buyer {
    let place = pick(rng, PLACES);
    let house = rng.u32(1..400);
    let landmark = (rng.u8(0..3) > 0).then(|| (*pick(rng, LANDMARKS)).to_owned());
    let mobile = (rng.u8(0..10) > 0).then(|| format!("90000{:05}", rng.u32(0..100_000)));
    Buyer {
        name: format!("{} {}", pick(rng, FIRST_NAMES), pick(rng, LAST_NAMES)),
        line_1: format!("House no {house}, {}", pick(rng, STREETS)),
        line_2: if rng.bool() {
            format!("Ward {}", rng.u8(1..60))
        } else {
            String::new()
        },
        landmark,
        place,
        pin: pin(rng, place),
        mobile,
    }
}

fn shop(world: &mut World, name: Option<&str>) -> Shop {
    let rng = &mut world.rng;
    let place = pick(rng, PLACES);
    let name = name.map_or_else(|| (*pick(rng, SHOPS)).to_owned(), str::to_owned);
    let gstin = gstin_of(&format!(
        "{}ZZZPZ{:04}Z1Z",
        place.gst_code,
        rng.u16(0..10_000)
    ));
    Shop {
        legal_name: format!("{name} LLP"),
        name,
        gstin,
        address: format!("Shop {}, {}", rng.u8(1..90), pick(rng, STREETS)),
        place,
        pin: pin(rng, place),
    }
}

fn pin(rng: &mut fastrand::Rng, place: &Place) -> String {
    format!("{}{:03}", place.pin_prefix, rng.u16(1..100))
}

#[expect(
    clippy::indexing_slicing,
    reason = "the index is drawn from the list's own length"
)]
fn pick<'a, T>(rng: &mut fastrand::Rng, of: &'a [T]) -> &'a T {
    &of[rng.usize(..of.len())]
}
