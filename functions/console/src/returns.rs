//! Returns: what comes back, those that moved last first.

use axum::extract::{Query, State};
use haat_domain::{OrderId, Return, ReturnKind, ReturnStage};
use maud::{Markup, html};
use serde::Deserialize;

use crate::answer::Failure;
use crate::layout::{self, Frame, Place};
use crate::notice::Message;
use crate::parcels::encoded;
use crate::session::Visitor;
use crate::words::{account_name, dotted};
use crate::{Console, when};

const PER_PAGE: u32 = 50;

/// Which part of the list.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ReturnsQuery {
    cursor: Option<String>,
}

/// The list of returns.
pub(crate) async fn page(
    State(console): State<Console>,
    visitor: Visitor,
    Query(query): Query<ReturnsQuery>,
) -> Result<Markup, Failure> {
    let (store, cursor) = (console.store.as_ref(), query.cursor.as_deref());
    let (frame, returns) = tokio::try_join!(
        Frame::load(store, &visitor),
        store.list_returns(visitor.seller(), cursor, PER_PAGE),
    )?;
    let content = html! {
        header.head { h1 { "Returns" } }
        @if returns.items.is_empty() {
            div.empty {
                h2 { "Nothing comes back" }
                p { "Returns of buyers and parcels that could not be delivered (RTO) appear here." }
            }
        } @else {
            table.list {
                thead {
                    tr {
                        th scope="col" { "Return" }
                        th scope="col" { "Order" }
                        th scope="col" { "Stage" }
                        th scope="col" { "Pieces" }
                        th scope="col" { "AWB" }
                        th scope="col" { "Moved" }
                    }
                }
                tbody { @for one in &returns.items { (row(one, &frame, &visitor)) } }
            }
        }
        @if let Some(next) = &returns.next {
            nav.parts aria-label="Parts of the list" {
                a rel="next" href={ "/console/returns?cursor=" (encoded(next)) } { "Next page" }
            }
        }
    };
    let place = Some(Place::Returns);
    Ok(layout::page(
        "Returns",
        place,
        &visitor,
        &frame,
        Message::None,
        content,
    ))
}

fn row(one: &Return, frame: &Frame, visitor: &Visitor) -> Markup {
    let said = &one.said;
    let id = OrderId {
        account: one.account.clone(),
        number: said.order.clone(),
    };
    let pieces: u64 = said.lines.iter().map(|line| u64::from(line.pieces)).sum();
    html! {
        tr {
            td data-is="Return" { span.sku { (said.number) } small { (kind(one)) } }
            td data-is="Order" {
                a href={ "/console/orders/" (id) } { (id.number) }
                small { (account_name(&frame.accounts, &one.account)) }
            }
            td data-is="Stage" { (stage(one)) }
            td data-is="Pieces" { @if said.lines.is_empty() { span.quiet { "not said" } } @else { (pieces) } }
            td data-is="AWB" { @if let Some(awb) = &said.awb { span.sku { (awb) } } }
            td data-is="Moved" { (when::moment(one.moved_at, visitor.now)) }
        }
    }
}

/// Where a return stands; the marketplace's own word where Haat does not know it.
pub(crate) fn stage(one: &Return) -> Markup {
    match one.said.stage {
        Some(ReturnStage::Asked) => dotted("wait", "Asked for"),
        Some(ReturnStage::OnItsWay) => dotted("wait", "On its way back"),
        Some(ReturnStage::OutForDelivery) => dotted("wait", "Brought today"),
        Some(ReturnStage::Received) => dotted("go", "Received"),
        Some(ReturnStage::Settled) => dotted("rest", "Settled"),
        Some(ReturnStage::Cancelled) => dotted("rest", "Does not come"),
        Some(ReturnStage::Lost) => dotted("stop", "Lost by the courier"),
        Some(ReturnStage::Disposed) => dotted("rest", "Disposed of"),
        None => html! { (dotted("rest", "Not known")) small { "“" (one.said.word) "”" } },
    }
}

/// Who sent it back.
pub(crate) fn kind(one: &Return) -> &'static str {
    match one.said.kind {
        Some(ReturnKind::Rto) => "RTO, by the courier",
        Some(ReturnKind::Buyer) => "by the buyer",
        None => "the marketplace does not say by whom",
    }
}
