//! Accepting: asked once, whatever happens to the answer.

use haat_domain::{Action, Event, IntentState, Stage};
use haat_ports::ParkedStore as _;
use haat_sandbox::{CancelledBy, Fault, FaultKind, State};
use haat_tests::world::World;
use jiff::SignedDuration;

const SUPPLIER: u64 = 4_100_001;

async fn with_pending(count: u32) -> (World, Vec<String>) {
    let world = World::new().await;
    let numbers = world.connect_with_orders(State::Pending, count).await;
    (world, numbers)
}

#[tokio::test]
async fn an_accept_whose_answer_was_lost_is_found_and_not_sent_again() {
    let (world, numbers) = with_pending(2).await;
    let fault = Fault::new("reqPendingOrders", FaultKind::LostResponse);
    world.sandbox.control().fault(fault).unwrap();
    world.ask(&numbers[0], Action::Accept).await.unwrap();
    world.pass(SignedDuration::from_mins(5)).await;
    assert_eq!(world.order(&numbers[0]).await.stage, Stage::Accepted);
    assert_eq!(
        world
            .sandbox
            .control()
            .counters()
            .accepts_of(&numbers[0])
            .requests,
        1
    );
    assert_eq!(
        world
            .sandbox
            .control()
            .counters()
            .calls_of("reqPendingOrders"),
        1
    );
}

#[tokio::test]
async fn an_accept_that_never_arrived_is_sent_again_once_that_is_certain() {
    let (world, numbers) = with_pending(1).await;
    let fault = Fault::new("reqPendingOrders", FaultKind::DropBeforeCommit);
    world.sandbox.control().fault(fault).unwrap();
    world.ask(&numbers[0], Action::Accept).await.unwrap();
    world.pass(SignedDuration::from_mins(5)).await;
    assert_eq!(world.order(&numbers[0]).await.stage, Stage::Accepted);
    let accepts = world.sandbox.control().counters().accepts_of(&numbers[0]);
    assert_eq!((accepts.requests, accepts.transitions), (1, 1));
}

#[tokio::test]
async fn asking_ten_times_sends_one_request() {
    let (world, numbers) = with_pending(1).await;
    for _click in 0..10 {
        world.ask(&numbers[0], Action::Accept).await.unwrap();
    }
    world.pass(SignedDuration::from_mins(2)).await;
    assert_eq!(
        world
            .sandbox
            .control()
            .counters()
            .accepts_of(&numbers[0])
            .requests,
        1
    );
    let order = world.order(&numbers[0]).await;
    let asked = order
        .history
        .iter()
        .filter(|e| e.event == Event::Asked(Action::Accept));
    assert_eq!(asked.count(), 1);
}

#[tokio::test]
async fn orders_asked_for_together_share_one_job() {
    let (world, numbers) = with_pending(40).await;
    for number in &numbers {
        world.ask(number, Action::Accept).await.unwrap();
    }
    world.pass(SignedDuration::from_mins(2)).await;
    assert_eq!(world.sandbox.control().counters().accept_jobs, 1);
    for number in &numbers {
        assert_eq!(world.order(number).await.stage, Stage::Accepted);
    }
}

#[tokio::test]
async fn orders_that_come_while_a_job_runs_get_the_next_one() {
    let (world, numbers) = with_pending(2).await;
    world.ask(&numbers[0], Action::Accept).await.unwrap();
    world.settle().await;
    world.ask(&numbers[1], Action::Accept).await.unwrap();
    world.pass(SignedDuration::from_mins(2)).await;
    for number in &numbers {
        assert_eq!(world.order(number).await.stage, Stage::Accepted);
        assert_eq!(
            world
                .sandbox
                .control()
                .counters()
                .accepts_of(number)
                .requests,
            1
        );
    }
    assert_eq!(world.waiting_messages(), 0, "no reminder is left behind");
}

#[tokio::test]
async fn an_order_cancelled_while_it_is_accepted_ends_cancelled() {
    let (world, numbers) = with_pending(2).await;
    world.ask(&numbers[0], Action::Accept).await.unwrap();
    world.ask(&numbers[1], Action::Accept).await.unwrap();
    world
        .sandbox
        .control()
        .cancel(&numbers[0], CancelledBy::Buyer)
        .unwrap();
    world.pass(SignedDuration::from_mins(2)).await;
    let order = world.order(&numbers[0]).await;
    assert_eq!(order.stage, Stage::Cancelled);
    assert!(order.accept.is_none());
    assert_eq!(world.order(&numbers[1]).await.stage, Stage::Accepted);
}

#[tokio::test]
async fn a_marketplace_in_trouble_is_waited_for() {
    let (world, numbers) = with_pending(1).await;
    let fault = Fault::status("fetchPendingOrdersHistory", 500).times(3);
    world.sandbox.control().fault(fault).unwrap();
    world.ask(&numbers[0], Action::Accept).await.unwrap();
    world.settle().await;
    let order = world.order(&numbers[0]).await;
    let intent = order.accept.as_ref().unwrap();
    assert_eq!(intent.state, IntentState::Open);
    assert!(intent.reason.is_some(), "the seller sees what it waits for");
    world.pass(SignedDuration::from_mins(10)).await;
    assert_eq!(world.order(&numbers[0]).await.stage, Stage::Accepted);
}

#[tokio::test]
async fn a_job_that_leaves_an_order_behind_is_shown_as_failed_and_can_be_resumed() {
    let (world, numbers) = with_pending(1).await;
    world.ask(&numbers[0], Action::Accept).await.unwrap();
    world.settle().await;
    // The panel forgets the job before it has moved the order.
    let fault = Fault::status("fetchPendingOrdersHistory", 500);
    world.sandbox.control().fault(fault).unwrap();
    world.pass(SignedDuration::from_mins(5)).await;
    assert_eq!(world.order(&numbers[0]).await.stage, Stage::Accepted);
    let parked = world.table.parked(&world.seller, None, 10).await.unwrap();
    assert!(parked.items.is_empty(), "{parked:?}");
}

#[tokio::test]
async fn work_of_a_stopped_account_waits_and_goes_on_with_new_credentials() {
    let (world, numbers) = with_pending(1).await;
    world
        .sandbox
        .control()
        .change_password(SUPPLIER, "new-secret")
        .unwrap();
    world.ask(&numbers[0], Action::Accept).await.unwrap();
    world.pass(SignedDuration::from_hours(3)).await;
    let counters = world.sandbox.control().counters();
    assert_eq!(counters.refused_logins_of("seller@example.test"), 1);
    let order = world.order(&numbers[0]).await;
    assert!(order.wants(Action::Accept));

    let id = order.id.account.clone();
    let typed = haat_tests::world::credentials("seller@example.test", "new-secret");
    haat_workflows::change_credentials(
        world.hub(),
        (world.queues.as_ref(), world.queues.as_ref()),
        &world.seller,
        &id,
        &typed,
    )
    .await
    .unwrap();
    world.pass(SignedDuration::from_mins(2)).await;
    assert_eq!(world.order(&numbers[0]).await.stage, Stage::Accepted);
}
