//! What happens between any two calls of a function: a seller acts, another function writes, the
//! function dies. Nothing is lost, and nobody is locked out.

use std::future::Future;
use std::pin::pin;

use haat_aws::testing::{Fate, Moment};
use haat_domain::{AccountId, Action, Actor, AttentionReason, Health, LoginId, ParkedKind, Stage};
use haat_marketplaces::http_client;
use haat_ports::{Login, LoginState, Logins as _, ParkedStore as _, ShipMessage};
use haat_sandbox::{Fault, FaultKind, NewAccount, Options, Seed, State};
use haat_tests::world::{World, credentials};
use haat_workflows::{CredentialsRefusal, work_on_jobs};
use jiff::SignedDuration;

use crate::logins::{EMAIL, SUPPLIER, health, queues, reason};

const KEYS: [&str; 2] = ["4100001/ab1cd", "4100002/ef2gh"];
const PASSWORD: &str = "sandbox-only";
/// More calls than any of these functions makes, and fewer than most of them do.
const CALLS: u32 = 60;
const LEAST: u32 = 5;

/// A login with two sellers, the first of them connected.
async fn world() -> (World, Fate, AccountId, LoginId) {
    let suppliers = [(SUPPLIER, "ab1cd"), (4_100_002, "ef2gh")];
    let options = Options {
        accounts: vec![NewAccount::new(EMAIL, PASSWORD, &suppliers)],
        ..Options::default()
    };
    let fate = Fate::default();
    let http = http_client().unwrap();
    let world = World::near(options, &http, fate.clone()).await;
    let account = world.connect_as(Some(KEYS[0])).await.unwrap().account;
    world.settle().await;
    (world, fate, account.id, account.login)
}

/// An order that wants to be accepted, and the message that says so; every other one is lost.
async fn asked(world: &World, account: &AccountId) -> ShipMessage {
    let seed = Seed::new(SUPPLIER, State::Pending, 1);
    let number = world.sandbox.control().seed(&seed).unwrap().remove(0);
    world.poll().await;
    world.ask(&number, Action::Accept).await.unwrap();
    world.lose_messages().await;
    ShipMessage {
        seller: world.seller.clone(),
        account: account.clone(),
        action: Action::Accept,
        orders: vec![number.parse().unwrap()],
        wake: None,
    }
}

/// A look's first call of the marketplace is refused at its edge.
fn block(world: &World) {
    let fault = Fault::new("fetchPendingOrdersHistory", FaultKind::EdgeBlock);
    world.sandbox.control().fault(fault).unwrap();
}

async fn is_accepted(world: &World, message: &ShipMessage) -> bool {
    let order = world.order(message.orders[0].as_str()).await;
    order.stage == Stage::Accepted
}

async fn login(world: &World, id: &LoginId) -> Login {
    let found = world.table.login(&world.seller, id).await.unwrap();
    found.unwrap().0
}

async fn change(
    world: &World,
    account: &AccountId,
    password: &str,
) -> Result<(), CredentialsRefusal> {
    let typed = credentials(EMAIL, password);
    haat_workflows::change_credentials(world.hub(), queues(world), &world.seller, account, &typed)
        .await
}

/// As every function does that is told to leave the marketplace alone for a while.
async fn note_a_rest(world: &World, id: &LoginId) {
    let mut login = login(world, id).await;
    login.rest_until = Some(world.sandbox.control().now() + SignedDuration::from_secs(30));
    world.table.put_login(&login).await.unwrap();
}

/// Does `first` up to a call of the table, then all of `meanwhile`, then the rest of `first`.
/// `None` when `first` makes fewer calls.
pub(crate) async fn around<T>(
    fate: &Fate,
    calls: u32,
    first: impl Future<Output = T>,
    meanwhile: impl Future<Output = ()>,
) -> Option<T> {
    let mut first = pin!(first);
    fate.hold(calls);
    tokio::select! {
        biased;
        _ended = &mut first => return None,
        () = fate.held() => {}
    }
    meanwhile.await;
    fate.let_go();
    Some(first.await)
}

/// Tells a story once for every call of the function that it is about; it says `false` when the
/// function ended before that call.
pub(crate) async fn at_each_call(least: u32, story: impl AsyncFn(u32) -> bool) {
    for calls in 0..CALLS {
        if !story(calls).await {
            assert!(calls > least, "it makes {calls} calls only");
            return;
        }
    }
    panic!("it makes more than {CALLS} calls");
}

