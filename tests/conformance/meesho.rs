//! Meesho on stage.

use haat_domain::{OrderNumber, Step};
use haat_sandbox::{Options, Sandbox, Seed, State};
use jiff::Timestamp;

use crate::stage::{Program, Stage, Standing, Truth};

const SUPPLIER: u64 = 4_100_001;

const NO_MANIFEST: &str = "the connector closes no manifest at Meesho yet";

pub(crate) const PROGRAM: Program = Program {
    open: || Box::pin(open()),
    skips: &[
        (
            "paging::the_past_is_complete",
            "the tabs of the panel hold the past: no feed is read only when asked",
        ),
        (
            "cancelling::refused_after_shipping",
            "the connector cancels nothing: the panel has no documented call for it",
        ),
        (
            "stock::one_level_fails_alone",
            "the connector sets no stock at Meesho yet",
        ),
        (
            "words::every_return_is_understood",
            "the connector reads no returns at Meesho yet",
        ),
        ("handing_over::together", NO_MANIFEST),
        ("handing_over::twice_is_once", NO_MANIFEST),
        ("handing_over::a_lost_answer_is_read_back", NO_MANIFEST),
        ("handing_over::too_many_are_not_sent", NO_MANIFEST),
    ],
};

struct Meesho(Sandbox);

async fn open() -> Box<dyn Stage> {
    Box::new(Meesho(Sandbox::start(Options::default()).await.unwrap()))
}

impl Stage for Meesho {
    fn id(&self) -> &'static str {
        "meesho"
    }

    fn host(&self) -> String {
        self.0.api_url()
    }

    fn api(&self, host: &str) -> String {
        host.to_owned()
    }

    fn files(&self) -> String {
        self.0.file_host()
    }

    fn credentials(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("email", "seller@example.test"),
            ("password", "sandbox-only"),
        ]
    }

    fn seller(&self) -> &'static str {
        "4100001/ab1cd"
    }

    fn new_orders(&self) -> &'static str {
        "pending"
    }

    fn seed(&self, standing: Standing, count: u32) -> Vec<OrderNumber> {
        let state = match standing {
            Standing::New => State::Pending,
            Standing::Accepted => State::ReadyToShip,
            Standing::Shipped => State::Shipped,
        };
        let seed = Seed::new(SUPPLIER, state, count);
        let numbers = self.0.control().seed(&seed).unwrap();
        numbers.iter().map(|one| one.parse().unwrap()).collect()
    }

    fn truth(&self, number: &OrderNumber) -> Truth {
        let seen = self.0.control().order(number.as_str()).unwrap();
        Truth {
            value: seen.total_paise.cast_signed(),
            ordered_at: Some(seen.ordered_at.parse().unwrap()),
            dispatch_by: seen.ship_by.parse().unwrap(),
            pieces: vec![(seen.sku, u32::try_from(seen.quantity).unwrap())],
        }
    }

    fn accepted(&self, number: &OrderNumber) -> u64 {
        let counters = self.0.control().counters();
        counters.accepts_of(number.as_str()).transitions
    }

    fn shipped_word(&self) -> &'static str {
        "SHIPPED"
    }

    fn words(&self) -> Vec<(&'static str, Step)> {
        vec![
            ("ON_HOLD", Step::Hold),
            ("PENDING", Step::Release),
            ("READY_TO_SHIP", Step::Accept),
            ("SHIPPED", Step::Ship),
            ("DELIVERED", Step::Deliver),
            ("CANCELLED", Step::Cancel),
            ("RTO_LOCKED", Step::ReturnToOrigin),
            ("RTO_INITIATED", Step::ReturnToOrigin),
            ("RTO_OFD", Step::ReturnToOrigin),
            ("RTO_DELIVERY_FAILED", Step::ReturnToOrigin),
            ("RTO_COMPLETE", Step::Return),
            ("RETURNED", Step::Return),
            ("LOST", Step::Lose),
            // The buyer has the other piece; the one that comes back is a return of its own.
            ("DOOR_STEP_EXCHANGED", Step::Deliver),
        ]
    }

    fn vocabulary(&self) -> (&'static str, &'static str) {
        ("meesho-supplier.openapi.yaml", "OrderState")
    }

    fn now(&self) -> Timestamp {
        self.0.control().now()
    }

    fn pass(&self, seconds: i64) {
        self.0.control().advance_seconds(seconds).unwrap();
    }

    fn end_sessions(&self) {
        self.0.control().expire_sessions(SUPPLIER).unwrap();
    }

    fn change_password(&self) {
        let control = self.0.control();
        control.change_password(SUPPLIER, "another").unwrap();
    }

    fn log_ins(&self) -> (u64, u64) {
        let counters = self.0.control().counters();
        let refused = counters.refused_logins.values().sum();
        (counters.logins.values().sum(), refused)
    }

    fn buyers(&self) -> Vec<String> {
        let orders = self.0.control().orders().into_iter();
        let told = orders.flat_map(|order| {
            let phone = order.buyer_mobile.unwrap_or_default();
            [order.buyer_name, order.buyer_address, phone]
        });
        told.filter(|text| !text.is_empty()).collect()
    }
}
