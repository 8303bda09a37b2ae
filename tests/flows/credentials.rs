//! New credentials, one-time passwords, and logins that several accounts share.

use std::sync::Arc;

use async_trait::async_trait;
use haat_domain::{AccountId, Action, AttentionReason, Health, Secret, SellerId};
use haat_ports::{
    Accounts as _, Jobs as _, Logins as _, Marketplace, Marketplaces, Sealed, ShipMessage, Vault,
    VaultError,
};
use haat_sandbox::{Seed, State};
use haat_tests::world::{World, credentials};
use haat_workflows::{CredentialsRefusal, OtpRefusal};
use jiff::SignedDuration;

use crate::logins::{EMAIL, SUPPLIER, health, queues, reason};

#[tokio::test]
async fn new_credentials_bring_everything_back_and_catch_up() {
    let world = World::new().await;
    let account = world.connect().await.account;
    world
        .sandbox
        .control()
        .change_password(SUPPLIER, "new-secret")
        .unwrap();
    world.poll().await;
    let seed = Seed::new(SUPPLIER, State::Pending, 3);
    world.sandbox.control().seed(&seed).unwrap();

    let typed = credentials(EMAIL, "still-wrong");
    let refused = haat_workflows::change_credentials(
        world.hub(),
        queues(&world),
        &world.seller,
        &account.id,
        &typed,
    )
    .await;
    assert!(
        matches!(refused, Err(CredentialsRefusal::Marketplace(_))),
        "{refused:?}"
    );
    assert_eq!(
        reason(&health(&world).await),
        Some(AttentionReason::LoginRefused)
    );

    let typed = credentials(EMAIL, "new-secret");
    haat_workflows::change_credentials(
        world.hub(),
        queues(&world),
        &world.seller,
        &account.id,
        &typed,
    )
    .await
    .unwrap();
    world.settle().await;
    assert_eq!(health(&world).await, Health::Connected);
    assert_eq!(
        world.orders().await.len(),
        3,
        "caught up without waiting for the schedule"
    );
}

#[tokio::test]
async fn credentials_of_another_seller_change_nothing() {
    let world = World::new().await;
    let account = world.connect().await.account;
    let other = haat_sandbox::NewAccount::new("other@example.test", "pw", &[(4_100_009, "zz9zz")]);
    world.sandbox.control().add_account(&other).unwrap();
    let typed = credentials("other@example.test", "pw");
    let refused = haat_workflows::change_credentials(
        world.hub(),
        queues(&world),
        &world.seller,
        &account.id,
        &typed,
    )
    .await;
    assert!(
        matches!(refused, Err(CredentialsRefusal::OtherSeller(_))),
        "{refused:?}"
    );
    assert!(
        world.poll().await[0].missed.is_empty(),
        "the old session still works"
    );
}

#[tokio::test]
async fn a_one_time_password_is_a_state_and_its_answer_starts_everything() {
    let world = World::new().await;
    let seed = Seed::new(SUPPLIER, State::Pending, 2);
    world.sandbox.control().seed(&seed).unwrap();
    world
        .sandbox
        .control()
        .demand_otp(SUPPLIER, "482913")
        .unwrap();

    let connected = world.connect().await;
    assert!(connected.otp_sent_to.is_some());
    assert_eq!(
        reason(&health(&world).await),
        Some(AttentionReason::OtpRequired)
    );
    world.poll().await;
    assert_eq!(
        world.sandbox.control().counters().calls_of("login"),
        1,
        "polls do not log in"
    );

    let answer = async |code: &str| {
        haat_workflows::answer_otp(
            world.hub(),
            queues(&world),
            &world.seller,
            &connected.account.id,
            &Secret::new(code),
            None,
        )
        .await
    };
    assert!(matches!(answer("000000").await, Err(OtpRefusal::Wrong(_))));
    answer("482913").await.unwrap();
    world.settle().await;
    assert_eq!(health(&world).await, Health::Connected);
    assert_eq!(world.orders().await.len(), 2);
    assert!(matches!(
        answer("482913").await,
        Err(OtpRefusal::NotAsked(_))
    ));
}

#[tokio::test]
async fn a_login_that_owns_several_sellers_asks_which_and_shares_its_session() {
    let options = haat_sandbox::Options {
        accounts: vec![haat_sandbox::NewAccount::new(
            EMAIL,
            "sandbox-only",
            &[(4_100_001, "ab1cd"), (4_100_002, "ef2gh")],
        )],
        ..Default::default()
    };
    let world = World::with(options).await;
    for supplier in [4_100_001, 4_100_002] {
        let seed = Seed::new(supplier, State::Pending, 2);
        world.sandbox.control().seed(&seed).unwrap();
    }
    let refused = world
        .try_connect("sandbox-only")
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("4100001/ab1cd") && refused.contains("4100002/ef2gh"),
        "{refused}"
    );

    for key in ["4100001/ab1cd", "4100002/ef2gh"] {
        world.connect_as(Some(key)).await.unwrap();
    }
    world.settle().await;
    let logins = world.sandbox.control().counters().logins_of(EMAIL);
    for _poll in 0..3 {
        assert!(world.poll().await[0].missed.is_empty());
    }
    assert_eq!(world.orders().await.len(), 4);
    assert_eq!(world.sandbox.control().counters().logins_of(EMAIL), logins);
    let twice = world
        .connect_as(Some("4100001/ab1cd"))
        .await
        .unwrap_err()
        .to_string();
    assert!(twice.contains("connected already"), "{twice}");
}

