//! What must hold whatever happened on the way.

use haat_domain::{Action, Label};
use haat_ports::{
    Accounts as _, Clock as _, JobProgress, Jobs as _, Listing, LoginState, Logins as _,
    OrderStore as _,
};
use haat_tests::crash_proxy::{Fault, Plan};

use crate::run::Expected;
use crate::scenario::Scenario;
use crate::shop::Shop;
use crate::state::State;

/// Checks a run against the undisturbed one and against the marketplace's own counts.
pub(crate) async fn check(
    scenario: Scenario,
    plan: Option<Plan>,
    shop: &Shop,
    expected: &Expected,
) {
    nothing_waits(scenario, shop).await;
    marketplace_was_asked_once(scenario, plan, shop, expected);
    labels_are_stored(shop).await;
    let mut state = State::of(shop).await;
    let mut expected = expected.state.clone();
    if asked_for_labels_twice(plan, shop) {
        // Labels that came twice were filed twice, which the orders' histories say.
        state.forget_filings();
        expected.forget_filings();
    }
    let differences = state.differences(&expected);
    assert!(
        differences.is_empty(),
        "other than the undisturbed run left it:\n{differences}"
    );
}

async fn nothing_waits(scenario: Scenario, shop: &Shop) {
    let dead = shop.cloud.queues().dead();
    assert!(dead.is_empty(), "given up: {dead:#?}");
    let table = &shop.cloud.database.table;
    let account = shop.account().await;
    for action in Action::ALL {
        let job = table.job(&shop.seller, &account.id, action).await.unwrap();
        let quiet = job.progress == JobProgress::Idle && job.asked.is_empty();
        assert!(quiet && job.wake.is_none(), "still at work: {job:#?}");
    }
    let login = table.login(&shop.seller, &account.login).await.unwrap();
    let (login, session) = login.unwrap();
    let free = match login.state {
        LoginState::Ready => true,
        // A lease that has run out is nobody's: its holder died when the session was stored.
        LoginState::LoggingIn { until, .. } => until <= shop.cloud.clock.now() && session.is_some(),
        LoginState::Stopped(_) => scenario == Scenario::PollPasswordChanged,
    };
    assert!(free, "nobody can use login {}", login.id);
    let accounts = table.accounts(&shop.seller).await.unwrap();
    assert_eq!(accounts.len(), 1);
}

/// Whether the disturbed call is this one, and reached the marketplace once more than it was made.
fn is_doubled(plan: Option<Plan>, shop: &Shop, operation: &str) -> bool {
    plan.is_some_and(|Plan { at, fault }| {
        let named = shop
            .proxy
            .calls()
            .get(at - 1)
            .is_some_and(|name| name == operation);
        named && matches!(fault, Fault::Repeat | Fault::Hold)
    })
}

/// Whether the disturbed call is the log-in, or what stores its refusal.
fn is_around_login(plan: Plan, shop: &Shop) -> bool {
    let calls = shop.proxy.calls();
    let around = calls.iter().take(plan.at).rev().take(2);
    around.into_iter().any(|name| name == "login")
}

fn asked_for_labels_twice(plan: Option<Plan>, shop: &Shop) -> bool {
    is_doubled(plan, shop, "reqDownloadLabelV2")
}

/// Accepting is exactly once, and a refused password is not tried again. A label job may be asked for once
/// more, which is harmless, when its request itself was doubled on the way.
fn marketplace_was_asked_once(
    scenario: Scenario,
    plan: Option<Plan>,
    shop: &Shop,
    expected: &Expected,
) {
    let control = shop.sandbox.control();
    let counters = control.counters();
    let refused: u64 = counters.refused_logins.values().sum();
    let wanted = u64::from(scenario == Scenario::PollPasswordChanged);
    // A refusal that the function did not live to store, or never heard, is met once more.
    let unheard = wanted == 1 && plan.is_some_and(|plan| is_around_login(plan, shop));
    assert!(
        (wanted..=wanted + u64::from(unheard)).contains(&refused),
        "{refused} refused log-ins instead of {wanted}"
    );
    let doubled = |operation: &str| is_doubled(plan, shop, operation);
    // Whoever is held past his own time limit, which ends before the lease, asks once more: if he
    // has not asked yet.
    let held = plan.is_some_and(|Plan { at, fault }| {
        let mut to_come = expected.calls.iter().skip(at - 1);
        fault == Fault::Hold && to_come.any(|call| call == "reqPendingOrders")
    });
    for order in control.orders() {
        let number = &order.sub_order_num;
        let accepts = counters.accepts_of(number);
        let wanted = u64::from(scenario == Scenario::ShipAccept);
        assert_eq!(
            accepts.transitions, wanted,
            "order {number} is accepted once"
        );
        let again = held || doubled("reqPendingOrders");
        let most = if again {
            wanted + u64::from(wanted > 0)
        } else {
            wanted
        };
        assert!(
            (wanted..=most).contains(&accepts.requests),
            "order {number} is asked for {} times",
            accepts.requests
        );
        let labels = counters.labels_of(number);
        let wanted = u64::from(scenario == Scenario::ShipLabel);
        let most = if doubled("reqDownloadLabelV2") {
            2
        } else {
            wanted
        };
        assert!(
            (wanted..=most).contains(&labels),
            "order {number} has {labels} labels instead of {wanted}"
        );
    }
}

/// Every label that an order names is a stored PDF.
async fn labels_are_stored(shop: &Shop) {
    let files = shop.cloud.files();
    let table = &shop.cloud.database.table;
    let listed = table
        .list_orders(&shop.seller, Listing::Open, None, 100)
        .await;
    for order in listed.unwrap().items {
        let (Label::Ready(page) | Label::Stale(page)) = &order.label else {
            continue;
        };
        let stored = files.get(&format!("files/{}", page.file));
        let pdf = stored.is_some_and(|bytes| bytes.starts_with(b"%PDF-"));
        assert!(pdf, "the label of order {} is not stored", order.id);
    }
}
