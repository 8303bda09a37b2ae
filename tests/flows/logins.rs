//! One login at a time, one session for all, and never a second try of a refused one.

use std::future::pending;

use haat_aws::testing::Fate;
use haat_domain::{AttentionReason, Health};
use haat_marketplaces::http_client;
use haat_ports::{Accounts as _, Logins as _, PollMessage, Polls as _, PollsQueue, ShipQueue};
use haat_sandbox::{Fault, FaultKind, Options, Seed, State};
use haat_tests::world::World;
use haat_workflows::poll_pack;
use jiff::SignedDuration;

pub(crate) const SUPPLIER: u64 = 4_100_001;
pub(crate) const EMAIL: &str = "seller@example.test";

pub(crate) async fn health(world: &World) -> Health {
    let accounts = world.table.accounts(&world.seller).await.unwrap();
    accounts[0].health.clone()
}

pub(crate) fn reason(health: &Health) -> Option<AttentionReason> {
    match health {
        Health::NeedsAttention(attention) => Some(attention.reason),
        Health::Connected => None,
    }
}

pub(crate) fn queues(world: &World) -> (&dyn PollsQueue, &dyn ShipQueue) {
    (world.queues.as_ref(), world.queues.as_ref())
}

#[tokio::test]
async fn a_refused_connection_stores_nothing_and_says_why() {
    let world = World::new().await;
    let refused = world.try_connect("not-it").await.unwrap_err().to_string();
    assert!(
        refused.contains("e-mail or password is wrong"),
        "the marketplace's words are passed on: {refused}"
    );
    assert!(
        world
            .table
            .accounts(&world.seller)
            .await
            .unwrap()
            .is_empty()
    );
    world.poll().await;
    let counters = world.sandbox.control().counters();
    assert_eq!(counters.refused_logins_of(EMAIL), 1);
}

#[tokio::test]
async fn one_session_serves_every_poll() {
    let world = World::new().await;
    world.connect().await;
    for _poll in 0..5 {
        world.poll().await;
    }
    assert_eq!(world.sandbox.control().counters().logins_of(EMAIL), 1);
}

#[tokio::test]
async fn a_lost_session_is_renewed_once_and_the_poll_goes_on() {
    let world = World::new().await;
    let seed = Seed::new(SUPPLIER, State::Pending, 2);
    world.sandbox.control().seed(&seed).unwrap();
    world.connect().await;
    world.sandbox.control().expire_sessions(SUPPLIER).unwrap();
    assert!(world.poll().await[0].missed.is_empty());
    assert_eq!(world.orders().await.len(), 2);
    assert_eq!(world.sandbox.control().counters().logins_of(EMAIL), 2);
}

#[tokio::test]
async fn a_session_refused_at_once_stops_the_account() {
    let world = World::new().await;
    world.connect().await;
    let fault = Fault::status("listOrders", 463).times(100);
    world.sandbox.control().fault(fault).unwrap();
    for _poll in 0..5 {
        world.poll().await;
    }
    assert_eq!(
        reason(&health(&world).await),
        Some(AttentionReason::SessionRefused)
    );
    let counters = world.sandbox.control().counters();
    assert_eq!(counters.logins_of(EMAIL), 2, "connecting, and one renewal");
    assert_eq!(counters.calls_of("listOrders"), 2, "one call, one repeat");
}

#[tokio::test]
async fn a_changed_password_is_tried_once_and_then_never_again() {
    let world = World::new().await;
    world.connect().await;
    world
        .sandbox
        .control()
        .change_password(SUPPLIER, "new-secret")
        .unwrap();
    for _poll in 0..10 {
        world.poll().await;
        world.pass(SignedDuration::from_mins(20)).await;
    }
    assert_eq!(
        world.sandbox.control().counters().refused_logins_of(EMAIL),
        1
    );
    assert_eq!(
        reason(&health(&world).await),
        Some(AttentionReason::LoginRefused)
    );
}

/// Whichever call of the table is refused while a poll hears that the password is wrong.
#[tokio::test]
async fn a_refused_password_is_remembered_though_the_table_falters() {
    let http = http_client().unwrap();
    for call in 0..12 {
        let fate = Fate::default();
        let world = World::near(Options::default(), &http, fate.clone()).await;
        world.connect().await;
        let control = world.sandbox.control();
        control.change_password(SUPPLIER, "new-secret").unwrap();
        let pack = world.table.packs().await.unwrap().remove(0).id;
        let account = None;
        let message = PollMessage {
            pack,
            account,
            test_of: None,
        };
        fate.refuse(call);
        let budget = SignedDuration::from_mins(4);
        let polled = poll_pack(world.hub(), &message, budget, pending());
        let _cut_short = polled.await;
        fate.spare();
        for _poll in 0..3 {
            world.poll().await;
            world.pass(SignedDuration::from_mins(20)).await;
        }
        let refused = control.counters().refused_logins_of(EMAIL);
        assert_eq!(refused, 1, "call {call} was refused");
        let needs = reason(&health(&world).await);
        assert_eq!(needs, Some(AttentionReason::LoginRefused), "call {call}");
    }
}

