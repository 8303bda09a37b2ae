//! Neighbours: who hangs or has a mountain of work delays nobody else.

mod mountain_to_read;
mod mountain_to_ship;
mod overlapping;

use std::future::pending;

use haat_aws::testing::Fate;
use haat_domain::{AccountId, Action};
use haat_marketplaces::http_client;
use haat_ports::{Heartbeat, JobProgress, Jobs as _, PollMessage, Polls as _, ShipMessage};
use haat_sandbox::{Fault, FaultKind, NewAccount, Options, Seed, State};
use haat_tests::world::{World, credentials};
use haat_workflows::{poll_pack, work_on_jobs};
use jiff::{SignedDuration, Timestamp};

const NOISY: u64 = 4_100_001;
const QUIET: u64 = 4_100_002;
const BUDGET: SignedDuration = SignedDuration::from_mins(4);

const BOTH: [(u64, &str); 2] = [(NOISY, "ab1cd"), (QUIET, "ef2gh")];
/// Jobs that take moments to be read back, and no pauses.
const SMALL_JOBS: &str = r#"{"milliseconds_between_calls": 0, "max_label_transitions": 20,
    "max_accept_transitions": 20}"#;
const PASSWORD: &str = "sandbox-only";

/// One login with both suppliers.
fn one_login() -> Vec<NewAccount> {
    vec![NewAccount::new("seller@example.test", PASSWORD, &BOTH)]
}

/// A login for each supplier.
fn two_logins() -> Vec<NewAccount> {
    let [noisy, quiet] = BOTH;
    vec![
        NewAccount::new("noisy@example.test", PASSWORD, &[noisy]),
        NewAccount::new("quiet@example.test", PASSWORD, &[quiet]),
    ]
}

/// A hub whose table answers where it is asked: what the table has written, its writer has heard.
async fn near(logins: Vec<NewAccount>) -> World {
    near_and(logins, Fate::default()).await
}

async fn near_and(logins: Vec<NewAccount>, fate: Fate) -> World {
    let options = Options {
        accounts: logins,
        ..Options::default()
    };
    let http = http_client().unwrap();
    World::near_assuming(options, &http, fate, SMALL_JOBS).await
}

/// The two suppliers, connected as two accounts of one pack.
async fn connect(world: &World, logins: &[NewAccount]) -> (AccountId, AccountId) {
    let mut accounts = Vec::new();
    for (login, (supplier, identifier)) in logins.iter().cycle().zip(BOTH) {
        let key = format!("{supplier}/{identifier}");
        let login = credentials(&login.email, PASSWORD);
        let connected = world.connect_login(login, Some(&key)).await.unwrap();
        accounts.push(connected.account.id);
    }
    world.settle().await;
    let quiet = accounts.pop().unwrap();
    (accounts.pop().unwrap(), quiet)
}

/// A connected supplier.
struct Neighbour {
    account: AccountId,
    supplier: u64,
    identifier: &'static str,
}

/// The two, connected; the noisy one is the one whose turn comes first.
async fn noisy_first(world: &World, logins: &[NewAccount]) -> (Neighbour, Neighbour) {
    let (first, second) = connect(world, logins).await;
    let [noisy, quiet] =
        [(first, BOTH[0]), (second, BOTH[1])].map(|(account, supplier)| Neighbour {
            account,
            supplier: supplier.0,
            identifier: supplier.1,
        });
    if noisy.account < quiet.account {
        (noisy, quiet)
    } else {
        (quiet, noisy)
    }
}

/// A login with two suppliers, connected as two accounts of one pack.
async fn two_accounts() -> (World, AccountId, AccountId) {
    let world = near(one_login()).await;
    let (noisy, quiet) = connect(&world, &one_login()).await;
    (world, noisy, quiet)
}

async fn pack(world: &World) -> PollMessage {
    let pack = world.table.packs().await.unwrap().remove(0).id;
    PollMessage {
        pack,
        account: None,
        test_of: None,
    }
}

async fn heartbeat(world: &World) -> Heartbeat {
    let pack = pack(world).await.pack;
    world.table.heartbeat(&pack).await.unwrap()
}

/// Whether all feeds of the account were read: that is remembered last.
async fn is_through(world: &World, account: &AccountId) -> bool {
    let pack = pack(world).await.pack;
    let states = world.table.poll_states(&pack).await.unwrap();
    let state = states.iter().find(|state| state.account == *account);
    state.is_some_and(|state| state.seen.len() == 5 && state.seen["pending"] != 0)
}

async fn until_through(world: &World, account: &AccountId) {
    while !is_through(world, account).await {
        tokio::task::yield_now().await;
    }
}

/// The heartbeat of the poll that began then, as soon as it is there.
async fn heartbeat_of(world: &World, began: Timestamp) -> Heartbeat {
    loop {
        let beat = heartbeat(world).await;
        if beat.at == Some(began) {
            return beat;
        }
        tokio::task::yield_now().await;
    }
}

fn seed(world: &World, supplier: u64, count: u32) -> Vec<String> {
    let seed = Seed::new(supplier, State::Pending, count);
    world.sandbox.control().seed(&seed).unwrap()
}

