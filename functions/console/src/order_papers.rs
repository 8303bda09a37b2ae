//! What stands between seller and marketplace for an order, its papers, and what came of it.

use axum::extract::{Path, State};
use axum::response::Redirect;
use haat_domain::{
    Account, Action, Event, IntentState, Manifest, Order, OrderId, Return, Scope, Stage,
};
use haat_ports::{Store, StoreError};
use haat_workflows::invoice_link;
use jiff::Timestamp;
use maud::{Markup, html};

use crate::answer::Failure;
use crate::manifest::paper;
use crate::returns;
use crate::session::Visitor;
use crate::{Console, when};

/// The latest manifests and returns that are searched for an order: they name orders, and orders do
/// not name them.
const MANIFESTS: u32 = 20;
const RETURNS: u32 = 100;

/// What was found of an order that has left.
#[derive(Debug, Default)]
pub(crate) struct Left {
    manifest: Option<Manifest>,
    returns: Vec<Return>,
}

/// Looks for the manifest and the returns of an order that has left.
pub(crate) async fn look(
    store: &dyn Store,
    order: &Order,
    account: Option<&Account>,
) -> Result<Left, StoreError> {
    if order.stage.is_open() || order.stage == Stage::Cancelled && order.shipment.is_none() {
        return Ok(Left::default());
    }
    let (seller, id) = (&order.seller, &order.id);
    let hands_over = |account: &&Account| account.terms.actions.contains(&Action::HandOver);
    let manifests = match account.filter(hands_over) {
        Some(account) => {
            store
                .manifests(seller, &account.id, None, MANIFESTS)
                .await?
                .items
        }
        None => Vec::new(),
    };
    let returns = store.list_returns(seller, None, RETURNS).await?.items;
    let is_its = |one: &Return| one.account == id.account && one.said.order == id.number;
    Ok(Left {
        manifest: manifests
            .into_iter()
            .find(|one| one.orders.contains(&id.number)),
        returns: returns.into_iter().filter(is_its).collect(),
    })
}

/// The part of the letter about purchase order, invoices, manifest and returns.
pub(crate) fn section(
    order: &Order,
    account: Option<&Account>,
    left: &Left,
    visitor: &Visitor,
) -> Markup {
    // Whoever wants to know the parcel buys before it sells.
    let buys = account.is_some_and(|account| account.terms.wants_parcel);
    let supply = &order.supply;
    html! {
        @if buys || supply.purchase_order.is_some() || order.buyer_invoice.is_some() {
            section id="papers" {
                h2 { "Papers" }
                dl {
                    dt { "Purchase order" } dd { (purchase_order(order, visitor.now)) }
                    dt { "Invoice to the marketplace" }
                    dd {
                        @match &supply.invoice {
                            Some(invoice) => {
                                span.sku { (invoice.number) } " of " (when::moment(invoice.at, visitor.now))
                            },
                            None => span.quiet { "none yet; it comes with packing" },
                        }
                    }
                    dt { "Invoice to the buyer" } dd { (buyer_invoice(order, visitor)) }
                }
            }
        }
        @if let Some(manifest) = &left.manifest {
            section id="manifest" {
                h2 { "Manifest" }
                p {
                    "Closed " (when::moment(manifest.closed_at, visitor.now)) " with "
                    a href={ "/console/documents/" (manifest.account) "/" (manifest.id) } {
                        (manifest.orders.len()) " orders"
                    }
                    @if let Some(key) = &manifest.key { ", number " span.sku { (key) } }
                    "."
                }
                p { (paper(manifest, visitor)) }
            }
        }
        @if !left.returns.is_empty() {
            section id="returns" {
                h2 { "Returns" }
                @for one in &left.returns {
                    p {
                        span.sku { (one.said.number) } ", " (returns::kind(one)) ": " (returns::stage(one))
                        " since " (when::since(one.moved_at, visitor.now))
                    }
                }
            }
        }
    }
}

fn purchase_order(order: &Order, now: Timestamp) -> Markup {
    let accepted = |event: &Event| *event == Event::Moved(Stage::Accepted);
    let accepted = order.history.iter().find(|entry| accepted(&entry.event));
    html! {
        @if let Some(raised) = &order.supply.purchase_order {
            span.sku { (raised.number) }
            @if let Some(amount) = raised.amount { ", " (amount) }
        } @else if let Some(wish) = order.intent(Action::Ship).filter(|_| order.stage.is_open()) {
            @let reason = wish.reason.as_deref().unwrap_or("it is looked for");
            @match wish.state {
                IntentState::Open => { "none yet: " (reason) },
                IntentState::Failed => { span.late { "none" } ": " (reason) },
            }
            @if let Some(entry) = accepted { small { "Accepted " (when::moment(entry.at, now)) } }
        } @else if order.stage == Stage::Cancelled {
            span.quiet { "none" }
        } @else {
            span.quiet { "none yet; the marketplace raises it after the order is accepted" }
        }
    }
}

fn buyer_invoice(order: &Order, visitor: &Visitor) -> Markup {
    html! {
        @if order.buyer_invoice.is_none() {
            span.quiet { "not stored; it is fetched with the label where the " a href={
                "/console/integrations/" (order.id.account) "#courier"
            } { "account is set to" } }
        } @else if order.stage == Stage::Cancelled || !visitor.may(Scope::Pack) {
            "stored"
        } @else {
            a.button href={ "/console/orders/" (order.id) "/invoice" } target="_blank" rel="noopener" {
                "Open the invoice"
            }
        }
    }
}

/// Leads to the marketplace's invoice to the buyer, by a link that works for five minutes.
pub(crate) async fn invoice(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    visitor.needs(Scope::Pack)?;
    let id: OrderId = id.parse().map_err(|_| Failure::NotFound)?;
    let (store, files) = (console.store.as_ref(), console.files.as_ref());
    let link = invoice_link(store, files, visitor.seller(), &id, visitor.now).await?;
    Ok(Redirect::to(&link.url))
}
