//! What must hold whatever happened on the way.

use haat_domain::{Action, Label};
use haat_ports::{
    Accounts as _, Clock as _, JobProgress, Jobs as _, Listing, LoginState, Logins as _,
    OrderStore as _,
};
use haat_tests::crash_proxy::Plan;

use crate::asked_once;
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
    asked_once::check(scenario, plan, shop, expected);
    labels_are_stored(shop).await;
    let mut state = State::of(shop).await;
    let mut expected = expected.state.clone();
    if asked_once::is_doubled(plan, shop, "reqDownloadLabelV2") {
        // Labels that came twice were filed twice, which the orders' histories say.
        state.forget_filings();
        expected.forget_filings();
    }
    if plan.is_some_and(|plan| asked_once::is_around_manifest(plan, shop)) {
        // Nobody heard the manifest's key, without which its paper cannot be fetched.
        state.forget_manifest_papers();
        expected.forget_manifest_papers();
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
        LoginState::Stopped(_) => scenario.is_shut_out(),
    };
    assert!(free, "nobody can use login {}", login.id);
    let accounts = table.accounts(&shop.seller).await.unwrap();
    assert_eq!(accounts.len(), 1);
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
