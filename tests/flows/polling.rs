//! Reading orders, from a marketplace that does not always behave.

use std::cell::Cell;

use haat_aws::testing::Fate;
use haat_domain::{Health, Stage};
use haat_marketplaces::http_client;
use haat_ports::ParkedStore as _;
use haat_sandbox::{CancelledBy, Fault, FaultKind, HoldReason, Options, Seed, State};
use haat_tests::world::World;
use haat_workflows::PollCounts;

use crate::meanwhile::{around, at_each_call};
use crate::resuming::seen;

const SUPPLIER: u64 = 4_100_001;

async fn connected(pending: u32) -> (World, Vec<String>) {
    let world = World::new().await;
    let seed = Seed::new(SUPPLIER, State::Pending, pending);
    let numbers = world.sandbox.control().seed(&seed).unwrap();
    world.connect().await;
    (world, numbers)
}

fn counts(summaries: &[haat_workflows::PollSummary]) -> PollCounts {
    *summaries[0].counts.values().next().unwrap()
}

fn conserved(counts: PollCounts) {
    let accounted = counts.stored + counts.changed + counts.known + counts.parked;
    assert_eq!(counts.fetched, accounted, "{counts:?}");
    assert_eq!(counts.read, counts.fetched + counts.repeated, "{counts:?}");
}

#[tokio::test]
async fn every_open_state_is_imported_with_what_the_marketplace_says_of_it() {
    let (world, _) = connected(2).await;
    let hold = Seed::new(SUPPLIER, State::OnHold, 1).hold_reason(HoldReason::FraudReview);
    let held = world.sandbox.control().seed(&hold).unwrap();
    for state in [State::ReadyToShip, State::Shipped, State::Cancelled] {
        world
            .sandbox
            .control()
            .seed(&Seed::new(SUPPLIER, state, 1))
            .unwrap();
    }
    let polled = counts(&world.poll().await);
    assert_eq!((polled.fetched, polled.stored), (6, 6));
    let order = world.order(&held[0]).await;
    assert_eq!(order.stage, Stage::OnHold);
    assert_eq!(order.reason.as_deref(), Some("FRAUD_REVIEW"));
    let mut stages: Vec<_> = world
        .orders()
        .await
        .iter()
        .map(|order| order.stage)
        .collect();
    stages.sort();
    assert_eq!(
        stages,
        [
            Stage::OnHold,
            Stage::New,
            Stage::New,
            Stage::Accepted,
            Stage::Shipped,
            Stage::Cancelled
        ]
    );
}

#[tokio::test]
async fn an_unchanged_poll_changes_nothing_and_asks_for_no_details() {
    let (world, _) = connected(120).await;
    let first = counts(&world.poll().await);
    assert_eq!(first.stored, 120);
    let looked = world
        .sandbox
        .control()
        .counters()
        .calls_of("fetchOrderDetails");
    let second = counts(&world.poll().await);
    assert_eq!(
        second,
        PollCounts {
            read: 120,
            fetched: 120,
            known: 120,
            ..PollCounts::default()
        }
    );
    assert_eq!(
        world
            .sandbox
            .control()
            .counters()
            .calls_of("fetchOrderDetails"),
        looked
    );
}

#[tokio::test]
async fn an_unchanged_poll_writes_the_packs_heartbeat_and_nothing_else() {
    let (world, _) = connected(120).await;
    world.poll().await;
    world.pass(jiff::SignedDuration::from_mins(5)).await;
    world.meter.take();
    world.poll().await;
    let units = world.meter.take();
    assert_eq!(units.writes(), 1, "{units:?}");
}

#[tokio::test]
async fn rows_repeated_over_pages_are_one_order_each() {
    let (world, numbers) = connected(120).await;
    let fault = Fault::new("listOrders", FaultKind::DuplicateRow).times(2);
    world.sandbox.control().fault(fault).unwrap();
    let polled = counts(&world.poll().await);
    conserved(polled);
    assert_eq!((polled.read, polled.stored), (122, 120));
    assert_eq!(polled.repeated + polled.known, 2, "{polled:?}");
    assert_eq!(world.orders().await.len(), numbers.len());
}

#[tokio::test]
async fn a_row_that_slips_through_while_paging_arrives_with_the_next_poll() {
    let (world, numbers) = connected(120).await;
    let fault = Fault::new("listOrders", FaultKind::PageShift);
    world.sandbox.control().fault(fault).unwrap();
    conserved(counts(&world.poll().await));
    conserved(counts(&world.poll().await));
    for number in &numbers {
        world.order(number).await;
    }
}

