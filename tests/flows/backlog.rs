//! A sale day: more orders of one account than one job, one look or one record has room for.

use haat_domain::{AccountId, Action, Actor, LabelState, Order, Stage};
use haat_ports::{JobRecord, Jobs as _, ParkedStore as _, ShipMessage, ShipQueue};
use haat_sandbox::{CancelledBy, Fault, FaultKind, Options, Sandbox, Seed, State};
use haat_tests::world::World;
use haat_workflows::{PageOrders, work_on_jobs};
use jiff::SignedDuration;

const SUPPLIER: u64 = 4_100_001;
/// Labels of one job in these stories.
const IN_A_JOB: usize = 100;

/// A marketplace whose label jobs are small, with accepted orders that are stored.
async fn with_accepted(count: u32) -> World {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let address = sandbox.api_url();
    let profile = r#"{"milliseconds_between_calls": 0, "max_label_transitions": 100}"#;
    let world = World::assuming(sandbox, &address, profile).await;
    world.connect_with_orders(State::ReadyToShip, count).await;
    world
}

/// Asks for each of these orders, as clicks on all of them would.
async fn ask_for(world: &World, orders: &[Order]) {
    let by = Actor::Token("t_1".parse().unwrap());
    let queue: &dyn ShipQueue = world.queues.as_ref();
    let (table, now) = (world.table.as_ref(), world.sandbox.control().now());
    for order in orders {
        let (id, by) = (&order.id, by.clone());
        haat_workflows::ask(
            table,
            queue,
            &world.seller,
            id,
            &Action::Ship.into(),
            by,
            now,
        )
        .await
        .unwrap();
    }
}

async fn ask_for_all(world: &World) -> Vec<Order> {
    let orders = world.orders().await;
    ask_for(world, &orders).await;
    orders
}

/// What the queue brings when these orders newly want their label.
fn message(world: &World, orders: &[Order]) -> ShipMessage {
    ShipMessage {
        seller: world.seller.clone(),
        account: orders[0].id.account.clone(),
        action: Action::Ship,
        orders: orders.iter().map(|order| order.id.number.clone()).collect(),
        wake: None,
    }
}

fn calls_of(world: &World, operation: &str) -> u64 {
    world.sandbox.control().counters().calls_of(operation)
}

async fn account(world: &World) -> AccountId {
    world.orders().await.remove(0).id.account
}

async fn record(world: &World, action: Action) -> JobRecord {
    let account = account(world).await;
    let record = world.table.job(&world.seller, &account, action).await;
    record.unwrap()
}

async fn labelled(world: &World) -> usize {
    let orders = world.orders().await;
    orders
        .iter()
        .filter(|order| order.label_state() == LabelState::Ready)
        .count()
}

#[tokio::test]
async fn full_label_jobs_follow_one_another_and_cost_what_they_move() {
    let world = with_accepted(420).await;
    let asked = ask_for_all(&world).await;
    assert_eq!(asked.len(), 420);
    let looked_up = calls_of(&world, "fetchOrderDetails");
    world.meter.take();

    world.pass(SignedDuration::from_mins(5)).await;

    assert_eq!(labelled(&world).await, 420, "no wait between full jobs");
    let counters = world.sandbox.control().counters();
    assert_eq!(counters.label_jobs, 5, "a hundred in each");
    for order in &asked {
        assert_eq!(counters.labels_of(order.id.number.as_str()), 1);
    }
    // One open order is enough to ask for a job: not each waiting order at each look.
    let looks = calls_of(&world, "fetchOrderDetails") - looked_up;
    assert!(looks <= counters.label_jobs, "{looks} look-ups");
    assert_eq!(world.waiting_messages(), 0);
    assert_eq!(record(&world, Action::Ship).await.orders, []);
}

#[tokio::test]
async fn what_a_look_has_no_time_for_is_done_by_the_next() {
    let mut world = with_accepted(220).await;
    world.desk.budget = SignedDuration::ZERO;
    ask_for_all(&world).await;
    world.pass(SignedDuration::from_mins(10)).await;
    assert_eq!(labelled(&world).await, 220);
    assert_eq!(world.sandbox.control().counters().label_jobs, 3);
    assert_eq!(world.waiting_messages(), 0);
}

#[tokio::test]
async fn an_accept_job_is_read_back_over_as_many_looks_as_it_takes() {
    let mut world = World::new().await;
    world.desk.budget = SignedDuration::ZERO;
    let seed = Seed::new(SUPPLIER, State::Pending, 120);
    let numbers = world.sandbox.control().seed(&seed).unwrap();
    let connected = world.connect().await;
    let auto = haat_workflows::SettingsChange {
        auto_accept: Some(true),
        ..haat_workflows::SettingsChange::default()
    };
    let (id, by) = (&connected.account.id, Actor::Token("t_1".parse().unwrap()));
    let now = world.sandbox.control().now();
    haat_workflows::change_settings(world.table.as_ref(), &world.seller, id, &auto, by, now)
        .await
        .unwrap();

    world.pass(SignedDuration::from_mins(3)).await;

    let counters = world.sandbox.control().counters();
    assert_eq!(counters.accept_jobs, 1);
    for number in &numbers {
        assert_eq!(counters.accepts_of(number).requests, 1, "{number}");
    }
    let accepted = world.orders().await;
    assert_eq!(accepted.len(), numbers.len());
    assert!(accepted.iter().all(|order| order.stage == Stage::Accepted));
    assert_eq!(world.waiting_messages(), 0);
}

