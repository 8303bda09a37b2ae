//! One order through the whole path.

use haat_domain::{Action, Label, LabelState, Stage};
use haat_ports::OrderStore as _;
use haat_sandbox::{Seed, State};
use haat_tests::world::World;
use jiff::SignedDuration;

#[tokio::test]
async fn an_order_goes_from_the_marketplace_to_its_label() {
    let world = World::new().await;
    let seed = Seed::new(4_100_001, State::Pending, 3);
    let numbers = world.sandbox.control().seed(&seed).unwrap();

    world.connect().await;
    world.settle().await;
    let order = world.order(&numbers[0]).await;
    assert_eq!(order.stage, Stage::New);
    assert!(
        order.payment.is_some(),
        "the details of a new order are looked up"
    );
    assert_eq!(order.label_state(), LabelState::NotAsked);

    world.ask(&numbers[0], Action::Accept).await.unwrap();
    world.pass(SignedDuration::from_secs(30)).await;
    let order = world.order(&numbers[0]).await;
    assert_eq!(order.stage, Stage::Accepted);
    let shipment = order.shipment.clone().unwrap();
    let seen = world.sandbox.control().order(&numbers[0]).unwrap();
    assert_eq!(Some(shipment.awb.as_str()), seen.awb.as_deref());

    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(2)).await;
    let order = world.order(&numbers[0]).await;
    assert_eq!(order.label_state(), LabelState::Ready, "{:?}", order.ship);

    let counters = world.sandbox.control().counters();
    assert_eq!(counters.accepts_of(&numbers[0]).requests, 1);
    assert_eq!(counters.labels_of(&numbers[0]), 1);
    assert_eq!(
        counters.accepts_of(&numbers[1]).requests,
        0,
        "nobody asked for the others"
    );
    assert_eq!(world.order(&numbers[1]).await.stage, Stage::New);

    let found = world
        .table
        .order_of_awb(&world.seller, &shipment.awb)
        .await
        .unwrap();
    assert_eq!(found, Some(order.id.clone()));

    world
        .sandbox
        .control()
        .move_to(&numbers[0], State::Shipped)
        .unwrap();
    world.poll().await;
    let order = world.order(&numbers[0]).await;
    assert_eq!(order.stage, Stage::Shipped);
    assert!(order.closed_at.is_some());
    assert!(matches!(order.label, Label::Ready(_)), "the label is kept");
}

#[tokio::test]
async fn a_link_opens_the_page_of_one_order_and_of_nobody_else() {
    let world = World::new().await;
    let seed = Seed::new(4_100_001, State::ReadyToShip, 5);
    let numbers = world.sandbox.control().seed(&seed).unwrap();
    world.connect().await;
    world.settle().await;
    world.ask(&numbers[2], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(2)).await;

    let id = world.order(&numbers[2]).await.id;
    let cut = |pdf: &[u8], page| haat_labels::cut(pdf, page).map_err(|e| e.to_string());
    let link = haat_workflows::label_link(
        world.table.as_ref(),
        world.files.as_ref(),
        cut,
        &world.seller,
        &id,
        world.sandbox.control().now(),
    )
    .await
    .unwrap();

    let key = link.url.strip_prefix("memory:").unwrap();
    assert!(key.starts_with("cuts/s_1/"), "{key}");
    let page = haat_ports::Files::get(world.files.as_ref(), key)
        .await
        .unwrap();
    let pages = haat_labels::pages(&page).unwrap();
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0].order_numbers, [numbers[2].clone()]);
    let lifetime = link
        .expires_at
        .duration_since(world.sandbox.control().now());
    assert_eq!(lifetime, SignedDuration::from_mins(5));
    let text = lopdf_text(&page);
    for other in world.sandbox.control().orders() {
        let mine = other.sub_order_num == numbers[2];
        assert_eq!(
            text.contains(&other.buyer_name),
            mine,
            "{}",
            other.sub_order_num
        );
    }
}

/// Every byte of a PDF with its streams unpacked, as text.
fn lopdf_text(pdf: &[u8]) -> String {
    let mut document = lopdf::Document::load_mem(pdf).unwrap();
    document.decompress();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn an_account_set_to_accept_accepts_by_itself() {
    let world = World::new().await;
    let seed = Seed::new(4_100_001, State::Pending, 2);
    let first = world.sandbox.control().seed(&seed).unwrap();
    let account = world.connect().await.account;
    world.settle().await;

    let change = haat_workflows::SettingsChange {
        auto_accept: Some(true),
        ..Default::default()
    };
    let by = haat_domain::Actor::Token("t_1".parse().unwrap());
    let now = world.sandbox.control().now();
    haat_workflows::change_settings(
        world.table.as_ref(),
        &world.seller,
        &account.id,
        &change,
        by,
        now,
    )
    .await
    .unwrap();
    let later = world.sandbox.control().seed(&seed).unwrap();
    world.poll().await;
    world.pass(SignedDuration::from_mins(1)).await;

    for number in first.iter().chain(&later) {
        assert_eq!(world.order(number).await.stage, Stage::Accepted, "{number}");
        let accepts = world.sandbox.control().counters().accepts_of(number);
        assert_eq!((accepts.requests, accepts.transitions), (1, 1), "{number}");
    }
}
