//! One account has ten thousand orders to be read; its neighbour is read as if it were alone.

use haat_sandbox::{LogEntry, NewAccount};
use haat_workflows::poll_pack;
use jiff::SignedDuration;

use super::BUDGET;

const MANY: u32 = 10_000;
/// How many calls list them, fifty in each.
const PAGES: usize = 200;

#[tokio::test]
async fn ten_thousand_orders_delay_no_account_of_the_same_login() {
    a_mountain_is_read_beside_a_neighbour(super::one_login()).await;
}

#[tokio::test]
async fn ten_thousand_orders_delay_no_account_of_another_login() {
    a_mountain_is_read_beside_a_neighbour(super::two_logins()).await;
}

async fn a_mountain_is_read_beside_a_neighbour(logins: Vec<NewAccount>) {
    let alone = calls_without_a_mountain(&logins).await;
    let world = super::near(logins.clone()).await;
    let (noisy, quiet) = super::noisy_first(&world, &logins).await;
    super::seed(&world, noisy.supplier, MANY);
    let numbers = super::seed(&world, quiet.supplier, 3);
    world.skip(SignedDuration::from_mins(5));
    let began = world.sandbox.control().now();
    let before = world.sandbox.control().log().len();

    // As soon as the quiet account is through, the poll says so; then its time goes by.
    let message = super::pack(&world).await;
    let late = super::until_through(&world, &quiet.account);
    let mut polling = std::pin::pin!(poll_pack(world.hub(), &message, BUDGET, late));
    let early = tokio::select! {
        summary = &mut polling => panic!("the mountain is read already: {summary:?}"),
        beat = super::heartbeat_of(&world, began) => beat,
    };
    world.skip(BUDGET);
    let summary = polling.await.unwrap();

    assert_eq!(early.reading.keys().collect::<Vec<_>>(), [&noisy.account]);
    assert!(!early.missed.contains_key(&quiet.account), "{early:?}");
    let log = world.sandbox.control().log().split_off(before);
    assert_eq!(
        calls_of(&log, quiet.identifier),
        alone,
        "its own work and no more"
    );
    let last = log
        .iter()
        .rposition(|call| call.identifier == quiet.identifier);
    let meanwhile = calls_of(&log[..last.unwrap()], noisy.identifier).len();
    assert!(
        meanwhile <= 2 * alone.len(),
        "{meanwhile} calls for the mountain came first"
    );

    assert_eq!(summary.counts[&quiet.account].stored, numbers.len());
    let told = &summary.missed[&noisy.account];
    assert!(told.contains("the next one goes on"), "{told}");
    let listings = super::listings_of(&world, noisy.identifier);
    assert!(listings < PAGES, "the poll ended long before the mountain");
    assert!(
        summary.counts[&noisy.account].stored > 0,
        "and got some way"
    );
    let after = super::heartbeat(&world).await;
    assert_eq!(after.missed.keys().collect::<Vec<_>>(), [&noisy.account]);
}

/// What the same poll calls for the quiet account when its neighbour has no orders.
async fn calls_without_a_mountain(logins: &[NewAccount]) -> Vec<String> {
    let world = super::near(logins.to_vec()).await;
    let (_, quiet) = super::noisy_first(&world, logins).await;
    super::seed(&world, quiet.supplier, 3);
    world.skip(SignedDuration::from_mins(5));
    let before = world.sandbox.control().log().len();
    let summary = world.poll().await.remove(0);
    assert!(summary.missed.is_empty(), "{summary:?}");
    calls_of(&world.sandbox.control().log()[before..], quiet.identifier)
}

fn calls_of(log: &[LogEntry], identifier: &str) -> Vec<String> {
    let calls = log.iter().filter(|call| call.identifier == identifier);
    calls.map(|call| call.operation.clone()).collect()
}
