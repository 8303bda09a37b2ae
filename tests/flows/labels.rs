//! Labels: they come late, in part, or from somebody else's job, and are filed by order number.

use haat_domain::{Action, Actor, Event, Label, LabelState, Parked, ParkedKind};
use haat_ports::{ParkedStore as _, PollsQueue, ShipQueue};
use haat_sandbox::{Fault, FaultKind, Seed, State};
use haat_tests::world::World;
use jiff::SignedDuration;

const SUPPLIER: u64 = 4_100_001;

async fn with_accepted(count: u32) -> (World, Vec<String>) {
    let world = World::new().await;
    let numbers = world.connect_with_orders(State::ReadyToShip, count).await;
    (world, numbers)
}

#[tokio::test]
async fn a_job_labels_everything_and_only_what_was_asked_for_moves_on() {
    let (world, numbers) = with_accepted(3).await;
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(2)).await;
    let asked = world.order(&numbers[0]).await;
    let other = world.order(&numbers[1]).await;
    let last = |order: &haat_domain::Order| order.history.last().unwrap().event.clone();
    assert_eq!(last(&asked), Event::Done(Action::Ship));
    assert_eq!(last(&other), Event::LabelTakenOver);
    let (Label::Ready(mine), Label::Ready(theirs)) = (&asked.label, &other.label) else {
        panic!("{:?} {:?}", asked.label, other.label);
    };
    assert_eq!(mine.file, theirs.file, "one object for the whole job");
    assert_ne!(mine.page, theirs.page);
    assert_eq!(world.files.keys().len(), 1);
    assert!(
        world
            .sandbox
            .control()
            .order(&numbers[0])
            .unwrap()
            .label_downloaded
    );
}

#[tokio::test]
async fn a_label_that_opens_hours_later_is_waited_for_without_a_storm() {
    let options = haat_sandbox::Options::default();
    let world = World::with(options).await;
    world.sandbox.control().set_label_delay(6 * 3600);
    let seed = Seed::new(SUPPLIER, State::Pending, 1);
    let number = world.sandbox.control().seed(&seed).unwrap().remove(0);
    world.connect().await;
    world.settle().await;
    world.ask(&number, Action::Accept).await.unwrap();
    world.pass(SignedDuration::from_mins(1)).await;
    world.ask(&number, Action::Ship).await.unwrap();

    world.pass(SignedDuration::from_hours(5)).await;
    let order = world.order(&number).await;
    let LabelState::Waiting { reason, .. } = order.label_state() else {
        panic!("{:?}", order.label_state());
    };
    assert!(reason.contains("opens the label at"), "{reason}");
    let counters = world.sandbox.control().counters();
    assert_eq!(
        counters.label_jobs, 0,
        "nothing is asked for before it can be had"
    );
    assert!(
        counters.calls_of("fetchLabelDownloadHistory") < 40,
        "{:?}",
        counters.calls
    );

    world.pass(SignedDuration::from_hours(2)).await;
    assert_eq!(world.order(&number).await.label_state(), LabelState::Ready);
    assert_eq!(world.sandbox.control().counters().labels_of(&number), 1);
    assert_eq!(world.waiting_messages(), 0);
}

#[tokio::test]
async fn trouble_while_looking_whether_a_label_is_open_forgets_no_order() {
    let (world, numbers) = with_accepted(2).await;
    let lost = Fault::new("fetchOrderDetails", FaultKind::LostResponse);
    world.sandbox.control().fault(lost).unwrap();
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_secs(10)).await;
    let told = world.order(&numbers[0]).await.label_state();
    assert!(matches!(told, LabelState::Waiting { .. }), "{told:?}");

    world.pass(SignedDuration::from_mins(3)).await;
    let order = world.order(&numbers[0]).await;
    assert_eq!(order.label_state(), LabelState::Ready);
    assert_eq!(world.waiting_messages(), 0);
}

#[tokio::test]
async fn a_lost_label_job_is_adopted_and_not_asked_for_again() {
    let (world, numbers) = with_accepted(2).await;
    let fault = Fault::new("reqDownloadLabelV2", FaultKind::LostResponse);
    world.sandbox.control().fault(fault).unwrap();
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(5)).await;
    assert_eq!(
        world.order(&numbers[0]).await.label_state(),
        LabelState::Ready
    );
    assert_eq!(world.sandbox.control().counters().label_jobs, 1);
    assert_eq!(world.sandbox.control().counters().labels_of(&numbers[0]), 1);
}

#[tokio::test]
async fn a_label_request_that_never_arrived_is_made_again() {
    let (world, numbers) = with_accepted(1).await;
    let fault = Fault::new("reqDownloadLabelV2", FaultKind::DropBeforeCommit);
    world.sandbox.control().fault(fault).unwrap();
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(5)).await;
    assert_eq!(
        world.order(&numbers[0]).await.label_state(),
        LabelState::Ready
    );
    assert_eq!(world.sandbox.control().counters().label_jobs, 1);
}

