//! Search: one field that takes an order number, an order id or an AWB.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use haat_domain::{Account, Awb, Order, OrderId, OrderNumber, SellerId};
use haat_ports::{Store, StoreError};
use haat_workflows::find_by_awb;
use maud::{Markup, html};
use serde::Deserialize;

use crate::Console;
use crate::answer::Failure;
use crate::layout::{self, Frame, Place};
use crate::notice::Message;
use crate::session::Visitor;
use crate::words::{account_name, short};

/// What was typed or scanned.
#[derive(Debug, Deserialize)]
pub(crate) struct SearchQuery {
    #[serde(default)]
    q: String,
}

/// Leads to the one order that was meant, or says that there is none.
pub(crate) async fn page(
    State(console): State<Console>,
    visitor: Visitor,
    Query(query): Query<SearchQuery>,
) -> Result<Response, Failure> {
    let wanted = query.q.trim();
    let store = console.store.as_ref();
    let frame = Frame::load(store, &visitor).await?;
    let found = find(store, visitor.seller(), &frame.accounts, wanted).await?;
    if let [order] = found.as_slice() {
        return Ok(Redirect::to(&format!("/console/orders/{}", order.id)).into_response());
    }
    let content = html! {
        header.head {
            h1 { "Search" }
            (field(wanted))
        }
        @if found.is_empty() {
            div.empty {
                h2 { "Nothing found" }
                p { "No order number, order id or AWB reads “" (short(wanted)) "”, letter for letter." }
                p {
                    "Scan or copy it whole. An order that was placed a moment ago appears within a "
                    "few minutes; an AWB is known once the marketplace has made the shipment."
                }
            }
        } @else {
            p { "Several accounts have an order of this number:" }
            ul {
                @for order in &found {
                    li {
                        a href={ "/console/orders/" (order.id) } { (order.id.number) }
                        " · " (account_name(&frame.accounts, &order.id.account))
                    }
                }
            }
        }
    };
    let place = Some(Place::Orders);
    Ok(layout::page("Search", place, &visitor, &frame, Message::None, content).into_response())
}

async fn find(
    store: &dyn Store,
    seller: &SellerId,
    accounts: &[Account],
    wanted: &str,
) -> Result<Vec<Order>, StoreError> {
    let ids: Vec<OrderId> = match (wanted.parse::<OrderId>(), wanted.parse::<OrderNumber>()) {
        (Ok(id), _) => vec![id],
        (Err(_), Ok(number)) => accounts
            .iter()
            .map(|account| OrderId {
                account: account.id.clone(),
                number: number.clone(),
            })
            .collect(),
        (Err(_), Err(_)) => Vec::new(),
    };
    if !ids.is_empty() {
        let found = store.orders(seller, &ids).await?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    match wanted.parse::<Awb>() {
        Ok(awb) => Ok(find_by_awb(store, seller, &awb)
            .await?
            .into_iter()
            .collect()),
        Err(_) => Ok(Vec::new()),
    }
}

/// The search field, as it stands on every page about orders.
pub(crate) fn field(typed: &str) -> Markup {
    html! {
        form.search method="get" action="/console/search" role="search" {
            label for="q" { "Order number or AWB" }
            input #q name="q" type="search" required maxlength="160" value=(typed)
                autocapitalize="off" spellcheck="false";
            button type="submit" { "Search" }
        }
    }
}