#[tokio::test]
async fn a_repeated_page_is_a_failed_read_and_not_an_end() {
    let (world, numbers) = connected(120).await;
    let fault = Fault::new("listOrders", FaultKind::RepeatPage);
    world.sandbox.control().fault(fault).unwrap();
    let summary = world.poll().await;
    let missed = summary[0].missed.values().next().unwrap();
    assert!(missed.contains("points at itself"), "{missed}");
    let again = world.poll().await;
    assert!(again[0].missed.is_empty());
    assert_eq!(world.orders().await.len(), numbers.len());
}

#[tokio::test]
async fn a_broken_row_is_parked_and_the_rest_of_the_page_goes_on() {
    let (world, numbers) = connected(10).await;
    for _poll in 0..2 {
        let fault = Fault::new("listOrders", FaultKind::MalformedRow).after(1);
        world.sandbox.control().fault(fault).unwrap();
        conserved(counts(&world.poll().await));
    }
    assert_eq!(world.orders().await.len(), numbers.len() - 1);
    let parked = world
        .table
        .parked(&world.seller, None, 10)
        .await
        .unwrap()
        .items;
    assert_eq!(parked.len(), 1, "seen twice, parked once: {parked:?}");
    assert!(parked[0].reason.contains("price"), "{}", parked[0].reason);

    // The marketplace mends itself: the order arrives, whatever was parked.
    conserved(counts(&world.poll().await));
    assert_eq!(world.orders().await.len(), numbers.len());
}

#[tokio::test]
async fn a_page_of_html_spoils_its_own_tab_only() {
    let (world, numbers) = connected(3).await;
    let held = Seed::new(SUPPLIER, State::OnHold, 1);
    world.sandbox.control().seed(&held).unwrap();
    let fault = Fault::new("listOrders", FaultKind::HtmlInsteadOfJson);
    world.sandbox.control().fault(fault).unwrap();
    let summary = world.poll().await;
    assert_eq!(summary[0].missed.len(), 1);
    assert_eq!(
        world.orders().await.len(),
        numbers.len(),
        "the other tabs were read"
    );
    world.poll().await;
    assert_eq!(world.orders().await.len(), numbers.len() + 1);
}

#[tokio::test]
async fn orders_land_without_details_when_details_cannot_be_had() {
    let (world, numbers) = connected(2).await;
    let fault = Fault::new("fetchOrderDetails", FaultKind::HtmlInsteadOfJson);
    world.sandbox.control().fault(fault).unwrap();
    world.poll().await;
    let order = world.order(&numbers[0]).await;
    assert_eq!((order.stage, order.payment), (Stage::New, None));
}

#[tokio::test]
async fn a_throttled_login_is_left_alone_as_long_as_the_marketplace_asks() {
    let (world, _) = connected(2).await;
    let fault = Fault::status("listOrders", 429).retry_after(600);
    world.sandbox.control().fault(fault).unwrap();
    assert_eq!(world.poll().await[0].missed.len(), 1);
    let calls = world.sandbox.control().counters().calls;
    world.poll().await;
    assert_eq!(
        world.sandbox.control().counters().calls,
        calls,
        "not a single call while resting"
    );
    world.pass(jiff::SignedDuration::from_mins(10)).await;
    assert!(world.poll().await[0].missed.is_empty());
    assert_eq!(world.orders().await.len(), 2);
}

#[tokio::test]
async fn an_edge_block_stops_the_account_and_says_what_to_do() {
    let (world, _) = connected(2).await;
    let fault = Fault::new("listOrders", FaultKind::EdgeBlock);
    world.sandbox.control().fault(fault).unwrap();
    world.poll().await;
    let views = haat_workflows::look_at_accounts(
        world.table.as_ref(),
        &world.seller,
        world.sandbox.control().now(),
    )
    .await
    .unwrap();
    let Health::NeedsAttention(attention) = &views[0].account.health else {
        panic!("{:?}", views[0]);
    };
    assert_eq!(attention.reason, haat_domain::AttentionReason::Blocked);
    let calls = world.sandbox.control().counters().calls;
    world.poll().await;
    assert_eq!(world.sandbox.control().counters().calls, calls);
}

