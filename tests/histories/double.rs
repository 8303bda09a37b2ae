//! The marketplace's double that a history is played at: what a history needs of either.

use haat_domain::Stage;
use haat_sandbox::ajio::{self, PaymentMethod};
use haat_sandbox::{
    CancelledBy, Control, Fault, FaultKind, LogEntry, OrderView, Seed, State, Storm, Throttle,
};
use haat_tests::world::World;

/// Which marketplace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Market {
    Meesho,
    Ajio,
}

#[derive(Clone)]
pub(crate) enum Double {
    Meesho(Control),
    Ajio(ajio::Control),
}

/// An order as the marketplace holds it.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    /// Whose: the supplier, the POB.
    pub(crate) place: String,
    pub(crate) number: String,
    /// The marketplace's own word.
    pub(crate) word: String,
    /// The stages in which the hub may see it.
    pub(crate) stages: Vec<Stage>,
    /// Its AWB, where the hub must know it.
    pub(crate) awb: Option<String>,
    pub(crate) pieces: Vec<(String, u64)>,
    pub(crate) may_be_cancelled: bool,
    /// Whether it moves on before the courier has it.
    pub(crate) moves: bool,
}

/// The same for both doubles.
macro_rules! both {
    ($self:expr, $control:ident => $does:expr) => {
        match $self {
            Double::Meesho($control) => $does,
            Double::Ajio($control) => $does,
        }
    };
}

impl Double {
    pub(crate) fn of(market: Market, world: &World) -> Self {
        match market {
            Market::Meesho => Self::Meesho(world.sandbox.control().clone()),
            Market::Ajio => Self::Ajio(world.ajio().clone()),
        }
    }

    pub(crate) fn fault(&self, fault: Fault) {
        both!(self, control => control.fault(fault)).unwrap();
    }

    pub(crate) fn clear_faults(&self) {
        both!(self, control => control.clear_faults());
    }

    pub(crate) fn clear_faults_of(&self, kind: FaultKind) {
        both!(self, control => control.clear_faults_of(kind));
    }

    pub(crate) async fn hung(&self) {
        both!(self, control => control.hung().await);
    }

    pub(crate) fn set_storm(&self, storm: Storm) {
        both!(self, control => control.set_storm(Some(storm))).unwrap();
    }

    pub(crate) fn set_throttle(&self, throttle: Option<Throttle>) {
        both!(self, control => control.set_throttle(throttle));
    }

    pub(crate) fn set_label_delay(&self, seconds: u32) {
        both!(self, control => control.set_label_delay(seconds));
    }

    pub(crate) fn log(&self) -> Vec<LogEntry> {
        both!(self, control => control.log())
    }

    /// Calls by which anybody logs in.
    pub(crate) fn log_ins(&self) -> u64 {
        match self {
            Self::Meesho(control) => {
                let counters = control.counters();
                counters.calls_of("login") + counters.calls_of("verifyLoginOtp")
            }
            Self::Ajio(control) => control.counters().calls_of("getAuthToken"),
        }
    }

    /// Those of them whose answer was lost.
    pub(crate) fn lost_log_ins(&self) -> u64 {
        match self {
            Self::Meesho(control) => {
                let counters = control.counters();
                counters.lost_answers_of("login") + counters.lost_answers_of("verifyLoginOtp")
            }
            Self::Ajio(control) => control.counters().lost_answers_of("getAuthToken"),
        }
    }

    /// How often a user name was not let in.
    pub(crate) fn refused(&self, user: &str) -> u64 {
        match self {
            Self::Meesho(control) => control.counters().refused_logins_of(user),
            Self::Ajio(control) => control.counters().refused_logins_of(user),
        }
    }

    /// Makes orders, in the state that is nearest to this one of Meesho's.
    pub(crate) fn seed(&self, place: &str, state: State, count: u32, living: bool) -> Vec<String> {
        match self {
            Self::Meesho(control) => {
                let mut seed = Seed::new(supplier(place), state, count);
                seed.living = living;
                control.seed(&seed).unwrap()
            }
            Self::Ajio(control) => {
                let mut seed = ajio::Seed::new(place, at_ajio(state), count);
                seed.living = living;
                let seed = seed.payment(PaymentMethod::Prepaid);
                control.seed(&seed).unwrap()
            }
        }
    }

    pub(crate) fn held(&self) -> Vec<Held> {
        match self {
            Self::Meesho(control) => control.orders().into_iter().map(held_by_meesho).collect(),
            Self::Ajio(control) => control.orders().into_iter().map(held_by_ajio).collect(),
        }
    }

