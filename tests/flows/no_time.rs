//! Lists that are longer than one poll has time for: the next polls go on, and no other list waits.

use haat_domain::Stage;
use haat_sandbox::State;
use haat_tests::world::World;
use haat_workflows::PollSummary;
use jiff::SignedDuration;

use crate::growing::{FEEDS, count, pages, seed, small_pages};

fn listed(world: &World) -> u64 {
    world.sandbox.control().counters().calls_of("listOrders")
}

/// A poll of which this much time is gone once it has listed so many pages.
async fn slow(world: &World, calls: u64, gone: SignedDuration) -> PollSummary {
    let time_goes_by = async {
        while listed(world) < calls {
            tokio::task::yield_now().await;
        }
        world.skip(gone);
        std::future::pending().await
    };
    tokio::select! {
        biased;
        mut summaries = world.poll() => summaries.remove(0),
        () = time_goes_by => unreachable!(),
    }
}

fn says_that_more_is_to_be_read(summary: &PollSummary) {
    let missed = summary.missed.values().next().unwrap();
    assert!(missed.contains("the next one goes on"), "{missed}");
}

/// Of four minutes there is half a one left.
const ALMOST_ALL: SignedDuration = SignedDuration::from_secs(220);

#[tokio::test]
async fn open_orders_are_read_over_several_polls_and_cancelled_ones_are_heard_meanwhile() {
    let world = small_pages().await;
    seed(&world, State::Pending, 30);
    seed(&world, State::Cancelled, 3);
    world.connect().await;
    let first = slow(&world, 6, ALMOST_ALL).await;
    says_that_more_is_to_be_read(&first);
    assert_eq!(count(&world, Stage::Cancelled).await, 3);
    let known = count(&world, Stage::New).await;
    assert!((8..30).contains(&known), "{known}");
    let before = listed(&world);

    // It goes on where the first one was, and says that it did not read all.
    let second = world.poll().await.remove(0);
    says_that_more_is_to_be_read(&second);
    assert_eq!(count(&world, Stage::New).await, 30);
    let of_pending = listed(&world) - before - (FEEDS - 1);
    assert_eq!(of_pending, 15 - u64::try_from(known).unwrap() / 2);

    // The third reads all from the top: fifteen pages, and one of each other tab.
    assert_eq!(pages(&world).await, 15 + FEEDS - 1);
    let fourth = world.poll().await.remove(0);
    assert!(fourth.missed.is_empty(), "{fourth:?}");
}

#[tokio::test]
async fn a_list_that_is_read_on_and_in_trouble_is_read_from_its_top() {
    let world = small_pages().await;
    seed(&world, State::Pending, 30);
    world.connect().await;
    says_that_more_is_to_be_read(&slow(&world, 6, ALMOST_ALL).await);
    // The tab on hold, and the page where it was to go on.
    let refused = haat_sandbox::Fault::status("listOrders", 400).after(1);
    world.sandbox.control().fault(refused).unwrap();
    assert_eq!(world.poll().await[0].missed.len(), 1);
    assert_eq!(pages(&world).await, 15 + FEEDS - 1);
    assert_eq!(count(&world, Stage::New).await, 30);
}

#[tokio::test]
async fn a_history_is_read_on_by_the_next_poll() {
    let world = small_pages().await;
    seed(&world, State::Cancelled, 30);
    world.connect().await;
    let first = slow(&world, 6, SignedDuration::from_mins(10)).await;
    says_that_more_is_to_be_read(&first);
    assert!(count(&world, Stage::Cancelled).await < 30);
    pages(&world).await;
    assert_eq!(count(&world, Stage::Cancelled).await, 30);
    // Once the open tabs and fifteen pages; then the tops of all tabs, and no page anew.
    assert_eq!(listed(&world), 3 + 15 + FEEDS);
}
