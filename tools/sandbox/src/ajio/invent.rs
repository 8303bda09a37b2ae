//! New orders out of the dice, led through their life to the state asked for.

use jiff::Timestamp;

use super::{
    catalogue::Variant,
    life::{self, Packing},
    order::{CancelledBy, Line, Order, PaymentMethod, Plan, State, unit_worth},
    paper::STATE,
    world::{Manifest, World},
};
use crate::{clock, invent, names::CARRIERS};

/// What the maker of an order leaves to the seed and what not.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wish {
    /// `None` draws a life for each order.
    pub(crate) plan: Option<Plan>,
    pub(crate) payment: Option<PaymentMethod>,
    pub(crate) lines: Option<u64>,
    pub(crate) quantity: Option<u64>,
    pub(crate) without_po: bool,
    pub(crate) po_never: bool,
}

impl Wish {
    pub(crate) fn with_plan(plan: Plan) -> Self {
        Self {
            plan: Some(plan),
            ..Self::default()
        }
    }
}

/// Orders in one state, oldest first. The POB is known.
pub(crate) fn add_orders(
    world: &mut World,
    pob: &str,
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
    let mut ids = Vec::new();
    for turn in (1..=i64::from(count)).rev() {
        let seconds_ago = turn.saturating_mul(step).saturating_add(age);
        let created = clock::later(world.now, seconds_ago.saturating_neg());
        let order = order(world, pob, created, wish);
        ids.push(order.id.clone());
        let index = world.add_order(order);
        settle(world, index, state, wish);
    }
    ids
}

fn order(world: &mut World, pob: &str, created: Timestamp, wish: &Wish) -> Order {
    let id = world.next_order_id();
    let known = world.pobs.get(pob);
    let same_state = known.is_some_and(|pob| pob.shop.place.state == STATE);
    let mut variants: Vec<Variant> = known
        .into_iter()
        .flat_map(|pob| &pob.listings)
        .filter(|listing| listing.live)
        .map(|listing| listing.variant.clone())
        .collect();
    let rng = &mut world.rng;
    rng.shuffle(&mut variants);
    let two = rng.u8(0..20) == 0;
    let quantity = wish.quantity.unwrap_or(if two { 2 } else { 1 });
    let wanted = wish.lines.unwrap_or(1);
    let lines = (1..=wanted).zip(variants).map(|(turn, variant)| Line {
        id: format!("{id}-{turn}"),
        ordered: quantity,
        customer_cancelled: 0,
        seller_cancelled: 0,
        short_picked: 0,
        unit: unit_worth(&variant, same_state),
        variant,
    });
    let lines = lines.collect();
    let prepaid = rng.u8(0..100) < 35;
    let drawn = match prepaid {
        true => PaymentMethod::Prepaid,
        false => PaymentMethod::Cod,
    };
    let life = life::random_plan(rng.u8(0..100));
    Order {
        pob: pob.to_owned(),
        id,
        state: State::Pendency,
        cancelled_by: None,
        payment: wish.payment.unwrap_or(drawn),
        lines,
        buyer: invent::buyer(rng),
        created,
        carrier: invent::pick(rng, CARRIERS),
        acknowledged: None,
        cancels: Vec::new(),
        po_never: wish.po_never,
        po: None,
        parcel: None,
        e_invoice: false,
        manifest: None,
        plan: wish.plan.unwrap_or(life),
    }
}

/// Leads the order through its life to the state, all of it now.
fn settle(world: &mut World, index: usize, state: State, wish: &Wish) {
    world.enter(index, State::Pendency, None);
    if state == State::Cancelled {
        world.enter(index, state, Some(CancelledBy::Consumer));
    }
    while let Some(next) = next_on_the_way(world, index, state) {
        advance(world, index, next);
        if next == State::Confirmed && !(wish.without_po && state == State::Confirmed) {
            world.raise_po(index);
        }
    }
}

fn next_on_the_way(world: &World, index: usize, to: State) -> Option<State> {
    let now = world.orders.get(index)?.state;
    now.next().filter(|_| now < to && to != State::Cancelled)
}

/// One step of a good life, with what belongs to it, as if the seller had asked for it.
pub(crate) fn advance(world: &mut World, index: usize, to: State) {
    let Some(order) = world.orders.get(index) else {
        return;
    };
    match to {
        State::Packed => {
            world.raise_po(index);
            let number = format!("SEED{}", order_number(world, index));
            let packing = Packing {
                invoice_number: number,
                invoice_date: u64::try_from(world.now.as_second()).unwrap_or_default(),
                weight_grams: 350,
            };
            world.pack(index, packing);
        }
        State::Dispatched => {
            let manifest = Manifest {
                pob: order.pob.clone(),
                id: format!("MF-{}", world.manifests.len().saturating_add(1)),
                carrier: order.carrier.name.to_owned(),
                at: world.now,
                rows: vec![(
                    order.id.clone(),
                    order
                        .parcel
                        .as_ref()
                        .map_or_else(String::new, |one| one.awb.clone()),
                )],
            };
            if let Some(order) = world.orders.get_mut(index) {
                order.manifest = Some(manifest.id.clone());
            }
            world.manifests.push(manifest);
            world.enter(index, to, None);
        }
        State::Confirmed => {
            if let Some(order) = world.orders.get_mut(index) {
                order.acknowledged = Some(order.whole());
            }
            world.enter(index, to, None);
        }
        State::Pendency | State::ReadyToDispatch | State::Delivered | State::Cancelled => {
            world.enter(index, to, None);
        }
    }
}

/// The digits of an order's id.
fn order_number(world: &World, index: usize) -> String {
    let id = world.orders.get(index).map(|order| order.id.as_str());
    id.unwrap_or_default().trim_start_matches('S').to_owned()
}

/// How long ago an order was made that stands in this state now.
fn seconds_since_order(state: State) -> i64 {
    const HOUR: i64 = 3_600;
    match state {
        State::Pendency => 0,
        State::Confirmed => 5 * HOUR,
        State::Packed | State::ReadyToDispatch | State::Cancelled => 10 * HOUR,
        State::Dispatched => 30 * HOUR,
        State::Delivered => 6 * 24 * HOUR,
    }
}
