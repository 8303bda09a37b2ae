//! Work and readings that break off half way are taken up again, and nothing is forgotten.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use haat_domain::{Action, Health, LabelState, Stage};
use haat_ports::{Accounts as _, ParkedStore as _, QueueError, ShipMessage, ShipQueue};
use haat_sandbox::{CancelledBy, Fault, FaultKind, Options, Seed, State};
use haat_tests::world::World;
use jiff::SignedDuration;

const SUPPLIER: u64 = 4_100_001;

async fn with(state: State, count: u32) -> (World, Vec<String>) {
    let world = World::new().await;
    let numbers = seed(&world, state, count);
    world.connect().await;
    world.settle().await;
    (world, numbers)
}

fn seed(world: &World, state: State, count: u32) -> Vec<String> {
    let seed = Seed::new(SUPPLIER, state, count);
    world.sandbox.control().seed(&seed).unwrap()
}

fn fault(world: &World, fault: Fault) {
    world.sandbox.control().fault(fault).unwrap();
}

/// Reading the second page of the cancelled tab fails: on hold, pending, ready to ship, shipped
/// and the first page come before it.
fn second_cancelled_page_fails(world: &World) {
    fault(world, Fault::status("listOrders", 500).after(5));
}

#[tokio::test]
async fn a_growing_tab_that_broke_off_is_read_to_its_end_afterwards() {
    let (world, numbers) = with(State::Pending, 120).await;
    for number in &numbers {
        let control = world.sandbox.control();
        control.cancel(number, CancelledBy::Buyer).unwrap();
    }
    second_cancelled_page_fails(&world);
    for _poll in 0..3 {
        world.poll().await;
    }
    for order in world.orders().await {
        assert_eq!(order.stage, Stage::Cancelled, "{}", order.id);
    }
}

#[tokio::test]
async fn a_growing_tab_that_breaks_off_twice_loses_no_new_order() {
    let (world, _) = with(State::Pending, 0).await;
    seed(&world, State::Cancelled, 120);
    for _poll in 0..2 {
        second_cancelled_page_fails(&world);
        world.poll().await;
    }
    world.poll().await;
    assert_eq!(world.orders().await.len(), 120);
}

#[tokio::test]
async fn known_closed_orders_are_not_written_again_for_a_new_one() {
    let (world, _) = with(State::Cancelled, 200).await;
    seed(&world, State::Cancelled, 1);
    let summary = world.poll().await;
    let counts = summary[0].counts.values().next().unwrap();
    assert_eq!((counts.stored, counts.changed), (1, 0));
}

#[tokio::test]
async fn one_tab_that_is_refused_keeps_the_others_coming() {
    let world = World::new().await;
    let numbers = seed(&world, State::Pending, 2);
    // The number of the on-hold tab is assumed: it may be refused for ever.
    fault(&world, Fault::status("listOrders", 400));
    world.connect().await;
    world.settle().await;
    assert_eq!(world.orders().await.len(), numbers.len());
}

#[tokio::test]
async fn accepted_orders_are_remembered_when_looking_at_them_fails() {
    let (world, numbers) = with(State::Pending, 1).await;
    world.ask(&numbers[0], Action::Accept).await.unwrap();
    fault(&world, Fault::status("fetchOrderDetails", 500));
    world.pass(SignedDuration::from_mins(10)).await;
    assert_eq!(world.order(&numbers[0]).await.stage, Stage::Accepted);
}

/// A queue that refuses the next message, and keeps the others.
#[derive(Default)]
struct Faltering {
    refuses: Mutex<bool>,
    taken: Mutex<Vec<ShipMessage>>,
}

#[async_trait]
impl ShipQueue for Faltering {
    async fn send(&self, message: &ShipMessage, _: Duration) -> Result<(), QueueError> {
        if std::mem::take(&mut *self.refuses.lock().unwrap()) {
            return Err(QueueError {
                queue: "ship",
                message: "a reminder".to_owned(),
                reason: "the queue is down".to_owned(),
            });
        }
        self.taken.lock().unwrap().push(message.clone());
        Ok(())
    }
}

