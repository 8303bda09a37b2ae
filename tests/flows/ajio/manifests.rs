//! Handing over: manifests of 250, and what becomes of one whose answer is lost.

use haat_domain::{AccountId, Action, Actor, Manifest, Stage};
use haat_ports::{Clock as _, ManifestStore as _, OrderStore as _};
use haat_sandbox::ajio::{CancelledBy, State};
use haat_sandbox::{Fault, FaultKind};
use haat_tests::world::World;

use super::{account_of, ask_all, minutes, with_orders};

async fn manifests(world: &World, account: &AccountId) -> Vec<Manifest> {
    let page = world
        .table
        .manifests(&world.seller, account, None, 50)
        .await;
    page.unwrap().items
}

/// Orders of one courier, so that a manifest may hold them all.
async fn of_one_courier(count: u32) -> (World, Vec<String>) {
    let (world, numbers) = with_orders(State::ReadyToDispatch, count).await;
    let courier = |number: &String| world.ajio().order(number).unwrap().carrier;
    let first = courier(&numbers[0]);
    let same = numbers.iter().filter(|number| courier(number) == first);
    let same = same.cloned().collect();
    (world, same)
}

#[tokio::test]
async fn three_hundred_parcels_are_two_manifests_and_a_lost_answer_doubles_none() {
    // Couriers take turns in the double: enough for three hundred of one.
    let (world, numbers) = with_orders(State::ReadyToDispatch, 300).await;
    let couriers: std::collections::BTreeSet<String> = numbers
        .iter()
        .map(|number| world.ajio().order(number).unwrap().carrier)
        .collect();
    let lost = Fault::new("createManifest", FaultKind::LostResponse).after(1);
    world.ajio().fault(lost).unwrap();
    let account = account_of(&world.order(&numbers[0]).await);
    let by = Actor::Token("t_1".parse().unwrap());
    let (store, now) = (world.table.as_ref(), world.clock.now());
    for mut order in world.orders().await {
        order.ask(Action::HandOver, by.clone(), now).unwrap();
        store.put_order(&mut order).await.unwrap();
    }
    minutes(&world, 15).await;

    let counters = world.ajio().counters();
    for order in world.orders().await {
        assert_eq!(order.stage, Stage::Shipped, "{order:#?}");
        let number = order.id.number.as_str();
        let asked = counters.manifests_of(number);
        assert_eq!((asked.requests, asked.done), (1, 1), "{number}");
    }
    let manifests = manifests(&world, &account).await;
    let on_them: usize = manifests.iter().map(|manifest| manifest.orders.len()).sum();
    assert_eq!(on_them, 300, "each order is on one manifest");
    assert!(
        manifests
            .iter()
            .all(|manifest| manifest.orders.len() <= 250)
    );
    let least = couriers.len().max(2);
    assert!(manifests.len() >= least, "{} manifests", manifests.len());
    let lost = manifests.iter().filter(|manifest| manifest.key.is_none());
    assert_eq!(
        lost.count(),
        1,
        "the paper of one is to be had in the portal"
    );
    let kept = manifests.iter().filter(|manifest| manifest.paper.is_some());
    assert_eq!(kept.count(), manifests.len() - 1);
}

#[tokio::test]
async fn a_parcel_cancelled_at_the_last_moment_is_left_out() {
    let (world, numbers) = of_one_courier(6).await;
    world
        .ajio()
        .cancel(&numbers[0], CancelledBy::Marketplace)
        .unwrap();
    ask_all(&world, &numbers, Action::HandOver).await;
    minutes(&world, 3).await;

    let cancelled = world.order(&numbers[0]).await;
    assert_eq!(cancelled.stage, Stage::Cancelled, "{cancelled:#?}");
    assert!(cancelled.hand_over.is_none());
    assert_eq!(
        world.ajio().counters().manifests_of(&numbers[0]).requests,
        0
    );
    for number in &numbers[1..] {
        assert_eq!(world.order(number).await.stage, Stage::Shipped);
    }
}

#[tokio::test]
async fn a_parcel_that_the_manifest_was_closed_without_is_shown() {
    let (world, numbers) = of_one_courier(6).await;
    let failed = Fault::new("createManifest", FaultKind::FailedItem);
    world.ajio().fault(failed).unwrap();
    ask_all(&world, &numbers, Action::HandOver).await;
    minutes(&world, 3).await;

    let mut left_out = Vec::new();
    for number in &numbers {
        let order = world.order(number).await;
        if order.has_failed(Action::HandOver) {
            left_out.push(order);
        } else {
            assert_eq!(order.stage, Stage::Shipped);
        }
    }
    assert_eq!(left_out.len(), 1);
    let number = left_out[0].id.number.to_string();
    world.ask(&number, Action::HandOver).await.unwrap();
    minutes(&world, 3).await;
    assert_eq!(world.order(&number).await.stage, Stage::Shipped);
}

#[tokio::test]
async fn a_refused_manifest_whose_orders_cannot_be_looked_up_forgets_none_of_them() {
    let (world, numbers) = of_one_courier(4).await;
    let refused = Fault::status("createManifest", 400);
    world.ajio().fault(refused).unwrap();
    // The look before the manifest goes well, the one after the refusal does not.
    let unheard = Fault::status("listOrders", 503).after(1);
    world.ajio().fault(unheard).unwrap();
    ask_all(&world, &numbers, Action::HandOver).await;
    minutes(&world, 15).await;
    for number in &numbers {
        let order = world.order(number).await;
        assert_eq!(order.stage, Stage::Shipped, "{order:#?}");
        assert_eq!(world.ajio().counters().manifests_of(number).done, 1);
    }
}
