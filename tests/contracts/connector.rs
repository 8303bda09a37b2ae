//! What the connector sends, and what the sandbox answers it, judged by the contract.

use std::sync::Arc;

use haat_domain::{Action, LabelState, Stage};
use haat_sandbox::{Options, Sandbox, Seed, State};
use haat_tests::contract::{Contract, RecordingProxy};
use haat_tests::world::World;
use jiff::SignedDuration;

#[tokio::test]
async fn the_connector_speaks_the_contract_all_the_way_to_the_label() {
    let judge = Arc::new(Contract::load("meesho-supplier").unwrap());
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let proxy = RecordingProxy::start(&sandbox.api_url(), judge.clone())
        .await
        .unwrap();
    let world = World::beside(sandbox, &proxy.url()).await;
    let control = world.sandbox.control();
    let numbers = control
        .seed(&Seed::new(4_100_001, State::Pending, 60))
        .unwrap();
    for state in [
        State::OnHold,
        State::ReadyToShip,
        State::Shipped,
        State::Cancelled,
    ] {
        control.seed(&Seed::new(4_100_001, state, 3)).unwrap();
    }

    world.connect().await;
    world.settle().await;
    world.ask(&numbers[0], Action::Accept).await.unwrap();
    world.pass(SignedDuration::from_mins(1)).await;
    assert_eq!(world.order(&numbers[0]).await.stage, Stage::Accepted);
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    world.pass(SignedDuration::from_mins(2)).await;
    assert_eq!(
        world.order(&numbers[0]).await.label_state(),
        LabelState::Ready
    );
    control.expire_sessions(4_100_001).unwrap();
    world.poll().await;

    assert_eq!(proxy.violations(), []);
    let exchanges = proxy.exchanges();
    for operation in [
        "login",
        "prefetchSupplyData",
        "listOrders",
        "fetchOrderDetails",
        "reqPendingOrders",
        "fetchPendingOrdersHistory",
        "reqDownloadLabelV2",
        "fetchLabelDownloadHistory",
        "updateGroupDownloadBackendFlag",
    ] {
        let path = &judge.operation(operation).unwrap().path;
        let called = exchanges.iter().any(|exchange| exchange.path == *path);
        assert!(called, "{operation} was not called");
    }
}