#[tokio::test]
async fn what_a_partial_job_left_out_comes_with_a_later_one() {
    let (world, numbers) = with_accepted(2).await;
    world
        .sandbox
        .control()
        .leave_out_of_next_label_job(SUPPLIER, 1)
        .unwrap();
    for number in &numbers {
        world.ask(number, Action::Ship).await.unwrap();
    }
    world.pass(SignedDuration::from_mins(2)).await;
    let mut waiting = Vec::new();
    for number in &numbers {
        match world.order(number).await.label_state() {
            LabelState::Ready => {}
            LabelState::Waiting { reason, .. } => waiting.push(reason),
            LabelState::NotAsked | LabelState::Failed { .. } | LabelState::Stale => {
                panic!("{number} is neither ready nor waiting")
            }
        }
    }
    assert_eq!(waiting.len(), 1, "{:#?}", world.sandbox.control().log());
    assert!(waiting[0].contains("asks again"), "{}", waiting[0]);
    world.pass(SignedDuration::from_mins(20)).await;
    let counters = world.sandbox.control().counters();
    for number in &numbers {
        assert_eq!(world.order(number).await.label_state(), LabelState::Ready);
        assert_eq!(counters.labels_of(number), 1, "{number}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_label_are_never_stored_as_one() {
    for kind in [
        FaultKind::HtmlInsteadOfJson,
        FaultKind::WrongContentType,
        FaultKind::TooLarge,
        FaultKind::Redirect,
        FaultKind::LostResponse,
    ] {
        let (world, numbers) = with_accepted(1).await;
        let fault = Fault::new("getLabelFile", kind);
        world.sandbox.control().fault(fault).unwrap();
        world.ask(&numbers[0], Action::Ship).await.unwrap();
        world.pass(SignedDuration::from_secs(45)).await;
        assert!(world.files.keys().is_empty(), "{kind:?}");
        assert!(
            !world
                .sandbox
                .control()
                .order(&numbers[0])
                .unwrap()
                .label_downloaded
        );
        world.pass(SignedDuration::from_mins(40)).await;
        let state = world.order(&numbers[0]).await.label_state();
        assert_eq!(state, LabelState::Ready, "{kind:?}: the next read succeeds");
    }
}

#[tokio::test]
async fn the_label_of_an_order_not_seen_yet_is_kept_shown_and_filed_when_it_arrives() {
    let (world, numbers) = with_accepted(1).await;
    // An order that Haat has not seen yet is labelled by the same job.
    let seed = Seed::new(SUPPLIER, State::ReadyToShip, 1);
    let unknown = world.sandbox.control().seed(&seed).unwrap().remove(0);
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(2)).await;
    assert_eq!(
        world.order(&numbers[0]).await.label_state(),
        LabelState::Ready
    );
    let parked = parked(&world).await;
    assert_eq!(parked.len(), 1);
    assert_eq!(parked[0].kind, ParkedKind::LabelPage);
    assert_eq!(parked[0].key, unknown);

    world.poll().await;
    assert_eq!(world.order(&unknown).await.label_state(), LabelState::Ready);
    assert!(self::parked(&world).await.is_empty());
    assert_eq!(world.sandbox.control().counters().labels_of(&unknown), 1);
}

#[tokio::test]
async fn a_kept_label_is_filed_on_request_as_well() {
    let (world, numbers) = with_accepted(1).await;
    let seed = Seed::new(SUPPLIER, State::ReadyToShip, 1);
    let unknown = world.sandbox.control().seed(&seed).unwrap().remove(0);
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(2)).await;
    let kept = parked(&world).await.remove(0);
    let queues: (&dyn PollsQueue, &dyn ShipQueue) = (world.queues.as_ref(), world.queues.as_ref());
    haat_workflows::resume_parked(
        world.table.as_ref(),
        queues,
        (&world.seller, &kept.account, kept.kind, &kept.key),
        Actor::Token("t_1".parse().unwrap()),
        world.sandbox.control().now(),
    )
    .await
    .unwrap();
    world.settle().await;
    assert_eq!(world.order(&unknown).await.label_state(), LabelState::Ready);
    assert!(parked(&world).await.is_empty());
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_kept_and_its_orders_are_shown_as_failed() {
    let (mut world, numbers) = with_accepted(1).await;
    let readable = world.desk.read_pages;
    world.desk.read_pages = |_| Err("the page tree loops".to_owned());
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_hours(2)).await;
    let order = world.order(&numbers[0]).await;
    let LabelState::Failed { reason, .. } = order.label_state() else {
        panic!("{:?}", order.label_state());
    };
    assert!(reason.contains("the page tree loops"), "{reason}");
    assert_eq!(world.files.keys().len(), 1, "the file is kept");
    assert_eq!(world.sandbox.control().counters().label_jobs, 1, "no storm");
    let seen = world.sandbox.control().order(&numbers[0]).unwrap();
    assert!(
        !seen.label_downloaded,
        "what is not filed is not acknowledged"
    );

    // With a version that reads the file, the seller resumes.
    world.desk.read_pages = readable;
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(2)).await;
    assert_eq!(
        world.order(&numbers[0]).await.label_state(),
        LabelState::Ready
    );
}

async fn parked(world: &World) -> Vec<Parked> {
    let page = world.table.parked(&world.seller, None, 10).await;
    page.unwrap().items
}

#[tokio::test]
async fn a_file_that_is_refused_fails_its_orders_and_is_not_asked_for_without_end() {
    let (world, numbers) = with_accepted(1).await;
    let fault = Fault::status("getLabelFile", 400);
    world.sandbox.control().fault(fault).unwrap();
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_hours(2)).await;
    let order = world.order(&numbers[0]).await;
    let LabelState::Failed { reason, .. } = order.label_state() else {
        panic!("{:?}", order.label_state());
    };
    assert!(reason.contains("the file host refused"), "{reason}");
    assert_eq!(world.sandbox.control().counters().label_jobs, 1, "no storm");

    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(2)).await;
    assert_eq!(
        world.order(&numbers[0]).await.label_state(),
        LabelState::Ready
    );
}