/// Does this until it dies after a call of the table. `false` when it makes fewer calls.
async fn dies(fate: &Fate, calls: u32, what: impl Future<Output = impl Sized>) -> bool {
    fate.set(calls, Moment::After);
    let died = tokio::select! {
        biased;
        () = fate.met() => true,
        _ended = what => false,
    };
    fate.spare();
    died
}

#[tokio::test]
async fn wherever_in_a_refused_look_the_seller_acts_the_work_goes_on_or_is_seen_to_stand() {
    at_each_call(LEAST, async |calls| {
        let (world, fate, account, _) = world().await;
        let message = asked(&world, &account).await;
        block(&world);
        let acts = async {
            change(&world, &account, PASSWORD).await.unwrap();
            world.settle().await;
        };
        let look = work_on_jobs(&world.desk, &message);
        let Some(looked) = around(&fate, calls, look, acts).await else {
            return false;
        };
        looked.unwrap();
        world.pass(SignedDuration::from_mins(10)).await;
        let stands = reason(&health(&world).await) == Some(AttentionReason::Blocked);
        assert!(
            stands || is_accepted(&world, &message).await,
            "the seller acted before call {calls}; the account looks well and nobody works"
        );
        true
    })
    .await;
}

#[tokio::test]
async fn a_refusal_that_is_not_noted_for_a_rest_noted_meanwhile_puts_no_work_to_sleep() {
    at_each_call(LEAST, async |calls| {
        let (world, fate, account, login) = world().await;
        let message = asked(&world, &account).await;
        block(&world);
        let look = work_on_jobs(&world.desk, &message);
        let rests = note_a_rest(&world, &login);
        let Some(looked) = around(&fate, calls, look, rests).await else {
            return false;
        };
        looked.unwrap();
        world.pass(SignedDuration::from_mins(10)).await;
        let stands = reason(&health(&world).await) == Some(AttentionReason::Blocked);
        assert!(
            stands || is_accepted(&world, &message).await,
            "a rest was noted before call {calls}; the account looks well and nobody works"
        );
        true
    })
    .await;
}

/// Work that sleeps until its seller acts, because the marketplace refused it.
async fn asleep(world: &World, account: &AccountId) -> ShipMessage {
    let message = asked(world, account).await;
    block(world);
    work_on_jobs(&world.desk, &message).await.unwrap();
    world.pass(SignedDuration::from_mins(10)).await;
    let stands = reason(&health(world).await);
    assert_eq!(stands, Some(AttentionReason::Blocked));
    message
}

#[tokio::test]
async fn a_request_that_dies_leaves_no_account_looking_well_whose_work_sleeps() {
    at_each_call(LEAST, async |calls| {
        let (world, fate, account, _) = world().await;
        let message = asleep(&world, &account).await;
        let died = dies(&fate, calls, change(&world, &account, PASSWORD)).await;
        world.pass(SignedDuration::from_mins(20)).await;
        let sleeps = !is_accepted(&world, &message).await;
        assert!(
            !sleeps || health(&world).await != Health::Connected,
            "it died after call {calls}: the account looks well and its work sleeps"
        );
        change(&world, &account, PASSWORD).await.unwrap();
        world.pass(SignedDuration::from_mins(20)).await;
        assert!(is_accepted(&world, &message).await);
        died
    })
    .await;
}

#[tokio::test]
async fn connecting_once_more_after_it_died_wakes_the_work_of_the_login() {
    at_each_call(LEAST, async |calls| {
        let (world, fate, account, _) = world().await;
        let message = asleep(&world, &account).await;
        let died = dies(&fate, calls, world.connect_as(Some(KEYS[1]))).await;
        lose_and_wait(&world).await;
        let again = world.connect_as(Some(KEYS[1])).await;
        let said = again.map_or_else(|refused| refused.to_string(), |_| String::new());
        assert!(said.is_empty() || said.contains("already"), "{said}");
        world.pass(SignedDuration::from_mins(20)).await;
        assert!(
            is_accepted(&world, &message).await,
            "it died after call {calls} and connecting again woke nobody"
        );
        died
    })
    .await;
}

/// What a dead request had sent is lost as well, for the worst case.
async fn lose_and_wait(world: &World) {
    world.lose_messages().await;
    world.skip(SignedDuration::from_mins(2));
}

