//! The JSON API for seller apps: what Haat can do, over HTTP, for whoever holds a token.
//!
//! Nothing is decided here. A handler reads its input, asks one workflow and puts the answer into
//! words; a refusal becomes a problem (RFC 9457) that says what to do. `/openapi.json` is made
//! from the same code.

mod account_answer;
mod accounts;
mod caller;
mod connect;
mod failed;
mod history;
mod input;
mod manifests;
mod marketplaces;
mod openapi;
mod order_actions;
mod order_answer;
mod orders;
mod parcels;
mod problem;
mod refusals;
mod registrations;
mod request_line;
mod returns;
mod set_up;
mod warehouses;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn;
use axum::routing::{MethodRouter, get, post, put};
use haat_ports::{Files, PollsQueue, ShipQueue, Store};
use haat_workflows::Hub;
use jiff::Timestamp;

use problem::Problem;

/// The largest body that is read, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// What the API stands on.
#[derive(Clone)]
pub struct Api {
    /// Marketplaces, table, keys, time.
    pub hub: Hub,
    /// Where polls are asked for.
    pub polls: Arc<dyn PollsQueue>,
    /// Where work on orders is asked for.
    pub ship: Arc<dyn ShipQueue>,
    /// Where labels are kept.
    pub files: Arc<dyn Files>,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Api")
    }
}

impl Api {
    fn store(&self) -> &dyn Store {
        self.hub.store.as_ref()
    }

    fn queues(&self) -> (&dyn PollsQueue, &dyn ShipQueue) {
        (self.polls.as_ref(), self.ship.as_ref())
    }

    fn now(&self) -> Timestamp {
        self.hub.clock.now()
    }
}

/// Every route, and an answer to whatever is none.
pub fn router(api: Api) -> Router {
    let described = get(async || ([(CONTENT_TYPE, "application/json")], openapi::text()));
    let routes = routes().into_iter();
    routes
        .fold(Router::new(), |router, (path, methods)| {
            router.route(path, methods)
        })
        .route("/openapi.json", described)
        .fallback(Problem::no_such_route)
        .method_not_allowed_fallback(Problem::wrong_method)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn(request_line::write))
        .with_state(api)
}

/// What is answered where. Plain, so that a start does not pay for the description, which tests
/// hold to the same paths and methods.
fn routes() -> [(&'static str, MethodRouter<Api>); 31] {
    [
        ("/marketplaces", get(marketplaces::list_marketplaces)),
        (
            "/accounts",
            get(accounts::list_accounts).post(connect::connect),
        ),
        (
            "/accounts/{account}",
            get(accounts::show_account).patch(accounts::change_account),
        ),
        (
            "/accounts/{account}/credentials",
            put(connect::replace_credentials),
        ),
        (
            "/accounts/{account}/otp",
            post(connect::answer_one_time_password),
        ),
        (
            "/accounts/{account}/back_fill",
            post(accounts::back_fill_account),
        ),
        ("/accounts/{account}/courier", put(set_up::set_courier)),
        (
            "/accounts/{account}/test",
            get(set_up::show_test).post(set_up::start_test),
        ),
        (
            "/registrations",
            get(registrations::list_registrations).post(registrations::note_registration),
        ),
        (
            "/registrations/{registration}",
            put(registrations::replace_registration).delete(registrations::drop_registration),
        ),
        ("/accounts/{account}/sync", post(accounts::sync_account)),
        ("/orders", get(orders::list_orders)),
        ("/orders/{order}", get(orders::show_order)),
        ("/orders/{order}/accept", post(order_actions::accept_order)),
        ("/orders/{order}/cancel", post(order_actions::cancel_order)),
        ("/orders/{order}/ship", post(order_actions::ship_order)),
        (
            "/orders/{order}/hand_over",
            post(order_actions::hand_order_over),
        ),
        ("/orders/{order}/label", get(order_actions::link_label)),
        (
            "/warehouses",
            get(warehouses::list_warehouses).post(warehouses::add),
        ),
        ("/warehouses/{warehouse}", put(warehouses::replace)),
        ("/parcels", get(parcels::list_parcels)),
        ("/parcels/{sku}", put(parcels::put_parcel)),
        (
            "/orders/{order}/parcel",
            put(parcels::put_order_parcel).delete(parcels::drop_order_parcel),
        ),
        ("/orders/{order}/invoice", get(manifests::link_invoice)),
        (
            "/accounts/{account}/hand_over",
            post(manifests::hand_all_over),
        ),
        ("/manifests", get(manifests::list_manifests)),
        (
            "/manifests/{account}/{manifest}/paper",
            get(manifests::link_manifest),
        ),
        ("/returns", get(returns::list_returns)),
        ("/failed", get(failed::list_failed)),
        ("/waiting", get(failed::list_waiting)),
        (
            "/failed/{account}/{kind}/{key}/resume",
            post(failed::resume),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{openapi, routes};

    #[test]
    fn every_path_is_described_and_no_other() {
        let described: serde_json::Value = serde_json::from_str(openapi::text()).unwrap();
        let described = described["paths"].as_object().unwrap().keys();
        let described: BTreeSet<&str> = described.map(String::as_str).collect();
        let served: BTreeSet<&str> = routes().iter().map(|(path, _)| *path).collect();
        assert_eq!(served, described);
    }
}
