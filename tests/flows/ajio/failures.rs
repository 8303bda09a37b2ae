//! What goes wrong on the way: each order still ends where it should, and nothing is done twice.

use haat_domain::{Action, Label, LabelState, Stage};
use haat_ports::ParkedStore as _;
use haat_sandbox::ajio::{CancelledBy, Options, Seed, State};
use haat_sandbox::{Fault, FaultKind};
use haat_tests::world::World;
use jiff::SignedDuration;

use super::{POB, ask_all, measure, minutes, minutes_with_polls, with_orders};

#[tokio::test]
async fn a_token_that_expires_in_the_middle_costs_one_log_in_and_no_order() {
    let (world, numbers) = with_orders(State::Confirmed, 6).await;
    let logins = world.ajio().counters().logins_of(POB);
    ask_all(&world, &numbers, Action::Ship).await;
    // The third bill is answered with 401; all that follow are, until someone logs in.
    let expired = Fault::status("generateB2bInvoice", 401).after(2);
    world.ajio().fault(expired).unwrap();
    minutes(&world, 10).await;
    for number in &numbers {
        assert_eq!(world.order(number).await.stage, Stage::ReadyToShip);
        assert_eq!(world.ajio().counters().invoices_of(number).packs, 1);
    }
    assert_eq!(world.ajio().counters().logins_of(POB), logins + 1);
}

#[tokio::test]
async fn a_purchase_order_that_never_comes_is_shown_and_can_be_resumed() {
    let (world, numbers) = with_orders(State::Pendency, 1).await;
    let number = &numbers[0];
    world.ajio().set_po_delay(None);
    world.ask(number, Action::Accept).await.unwrap();
    minutes(&world, 1).await;
    world.ask(number, Action::Ship).await.unwrap();
    minutes(&world, 47 * 60).await;
    assert!(world.order(number).await.wants(Action::Ship));
    minutes(&world, 2 * 60).await;

    let LabelState::Failed { reason, .. } = world.order(number).await.label_state() else {
        panic!("{:#?}", world.order(number).await);
    };
    assert!(reason.contains("48 hours"), "{reason}");
    assert!(reason.contains("account manager"), "{reason}");
    let parked = world.table.parked(&world.seller, None, 10).await.unwrap();
    assert_eq!(parked.items.len(), 1);

    world.ajio().raise_po(number).unwrap();
    world.ask(number, Action::Ship).await.unwrap();
    minutes(&world, 3).await;
    assert_eq!(world.order(number).await.stage, Stage::ReadyToShip);
    let parked = world.table.parked(&world.seller, None, 10).await.unwrap();
    assert!(parked.items.is_empty());
}

#[tokio::test]
async fn a_bill_whose_answer_was_lost_is_read_back_and_never_sent_again() {
    let (world, numbers) = with_orders(State::Confirmed, 3).await;
    let lost = Fault::new("generateB2bInvoice", FaultKind::LostResponse);
    world.ajio().fault(lost).unwrap();
    ask_all(&world, &numbers, Action::Ship).await;
    world.pass(SignedDuration::from_secs(30)).await;
    let ready = ready(&world, &numbers).await;
    assert_eq!(ready, 2, "the others do not wait for it");
    minutes(&world, 3).await;
    for number in &numbers {
        assert_eq!(world.order(number).await.stage, Stage::ReadyToShip);
        assert_eq!(world.ajio().counters().invoices_of(number).requests, 1);
    }
}

#[tokio::test]
async fn a_bill_that_never_arrived_is_sent_again_once_that_is_certain() {
    let (world, numbers) = with_orders(State::Confirmed, 1).await;
    let dropped = Fault::new("generateB2bInvoice", FaultKind::DropBeforeCommit);
    world.ajio().fault(dropped).unwrap();
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    minutes(&world, 5).await;
    assert_eq!(world.order(&numbers[0]).await.stage, Stage::ReadyToShip);
    let invoices = world.ajio().counters().invoices_of(&numbers[0]);
    assert_eq!((invoices.requests, invoices.packs), (1, 1));
}