#[tokio::test]
async fn a_rest_noted_while_someone_logs_in_locks_nobody_out() {
    at_each_call(LEAST, async |calls| {
        let (world, fate, account, login) = world().await;
        let tried = change(&world, &account, PASSWORD);
        let rests = note_a_rest(&world, &login);
        let Some(tried) = around(&fate, calls, tried, rests).await else {
            return false;
        };
        // Refused before the lease was taken: pressing again at once works.
        if tried.is_err() {
            let again = change(&world, &account, PASSWORD).await;
            assert!(again.is_ok(), "before call {calls}: {again:?}");
        }
        true
    })
    .await;
}

#[tokio::test]
async fn a_rest_noted_while_a_poll_logs_in_locks_no_seller_out() {
    at_each_call(LEAST, async |calls| {
        let (world, fate, account, login) = world().await;
        world.sandbox.control().expire_sessions(SUPPLIER).unwrap();
        let polled = world.poll();
        let rests = note_a_rest(&world, &login);
        let ended = around(&fate, calls, polled, rests).await;
        if ended.is_none() {
            return false;
        }
        world.skip(SignedDuration::from_mins(2));
        let changed = change(&world, &account, PASSWORD).await;
        assert!(changed.is_ok(), "before call {calls}: {changed:?}");
        true
    })
    .await;
}

#[tokio::test]
async fn the_refusal_of_an_old_password_stops_no_new_one() {
    at_each_call(LEAST, async |calls| {
        let (world, fate, _, id) = world().await;
        let control = world.sandbox.control();
        control.change_password(SUPPLIER, "new-secret").unwrap();
        control.expire_sessions(SUPPLIER).unwrap();
        let connects = async {
            let connected = world.connect_with("new-secret", Some(KEYS[1])).await;
            connected.unwrap();
        };
        if around(&fate, calls, world.poll(), connects).await.is_none() {
            return false;
        }
        let state = login(&world, &id).await.state;
        let tried_after = control.counters().refused_logins_of(EMAIL);
        assert_eq!(
            state,
            LoginState::Ready,
            "connected before call {calls}, {tried_after} refused"
        );
        true
    })
    .await;
}

#[tokio::test]
async fn two_looks_that_meet_trouble_at_once_both_come_again_soon() {
    at_each_call(LEAST, async |calls| {
        let (world, fate, account, _) = world().await;
        let messages = [asked(&world, &account).await, asked(&world, &account).await];
        let throttled = Fault::status("*", 429).times(2);
        world.sandbox.control().fault(throttled).unwrap();
        let other = async {
            work_on_jobs(&world.desk, &messages[1]).await.unwrap();
        };
        let look = work_on_jobs(&world.desk, &messages[0]);
        let Some(looked) = around(&fate, calls, look, other).await else {
            return false;
        };
        assert!(looked.is_ok(), "before call {calls}: {looked:?}");
        world.pass(SignedDuration::from_mins(10)).await;
        for message in &messages {
            assert!(is_accepted(&world, message).await, "before call {calls}");
        }
        true
    })
    .await;
}

#[tokio::test]
async fn work_that_fails_anew_while_it_is_resumed_stays_among_what_failed() {
    at_each_call(1, async |calls| {
        let (world, fate, account, _) = world().await;
        let message = asked(&world, &account).await;
        let refused = Fault::status("reqPendingOrders", 400).times(2);
        world.sandbox.control().fault(refused).unwrap();
        work_on_jobs(&world.desk, &message).await.unwrap();
        world.pass(SignedDuration::from_mins(5)).await;
        let number = message.orders[0].as_str();
        let resumed = haat_workflows::resume_parked(
            world.table.as_ref(),
            queues(&world),
            (&world.seller, &account, ParkedKind::Accept, number),
            Actor::Token("t_1".parse().unwrap()),
            world.sandbox.control().now(),
        );
        let fails_anew = world.settle();
        let Some(resumed) = around(&fate, calls, resumed, fails_anew).await else {
            return false;
        };
        resumed.unwrap();
        world.pass(SignedDuration::from_mins(5)).await;
        assert!(world.order(number).await.has_failed(Action::Accept));
        let parked = world.table.parked(&world.seller, None, 10).await.unwrap();
        assert_eq!(parked.items.len(), 1, "it failed anew before call {calls}");
        true
    })
    .await;
}