    /// The buyer, or the seller in the marketplace's panel, cancels an order. Somebody may have
    /// cancelled it before.
    pub(crate) fn cancel(&self, number: &str, by: CancelledBy) {
        match (self, by) {
            (Self::Meesho(control), by) => drop(control.cancel(number, by)),
            (Self::Ajio(control), CancelledBy::Seller) => {
                drop(control.cancel(number, ajio::CancelledBy::Seller));
            }
            (Self::Ajio(control), CancelledBy::Buyer | CancelledBy::Marketplace) => {
                drop(control.cancel(number, ajio::CancelledBy::Consumer));
            }
        }
    }

    pub(crate) fn advance(&self, number: &str) {
        match self {
            Self::Meesho(control) => drop(control.advance_order(number).unwrap()),
            Self::Ajio(control) => drop(control.advance_order(number).unwrap()),
        }
    }

    pub(crate) fn change_password(&self, place: &str, password: &str) {
        match self {
            Self::Meesho(control) => control.change_password(supplier(place), password),
            Self::Ajio(control) => control.change_password(place, password),
        }
        .unwrap();
    }

    pub(crate) fn expire(&self, place: &str) {
        match self {
            Self::Meesho(control) => control.expire_sessions(supplier(place)),
            Self::Ajio(control) => control.expire_tokens(place),
        }
        .unwrap();
    }

    /// Meesho's own powers.
    pub(crate) fn meesho(&self) -> &Control {
        match self {
            Self::Meesho(control) => control,
            Self::Ajio(_) => panic!("this history is played at AJIO"),
        }
    }
}

pub(crate) fn supplier(place: &str) -> u64 {
    place.parse().unwrap()
}

fn at_ajio(state: State) -> ajio::State {
    match state {
        State::OnHold | State::Pending => ajio::State::Pendency,
        State::ReadyToShip => ajio::State::Confirmed,
        State::Shipped
        | State::RtoLocked
        | State::RtoInitiated
        | State::RtoOfd
        | State::RtoDeliveryFailed
        | State::RtoComplete
        | State::Lost => ajio::State::Dispatched,
        State::Delivered | State::Returned | State::DoorStepExchanged => ajio::State::Delivered,
        State::Cancelled => ajio::State::Cancelled,
    }
}

/// Once it is with the courier, no list of Meesho's shows more of it.
fn held_by_meesho(view: OrderView) -> Held {
    let stages: &[Stage] = match view.state {
        State::OnHold => &[Stage::OnHold],
        State::Pending => &[Stage::New],
        State::ReadyToShip => &[Stage::Accepted],
        State::Cancelled => &[Stage::Cancelled],
        State::Shipped => &[Stage::Shipped],
        State::Delivered | State::Returned | State::DoorStepExchanged => {
            &[Stage::Shipped, Stage::Delivered, Stage::Returned]
        }
        State::RtoInitiated
        | State::RtoLocked
        | State::RtoOfd
        | State::RtoDeliveryFailed
        | State::RtoComplete => &[Stage::Shipped, Stage::ReturningToOrigin, Stage::Returned],
        State::Lost => &[Stage::Shipped, Stage::Lost],
    };
    let is_open = matches!(
        view.state,
        State::OnHold | State::Pending | State::ReadyToShip
    );
    Held {
        place: view.supplier_id.to_string(),
        number: view.sub_order_num,
        word: format!("{:?}", view.state),
        stages: stages.to_vec(),
        awb: view.awb.filter(|_| view.state == State::ReadyToShip),
        pieces: vec![(view.sku, view.quantity)],
        may_be_cancelled: view.state.may_become(State::Cancelled),
        moves: is_open,
    }
}

fn held_by_ajio(view: ajio::OrderView) -> Held {
    use ajio::State as A;
    let stages: &[Stage] = match view.state {
        A::Pendency => &[Stage::New],
        A::Confirmed => &[Stage::Accepted],
        A::Packed => &[Stage::Packed],
        A::ReadyToDispatch => &[Stage::ReadyToShip],
        A::Dispatched => &[Stage::Shipped],
        // It is asked after now and then only.
        A::Delivered => &[Stage::Shipped, Stage::Delivered],
        A::Cancelled => &[Stage::Cancelled],
    };
    let is_packed = matches!(view.state, A::Packed | A::ReadyToDispatch);
    let lines = view.lines.into_iter();
    Held {
        place: view.pob,
        number: view.order_id,
        word: view.state.word().to_owned(),
        stages: stages.to_vec(),
        awb: view.awb.filter(|_| is_packed),
        pieces: lines.map(|line| (line.item_code, line.ordered)).collect(),
        may_be_cancelled: view.state.may_become(A::Cancelled),
        moves: view.state < A::Dispatched,
    }
}