#[tokio::test]
async fn a_second_account_with_the_new_password_wakes_the_first() {
    let keys = ["4100001/ab1cd", "4100002/ef2gh"];
    let options = haat_sandbox::Options {
        accounts: vec![haat_sandbox::NewAccount::new(
            EMAIL,
            "sandbox-only",
            &[(4_100_001, "ab1cd"), (4_100_002, "ef2gh")],
        )],
        ..Default::default()
    };
    let world = World::with(options).await;
    world.connect_as(Some(keys[0])).await.unwrap();
    world
        .sandbox
        .control()
        .change_password(SUPPLIER, "new-secret")
        .unwrap();
    world.poll().await;
    let stopped = reason(&health(&world).await);
    assert_eq!(stopped, Some(AttentionReason::LoginRefused));
    world
        .connect_with("new-secret", Some(keys[1]))
        .await
        .unwrap();
    for account in world.table.accounts(&world.seller).await.unwrap() {
        assert_eq!(account.health, Health::Connected, "{}", account.id);
    }
}

fn message(world: &World, account: &AccountId) -> ShipMessage {
    ShipMessage {
        seller: world.seller.clone(),
        account: account.clone(),
        action: Action::Accept,
        orders: Vec::new(),
        wake: None,
    }
}

#[tokio::test]
async fn an_account_that_waits_for_its_first_code_is_not_looked_at_over_and_over() {
    let world = World::new().await;
    let control = world.sandbox.control();
    control.demand_otp(SUPPLIER, "482913").unwrap();
    let account = world.connect().await.account;
    let message = message(&world, &account.id);
    haat_workflows::work_on_jobs(&world.desk, &message)
        .await
        .unwrap();
    assert_eq!(world.waiting_messages(), 0);
}

struct NoMarketplaces;

impl Marketplaces for NoMarketplaces {
    fn all(&self) -> Vec<Arc<dyn Marketplace>> {
        Vec::new()
    }
}

#[tokio::test]
async fn what_does_not_pass_by_itself_is_looked_at_rarely() {
    let mut world = World::new().await;
    let account = world.connect().await.account;
    world.desk.hub.marketplaces = Arc::new(NoMarketplaces);
    let message = message(&world, &account.id);
    haat_workflows::work_on_jobs(&world.desk, &message)
        .await
        .unwrap();
    let job = world.table.job(&world.seller, &account.id, Action::Accept);
    let wake = job.await.unwrap().wake.unwrap();
    let wait = wake.duration_since(world.sandbox.control().now());
    assert_eq!(wait, SignedDuration::from_mins(9));
}

#[tokio::test]
async fn a_session_that_cannot_be_opened_is_replaced_by_a_log_in() {
    let world = World::new().await;
    let login = world.connect().await.account.login;
    let broken = Sealed(b"moved from elsewhere".to_vec());
    let expires_at = world.sandbox.control().now() + SignedDuration::from_hours(1);
    world
        .table
        .put_session(&world.seller, &login, &broken, expires_at)
        .await
        .unwrap();
    let summary = world.poll().await;
    assert!(summary[0].missed.is_empty(), "{summary:?}");
    assert_eq!(world.sandbox.control().counters().logins_of(EMAIL), 2);
}

/// Seals everything but challenges.
struct NoChallenges(Arc<dyn Vault>);

#[async_trait]
impl Vault for NoChallenges {
    async fn seal(&self, of: &SellerId, place: &str, text: &Secret) -> Result<Sealed, VaultError> {
        if place.ends_with("/challenge") {
            let (seller, reason) = (of.clone(), "the key service is away".to_owned());
            return Err(VaultError::Unavailable { seller, reason });
        }
        self.0.seal(of, place, text).await
    }

    async fn open(&self, of: &SellerId, place: &str, it: &Sealed) -> Result<Secret, VaultError> {
        self.0.open(of, place, it).await
    }
}

#[tokio::test]
async fn a_login_whose_challenge_cannot_be_kept_stops_all_the_same() {
    let mut world = World::new().await;
    world.connect().await;
    let vault = Arc::clone(&world.desk.hub.vault);
    world.desk.hub.vault = Arc::new(NoChallenges(vault));
    let control = world.sandbox.control();
    control.demand_otp(SUPPLIER, "482913").unwrap();
    control.expire_sessions(SUPPLIER).unwrap();
    for _poll in 0..4 {
        world.poll().await;
        world.skip(SignedDuration::from_mins(20));
    }
    let shown = reason(&health(&world).await);
    assert_eq!(shown, Some(AttentionReason::OtpRequired));
    let tried = world.sandbox.control().counters().calls_of("login");
    assert_eq!(tried, 2, "connecting, and one try");
}