#[tokio::test]
async fn messages_that_come_while_a_job_runs_do_not_call_the_marketplace() {
    let world = with_accepted(60).await;
    let orders = ask_for_all(&world).await;
    let first = message(&world, &orders[..1]);
    work_on_jobs(&world.desk, &first).await.unwrap();
    assert_eq!(world.sandbox.control().counters().label_jobs, 1);
    let calls = world.sandbox.control().counters().calls;

    for order in &orders[1..] {
        let one = message(&world, std::slice::from_ref(order));
        work_on_jobs(&world.desk, &one).await.unwrap();
    }

    assert_eq!(world.sandbox.control().counters().calls, calls);
    world.pass(SignedDuration::from_mins(5)).await;
    assert_eq!(labelled(&world).await, orders.len());
}

#[tokio::test]
async fn a_marketplace_in_trouble_is_asked_once_for_all_that_waits() {
    let world = with_accepted(60).await;
    let fault = Fault::status("fetchLabelDownloadHistory", 503).times(1);
    world.sandbox.control().fault(fault).unwrap();
    let orders = ask_for_all(&world).await;
    let before = calls_of(&world, "fetchLabelDownloadHistory");
    for order in &orders {
        let one = message(&world, std::slice::from_ref(order));
        work_on_jobs(&world.desk, &one).await.unwrap();
    }

    assert_eq!(calls_of(&world, "fetchLabelDownloadHistory"), before + 1);
    let record = record(&world, Action::Ship).await;
    assert!(record.trouble.is_some(), "the account says why it stands");
    world.pass(SignedDuration::from_mins(5)).await;
    assert_eq!(labelled(&world).await, orders.len());
}

#[tokio::test]
async fn a_message_that_comes_twice_asks_once() {
    let world = with_accepted(150).await;
    let orders = ask_for_all(&world).await;
    let message = message(&world, &orders);
    for _delivery in 0..3 {
        work_on_jobs(&world.desk, &message).await.unwrap();
    }
    world.pass(SignedDuration::from_mins(5)).await;
    let counters = world.sandbox.control().counters();
    assert_eq!(labelled(&world).await, 150);
    for order in &orders {
        assert_eq!(counters.labels_of(order.id.number.as_str()), 1);
    }
    assert_eq!(world.waiting_messages(), 0);
}

#[tokio::test]
async fn a_record_that_holds_all_its_orders_goes_on() {
    // Written by a version that kept every waiting order in the record.
    let world = with_accepted(220).await;
    let orders = world.orders().await;
    let id = account(&world).await;
    ask_for(&world, &orders).await;
    let mut old = record(&world, Action::Ship).await;
    old.orders = orders.iter().map(|order| order.id.number.clone()).collect();
    world.table.put_job(&mut old).await.unwrap();
    let look = ShipMessage {
        seller: world.seller.clone(),
        account: id,
        action: Action::Ship,
        orders: Vec::new(),
        wake: None,
    };
    let now = std::time::Duration::ZERO;
    world.queues.send(&look, now).await.unwrap();
    world.pass(SignedDuration::from_mins(5)).await;
    assert_eq!(labelled(&world).await, 220);
    assert!(record(&world, Action::Ship).await.orders.is_empty());
}

#[tokio::test]
async fn an_unreadable_page_of_a_full_job_fails_its_own_order_alone() {
    let mut world = with_accepted(150).await;
    world.desk.read_pages = |pdf| {
        let mut pages = haat_ship::read_pages(pdf)?;
        // The first page of the first, full, file.
        if let [first, _, ..] = pages.as_mut_slice()
            && first.page == 1
        {
            *first = PageOrders {
                page: 1,
                orders: Vec::new(),
                problem: Some("smudged".to_owned()),
            };
        }
        if pages.len() < IN_A_JOB {
            return haat_ship::read_pages(pdf);
        }
        Ok(pages)
    };
    ask_for_all(&world).await;
    world.pass(SignedDuration::from_mins(5)).await;

    assert_eq!(labelled(&world).await, 149);
    let orders = world.orders().await;
    let failed: Vec<&Order> = orders
        .iter()
        .filter(|order| matches!(order.label_state(), LabelState::Failed { .. }))
        .collect();
    assert_eq!(failed.len(), 1);
    let LabelState::Failed { reason, .. } = failed[0].label_state() else {
        panic!("{:?}", failed[0].label_state());
    };
    assert!(reason.contains("smudged"), "{reason}");
    assert_eq!(world.sandbox.control().counters().label_jobs, 2, "no storm");
    let parked = world.table.parked(&world.seller, None, 10).await.unwrap();
    assert_eq!(parked.items.len(), 2, "the page and the order: {parked:?}");
}

