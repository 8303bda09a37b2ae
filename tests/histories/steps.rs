//! What can happen in a history, and how often.

use haat_aws::testing::Moment;
use haat_domain::Action;
use haat_sandbox::{Fault, FaultKind, State};
use proptest::prelude::*;

use crate::cloud::{End, PAGE};
use crate::double::Market;

/// One thing that happens. Numbers choose among what is there, counted round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Orders arrive, or are found as they stand.
    Arrive {
        shop: usize,
        state: State,
        count: u32,
    },
    /// The marketplace moves an order on.
    Advance { order: usize },
    /// A buyer, or the seller in the panel, cancels an order.
    Cancel { order: usize },
    /// The seller asks for an action on an order that he sees.
    Ask {
        order: usize,
        action: Action,
        end: End,
    },
    /// The seller asks for an action on everything that he sees.
    AskAll { action: Action },
    /// The schedule comes round.
    Schedule,
    /// One letter is worked off.
    Deliver { letter: usize, end: End },
    /// Two letters are worked off at once.
    Together { first: usize, second: usize },
    /// A letter comes twice.
    Double { letter: usize },
    /// `react` sees the latest changes.
    React { end: End },
    /// `react` sees changes once more.
    ReactAgain,
    /// Everything due is worked off.
    Settle,
    /// Time passes, and everything is worked off when it is due.
    Pass { minutes: u16 },
    /// Time passes, and nothing is worked off.
    Skip { minutes: u16 },
    /// The marketplace misbehaves.
    Trouble {
        operation: &'static str,
        wrong: Wrong,
        times: u32,
        skip: u32,
    },
    /// It misbehaves at random until the end.
    Storm { seed: u64 },
    /// Its labels open late from now on.
    LateLabels { minutes: u16 },
    /// Its next label job leaves orders out.
    LeaveOut { shop: usize, count: usize },
    /// Somebody presses the label button in the marketplace's panel; the job takes so many seconds,
    /// or runs for ever.
    PanelJob { shop: usize, seconds: Option<u32> },
    /// The password is changed at the marketplace.
    ChangePassword { login: usize },
    /// The marketplace wants a one-time password.
    DemandOtp { login: usize },
    /// The session ends.
    Expire { login: usize },
    /// The seller does what his accounts' pages say.
    Care { end: End },
    /// The seller presses "Sync now".
    Sync { shop: usize, end: End },
    /// The seller resumes what is parked.
    Resume { end: End },
    /// The seller switches accepting by itself.
    AutoAccept { shop: usize, on: bool },
}

/// How a call goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    Kind(FaultKind),
    Status(u16),
    /// Too many calls; not before so many seconds.
    TooMany(u32),
}

pub(crate) fn fault(operation: &str, wrong: Wrong) -> Fault {
    match wrong {
        Wrong::Kind(kind) => Fault::new(operation, kind),
        Wrong::Status(status) => Fault::status(operation, status),
        Wrong::TooMany(seconds) => Fault::status(operation, 429).retry_after(seconds),
    }
}

/// What the marketplace can do wrong: operation, and how.
fn troubles() -> Vec<(&'static str, Wrong)> {
    use FaultKind as F;
    let every_call = [
        "listOrders",
        "fetchOrderDetails",
        "fetchPendingOrdersHistory",
        "fetchLabelDownloadHistory",
        "reqPendingOrders",
        "reqDownloadLabelV2",
        "updateGroupDownloadBackendFlag",
    ];
    let lost = [F::DropBeforeCommit, F::LostResponse, F::TruncatedJson];
    let kinds = [
        ("listOrders", F::RepeatPage),
        ("listOrders", F::PageShift),
        ("listOrders", F::DuplicateRow),
        ("listOrders", F::MalformedRow),
        ("fetchOrderDetails", F::MalformedRow),
        ("fetchOrderDetails", F::UnknownWord),
        ("getLabelFile", F::WrongContentType),
        ("getLabelFile", F::Redirect),
        ("getLabelFile", F::HtmlInsteadOfJson),
        ("getLabelFile", F::LostResponse),
        ("login", F::DropBeforeCommit),
        ("login", F::LostResponse),
        ("login", F::HtmlInsteadOfJson),
        ("*", F::EdgeBlock),
    ];
    let mut all: Vec<(&str, Wrong)> = Vec::new();
    for operation in every_call {
        let broken = lost.into_iter().chain([F::HtmlInsteadOfJson]);
        all.extend(broken.map(|kind| (operation, Wrong::Kind(kind))));
        let statuses = [400, 401, 404, 463, 500, 503];
        all.extend(statuses.map(|status| (operation, Wrong::Status(status))));
    }
    for operation in [
        "listOrders",
        "reqPendingOrders",
        "reqDownloadLabelV2",
        "login",
    ] {
        all.push((operation, Wrong::Status(429)));
        all.push((operation, Wrong::TooMany(90)));
    }
    all.extend(kinds.map(|(operation, kind)| (operation, Wrong::Kind(kind))));
    all.extend([403, 404, 500].map(|status| ("getLabelFile", Wrong::Status(status))));
    all.push(("login", Wrong::Status(503)));
    all
}

