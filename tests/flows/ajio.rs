//! AJIO's orders through the same hub: order by order, with a purchase order, a manifest, and a
//! token that lives half an hour.

mod failures;
mod feeds;
mod manifests;
mod path;
mod refusals;

use haat_domain::{AccountId, Action, Order, Sku};
use haat_ports::Parcels as _;
use haat_sandbox::ajio::{Options, Seed, State};
use haat_tests::goods::KURTA;
use haat_tests::world::World;
use jiff::SignedDuration;

pub(crate) const POB: &str = "DV900001";

/// A hub with one POB connected, whose orders stand in a state and have been read, and whose
/// products are measured.
pub(crate) async fn with_orders(state: State, count: u32) -> (World, Vec<String>) {
    with_seed(&Seed::new(POB, state, count).quantity(1)).await
}

pub(crate) async fn with_seed(seed: &Seed) -> (World, Vec<String>) {
    let world = World::with_ajio(Options::default()).await;
    let numbers = world.ajio().seed(seed).unwrap();
    measure(&world, &numbers).await;
    world.connect_pob(POB).await.unwrap();
    world.settle().await;
    (world, numbers)
}

/// Sets weight and size of all that is ordered.
pub(crate) async fn measure(world: &World, numbers: &[String]) {
    for number in numbers {
        for line in world.ajio().order(number).unwrap().lines {
            let sku: Sku = line.item_code.parse().unwrap();
            let store = &world.table;
            store.put_parcel(&world.seller, &sku, &KURTA).await.unwrap();
        }
    }
}

pub(crate) async fn ask_all(world: &World, numbers: &[String], action: Action) {
    for number in numbers {
        world.ask(number, action).await.unwrap();
    }
}

pub(crate) async fn minutes(world: &World, minutes: i64) {
    world.pass(SignedDuration::from_mins(minutes)).await;
}

/// Lets time pass as it does where the schedule polls every five minutes.
pub(crate) async fn minutes_with_polls(world: &World, all: i64) {
    for _ in 0..all / 5 {
        minutes(world, 5).await;
        world.poll().await;
        world.settle().await;
    }
}

pub(crate) fn account_of(order: &Order) -> AccountId {
    order.id.account.clone()
}
