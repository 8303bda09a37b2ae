//! What is heard of AJIO's orders without a feed of changes: by their numbers; and returns, and what
//! is offered.

use haat_domain::{Event, ReturnStage, Stage};
use haat_ports::{OfferStore as _, ReturnStore as _};
use haat_sandbox::ajio::{CancelledBy, ReturnKind, ReturnState, Seed, State};

use super::{POB, account_of, minutes_with_polls, with_orders};

#[tokio::test]
async fn an_order_cancelled_by_its_buyer_before_acceptance_is_heard_by_its_number() {
    let (world, numbers) = with_orders(State::Pendency, 3).await;
    world
        .ajio()
        .cancel(&numbers[1], CancelledBy::Consumer)
        .unwrap();
    minutes_with_polls(&world, 5).await;
    assert_eq!(world.order(&numbers[1]).await.stage, Stage::Cancelled);
    assert_eq!(world.order(&numbers[0]).await.stage, Stage::New);
}

#[tokio::test]
async fn what_was_acknowledged_in_ajios_own_panel_before_anybody_saw_it_is_found() {
    let (world, _) = with_orders(State::Pendency, 1).await;
    let seed = Seed::new(POB, State::Confirmed, 1);
    let unseen = world.ajio().seed(&seed).unwrap().remove(0);
    let number = unseen.parse().unwrap();
    let is_known = async || {
        let orders = world.orders().await;
        orders.iter().any(|order| order.id.number == number)
    };
    minutes_with_polls(&world, 5).await;
    assert!(!is_known().await, "the pendency does not show it");
    minutes_with_polls(&world, 125).await;
    assert!(is_known().await);
    assert_eq!(world.order(&unseen).await.stage, Stage::Accepted);
}

#[tokio::test]
async fn an_unchanged_poll_of_open_orders_reads_and_writes_no_order() {
    let (world, _numbers) = with_orders(State::Confirmed, 120).await;
    minutes_with_polls(&world, 10).await;
    world.meter.take();
    world.skip(jiff::SignedDuration::from_mins(5));
    world.poll().await;
    let used = world.meter.take();
    assert_eq!(used.writes(), 1, "the heartbeat of the pack");
    assert!(
        used.half_reads() < 60,
        "{} calls of the table",
        used.half_reads()
    );
}

#[tokio::test]
async fn a_parcel_on_its_way_is_asked_after_until_it_arrives() {
    let (world, numbers) = with_orders(State::Dispatched, 2).await;
    assert_eq!(world.order(&numbers[0]).await.stage, Stage::Shipped);
    world.ajio().move_to(&numbers[0], State::Delivered).unwrap();
    minutes_with_polls(&world, 125).await;
    assert_eq!(world.order(&numbers[0]).await.stage, Stage::Delivered);
    assert_eq!(world.order(&numbers[1]).await.stage, Stage::Shipped);
}

#[tokio::test]
async fn returns_are_stored_and_followed() {
    let (world, numbers) = with_orders(State::Delivered, 1).await;
    let number = world
        .ajio()
        .start_return(&numbers[0], ReturnKind::CustomerReturn)
        .unwrap();
    minutes_with_polls(&world, 65).await;
    let returns = world
        .table
        .list_returns(&world.seller, None, 10)
        .await
        .unwrap();
    assert_eq!(returns.items.len(), 1, "{returns:?}");
    assert_eq!(returns.items[0].said.number.as_str(), number);
    assert_eq!(returns.items[0].said.order.as_str(), numbers[0]);

    world
        .ajio()
        .move_return(&number, ReturnState::Delivered)
        .unwrap();
    minutes_with_polls(&world, 65).await;
    let returns = world
        .table
        .list_returns(&world.seller, None, 10)
        .await
        .unwrap();
    assert_eq!(returns.items[0].said.stage, Some(ReturnStage::Received));
}

#[tokio::test]
async fn what_is_offered_is_kept_for_matching() {
    let (world, numbers) = with_orders(State::Pendency, 1).await;
    let account = account_of(&world.order(&numbers[0]).await);
    let offers = world
        .table
        .list_offers(&world.seller, &account, None, 100)
        .await
        .unwrap();
    assert!(!offers.items.is_empty());
    assert!(offers.items.iter().any(|offer| offer.live));
}

#[tokio::test]
async fn a_feed_with_a_pause_is_not_read_with_every_poll() {
    let (world, _numbers) = with_orders(State::Pendency, 1).await;
    let before = world.ajio().counters().calls_of("listReturns");
    minutes_with_polls(&world, 25).await;
    let after = world.ajio().counters().calls_of("listReturns");
    assert!(
        after - before <= 1,
        "{} readings in 25 minutes",
        after - before
    );
    let pendency = world.ajio().counters().calls_of("listPendency");
    assert!(pendency >= 6, "orders are read with every poll: {pendency}");
}

#[tokio::test]
async fn an_order_that_ajio_no_longer_knows_is_told_of_once() {
    let (world, numbers) = with_orders(State::Confirmed, 1).await;
    let forgotten = haat_sandbox::Fault::new("listOrders", haat_sandbox::FaultKind::PageShift);
    drop(world.ajio().fault(forgotten));
    minutes_with_polls(&world, 15).await;
    let order = world.order(&numbers[0]).await;
    let unlisted = order
        .history
        .iter()
        .filter(|entry| entry.event == Event::Unlisted);
    assert!(unlisted.count() <= 1, "{order:#?}");
    assert_eq!(order.stage, Stage::Accepted);
}