/// What AJIO can do wrong.
fn troubles_at_ajio() -> Vec<(&'static str, Wrong)> {
    use FaultKind as F;
    let every_call = [
        "listPendency",
        "listOrders",
        "acknowledgeOrder",
        "cancelOrder",
        "generateB2bInvoice",
        "getLabel",
        "markReadyToDispatch",
        "createManifest",
        "getManifest",
        "listReturns",
        "listProducts",
    ];
    let lost = [F::DropBeforeCommit, F::LostResponse, F::TruncatedJson];
    let kinds = [
        ("listPendency", F::RepeatPage),
        ("listPendency", F::PageShift),
        ("listPendency", F::DuplicateRow),
        ("listPendency", F::MalformedRow),
        ("listOrders", F::MalformedRow),
        ("listOrders", F::UnknownWord),
        ("acknowledgeOrder", F::FailedItem),
        ("markReadyToDispatch", F::FailedItem),
        ("createManifest", F::FailedItem),
        ("getLabel", F::WrongContentType),
        ("getAuthToken", F::DropBeforeCommit),
        ("getAuthToken", F::LostResponse),
        ("getAuthToken", F::HtmlInsteadOfJson),
    ];
    let mut all: Vec<(&str, Wrong)> = Vec::new();
    for operation in every_call {
        let broken = lost.into_iter().chain([F::HtmlInsteadOfJson]);
        all.extend(broken.map(|kind| (operation, Wrong::Kind(kind))));
        let statuses = [400, 401, 404, 409, 429, 500, 503];
        all.extend(statuses.map(|status| (operation, Wrong::Status(status))));
        all.push((operation, Wrong::TooMany(90)));
    }
    all.extend(kinds.map(|(operation, kind)| (operation, Wrong::Kind(kind))));
    all.extend([429, 503].map(|status| ("getAuthToken", Wrong::Status(status))));
    all
}

/// A history of a few dozen steps at most.
pub(crate) fn history(market: Market) -> BoxedStrategy<Vec<Step>> {
    match market {
        Market::Meesho => {
            let own = at_meesho_only().boxed();
            let step = prop_oneof![95 => step(troubles(), meesho_action), 3 => own];
            prop::collection::vec(step, 4..28).boxed()
        }
        Market::Ajio => {
            let step = step(troubles_at_ajio(), any_action);
            prop::collection::vec(step, 4..28).boxed()
        }
    }
}

fn at_meesho_only() -> impl Strategy<Value = Step> {
    prop_oneof![
        (which(), 1_usize..3).prop_map(|(shop, count)| Step::LeaveOut { shop, count }),
        (which(), prop::option::weighted(0.8, 1_u32..90))
            .prop_map(|(shop, seconds)| Step::PanelJob { shop, seconds }),
        which().prop_map(|login| Step::DemandOtp { login }),
    ]
}

fn step(
    troubles: Vec<(&'static str, Wrong)>,
    action: fn() -> BoxedStrategy<Action>,
) -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => arrival(),
        3 => which().prop_map(|order| Step::Advance { order }),
        2 => which().prop_map(|order| Step::Cancel { order }),
        4 => (which(), action(), end()).prop_map(|(order, action, end)| Step::Ask { order, action, end }),
        4 => action().prop_map(|action| Step::AskAll { action }),
        6 => Just(Step::Schedule),
        10 => (which(), end()).prop_map(|(letter, end)| Step::Deliver { letter, end }),
        3 => (which(), which()).prop_map(|(first, second)| Step::Together { first, second }),
        2 => which().prop_map(|letter| Step::Double { letter }),
        6 => end().prop_map(|end| Step::React { end }),
        1 => Just(Step::ReactAgain),
        5 => Just(Step::Settle),
        4 => (1_u16..40).prop_map(|minutes| Step::Pass { minutes }),
        2 => (1_u16..40).prop_map(|minutes| Step::Skip { minutes }),
        8 => (prop::sample::select(troubles), 1_u32..3, 0_u32..3).prop_map(
            |((operation, wrong), times, skip)| Step::Trouble { operation, wrong, times, skip }),
        1 => any::<u64>().prop_map(|seed| Step::Storm { seed }),
        1 => (1_u16..60).prop_map(|minutes| Step::LateLabels { minutes }),
        1 => which().prop_map(|login| Step::ChangePassword { login }),
        1 => which().prop_map(|login| Step::Expire { login }),
        2 => end().prop_map(|end| Step::Care { end }),
        1 => (which(), end()).prop_map(|(shop, end)| Step::Sync { shop, end }),
        1 => end().prop_map(|end| Step::Resume { end }),
        1 => (which(), any::<bool>()).prop_map(|(shop, on)| Step::AutoAccept { shop, on }),
    ]
}

fn arrival() -> impl Strategy<Value = Step> {
    let closed = || prop::sample::select(vec![State::OnHold, State::Shipped, State::Cancelled]);
    let open = || prop_oneof![2 => Just(State::Pending), 1 => Just(State::ReadyToShip)];
    let few = (closed(), 1_u32..3);
    let some = (open(), 1_u32..4);
    let more_than_a_page = (prop_oneof![open(), closed()], PAGE + 1..PAGE + 6);
    let arriving = prop_oneof![3 => few, 9 => some, 2 => more_than_a_page];
    (which(), arriving).prop_map(|(shop, (state, count))| Step::Arrive { shop, state, count })
}

fn which() -> impl Strategy<Value = usize> {
    0_usize..1_000
}

fn meesho_action() -> BoxedStrategy<Action> {
    prop_oneof![Just(Action::Accept), Just(Action::Ship)].boxed()
}

fn any_action() -> BoxedStrategy<Action> {
    prop_oneof![
        4 => Just(Action::Accept),
        4 => Just(Action::Ship),
        4 => Just(Action::HandOver),
        1 => Just(Action::Cancel),
    ]
    .boxed()
}

fn end() -> impl Strategy<Value = End> {
    let moment = || prop_oneof![Just(Moment::Before), Just(Moment::After)];
    prop_oneof![
        4 => Just(End::Whole),
        2 => (0_u32..12, moment()).prop_map(|(calls, moment)| End::AtTable(calls, moment)),
        1 => (0_u32..8, moment()).prop_map(|(calls, moment)| End::AtMarketplace(calls, moment)),
    ]
}