#[tokio::test]
async fn a_reminder_that_was_saved_and_never_sent_is_made_up_for() {
    let (world, numbers) = with(State::Pending, 1).await;
    let queue = Arc::new(Faltering::default());
    let mut desk = world.desk.clone();
    desk.queue = queue.clone();
    world.ask(&numbers[0], Action::Accept).await.unwrap();
    let id = world.order(&numbers[0]).await.id;
    let first = ShipMessage {
        seller: world.seller.clone(),
        account: id.account,
        action: Action::Accept,
        orders: vec![id.number],
        wake: None,
    };
    haat_workflows::work_on_jobs(&desk, &first).await.unwrap();
    let reminder = queue.taken.lock().unwrap().pop().unwrap();

    // The job list fails, so another reminder is set, and the queue does not take it.
    world.skip(SignedDuration::from_secs(6));
    fault(&world, Fault::status("fetchPendingOrdersHistory", 500));
    *queue.refuses.lock().unwrap() = true;
    let delivered = haat_workflows::work_on_jobs(&desk, &reminder).await;
    assert!(delivered.is_err(), "the message is not done with");

    // It comes again when its time of being hidden is over.
    world.skip(SignedDuration::from_secs(720));
    haat_workflows::work_on_jobs(&desk, &reminder)
        .await
        .unwrap();
    assert_eq!(world.order(&numbers[0]).await.stage, Stage::Accepted);
}

#[tokio::test]
async fn a_file_that_is_no_pdf_is_shown_and_keeps_nobody_busy() {
    let (world, numbers) = with(State::ReadyToShip, 2).await;
    let bad = Fault::new("getLabelFile", FaultKind::WrongContentType);
    fault(&world, bad.times(100_000));
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_hours(3)).await;
    let parked = world.table.parked(&world.seller, None, 10).await.unwrap();
    assert_eq!(parked.items.len(), 1, "the same trouble is one entry");
    let files = world.sandbox.control().counters().calls_of("getLabelFile");
    assert!(files < 25, "{files} downloads in three hours");
    world.sandbox.control().clear_faults();
    world.pass(SignedDuration::from_mins(15)).await;
    assert_eq!(
        world.order(&numbers[0]).await.label_state(),
        LabelState::Ready
    );
}

#[tokio::test]
async fn an_acknowledgement_that_is_refused_fails_no_order() {
    let (world, numbers) = with(State::ReadyToShip, 2).await;
    let refused = Fault::status("updateGroupDownloadBackendFlag", 400);
    fault(&world, refused.times(100_000));
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(5)).await;
    assert_eq!(
        world.order(&numbers[0]).await.label_state(),
        LabelState::Ready
    );
    let more = seed(&world, State::ReadyToShip, 1);
    world.poll().await;
    world.ask(&more[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(5)).await;
    assert_eq!(world.order(&more[0]).await.label_state(), LabelState::Ready);
}

#[tokio::test]
async fn a_label_job_that_hangs_is_given_up_and_asked_for_anew() {
    let mut options = Options::default();
    options.timings.label_job_seconds = 36_000;
    let world = World::with(options).await;
    let numbers = seed(&world, State::ReadyToShip, 1);
    world.connect().await;
    world.settle().await;
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_hours(2)).await;
    let counters = world.sandbox.control().counters();
    let asked = counters.calls_of("reqDownloadLabelV2");
    let state = world.order(&numbers[0]).await.label_state();
    assert!(
        (2..=12).contains(&asked),
        "asked {asked} times in two hours: {state:?}"
    );
}

#[tokio::test]
async fn sync_now_wakes_every_account_of_the_login() {
    let options = Options {
        accounts: vec![haat_sandbox::NewAccount::new(
            "seller@example.test",
            "sandbox-only",
            &[(4_100_001, "ab1cd"), (4_100_002, "ef2gh")],
        )],
        ..Options::default()
    };
    let world = World::with(options).await;
    let numbers = seed(&world, State::Pending, 1);
    for key in ["4100001/ab1cd", "4100002/ef2gh"] {
        world.connect_as(Some(key)).await.unwrap();
    }
    world.settle().await;
    let blocked = Fault::new("fetchPendingOrdersHistory", FaultKind::EdgeBlock);
    fault(&world, blocked);
    world.ask(&numbers[0], Action::Accept).await.unwrap();
    world.settle().await;

    let accounts = world.table.accounts(&world.seller).await.unwrap();
    let mine = world.order(&numbers[0]).await.id.account;
    let sibling = accounts.iter().find(|account| account.id != mine).unwrap();
    haat_workflows::sync_now(
        world.table.as_ref(),
        (world.queues.as_ref(), world.queues.as_ref()),
        &world.seller,
        &sibling.id,
        world.sandbox.control().now(),
    )
    .await
    .unwrap();
    world.pass(SignedDuration::from_mins(2)).await;
    assert_eq!(world.order(&numbers[0]).await.stage, Stage::Accepted);
    for account in world.table.accounts(&world.seller).await.unwrap() {
        assert_eq!(account.health, Health::Connected);
    }
}