#[tokio::test]
async fn while_someone_logs_in_nobody_else_does() {
    let world = World::new().await;
    let account = world.connect().await.account;
    let (mut login, _) = world
        .table
        .login(&world.seller, &account.login)
        .await
        .unwrap()
        .unwrap();
    let now = world.sandbox.control().now();
    login.state = haat_ports::LoginState::LoggingIn {
        until: now.saturating_add(SignedDuration::from_mins(16)).unwrap(),
        before: None,
    };
    world.table.put_login(&login).await.unwrap();
    world.sandbox.control().expire_sessions(SUPPLIER).unwrap();
    let summary = world.poll().await;
    assert!(
        summary[0]
            .missed
            .values()
            .next()
            .unwrap()
            .contains("logging in")
    );
    assert_eq!(world.sandbox.control().counters().logins_of(EMAIL), 1);

    // Whoever held the lease is dead once it has run out.
    world.pass(SignedDuration::from_mins(17)).await;
    assert!(world.poll().await[0].missed.is_empty());
    assert_eq!(world.sandbox.control().counters().logins_of(EMAIL), 2);
}

#[tokio::test]
async fn a_blocked_account_goes_on_when_the_seller_says_so() {
    let world = World::new().await;
    let account = world.connect().await.account;
    let fault = Fault::new("listOrders", FaultKind::EdgeBlock);
    world.sandbox.control().fault(fault).unwrap();
    world.poll().await;
    assert_eq!(
        reason(&health(&world).await),
        Some(AttentionReason::Blocked)
    );
    let seed = Seed::new(SUPPLIER, State::Pending, 2);
    world.sandbox.control().seed(&seed).unwrap();
    haat_workflows::sync_now(
        world.table.as_ref(),
        queues(&world),
        &world.seller,
        &account.id,
        world.sandbox.control().now(),
    )
    .await
    .unwrap();
    world.settle().await;
    assert_eq!(health(&world).await, Health::Connected);
    assert_eq!(world.orders().await.len(), 2);
}

#[tokio::test]
async fn a_stopped_login_stays_stopped_when_a_try_of_new_credentials_dies_half_way() {
    let world = World::new().await;
    let account = world.connect().await.account;
    world
        .sandbox
        .control()
        .change_password(SUPPLIER, "new-secret")
        .unwrap();
    world.poll().await;
    let (mut login, _) = world
        .table
        .login(&world.seller, &account.login)
        .await
        .unwrap()
        .unwrap();
    let now = world.sandbox.control().now();
    // As the request left it when its function was killed before the marketplace answered.
    login.state = haat_ports::LoginState::LoggingIn {
        until: now.saturating_add(SignedDuration::from_mins(1)).unwrap(),
        before: login.stop(now).cloned(),
    };
    world.table.put_login(&login).await.unwrap();
    for _poll in 0..5 {
        world.pass(SignedDuration::from_mins(20)).await;
        world.poll().await;
    }
    let counters = world.sandbox.control().counters();
    assert_eq!(
        counters.refused_logins_of(EMAIL),
        1,
        "the old password is not tried again"
    );
}

#[tokio::test]
async fn refused_credentials_stay_refused_when_the_edge_blocks_while_new_ones_are_tried() {
    let world = World::new().await;
    let account = world.connect().await.account;
    let found = world.table.login(&world.seller, &account.login).await;
    let (mut login, _) = found.unwrap().unwrap();
    let now = world.sandbox.control().now();
    // The seller tries a new password just now; the session of before still lives.
    let refused = haat_ports::Stop {
        attention: haat_domain::Attention {
            reason: AttentionReason::LoginRefused,
            since: now,
            said: "log-in refused".to_owned(),
        },
        challenge: None,
    };
    login.state = haat_ports::LoginState::LoggingIn {
        until: now + SignedDuration::from_mins(1),
        before: Some(refused),
    };
    world.table.put_login(&login).await.unwrap();
    let fault = Fault::new("listOrders", FaultKind::EdgeBlock);
    world.sandbox.control().fault(fault).unwrap();
    world.poll().await;

    let go_on = haat_workflows::sync_now(
        world.table.as_ref(),
        queues(&world),
        &world.seller,
        &account.id,
        now,
    );
    let said = go_on.await.unwrap_err().to_string();
    assert!(said.contains("cannot go on yet"), "{said}");
    let shown = reason(&health(&world).await);
    assert_eq!(shown, Some(AttentionReason::LoginRefused));
}
