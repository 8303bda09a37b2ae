//! What failed is shown, and goes on when someone says so.

use std::cell::Cell;
use std::collections::BTreeMap;

use haat_aws::testing::Fate;
use haat_domain::{Action, Actor, LabelState, ParkedKind, Stage};
use haat_marketplaces::http_client;
use haat_ports::{Clock as _, ParkedStore as _, Polls as _, PollsQueue, ShipQueue};
use haat_sandbox::{Fault, FaultKind, Options, Seed, State};
use haat_tests::world::World;
use jiff::SignedDuration;

use crate::meanwhile::{around, at_each_call};

const SUPPLIER: u64 = 4_100_001;

async fn resume(world: &World) -> Result<(), String> {
    resume_first(world).await.unwrap()
}

/// Resumes what is first among what failed, if anything is.
async fn resume_first(world: &World) -> Option<Result<(), String>> {
    let parked = world.table.parked(&world.seller, None, 10).await.unwrap();
    let parked = parked.items.into_iter().next()?;
    let queues: (&dyn PollsQueue, &dyn ShipQueue) = (world.queues.as_ref(), world.queues.as_ref());
    let resumed = haat_workflows::resume_parked(
        world.table.as_ref(),
        queues,
        (&world.seller, &parked.account, parked.kind, &parked.key),
        Actor::Token("t_1".parse().unwrap()),
        world.sandbox.control().now(),
    )
    .await;
    Some(resumed.map_err(|refusal| refusal.to_string()))
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
    assert!(order.has_failed(Action::Accept), "{order:?}");
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

#[tokio::test]
async fn work_whose_message_was_lost_is_shown_with_its_age_and_taken_up_by_sync_now() {
    let world = World::new().await;
    let seed = Seed::new(SUPPLIER, State::Pending, 1);
    let number = world.sandbox.control().seed(&seed).unwrap().remove(0);
    let account = world.connect().await.account;
    world.settle().await;
    let asked = world.ask(&number, Action::Accept).await.unwrap();
    let asked_at = asked.accept.unwrap().asked_at;
    world.lose_messages().await;
    world.pass(SignedDuration::from_mins(31)).await;

    assert_eq!(world.order(&number).await.stage, Stage::New, "nobody knows");
    let waiting =
        haat_workflows::waiting_work(world.table.as_ref(), &world.seller, world.clock.now());
    let waiting = waiting.await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(
        (waiting[0].order.clone(), waiting[0].asked_at),
        (asked.id, asked_at)
    );

    sync(&world, &account.id).await;
    world.pass(SignedDuration::from_mins(5)).await;
    assert_eq!(world.order(&number).await.stage, Stage::Accepted);
    let accepts = world.sandbox.control().counters().accepts_of(&number);
    assert_eq!(accepts.transitions, 1);
}

#[tokio::test]
async fn a_reminder_that_was_lost_is_made_up_for_by_sync_now() {
    let world = World::new().await;
    let seed = Seed::new(SUPPLIER, State::ReadyToShip, 1);
    let number = world.sandbox.control().seed(&seed).unwrap().remove(0);
    let account = world.connect().await.account;
    world.settle().await;
    world.ask(&number, Action::Ship).await.unwrap();
    world.settle().await;
    assert!(world.order(&number).await.wants(Action::Ship), "under way");
    world.lose_messages().await;
    world.pass(SignedDuration::from_mins(31)).await;
    assert!(world.order(&number).await.wants(Action::Ship), "and stuck");

    sync(&world, &account.id).await;
    world.pass(SignedDuration::from_mins(5)).await;
    assert_eq!(world.order(&number).await.label_state(), LabelState::Ready);
    assert_eq!(world.sandbox.control().counters().labels_of(&number), 1);
}

#[tokio::test]
async fn an_account_that_nobody_reads_says_since_when_until_it_is_read() {
    let world = World::new().await;
    let account = world.connect().await.account;
    world.settle().await;
    assert_eq!(silent_since(&world).await, None);
    let read_at = world.clock.now();
    world.pass(SignedDuration::from_mins(15)).await;
    assert_eq!(silent_since(&world).await, None, "three missed polls");
    world.pass(SignedDuration::from_mins(1)).await;
    assert_eq!(silent_since(&world).await, Some(read_at));

    sync(&world, &account.id).await;
    world.settle().await;
    assert_eq!(silent_since(&world).await, None);
}

async fn sync(world: &World, account: &haat_domain::AccountId) {
    let queues: (&dyn PollsQueue, &dyn ShipQueue) = (world.queues.as_ref(), world.queues.as_ref());
    let (store, now) = (world.table.as_ref(), world.clock.now());
    haat_workflows::sync_now(store, queues, &world.seller, account, now)
        .await
        .unwrap();
}

async fn silent_since(world: &World) -> Option<jiff::Timestamp> {
    let (store, now) = (world.table.as_ref(), world.clock.now());
    let views = haat_workflows::look_at_accounts(store, &world.seller, now);
    views.await.unwrap().remove(0).silent_since
}

/// What the account's feeds are remembered to hold.
pub(crate) async fn seen(world: &World) -> BTreeMap<String, u64> {
    let pack = world.table.packs().await.unwrap().remove(0).id;
    let states = world.table.poll_states(&pack).await;
    states.unwrap().remove(0).seen
}

/// A poll reads a row that it cannot make out, for the first time; the seller resumes it while that
/// poll goes on. What the poll remembers must not hide the row from the next one.
#[tokio::test]
async fn a_row_that_is_resumed_while_it_is_read_is_read_again() {
    let http = http_client().unwrap();
    let resumed = Cell::new(0);
    at_each_call(5, async |calls| {
        let fate = Fate::default();
        let world = World::near(Options::default(), &http, fate.clone()).await;
        let seed = Seed::new(SUPPLIER, State::Pending, 2);
        world.sandbox.control().seed(&seed).unwrap();
        let fault = Fault::new("listOrders", FaultKind::MalformedRow).after(1);
        world.sandbox.control().fault(fault).unwrap();
        world.connect().await;
        let before = resumed.get();
        let acts = async {
            if resume_first(&world).await.is_some_and(|done| done.is_ok()) {
                resumed.set(before + 1);
            }
        };
        let polled = around(&fate, calls, world.poll(), acts).await;
        if resumed.get() > before {
            let seen = seen(&world).await;
            assert!(
                !seen.contains_key("pending"),
                "before call {calls}: {seen:?}"
            );
        }
        polled.is_some()
    })
    .await;
    assert!(resumed.get() > 3, "{resumed:?}");
}
