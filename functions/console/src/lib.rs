//! The seller's pages, made on the server. No script, no session of its own: the cookie is the
//! token, and every request proves it anew (`docs/decisions/0002-console-cookie-is-the-token.md`).
//!
//! Every page is one file with its texts in it.

mod accept_part;
mod account;
mod account_test;
mod act;
mod answer;
mod cancel;
mod documents;
mod failed;
mod form;
mod integrations;
mod layout;
mod manifest;
mod notice;
mod order;
mod order_head;
mod order_papers;
mod order_parcel;
mod orders;
mod origin;
mod outside;
mod parcels;
mod registrations;
mod returns;
mod search;
mod session;
mod set_up;
mod settings;
mod shipping;
mod style;
mod timeline;
mod warehouses;
mod when;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Redirect;
use axum::routing::{get, post};
use haat_ports::{Clock, Files, PollsQueue, ShipQueue, Store, Vault};
use haat_workflows::CutPage;

/// What the pages stand on.
#[derive(Clone)]
pub struct Console {
    /// The table.
    pub store: Arc<dyn Store>,
    /// The sellers' keys, to show who bought an order.
    pub vault: Arc<dyn Vault>,
    /// Where labels are kept.
    pub files: Arc<dyn Files>,
    /// How one label is cut out of a file of many.
    pub cut: CutPage,
    /// Where polls are asked for.
    pub polls: Arc<dyn PollsQueue>,
    /// Where work on orders is asked for.
    pub ship: Arc<dyn ShipQueue>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Console {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Console")
    }
}

/// No form here is larger; a token and a key fit many times.
const LARGEST_FORM: usize = 16 * 1024;

/// Every page and form of the console, below `/console`.
pub fn router(state: Console) -> Router {
    let home = || async { Redirect::to("/console/orders") };
    Router::new()
        .route("/console/orders", get(orders::page))
        .route("/console/orders/{id}", get(order::page))
        .route("/console/orders/{id}/accept", post(act::accept))
        .route(
            "/console/orders/{id}/accept_part",
            post(accept_part::accept),
        )
        .route(
            "/console/orders/{id}/cancel",
            get(cancel::page).post(act::cancel),
        )
        .route("/console/orders/{id}/ship", post(act::ship))
        .route("/console/orders/{id}/hand_over", post(act::hand_over))
        .route("/console/orders/{id}/label", get(act::label))
        .route("/console/orders/{id}/invoice", get(order_papers::invoice))
        .route("/console/orders/{id}/parcel", post(order_parcel::set))
        .route(
            "/console/orders/{id}/parcel/forget",
            post(order_parcel::forget),
        )
        .route("/console/search", get(search::page))
        .route("/console/integrations", get(integrations::page))
        .route("/console/integrations/{id}", get(account::page))
        .route("/console/integrations/{id}/sync", post(integrations::sync))
        .route("/console/integrations/{id}/test", post(account_test::start))
        .route(
            "/console/integrations/{id}/settings",
            post(settings::change),
        )
        .route(
            "/console/integrations/{id}/courier",
            post(settings::change_shipping),
        )
        .route("/console/registrations/{id}", post(registrations::change))
        .route(
            "/console/registrations/{id}/forget",
            post(registrations::forget),
        )
        .route(
            "/console/warehouses",
            get(warehouses::page).post(warehouses::add),
        )
        .route("/console/warehouses/{id}", post(warehouses::change))
        .route("/console/parcels", get(parcels::page).post(parcels::set))
        .route("/console/returns", get(returns::page))
        .route("/console/documents", get(documents::page))
        .route(
            "/console/documents/{account}/hand_over",
            post(documents::hand_all_over),
        )
        .route(
            "/console/documents/{account}/{manifest}",
            get(manifest::page),
        )
        .route(
            "/console/documents/{account}/{manifest}/paper",
            get(manifest::open_paper),
        )
        .route("/console/failed", get(failed::page))
        .route("/console/failed/resume", post(failed::resume))
        .route_layer(from_fn_with_state(state.clone(), session::admit))
        // From here on without a session.
        .route("/", get(home))
        .route("/console", get(home))
        .route("/console/", get(home))
        .route(
            "/console/sign-in",
            get(session::form).post(session::sign_in),
        )
        .route("/console/sign-out", post(session::sign_out))
        .route("/console/style.css", get(style::sheet))
        .fallback(answer::not_found)
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(from_fn(answer::guard))
        .with_state(state)
}

/// Cuts one page out of a label file.
pub fn cut(pdf: &[u8], page: u32) -> Result<Vec<u8>, String> {
    haat_labels::cut(pdf, page).map_err(|error| error.to_string())
}
