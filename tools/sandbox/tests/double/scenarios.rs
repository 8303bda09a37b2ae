//! The contract's named scenarios.

use haat_sandbox::{
    ClockMode, HoldReason, Options, Sandbox, Scenario, ScenarioRequest, Seed, State,
};
use serde_json::{Value, json};

use crate::client::{EMAIL, IDENTIFIER, PASSWORD, Panel, SUPPLIER, open_shop, open_shop_with};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

fn load(sandbox: &Sandbox, name: Scenario) -> Vec<String> {
    let request = ScenarioRequest {
        name,
        supplier_id: SUPPLIER,
        seed: Some(7),
        count: None,
    };
    sandbox.control().scenario(&request).unwrap()
}

fn state(sandbox: &Sandbox, number: &str) -> State {
    sandbox.control().order(number).unwrap().state
}

/// Accept and label, as a seller would.
async fn ship(sandbox: &Sandbox, panel: &Panel, numbers: &[String]) -> Value {
    panel.accept(numbers).await;
    sandbox.control().advance_seconds(5).unwrap();
    panel.ask_for_labels(&panel.label_request()).await;
    sandbox.control().advance_seconds(30).unwrap();
    panel.label_job().await
}

#[tokio::test]
async fn happy_orders_are_picked_up_and_delivered() {
    for (name, payment) in [
        (Scenario::HappyCod, "cod"),
        (Scenario::HappyPrepaid, "prepaid"),
    ] {
        let (sandbox, panel) = open_shop().await;
        let numbers = load(&sandbox, name);
        assert_eq!(panel.detail(&numbers[0]).await["payment_mode"], payment);
        ship(&sandbox, &panel, &numbers).await;
        assert_eq!(state(&sandbox, &numbers[0]), State::ReadyToShip);
        sandbox.control().advance_seconds(6 * HOUR).unwrap();
        assert_eq!(panel.tab("shipped", 50).await, numbers);
        sandbox.control().advance_seconds(3 * DAY).unwrap();
        assert_eq!(state(&sandbox, &numbers[0]), State::Delivered);
    }
}

#[tokio::test]
async fn holds_end_after_their_time() {
    let (sandbox, _panel) = open_shop().await;
    let address = load(&sandbox, Scenario::HoldToPending).remove(0);
    let exchange = load(&sandbox, Scenario::ExchangeHold).remove(0);
    let reason = |number: &str| sandbox.control().order(number).unwrap().hold_reason;
    assert_eq!(reason(&address), Some(HoldReason::UnserviceableAddress));
    assert_eq!(reason(&exchange), Some(HoldReason::ExchangeReturnPending));

    sandbox.control().advance_seconds(4 * HOUR).unwrap();
    assert_eq!(
        (state(&sandbox, &address), reason(&address)),
        (State::Pending, None)
    );
    assert_eq!(state(&sandbox, &exchange), State::OnHold);
    sandbox.control().advance_seconds(20 * HOUR).unwrap();
    assert_eq!(state(&sandbox, &exchange), State::Pending);
}

