//! Tabs that only grow: they are heard down to the newest row of the last reading, whatever came
//! between, and a long history keeps nobody waiting.

use haat_aws::testing::Fate;
use haat_domain::Stage;
use haat_marketplaces::http_client;
use haat_sandbox::{CancelledBy, Fault, Options, Sandbox, Seed, State};
use haat_tests::world::World;

const SUPPLIER: u64 = 4_100_001;
/// Feeds of an account: a poll that finds nothing asks for a page of each.
pub(crate) const FEEDS: u64 = 5;

/// Two orders a page: what a poll reads of one tab is 40 orders.
pub(crate) async fn small_pages() -> World {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let address = sandbox.api_url();
    let profile = r#"{"milliseconds_between_calls": 0, "max_page_size": 2}"#;
    World::assuming(sandbox, &address, profile).await
}

pub(crate) fn seed(world: &World, state: State, count: u32) -> Vec<String> {
    let seed = Seed::new(SUPPLIER, state, count);
    world.sandbox.control().seed(&seed).unwrap()
}

fn cancel(world: &World, numbers: &[String]) {
    for number in numbers {
        let control = world.sandbox.control();
        control.cancel(number, CancelledBy::Buyer).unwrap();
    }
}

/// Polls, and says how many pages that took.
pub(crate) async fn pages(world: &World) -> u64 {
    let listed = || world.sandbox.control().counters().calls_of("listOrders");
    let before = listed();
    let summary = world.poll().await;
    assert!(summary[0].missed.is_empty(), "{summary:?}");
    listed() - before
}

pub(crate) async fn count(world: &World, stage: Stage) -> usize {
    let orders = world.orders().await;
    orders.iter().filter(|order| order.stage == stage).count()
}

/// 60 orders are cancelled, the first 50 of them latest: one page of the tab, and a row of the
/// next. The poll that hears of it dies at this call of the table.
async fn dies_while_it_hears_of_cancellations(call: u32) {
    let fate = Fate::default();
    let http = http_client().unwrap();
    let world = World::near(Options::default(), &http, fate.clone()).await;
    let numbers = seed(&world, State::Pending, 61);
    cancel(&world, &numbers[60..]);
    world.connect().await;
    world.poll().await;
    world.skip(jiff::SignedDuration::from_mins(5));
    cancel(&world, &numbers[50..60]);
    world.skip(jiff::SignedDuration::from_mins(1));
    cancel(&world, &numbers[..50]);
    fate.set(call, haat_aws::testing::Moment::Before);
    tokio::select! {
        _polled = world.poll() => {}
        () = fate.met() => {}
    }
    fate.spare();
    world.skip(jiff::SignedDuration::from_mins(5));
    world.poll().await;
    let cancelled = count(&world, Stage::Cancelled).await;
    assert_eq!(cancelled, 61, "after a death at call {call}");
}

#[tokio::test]
async fn a_death_between_two_pages_hides_no_cancellation() {
    for call in [8, 20, 40, 56, 60, 64, 68, 72] {
        dies_while_it_hears_of_cancellations(call).await;
    }
}

#[tokio::test]
async fn a_long_history_is_read_over_several_polls_and_keeps_no_tab_waiting() {
    let world = small_pages().await;
    seed(&world, State::Cancelled, 50);
    seed(&world, State::Shipped, 50);
    world.connect().await;
    // Three tabs that are empty, and twenty pages of each of the others.
    assert_eq!(pages(&world).await, 3 + 2 * 20);
    assert_eq!(count(&world, Stage::Cancelled).await, 40);
    assert_eq!(count(&world, Stage::Shipped).await, 40);
    // The next poll looks at the top of each tab, and reads the five pages below.
    assert_eq!(pages(&world).await, FEEDS + 2 * 5);
    assert_eq!(count(&world, Stage::Cancelled).await, 50);
    assert_eq!(count(&world, Stage::Shipped).await, 50);
    world.skip(jiff::SignedDuration::from_mins(5));
    world.meter.take();
    assert_eq!(pages(&world).await, FEEDS);
    let units = world.meter.take();
    assert_eq!(units.writes(), 1, "the heartbeat: {units:?}");
}

#[tokio::test]
async fn news_that_come_while_the_history_is_still_read_are_heard_first() {
    let world = small_pages().await;
    let pending = seed(&world, State::Pending, 2);
    seed(&world, State::Cancelled, 90);
    world.connect().await;
    pages(&world).await;
    world.skip(jiff::SignedDuration::from_mins(5));
    cancel(&world, &pending);
    // The news and the marked row; the rest goes on meanwhile.
    assert!(pages(&world).await <= FEEDS + 1 + 20);
    assert_eq!(world.order(&pending[0]).await.stage, Stage::Cancelled);
    assert_eq!(world.order(&pending[1]).await.stage, Stage::Cancelled);
    pages(&world).await;
    assert_eq!(count(&world, Stage::Cancelled).await, 92);
    assert_eq!(pages(&world).await, FEEDS);
}

#[tokio::test]
async fn a_tab_that_failed_once_is_not_read_from_the_top_to_its_end() {
    let world = small_pages().await;
    let pending = seed(&world, State::Pending, 1);
    seed(&world, State::Cancelled, 30);
    seed(&world, State::Shipped, 30);
    world.connect().await;
    pages(&world).await;
    world.skip(jiff::SignedDuration::from_mins(5));
    cancel(&world, &pending);
    let fault = Fault::status("listOrders", 500).after(3);
    world.sandbox.control().fault(fault).unwrap();
    assert_eq!(world.poll().await[0].missed.len(), 1);
    world.skip(jiff::SignedDuration::from_mins(5));
    // One row is new; the marked one is the last of its page, so the next one is looked at.
    assert_eq!(pages(&world).await, FEEDS + 1);
    assert_eq!(world.order(&pending[0]).await.stage, Stage::Cancelled);
}

#[tokio::test]
async fn a_marked_row_that_has_left_costs_a_reading_and_hides_nothing() {
    let world = small_pages().await;
    seed(&world, State::Shipped, 12);
    let pending = seed(&world, State::ReadyToShip, 5);
    let control = world.sandbox.control();
    control.move_to(&pending[0], State::Shipped).unwrap();
    world.connect().await;
    pages(&world).await;
    world.skip(jiff::SignedDuration::from_mins(5));
    control.advance_order(&pending[0]).unwrap();
    for number in &pending[1..] {
        control.move_to(number, State::Shipped).unwrap();
    }
    // Two pages of news, and what stood below the row that left: to the end, once.
    assert_eq!(pages(&world).await, 4 + 8);
    assert_eq!(count(&world, Stage::Shipped).await, 12 + 5);
    assert_eq!(pages(&world).await, FEEDS);
}

#[tokio::test]
async fn a_refused_cursor_makes_the_history_be_read_anew() {
    let world = small_pages().await;
    seed(&world, State::Cancelled, 50);
    world.connect().await;
    pages(&world).await;
    // The three open tabs, the tops of the two others, and the page that was left.
    let fault = Fault::status("listOrders", 500).after(5);
    world.sandbox.control().fault(fault).unwrap();
    assert_eq!(world.poll().await[0].missed.len(), 1);
    assert_eq!(pages(&world).await, 4 + 20);
    assert_eq!(pages(&world).await, FEEDS + 5);
    assert_eq!(count(&world, Stage::Cancelled).await, 50);
}
