//! What is refused before AJIO is asked, and what AJIO refuses.

use haat_domain::{Action, Stage};
use haat_ports::{Accounts as _, Credentials};
use haat_sandbox::ajio::{Options, Seed, State};
use haat_tests::world::World;
use haat_workflows::ConnectRequest;

use super::{POB, minutes, with_orders};

#[tokio::test]
async fn a_label_without_weight_and_size_is_refused_and_says_where_to_set_them() {
    let world = World::with_ajio(Options::default()).await;
    let seed = Seed::new(POB, State::Confirmed, 1).quantity(1);
    let numbers = world.ajio().seed(&seed).unwrap();
    world.connect_pob(POB).await.unwrap();
    world.settle().await;
    let refused = world.ask(&numbers[0], Action::Ship).await.unwrap_err();
    let sku = world.ajio().order(&numbers[0]).unwrap().lines[0]
        .item_code
        .clone();
    assert!(refused.contains(&sku), "{refused}");
    assert!(refused.contains("weight_grams"), "{refused}");
    assert!(refused.contains("/parcels/"), "{refused}");
    assert_eq!(world.ajio().counters().calls_of("generateB2bInvoice"), 0);
}

#[tokio::test]
async fn an_order_is_cancelled_before_it_is_packed_and_not_after() {
    let (world, pending) = with_orders(State::Pendency, 1).await;
    world.ask(&pending[0], Action::Cancel).await.unwrap();
    minutes(&world, 2).await;
    let order = world.order(&pending[0]).await;
    assert_eq!(order.stage, Stage::Cancelled, "{order:#?}");

    let (world, accepted) = with_orders(State::Confirmed, 2).await;
    world.ask(&accepted[0], Action::Cancel).await.unwrap();
    minutes(&world, 2).await;
    assert_eq!(world.order(&accepted[0]).await.stage, Stage::Cancelled);

    world.ask(&accepted[1], Action::Ship).await.unwrap();
    minutes(&world, 3).await;
    let refused = world.ask(&accepted[1], Action::Cancel).await.unwrap_err();
    assert!(refused.contains("packed already"), "{refused}");
    assert_eq!(world.ajio().counters().calls_of("cancelOrder"), 1);
}

#[tokio::test]
async fn jit_and_b2b_are_refused_with_the_reason_and_without_a_call() {
    let world = World::with_ajio(Options::default()).await;
    for model in ["jit", "b2b"] {
        let fields = [
            ("username", POB),
            ("password", "sandbox-only"),
            ("model", model),
        ];
        let fields = fields.map(|(name, text)| (name.to_owned(), haat_domain::Secret::new(text)));
        let request = ConnectRequest {
            marketplace: "ajio".parse().unwrap(),
            name: "AJIO".to_owned(),
            credentials: Credentials(fields.into()),
            marketplace_seller: None,
            warehouse: None,
            contact: None,
            back_fill_days: None,
        };
        let queues: (&dyn haat_ports::PollsQueue, &dyn haat_ports::ShipQueue) =
            (world.queues.as_ref(), world.queues.as_ref());
        let refused =
            haat_workflows::connect_account(world.hub(), queues, &world.seller, &request).await;
        let why = refused.unwrap_err().to_string().to_lowercase();
        assert!(why.contains("dropship"), "{why}");
    }
    assert_eq!(world.ajio().counters().calls_of("getAuthToken"), 0);
    assert!(
        world
            .table
            .accounts(&world.seller)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_user_name_of_another_shape_is_a_warning_and_no_refusal() {
    let world = World::with_ajio(Options::default()).await;
    let ajio = world
        .hub()
        .marketplaces
        .get(&"ajio".parse().unwrap())
        .unwrap();
    let typed =
        |pob: &str| Credentials([("username".to_owned(), haat_domain::Secret::new(pob))].into());
    let doubts = ajio.doubts(&typed("SELLER77"));
    assert_eq!(doubts.len(), 1);
    assert!(doubts[0].contains("DV"), "{doubts:?}");
    assert!(world.connect_pob(POB).await.unwrap().doubts.is_empty());
}

#[tokio::test]
async fn a_pob_without_shipping_access_reads_orders_and_says_whom_to_ask() {
    let (world, numbers) = with_orders(State::Confirmed, 1).await;
    world.ajio().set_shipping_access(POB, false).unwrap();
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    minutes(&world, 3).await;
    let order = world.order(&numbers[0]).await;
    let reason = order.ship.as_ref().and_then(|intent| intent.reason.clone());
    let reason = reason.unwrap_or_default();
    assert!(reason.contains("account manager"), "{reason}");
    assert_eq!(order.stage, Stage::Accepted);
}