#[tokio::test]
async fn orders_cancelled_while_they_wait_are_left_out() {
    let world = with_accepted(150).await;
    let orders = ask_for_all(&world).await;
    world.settle().await;
    for order in &orders[..20] {
        let number = order.id.number.as_str();
        let cancelled = world.sandbox.control().cancel(number, CancelledBy::Buyer);
        cancelled.unwrap();
    }
    world.pass(SignedDuration::from_mins(20)).await;
    world.poll().await;
    world.pass(SignedDuration::from_mins(20)).await;
    let orders = world.orders().await;
    let open = orders.iter().filter(|order| order.wants(Action::Ship));
    assert_eq!(open.count(), 0, "nobody waits for ever");
    assert_eq!(labelled(&world).await, 130);
}

#[tokio::test]
async fn a_backlog_is_shown_with_an_estimate_of_when_it_is_done() {
    let world = with_accepted(420).await;
    ask_for_all(&world).await;
    let began = world.sandbox.control().now();
    world.settle().await;

    let backlog = backlog(&world).await;
    assert_eq!(backlog.len(), 1);
    assert_eq!((backlog[0].action, backlog[0].orders), (Action::Ship, 420));
    assert_eq!(backlog[0].since, Some(began));
    // Five jobs, each of thirty seconds and one look ten seconds later.
    let done_by = began + SignedDuration::from_secs(5 * 40);
    assert_eq!(backlog[0].done_by, Some(done_by));
    assert_eq!(backlog[0].held_up, None);

    world.pass(done_by.duration_since(began)).await;
    assert_eq!(labelled(&world).await, 420, "the estimate holds");
    assert_eq!(self::backlog(&world).await, []);
}

#[tokio::test]
async fn a_backlog_that_is_held_up_says_why_and_counts_from_the_next_try() {
    let world = with_accepted(50).await;
    let fault = Fault::status("fetchLabelDownloadHistory", 429).retry_after(300);
    world.sandbox.control().fault(fault).unwrap();
    ask_for_all(&world).await;
    let began = world.sandbox.control().now();
    world.settle().await;

    let backlog = backlog(&world).await;
    assert_eq!(backlog[0].orders, 50);
    let held_up = backlog[0].held_up.as_deref().unwrap();
    assert!(held_up.contains("429"), "{held_up}");
    assert_eq!(
        backlog[0].done_by,
        Some(began + SignedDuration::from_secs(300 + 40))
    );
}

async fn backlog(world: &World) -> Vec<haat_workflows::Backlog> {
    let now = world.sandbox.control().now();
    let views = haat_workflows::look_at_accounts(world.table.as_ref(), &world.seller, now).await;
    views.unwrap().remove(0).backlog
}

#[tokio::test]
async fn who_comes_while_a_job_is_read_back_keeps_out_of_it() {
    let world = World::new().await;
    let seed = Seed::new(SUPPLIER, State::Pending, 60);
    world.sandbox.control().seed(&seed).unwrap();
    world.connect().await;
    world.settle().await;
    let mut orders = world.orders().await;
    let last = orders.split_off(59);
    for order in &orders {
        let number = order.id.number.as_str();
        world.ask(number, Action::Accept).await.unwrap();
    }
    let first = ShipMessage {
        action: Action::Accept,
        ..message(&world, &orders)
    };
    work_on_jobs(&world.desk, &first).await.unwrap();
    world.skip(SignedDuration::from_secs(10));
    // The reminder's look has the job's end before it, and hangs over the first fifty orders.
    let hang = Fault::new("fetchOrderDetails", FaultKind::Hang);
    world.sandbox.control().fault(hang).unwrap();
    let id = account(&world).await;
    let wake = record(&world, Action::Accept).await.wake;
    let reminder = ShipMessage {
        orders: Vec::new(),
        wake,
        ..first.clone()
    };
    let mut reading = std::pin::pin!(work_on_jobs(&world.desk, &reminder));
    while record(&world, Action::Accept).await.wake == wake {
        tokio::select! {
            biased;
            ended = &mut reading => panic!("it hangs: {ended:?}"),
            () = tokio::task::yield_now() => {}
        }
    }
    let calls = world.sandbox.control().counters().calls;

    let next = ShipMessage {
        action: Action::Accept,
        ..message(&world, &last)
    };
    work_on_jobs(&world.desk, &next).await.unwrap();

    let mut after = world.sandbox.control().counters().calls;
    let details = "fetchOrderDetails";
    // The hanging call may have arrived meanwhile.
    after.insert(details.to_owned(), calls.get(details).copied().unwrap_or(0));
    assert_eq!(after, calls, "nobody reads back beside it");
    let work = (&world.seller, &id, Action::Accept);
    let noted = world.table.waiting(work, jiff::Timestamp::MAX, 10).await;
    assert_eq!(noted.unwrap()[0].orders, next.orders);
}
