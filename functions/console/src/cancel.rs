//! Cancelling an order in the seller's name: asked once more before it is done.

use axum::extract::{Path, State};
use haat_domain::{Action, Order, OrderId, Scope};
use haat_workflows::look_at_order;
use maud::{Markup, html};

use crate::Console;
use crate::answer::Failure;
use crate::layout::{self, Frame, Place};
use crate::notice::Message;
use crate::orders::offered;
use crate::session::Visitor;
use crate::words::{came_through, line};

/// The question. Nothing is done by looking at it.
pub(crate) async fn page(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Markup, Failure> {
    visitor.needs(Scope::Pack)?;
    let id: OrderId = id.parse().map_err(|_| Failure::NotFound)?;
    let store = console.store.as_ref();
    let (frame, order) = tokio::try_join!(
        Frame::load(store, &visitor),
        look_at_order(store, visitor.seller(), &id),
    )?;
    let order = order.ok_or(Failure::NotFound)?;
    let content = question(&order, &frame);
    let (place, title) = (Some(Place::Orders), format!("Cancel order {}", id.number));
    Ok(layout::page(
        &title,
        place,
        &visitor,
        &frame,
        Message::None,
        content,
    ))
}

fn question(order: &Order, frame: &Frame) -> Markup {
    let address = format!("/console/orders/{}", order.id);
    let is_offered = offered(order, frame).any(|action| action == Action::Cancel);
    html! {
        header.head {
            div {
                h1 { "Cancel order " span.sku { (order.id.number) } "?" }
                p.quiet { (came_through(order, &frame.accounts)) }
            }
        }
        section.top {
            div.state {
                ul.lines { @for packed in &order.lines { li { (line(packed, true)) } } }
                @if !is_offered {
                    p { "The marketplace cannot be asked for that through Haat." }
                } @else if let Err(why) = order.allows(Action::Cancel) {
                    p { "Not possible: " (why) "." }
                } @else {
                    p.stop { "The buyer does not get the order, and it cannot be taken back." }
                    p { "It is cancelled in your name and counts against you at the marketplace." }
                }
            }
            form.acts method="post" action={ (address) "/cancel" } {
                input type="hidden" name="back" value=(address);
                a.button href=(address) { "Keep the order" }
                @if is_offered && order.allows(Action::Cancel).is_ok() {
                    button type="submit" name="sure" value="yes" { "Cancel the order" }
                }
            }
        }
    }
}
