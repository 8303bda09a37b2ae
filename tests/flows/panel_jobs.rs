//! Label jobs that somebody made in the marketplace's own panel, and what they leave behind.

use haat_aws::testing::{Fate, Moment};
use haat_domain::{Action, Actor, Label, LabelPage, LabelState, Parked, ParkedKind};
use haat_ports::{Jobs as _, ParkedStore as _, PollsQueue, ShipQueue};
use haat_sandbox::{Options, Seed, State};
use haat_tests::world::World;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

const SUPPLIER: u64 = 4_100_001;

async fn with_accepted(world: World, count: u32) -> (World, Vec<String>) {
    let numbers = world.connect_with_orders(State::ReadyToShip, count).await;
    (world, numbers)
}

#[tokio::test]
async fn a_job_that_never_ends_is_told_of_and_not_waited_for_for_ever() {
    let (world, numbers) = with_accepted(World::new().await, 1).await;
    let control = world.sandbox.control();
    control.request_labels_in_panel(SUPPLIER, None).unwrap();
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(2)).await;
    let LabelState::Waiting { reason, .. } = world.order(&numbers[0]).await.label_state() else {
        panic!("{:?}", world.order(&numbers[0]).await.label);
    };
    assert!(reason.contains("panel"), "{reason}");
    assert_eq!(control.counters().label_jobs, 0);

    world.pass(SignedDuration::from_mins(15)).await;
    let order = world.order(&numbers[0]).await;
    assert_eq!(order.label_state(), LabelState::Ready);
    assert_eq!(control.counters().label_jobs, 1);
    assert_eq!(world.waiting_messages(), 0);
}

#[tokio::test]
async fn our_job_is_filed_though_a_later_one_ended_first() {
    let (world, numbers) = with_accepted(World::new().await, 1).await;
    let control = world.sandbox.control();
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_secs(2)).await;
    assert_eq!(control.counters().label_jobs, 1);
    control.leave_out_of_next_label_job(SUPPLIER, 1).unwrap();
    control.request_labels_in_panel(SUPPLIER, Some(3)).unwrap();
    world.pass(SignedDuration::from_mins(3)).await;
    let order = world.order(&numbers[0]).await;
    assert_eq!(order.label_state(), LabelState::Ready);
    assert_eq!(control.counters().labels_of(&numbers[0]), 1);
}

#[tokio::test]
async fn a_look_that_died_after_it_filed_others_labels_leaves_nobody_asleep() {
    let world = World::new().await;
    world.sandbox.control().set_label_delay(6 * 3_600);
    let seed = Seed::new(SUPPLIER, State::Pending, 1);
    let number = world.sandbox.control().seed(&seed).unwrap().remove(0);
    let account = world.connect().await.account;
    world.settle().await;
    world.ask(&number, Action::Accept).await.unwrap();
    world.pass(SignedDuration::from_mins(1)).await;
    world.ask(&number, Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(1)).await;
    // What such a look has stored, while its own message is still to come again.
    let (table, seller) = (&world.table, &world.seller);
    let mut record = table.job(seller, &account.id, Action::Ship).await.unwrap();
    assert!(record.wake.is_some() && record.orders.is_empty());
    record.wake = None;
    table.put_job(&mut record).await.unwrap();

    world.pass(SignedDuration::from_hours(8)).await;
    assert_eq!(world.order(&number).await.label_state(), LabelState::Ready);
}

#[tokio::test]
async fn a_label_kept_for_an_order_is_filed_even_if_the_poll_that_brought_it_died() {
    let (fate, http) = (Fate::default(), haat_marketplaces::http_client().unwrap());
    let world = World::near(Options::default(), &http, fate.clone()).await;
    let (world, numbers) = with_accepted(world, 1).await;
    let control = world.sandbox.control();
    let seed = Seed::new(SUPPLIER, State::ReadyToShip, 1);
    let unknown = control.seed(&seed).unwrap().remove(0);
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(2)).await;
    assert_eq!(parked(&world).await.len(), 1);

    // Each poll lives one call longer, until one has stored the order and goes no further.
    for calls in 0.. {
        fate.set(calls, Moment::After);
        let lived = tokio::select! {
            biased;
            _polled = world.poll() => true,
            () = fate.met() => false,
        };
        fate.spare();
        assert!(!lived, "no poll died between the order and its label");
        let stored = world.orders().await;
        if stored
            .iter()
            .any(|order| order.id.number.as_str() == unknown)
        {
            break;
        }
    }
    assert_eq!(world.order(&unknown).await.label, Label::None);

    world.ask(&unknown, Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(15)).await;
    assert_eq!(world.order(&unknown).await.label_state(), LabelState::Ready);
    assert_eq!(control.counters().labels_of(&unknown), 1);
    assert!(parked(&world).await.is_empty());
}

#[tokio::test]
async fn a_kept_label_never_takes_the_place_of_a_filed_one() {
    let (world, numbers) = with_accepted(World::new().await, 1).await;
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(2)).await;
    let order = world.order(&numbers[0]).await;
    let older = Parked {
        seller: world.seller.clone(),
        account: order.id.account.clone(),
        kind: ParkedKind::LabelPage,
        key: numbers[0].clone(),
        reason: "kept before the order was known".to_owned(),
        since: world.sandbox.control().now(),
        label: Some(LabelPage {
            file: "labels/older.pdf".to_owned(),
            page: Some(1),
            sha256: "0".repeat(64),
            stored_at: world.sandbox.control().now(),
        }),
    };
    world.table.park(&older, None).await.unwrap();
    let queues: (&dyn PollsQueue, &dyn ShipQueue) = (world.queues.as_ref(), world.queues.as_ref());
    let what = (
        &world.seller,
        &older.account,
        older.kind,
        older.key.as_str(),
    );
    let (by, now) = (Actor::Token("t_1".parse().unwrap()), older.since);
    let resumed = haat_workflows::resume_parked(world.table.as_ref(), queues, what, by, now);
    resumed.await.unwrap();
    world.settle().await;
    assert_eq!(world.order(&numbers[0]).await.label, order.label);
    assert!(parked(&world).await.is_empty());
}

#[tokio::test]
async fn other_bytes_are_another_file() {
    let (world, numbers) = with_accepted(World::new().await, 1).await;
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(2)).await;
    let Label::Ready(page) = world.order(&numbers[0]).await.label else {
        panic!("no label");
    };
    let files: &dyn haat_ports::Files = world.files.as_ref();
    let digest = Sha256::digest(files.get(&page.file).await.unwrap());
    let content: String = digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert!(page.file.ends_with(&format!("-{content}.pdf")), "{page:?}");
}

async fn parked(world: &World) -> Vec<Parked> {
    let page = world.table.parked(&world.seller, None, 10).await;
    page.unwrap().items
}