fn listings_of(world: &World, identifier: &str) -> usize {
    let log = world.sandbox.control().log();
    log.iter()
        .filter(|call| call.operation == "listOrders")
        .filter(|call| call.identifier == identifier)
        .count()
}

/// Polls while the noisy account's first call is never answered, until the quiet account's
/// orders are stored; then the poll is late, and its heartbeat for the quiet one is there.
#[tokio::test]
async fn an_account_that_hangs_leaves_its_neighbours_orders_and_freshness_alone() {
    let (world, noisy, quiet) = two_accounts().await;
    let numbers = seed(&world, QUIET, 3);
    let hang = Fault::new("listOrders", FaultKind::Hang).of("ab1cd");
    world.sandbox.control().fault(hang).unwrap();
    world.skip(SignedDuration::from_mins(5));
    let began = world.sandbox.control().now();

    let message = pack(&world).await;
    let late = until_through(&world, &quiet);
    // The hanging call is never answered: the poll is left behind, as a killed function would be.
    let mut polling = std::pin::pin!(poll_pack(world.hub(), &message, BUDGET, late));
    let beat = tokio::select! {
        summary = &mut polling => panic!("the poll does not end while a call hangs: {summary:?}"),
        beat = heartbeat_of(&world, began) => beat,
    };
    assert_eq!(world.orders().await.len(), numbers.len());

    assert_eq!(beat.reading.keys().collect::<Vec<_>>(), [&noisy]);
    let missed = &beat.missed[&noisy];
    assert!(missed.reason.contains("still being read"), "{missed:?}");
    assert!(missed.last_success < Some(began), "{missed:?}");
    assert!(!beat.missed.contains_key(&quiet), "{beat:?}");
}

#[tokio::test]
async fn an_account_without_time_left_says_so_and_its_neighbour_is_fresh() {
    let (world, noisy, quiet) = two_accounts().await;
    seed(&world, NOISY, 120);
    seed(&world, QUIET, 3);
    let fault = Fault::status("listOrders", 503).of("ab1cd").after(2);
    world.sandbox.control().fault(fault).unwrap();
    let message = pack(&world).await;

    let summary = poll_pack(world.hub(), &message, BUDGET, pending())
        .await
        .unwrap();

    assert!(summary.missed.contains_key(&noisy), "{summary:?}");
    assert_eq!(summary.counts[&quiet].stored, 3);
    assert!(!heartbeat(&world).await.missed.contains_key(&quiet));
}

#[tokio::test]
async fn who_was_in_trouble_the_last_time_is_called_last() {
    let (world, noisy, _) = two_accounts().await;
    let fault = Fault::status("listOrders", 503).of("ab1cd");
    world.sandbox.control().fault(fault).unwrap();
    assert!(world.poll().await[0].missed.contains_key(&noisy));
    let calls = world.sandbox.control().log().len();

    world.poll().await;

    let log = world.sandbox.control().log();
    let first = log[calls..]
        .iter()
        .find(|call| call.operation == "listOrders");
    assert_eq!(first.unwrap().identifier, "ef2gh");
}

#[tokio::test]
async fn accounts_of_one_login_that_start_without_a_session_log_in_once() {
    let (world, _, _) = two_accounts().await;
    let logins = world
        .sandbox
        .control()
        .counters()
        .logins_of("seller@example.test");
    world.sandbox.control().expire_sessions(NOISY).unwrap();

    let summary = world.poll().await.remove(0);

    assert!(summary.missed.is_empty(), "{summary:?}");
    let again = world
        .sandbox
        .control()
        .counters()
        .logins_of("seller@example.test");
    assert_eq!(again, logins + 1);
}

#[tokio::test]
async fn labels_of_a_neighbour_are_made_while_a_marketplace_hangs() {
    let (world, noisy, quiet) = two_accounts().await;
    let mut messages = Vec::new();
    for (supplier, account) in [(NOISY, &noisy), (QUIET, &quiet)] {
        let seed = Seed::new(supplier, State::ReadyToShip, 1);
        let number = world.sandbox.control().seed(&seed).unwrap().remove(0);
        messages.push(ShipMessage {
            seller: world.seller.clone(),
            account: account.clone(),
            action: Action::Ship,
            orders: vec![number.parse().unwrap()],
            wake: None,
        });
    }
    world.poll().await;
    for message in &messages {
        let number = message.orders[0].as_str();
        world.ask(number, Action::Ship).await.unwrap();
    }
    let hang = Fault::new("fetchLabelDownloadHistory", FaultKind::Hang).of("ab1cd");
    world.sandbox.control().fault(hang).unwrap();

    tokio::select! {
        ended = work_on_jobs(&world.desk, &messages[0]) => panic!("it hangs: {ended:?}"),
        asked = work_on_jobs(&world.desk, &messages[1]) => asked.unwrap(),
    }

    let job = |account| world.table.job(&world.seller, account, Action::Ship);
    let (of_noisy, of_quiet) = (job(&noisy).await.unwrap(), job(&quiet).await.unwrap());
    assert_eq!(of_noisy.progress, JobProgress::Idle);
    assert!(matches!(of_quiet.progress, JobProgress::Running { .. }));
}
