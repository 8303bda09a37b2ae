//! Polls of one pack that overlap: whoever is still being read is left to the poll that is at it.

use std::future::{pending, ready};
use std::pin::Pin;

use haat_aws::testing::Fate;
use haat_ports::StoreError;
use haat_sandbox::{Fault, FaultKind};
use haat_tests::world::World;
use haat_workflows::{PollSummary, look_at_account, poll_pack};
use jiff::SignedDuration;

use super::{BUDGET, QUIET, connect, heartbeat, listings_of, one_login, pack, seed, two_accounts};

/// Goes on with a poll until its heartbeat says that it is still at both accounts.
async fn until_at_both(
    world: &World,
    mut poll: Pin<&mut impl Future<Output = Result<PollSummary, StoreError>>>,
) {
    while heartbeat(world).await.reading.len() < 2 {
        tokio::select! {
            biased;
            summary = &mut poll => panic!("{summary:?}"),
            () = tokio::task::yield_now() => {}
        }
    }
}

#[tokio::test]
async fn who_is_still_being_read_is_not_read_a_second_time_beside_it() {
    let (world, noisy, _) = two_accounts().await;
    world.skip(SignedDuration::from_mins(5));
    // A poll that is late at once says that it is still at both, and dies.
    let message = pack(&world).await;
    let hang = Fault::new("listOrders", FaultKind::Hang).times(2);
    world.sandbox.control().fault(hang).unwrap();
    {
        let late = poll_pack(world.hub(), &message, BUDGET, ready(()));
        until_at_both(&world, std::pin::pin!(late)).await;
    }
    world.sandbox.control().clear_faults();
    let before = listings_of(&world, "ab1cd");

    world.skip(SignedDuration::from_mins(1));
    let beside = world.poll_pack(&message).await;
    assert_eq!(beside, PollSummary::default());
    assert_eq!(listings_of(&world, "ab1cd"), before);
    let beat = heartbeat(&world).await;
    assert!(beat.missed.contains_key(&noisy), "still said to be missing");

    // No function lives that long: the next poll reads them again.
    world.skip(SignedDuration::from_mins(4));
    let after = world.poll_pack(&message).await;
    assert_eq!(after.counts.len(), 2, "{after:?}");
    let beat = heartbeat(&world).await;
    assert!(
        beat.missed.is_empty() && beat.reading.is_empty(),
        "{beat:?}"
    );
}

/// Two polls, one minute apart: the first is at both accounts when the second begins, and ends
/// before the second has said anything.
#[tokio::test]
async fn who_was_left_to_an_earlier_poll_is_no_fresher_than_that_one_says() {
    let fate = Fate::default();
    let world = super::near_and(one_login(), fate.clone()).await;
    let (noisy, quiet) = connect(&world, &one_login()).await;
    world.poll().await;
    let whole = world.sandbox.control().now();
    world.skip(SignedDuration::from_mins(5));
    let first_began = world.sandbox.control().now();
    let trouble = Fault::status("listOrders", 503).of("ab1cd");
    world.sandbox.control().fault(trouble).unwrap();

    let message = pack(&world).await;
    let mut first = std::pin::pin!(poll_pack(world.hub(), &message, BUDGET, ready(())));
    until_at_both(&world, first.as_mut()).await;
    world.skip(SignedDuration::from_mins(1));
    let second_began = world.sandbox.control().now();
    // It has read the heartbeat and the pack, and is about to write.
    fate.hold(2);
    let mut second = std::pin::pin!(poll_pack(world.hub(), &message, BUDGET, pending()));
    tokio::select! {
        summary = &mut second => panic!("{summary:?}"),
        () = fate.held() => {}
    }
    assert!(first.await.unwrap().missed.contains_key(&noisy));
    fate.let_go();
    assert_eq!(second.await.unwrap(), PollSummary::default());

    let beat = heartbeat(&world).await;
    assert_eq!(beat.at, Some(second_began));
    let of_noisy = &beat.missed[&noisy];
    assert_eq!(of_noisy.last_success, Some(whole), "{of_noisy:?}");
    assert!(of_noisy.reason.contains("503"), "{of_noisy:?}");
    let of_quiet = &beat.missed[&quiet];
    assert_eq!(of_quiet.last_success, Some(first_began), "{of_quiet:?}");
    world.poll().await;
    assert!(heartbeat(&world).await.missed.is_empty());
}

#[tokio::test]
async fn an_early_heartbeat_that_fails_cuts_nobody_off() {
    let fate = Fate::default();
    let world = super::near_and(one_login(), fate.clone()).await;
    connect(&world, &one_login()).await;
    seed(&world, QUIET, 3);
    let message = pack(&world).await;
    // The heartbeat and the pack are read before, and the heartbeat again for the early one.
    fate.refuse(3);
    let summary = poll_pack(world.hub(), &message, BUDGET, ready(())).await;
    assert_eq!(summary.unwrap().missed.len(), 0);
    assert_eq!(world.orders().await.len(), 3);
}

/// The first poll is at both accounts when the second one begins, and ends after it.
#[tokio::test]
async fn who_was_read_by_an_earlier_poll_is_as_fresh_as_that_one() {
    let (world, _, quiet) = two_accounts().await;
    world.poll().await;
    world.skip(SignedDuration::from_mins(5));
    let first_began = world.sandbox.control().now();
    let message = pack(&world).await;
    let mut first = std::pin::pin!(poll_pack(world.hub(), &message, BUDGET, ready(())));
    until_at_both(&world, first.as_mut()).await;
    world.skip(SignedDuration::from_mins(1));
    let second_began = world.sandbox.control().now();
    assert_eq!(world.poll_pack(&message).await, PollSummary::default());
    assert!(first.await.unwrap().missed.is_empty());

    let beat = heartbeat(&world).await;
    assert_eq!(beat.at, Some(second_began));
    assert!(beat.missed.is_empty(), "{beat:?}");
    let (store, now) = (world.table.as_ref(), second_began);
    let seen = look_at_account(store, &world.seller, &quiet, now).await;
    assert_eq!(seen.unwrap().unwrap().last_success, Some(first_began));
}
