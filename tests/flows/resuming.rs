//! What failed is shown, and goes on when someone says so.

use haat_domain::{Action, Actor, LabelState, ParkedKind, Stage};
use haat_ports::{ParkedStore as _, PollsQueue, ShipQueue};
use haat_sandbox::{Fault, FaultKind, Seed, State};
use haat_tests::world::World;
use jiff::SignedDuration;

const SUPPLIER: u64 = 4_100_001;

async fn resume(world: &World) -> Result<(), String> {
    let parked = world
        .table
        .parked(&world.seller, None, 10)
        .await
        .unwrap()
        .items
        .remove(0);
    let queues: (&dyn PollsQueue, &dyn ShipQueue) = (world.queues.as_ref(), world.queues.as_ref());
    haat_workflows::resume_parked(
        world.table.as_ref(),
        queues,
        (&world.seller, &parked.account, parked.kind, &parked.key),
        Actor::Token("t_1".parse().unwrap()),
        world.sandbox.control().now(),
    )
    .await
    .map_err(|refusal| refusal.to_string())
}

#[tokio::test]
async fn a_rejected_accept_is_shown_and_resumed() {
    let world = World::new().await;
    let seed = Seed::new(SUPPLIER, State::Pending, 1);
    let number = world.sandbox.control().seed(&seed).unwrap().remove(0);
    world.connect().await;
    world.settle().await;
    let fault = Fault::status("reqPendingOrders", 400);
    world.sandbox.control().fault(fault).unwrap();
    world.ask(&number, Action::Accept).await.unwrap();
    world.pass(SignedDuration::from_mins(5)).await;

    let order = world.order(&number).await;
    assert!(order.has_failed_work(), "{order:?}");
    let parked = world
        .table
        .parked(&world.seller, None, 10)
        .await
        .unwrap()
        .items;
    assert_eq!(parked.len(), 1);
    assert_eq!(
        (parked[0].kind, parked[0].key.as_str()),
        (ParkedKind::Accept, number.as_str())
    );

    resume(&world).await.unwrap();
    world.pass(SignedDuration::from_mins(5)).await;
    assert_eq!(world.order(&number).await.stage, Stage::Accepted);
    assert!(
        world
            .table
            .parked(&world.seller, None, 10)
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

#[tokio::test]
async fn a_broken_row_is_read_again_on_request() {
    let world = World::new().await;
    let seed = Seed::new(SUPPLIER, State::Pending, 2);
    let numbers = world.sandbox.control().seed(&seed).unwrap();
    let fault = Fault::new("listOrders", FaultKind::MalformedRow).after(1);
    world.sandbox.control().fault(fault).unwrap();
    world.connect().await;
    world.settle().await;
    assert_eq!(world.orders().await.len(), 1);
    resume(&world).await.unwrap();
    world.settle().await;
    assert_eq!(world.orders().await.len(), numbers.len());
    assert!(
        world
            .table
            .parked(&world.seller, None, 10)
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

#[tokio::test]
async fn resuming_what_has_become_impossible_says_so_and_clears_the_entry() {
    let world = World::new().await;
    let seed = Seed::new(SUPPLIER, State::Pending, 1);
    let number = world.sandbox.control().seed(&seed).unwrap().remove(0);
    world.connect().await;
    world.settle().await;
    let fault = Fault::status("reqPendingOrders", 400);
    world.sandbox.control().fault(fault).unwrap();
    world.ask(&number, Action::Accept).await.unwrap();
    world.settle().await;
    world
        .sandbox
        .control()
        .cancel(&number, haat_sandbox::CancelledBy::Buyer)
        .unwrap();
    world.poll().await;
    assert_eq!(world.order(&number).await.stage, Stage::Cancelled);
    let parked = world
        .table
        .parked(&world.seller, None, 10)
        .await
        .unwrap()
        .items;
    assert!(
        parked.is_empty(),
        "cancelling withdraws the failed work: {parked:?}"
    );
    assert_eq!(
        world.order(&number).await.label_state(),
        LabelState::NotAsked
    );
}