#[tokio::test]
async fn pressing_again_does_not_hurry_an_order_whose_answer_was_lost() {
    let (world, numbers) = with_orders(State::Pendency, 1).await;
    let lost = Fault::new("acknowledgeOrder", FaultKind::DropBeforeCommit);
    world.ajio().fault(lost).unwrap();
    world.ask(&numbers[0], Action::Accept).await.unwrap();
    world.settle().await;
    for _click in 0..5 {
        world.ask(&numbers[0], Action::Accept).await.unwrap();
        world.settle().await;
    }
    let asked = world.ajio().counters().acknowledgements_of(&numbers[0]);
    assert_eq!(asked.requests, 0, "nobody asks before a minute has passed");
    minutes(&world, 3).await;
    let asked = world.ajio().counters().acknowledgements_of(&numbers[0]);
    assert_eq!((asked.requests, asked.done), (1, 1));
    assert_eq!(world.order(&numbers[0]).await.stage, Stage::Accepted);
}

#[tokio::test]
async fn an_acknowledgement_with_a_failed_item_inside_a_good_answer_is_a_failure() {
    let (world, numbers) = with_orders(State::Pendency, 2).await;
    let failed = Fault::new("acknowledgeOrder", FaultKind::FailedItem);
    world.ajio().fault(failed).unwrap();
    ask_all(&world, &numbers, Action::Accept).await;
    minutes(&world, 2).await;
    let mut orders = Vec::new();
    for number in &numbers {
        orders.push(world.order(number).await);
    }
    orders.sort_by_key(|order| order.stage != Stage::Accepted);
    assert_eq!(orders[0].stage, Stage::Accepted);
    assert!(orders[1].has_failed(Action::Accept), "{:#?}", orders[1]);
    assert_eq!(orders[1].stage, Stage::New);
}

#[tokio::test]
async fn ajio_cancels_while_the_label_is_being_made() {
    let (world, numbers) = with_orders(State::Confirmed, 1).await;
    let number = &numbers[0];
    world.ajio().set_label_delay(600);
    world.ask(number, Action::Ship).await.unwrap();
    minutes(&world, 1).await;
    assert_eq!(world.order(number).await.stage, Stage::Packed);
    world
        .ajio()
        .cancel(number, CancelledBy::Marketplace)
        .unwrap();
    minutes_with_polls(&world, 15).await;

    let order = world.order(number).await;
    assert_eq!(order.stage, Stage::Cancelled, "{order:#?}");
    assert!(order.ship.is_none(), "the wish is withdrawn: {order:#?}");
    assert_eq!(order.label, Label::None);
}

#[tokio::test]
async fn one_dead_pob_does_not_keep_the_others_from_work() {
    let options = Options {
        pobs: vec![
            haat_sandbox::ajio::NewPob::new(POB, "sandbox-only"),
            haat_sandbox::ajio::NewPob::new("DV900002", "sandbox-only"),
        ],
        ..Options::default()
    };
    let world = World::with_ajio(options).await;
    let seed = |pob: &str| Seed::new(pob, State::Confirmed, 2).quantity(1);
    let dead = world.ajio().seed(&seed(POB)).unwrap();
    let alive = world.ajio().seed(&seed("DV900002")).unwrap();
    measure(&world, &dead).await;
    measure(&world, &alive).await;
    for pob in [POB, "DV900002"] {
        world.connect_pob(pob).await.unwrap();
    }
    world.settle().await;
    world.ajio().change_password(POB, "changed").unwrap();
    world.ajio().expire_tokens(POB).unwrap();
    ask_all(&world, &dead, Action::Ship).await;
    ask_all(&world, &alive, Action::Ship).await;
    minutes(&world, 5).await;

    assert_eq!(ready(&world, &alive).await, 2);
    assert_eq!(ready(&world, &dead).await, 0);
    let refused = world.ajio().counters().refused_logins_of(POB);
    assert_eq!(refused, 1, "a refused log-in is never tried again");
    let LabelState::Waiting { .. } = world.order(&dead[0]).await.label_state() else {
        panic!("nothing of it is lost: {:#?}", world.order(&dead[0]).await);
    };
}

#[tokio::test]
async fn a_label_that_is_not_ready_yet_comes_later() {
    let (world, numbers) = with_orders(State::Confirmed, 1).await;
    world.ajio().set_label_delay(120);
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    minutes(&world, 1).await;
    let order = world.order(&numbers[0]).await;
    assert_eq!((order.stage, &order.label), (Stage::Packed, &Label::None));
    minutes(&world, 10).await;
    let order = world.order(&numbers[0]).await;
    assert_eq!(order.stage, Stage::ReadyToShip, "{order:#?}");
    assert_eq!(world.ajio().counters().invoices_of(&numbers[0]).requests, 1);
}

async fn ready(world: &World, numbers: &[String]) -> usize {
    let mut ready = 0;
    for number in numbers {
        ready += usize::from(world.order(number).await.stage == Stage::ReadyToShip);
    }
    ready
}