#[tokio::test]
async fn a_buyer_cancels_before_accept() {
    let (sandbox, panel) = open_shop().await;
    let mut numbers = load(&sandbox, Scenario::BuyerCancelsBeforeAccept);
    numbers.extend(
        sandbox
            .control()
            .seed(&Seed::new(SUPPLIER, State::Pending, 1))
            .unwrap(),
    );
    sandbox.control().advance_seconds(600).unwrap();
    panel.accept(&numbers).await;
    sandbox.control().advance_seconds(5).unwrap();
    let job = &panel.accept_history().await[0];
    assert_eq!(
        (&job["processed_orders_count"], &job["total_orders_count"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(panel.detail(&numbers[0]).await["cancelled_by"], "BUYER");
}

#[tokio::test]
async fn a_buyer_cancels_after_the_label_was_fetched() {
    let (sandbox, panel) = open_shop().await;
    let numbers = load(&sandbox, Scenario::CancelAfterLabel);
    let job = ship(&sandbox, &panel, &numbers).await;
    sandbox.control().advance_seconds(60).unwrap();
    assert_eq!(state(&sandbox, &numbers[0]), State::ReadyToShip);
    let url = job["label_url"].as_str().unwrap();
    assert_eq!(panel.fetch(url).await.status(), 200);
    sandbox.control().advance_seconds(HOUR).unwrap();
    assert_eq!(state(&sandbox, &numbers[0]), State::Cancelled);
}

#[tokio::test]
async fn a_late_label_fails_first() {
    let (sandbox, panel) = open_shop().await;
    let numbers = load(&sandbox, Scenario::LabelLate);
    assert_eq!(ship(&sandbox, &panel, &numbers).await["status"], "FAILED");
    sandbox.control().advance_seconds(6 * HOUR).unwrap();
    panel.ask_for_labels(&panel.label_request()).await;
    sandbox.control().advance_seconds(30).unwrap();
    assert_eq!(panel.label_job().await["status"], "PROCESSED");
}

#[tokio::test]
async fn a_partial_job_labels_three_of_five() {
    let (sandbox, panel) = open_shop().await;
    let numbers = load(&sandbox, Scenario::PartialLabelJob);
    let job = ship(&sandbox, &panel, &numbers).await;
    assert_eq!(
        (&job["success_suborder_count"], &job["total_suborder_count"]),
        (&json!(3), &json!(5))
    );
}

#[tokio::test]
async fn a_parcel_comes_back() {
    let (sandbox, panel) = open_shop().await;
    let numbers = load(&sandbox, Scenario::Rto);
    ship(&sandbox, &panel, &numbers).await;
    let mut words = Vec::new();
    for days in [1, 5, 1, 4, 1] {
        sandbox.control().advance_seconds(days * DAY).unwrap();
        words.push(state(&sandbox, &numbers[0]));
    }
    assert_eq!(
        words,
        [
            State::Shipped,
            State::RtoInitiated,
            State::RtoLocked,
            State::RtoOfd,
            State::RtoComplete
        ]
    );
}

#[tokio::test]
async fn session_scenarios_do_what_they_say() {
    let (sandbox, mut panel) = open_shop().await;
    let me = "/api/container/supplier/prefetch-supply-data";
    let body = json!({"identifier": IDENTIFIER});

    load(&sandbox, Scenario::SessionExpired);
    assert_eq!(panel.post(me, &body).await.0, 463);
    panel.log_in(EMAIL, PASSWORD).await;
    assert_eq!(panel.post(me, &body).await.0, 200);

    load(&sandbox, Scenario::OtpDemanded);
    let challenge: Value = panel
        .try_log_in(EMAIL, PASSWORD)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(challenge["otp_required"], true);

    load(&sandbox, Scenario::PasswordChanged);
    assert_eq!(panel.post(me, &body).await.0, 463);
    assert_eq!(panel.try_log_in(EMAIL, PASSWORD).await.status(), 401);
}

#[tokio::test]
async fn ten_calls_are_throttled() {
    let (sandbox, panel) = open_shop().await;
    load(&sandbox, Scenario::Throttled);
    let request = panel.page_request("pending", None, 50);
    let mut statuses = Vec::new();
    for _ in 0..11 {
        statuses.push(panel.post("/api/fulfillment/orders", &request).await.0);
    }
    assert_eq!(statuses[..10], [429; 10]);
    assert_eq!(statuses[10], 200);
}

#[tokio::test]
async fn paging_scenarios_disturb_one_walk() {
    let (sandbox, panel) = open_shop().await;
    load(&sandbox, Scenario::DuplicateAcrossPages);
    assert_eq!(panel.tab("pending", 50).await.len(), 61);

    load(&sandbox, Scenario::PageShiftWhilePaging);
    assert_eq!(
        panel.tab("pending", 50).await.len(),
        119,
        "one of 120 was skipped"
    );

    load(&sandbox, Scenario::HtmlInsteadOfJson);
    let request = panel.page_request("pending", None, 50);
    assert_eq!(
        panel.post("/api/fulfillment/orders", &request).await,
        (200, Value::Null)
    );
    assert_eq!(panel.page("pending", None, 50).await["total_count"], 120);
}

#[tokio::test]
async fn one_login_gets_a_second_supplier() {
    let (sandbox, mut panel) = open_shop().await;
    let numbers = load(&sandbox, Scenario::MultiSupplier);
    assert_eq!(panel.tab("pending", 50).await, numbers[..3]);
    panel.supplier_id = SUPPLIER + 1;
    panel.identifier = "m0002".to_owned();
    assert_eq!(panel.tab("pending", 50).await, numbers[3..]);
}

#[tokio::test]
async fn a_sale_day_has_ten_thousand_orders_over_three_couriers() {
    let (sandbox, panel) = open_shop().await;
    load(&sandbox, Scenario::SaleDay);
    let page = panel.page("pending", Some("eyJwIjoxOTl9"), 50).await;
    assert_eq!(page["total_count"], 10_000);
    assert_eq!(
        (
            page["data"]["subOrders"].as_array().unwrap().len(),
            &page["cursor"]
        ),
        (50, &Value::Null)
    );
    let couriers: std::collections::BTreeSet<String> = sandbox
        .control()
        .orders()
        .into_iter()
        .map(|order| order.carrier)
        .collect();
    assert_eq!(couriers.len(), 3);
}

#[tokio::test]
async fn a_scenario_with_a_seed_is_the_same_everywhere() {
    let mut names = Vec::new();
    for before in [0, 5] {
        let (sandbox, _panel) = open_shop().await;
        sandbox
            .control()
            .seed(&Seed::new(SUPPLIER, State::Pending, before))
            .unwrap();
        let number = load(&sandbox, Scenario::HappyCod).remove(0);
        names.push(sandbox.control().order(&number).unwrap().buyer_name);
    }
    assert_eq!(names[0], names[1]);
}

#[tokio::test]
async fn in_real_time_orders_arrive_and_move_by_themselves() {
    let options = Options {
        clock: ClockMode::Realtime { speed: 60 },
        ..Options::default()
    };
    let (sandbox, panel) = open_shop_with(options).await;
    sandbox.control().seed(&Seed::mixed(SUPPLIER, 40)).unwrap();
    let before = sandbox.control().orders().len();

    // Sixty times faster than life: two hours of this clock are five days of orders.
    sandbox.control().advance_seconds(2 * HOUR).unwrap();

    assert!(sandbox.control().orders().len() > before + 20);
    assert!(!panel.tab("pending", 50).await.is_empty());
    let delivered = sandbox
        .control()
        .orders()
        .into_iter()
        .filter(|order| order.state == State::Delivered);
    assert!(
        delivered.count() > 2,
        "some of the eight on their way arrived"
    );
    // Jobs keep their own time.
    let number = panel.tab("pending", 50).await.remove(0);
    panel.accept(&[number]).await;
    assert_eq!(
        panel.accept_history().await[0]["progress_percent"]
            .as_i64()
            .unwrap()
            / 100,
        0
    );
}