#[tokio::test]
async fn a_cancelled_order_is_cancelled_here_within_one_poll() {
    let (world, numbers) = connected(2).await;
    world.poll().await;
    world
        .sandbox
        .control()
        .cancel(&numbers[0], haat_sandbox::CancelledBy::Buyer)
        .unwrap();
    world.poll().await;
    let order = world.order(&numbers[0]).await;
    assert_eq!(order.stage, Stage::Cancelled);
    for action in haat_domain::Action::ALL {
        let refused = world.ask(&numbers[0], action).await.unwrap_err();
        assert!(
            refused.contains("was cancelled; do not pack it"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn a_failing_page_costs_the_pages_before_it_nothing() {
    let (world, _) = connected(120).await;
    let fault = Fault::status("listOrders", 500).after(3);
    world.sandbox.control().fault(fault).unwrap();
    let summary = world.poll().await;
    assert_eq!(summary[0].missed.len(), 1);
    conserved(counts(&summary));
    assert_eq!(
        world.orders().await.len(),
        100,
        "two pages of fifty were read"
    );
    assert!(world.poll().await[0].missed.is_empty());
    assert_eq!(world.orders().await.len(), 120);
}

#[tokio::test]
async fn a_poll_without_time_says_so_and_the_next_one_goes_on() {
    let (world, _) = connected(3).await;
    let pack = haat_ports::Polls::packs(world.table.as_ref())
        .await
        .unwrap()
        .remove(0)
        .id;
    let message = haat_ports::PollMessage {
        pack,
        account: None,
        test_of: None,
    };
    let none = jiff::SignedDuration::ZERO;
    let summary = haat_workflows::poll_pack(world.hub(), &message, none, std::future::pending())
        .await
        .unwrap();
    let missed = summary.missed.values().next().unwrap();
    assert!(missed.contains("the next one goes on"), "{missed}");
    assert!(world.poll().await[0].missed.is_empty());
    assert_eq!(world.orders().await.len(), 3);
}

#[tokio::test]
async fn polls_that_overlap_and_hear_the_same_remember_it() {
    let (world, numbers) = connected(3).await;
    let (_one, _other) = tokio::join!(world.poll(), world.poll());
    let remembered = seen(&world).await;
    assert_eq!(world.orders().await.len(), numbers.len());
    world.poll().await;
    assert_eq!(seen(&world).await, remembered);
}

/// Between any two calls of a poll an order is cancelled, and another poll hears of it.
#[tokio::test]
async fn an_older_poll_that_ends_last_makes_nobody_remember_what_has_changed() {
    let http = http_client().unwrap();
    let forgotten = Cell::new(0);
    at_each_call(5, async |calls| {
        let fate = Fate::default();
        let world = World::near(Options::default(), &http, fate.clone()).await;
        let control = world.sandbox.control();
        let seed = Seed::new(SUPPLIER, State::Pending, 3);
        let numbers = control.seed(&seed).unwrap();
        world.connect().await;
        let cancelled = async {
            control.cancel(&numbers[0], CancelledBy::Buyer).unwrap();
            world.poll().await;
        };
        let older = around(&fate, calls, world.poll(), cancelled).await;
        let remembered = seen(&world).await;
        if remembered.is_empty() {
            forgotten.set(forgotten.get() + 1);
        }
        world.poll().await;
        if older.is_some() {
            let fresh = seen(&world).await;
            let is_true = remembered.is_empty() || remembered == fresh;
            assert!(
                is_true,
                "before call {calls}: {remembered:?}, and not {fresh:?}"
            );
            assert_eq!(world.order(&numbers[0]).await.stage, Stage::Cancelled);
        }
        older.is_some()
    })
    .await;
    assert!(forgotten.get() > 0);
}

#[tokio::test]
async fn new_orders_that_a_poll_has_no_time_to_look_up_come_with_the_next_one() {
    let (world, _) = connected(0).await;
    world.poll().await;
    let control = world.sandbox.control();
    let seed = Seed::new(SUPPLIER, State::Pending, 120);
    control.seed(&seed).unwrap();
    let looked = || control.counters().calls_of("fetchOrderDetails");
    let first = tokio::select! {
        biased;
        summary = world.poll() => summary,
        () = async {
            while looked() == 0 {
                tokio::task::yield_now().await;
            }
            world.skip(jiff::SignedDuration::from_mins(10));
            std::future::pending().await
        } => unreachable!(),
    };
    let missed = first[0].missed.values().next().unwrap();
    assert!(missed.contains("the next one goes on"), "{missed}");
    let stored = counts(&first).stored;
    assert!((1..120).contains(&stored), "{stored}");
    assert!(world.poll().await[0].missed.is_empty());
    assert_eq!(world.orders().await.len(), 120);
}
