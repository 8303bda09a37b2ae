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
mod marketplaces;
mod openapi;
mod order_actions;
mod order_answer;
mod orders;
mod problem;
mod refusals;
mod request_line;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn;
use axum::routing::get;
use haat_ports::{Files, PollsQueue, ShipQueue, Store};
use haat_workflows::Hub;
use jiff::Timestamp;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

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
    let (routes, described) = described_routes().split_for_parts();
    let description = Bytes::from(openapi::text(described));
    routes
        .route(
            "/openapi.json",
            get(async move || ([(CONTENT_TYPE, "application/json")], description)),
        )
        .fallback(Problem::no_such_route)
        .method_not_allowed_fallback(Problem::wrong_method)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn(request_line::write))
        .with_state(api)
}

fn described_routes() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(marketplaces::list_marketplaces))
        .routes(routes!(accounts::list_accounts, connect::connect))
        .routes(routes!(accounts::show_account, accounts::change_account))
        .routes(routes!(connect::replace_credentials))
        .routes(routes!(connect::answer_one_time_password))
        .routes(routes!(accounts::sync_account))
        .routes(routes!(orders::list_orders))
        .routes(routes!(orders::show_order))
        .routes(routes!(order_actions::accept_order))
        .routes(routes!(order_actions::ship_order))
        .routes(routes!(order_actions::link_label))
        .routes(routes!(failed::list_failed))
        .routes(routes!(failed::list_waiting))
        .routes(routes!(failed::resume))
}
