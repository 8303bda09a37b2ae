//! AJIO on stage.

use haat_domain::{OrderNumber, ReturnStage, Step};
use haat_sandbox::ajio::{Ajio, Options, ReturnKind, ReturnState, Seed, State};
use jiff::Timestamp;

use crate::stage::{Program, Returned, Stage, Standing, Truth};

const POB: &str = "DV900001";

pub(crate) const PROGRAM: Program = Program {
    open: || Box::pin(open()),
    skips: &[(
        "accepting::too_many_are_not_sent",
        "AJIO accepts order by order: there is no list that could be too long",
    )],
};

struct OnStage(Ajio);

async fn open() -> Box<dyn Stage> {
    Box::new(OnStage(Ajio::start(Options::default()).await.unwrap()))
}

impl Stage for OnStage {
    fn id(&self) -> &'static str {
        "ajio"
    }

    fn host(&self) -> String {
        format!("http://{}", self.0.file_host())
    }

    fn api(&self, host: &str) -> String {
        self.0.api_url().replace(&self.host(), host)
    }

    fn files(&self) -> String {
        self.0.file_host()
    }

    fn credentials(&self) -> Vec<(&'static str, &'static str)> {
        vec![("username", POB), ("password", "sandbox-only")]
    }

    fn seller(&self) -> &'static str {
        POB
    }

    fn new_orders(&self) -> &'static str {
        "pendency"
    }

    fn seed(&self, standing: Standing, count: u32) -> Vec<OrderNumber> {
        let state = match standing {
            Standing::New => State::Pendency,
            Standing::Accepted => State::Confirmed,
            Standing::Shipped => State::Dispatched,
        };
        let numbers = self
            .0
            .control()
            .seed(&Seed::new(POB, state, count))
            .unwrap();
        numbers.iter().map(|one| one.parse().unwrap()).collect()
    }

    fn truth(&self, number: &OrderNumber) -> Truth {
        let seen = self.0.control().order(number.as_str()).unwrap();
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        let lines = seen.lines.into_iter();
        let pieces = lines.map(|line| (line.item_code, u32::try_from(line.ordered).unwrap()));
        let mut pieces: Vec<(String, u32)> = pieces.collect();
        pieces.sort();
        Truth {
            value: seen.total_paise.cast_signed(),
            ordered_at: Some(at(seen.order_date)),
            dispatch_by: at(seen.dispatch_by),
            pieces,
        }
    }

    fn accepted(&self, number: &OrderNumber) -> u64 {
        let counters = self.0.control().counters();
        counters.acknowledgements_of(number.as_str()).done
    }

    fn shipped_word(&self) -> &'static str {
        "DISPATCHED"
    }

    fn words(&self) -> Vec<(&'static str, Step)> {
        vec![
            ("CONFIRMED", Step::Accept),
            ("PACKED", Step::Pack),
            ("READY_TO_DISPATCH", Step::MakeReady),
            ("DISPATCHED", Step::Ship),
            ("DELIVERED", Step::Deliver),
            ("CANCELLED", Step::Cancel),
        ]
    }

    fn vocabulary(&self) -> (&'static str, &'static str) {
        ("ajio-dropship.openapi.yaml", "OrderStatus")
    }

    fn give_back(&self) -> Option<Returned> {
        let control = self.0.control();
        let order = self.seed(Standing::Shipped, 1).remove(0);
        let number = control.start_return(order.as_str(), ReturnKind::Rto).ok()?;
        control
            .move_return(&number, ReturnState::Delivered)
            .unwrap();
        Some(Returned {
            number,
            word: "RETURN_DELIVERED",
            words: vec![
                ("RETURN_INITIATED", ReturnStage::Asked),
                ("RETURN_CREATED", ReturnStage::OnItsWay),
                ("RETURN_DELIVERED", ReturnStage::Received),
                ("RETURN_PROCESSED", ReturnStage::Settled),
                ("RETURN_CANCELLED", ReturnStage::Cancelled),
            ],
            vocabulary: ("ajio-dropship.openapi.yaml", "ReturnStatus"),
        })
    }

    fn now(&self) -> Timestamp {
        self.0.control().now()
    }

    fn pass(&self, seconds: i64) {
        self.0.control().advance_seconds(seconds).unwrap();
    }

    fn end_sessions(&self) {
        self.0.control().expire_tokens(POB).unwrap();
    }

    fn change_password(&self) {
        self.0.control().change_password(POB, "another").unwrap();
    }

    fn log_ins(&self) -> (u64, u64) {
        let counters = self.0.control().counters();
        let refused = counters.refused_logins.values().sum();
        (counters.logins_of(POB), refused)
    }

    fn buyers(&self) -> Vec<String> {
        let orders = self.0.control().orders().into_iter();
        let told = orders.flat_map(|order| [order.buyer_name, order.buyer_address]);
        told.collect()
    }
}
