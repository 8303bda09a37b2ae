//! One order, as a letter.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use haat_domain::{Account, Action, Buyer, Order, OrderId, OrderLine, Scope, Token};
use haat_workflows::{BuyerError, buyer_of, look_at_order};
use maud::{Markup, html};

use crate::answer::Failure;
use crate::form::Refused;
use crate::layout::{self, Frame, Place};
use crate::notice::{Message, NoticeQuery};
use crate::order_papers::Left;
use crate::order_parcel::Measure;
use crate::session::Visitor;
use crate::words::line;
use crate::{Console, accept_part, order_head, order_papers, order_parcel, timeline, words};

/// What the page tells of the buyer.
enum BuyerPart {
    /// The token does not pack.
    NotShown,
    /// The marketplace has not said, or it was kept long enough.
    Unknown,
    /// The key did not open it just now.
    Unreadable,
    Known(Buyer),
}

/// The page of one order.
pub(crate) async fn page(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(query): Query<NoticeQuery>,
) -> Result<Markup, Failure> {
    let id: OrderId = id.parse().map_err(|_| Failure::NotFound)?;
    show(&console, &visitor, &id, query.notice().into(), None).await
}

/// The page once more, with the form that was refused as it was typed. Nothing was changed.
pub(crate) async fn again(
    console: &Console,
    visitor: &Visitor,
    id: &OrderId,
    refused: Refused,
) -> Result<Response, Failure> {
    let said = Message::Refused(refused.wrong.said.clone());
    let page = show(console, visitor, id, said, Some(&refused)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The page with what a workflow said no with.
pub(crate) async fn refuse(
    console: &Console,
    visitor: &Visitor,
    id: &OrderId,
    said: String,
) -> Result<Response, Failure> {
    let page = show(console, visitor, id, Message::Refused(said), None).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

async fn show(
    console: &Console,
    visitor: &Visitor,
    id: &OrderId,
    message: Message,
    refused: Option<&Refused>,
) -> Result<Markup, Failure> {
    let (store, seller) = (console.store.as_ref(), visitor.seller());
    let (frame, order, tokens) = tokio::try_join!(
        Frame::load(store, visitor),
        look_at_order(store, seller, id),
        store.tokens(seller),
    )?;
    let order = order.ok_or(Failure::NotFound)?;
    let mut accounts = frame.accounts.iter();
    let account = accounts.find(|account| account.id == id.account);
    let wants_parcel = account.is_some_and(|account| account.terms.wants_parcel);
    let letter = Letter {
        buyer: buyer(console, visitor, id).await?,
        measure: order_parcel::measure(store, &order, wants_parcel).await?,
        left: order_papers::look(store, &order, account).await?,
        order,
        tokens,
    };
    let content = letter.show(&frame, account, visitor, refused);
    let (place, title) = (Some(Place::Orders), format!("Order {}", id.number));
    Ok(layout::page(
        &title, place, visitor, &frame, message, content,
    ))
}

async fn buyer(console: &Console, visitor: &Visitor, id: &OrderId) -> Result<BuyerPart, Failure> {
    if !visitor.may(Scope::Pack) {
        return Ok(BuyerPart::NotShown);
    }
    let (store, vault) = (console.store.as_ref(), console.vault.as_ref());
    match buyer_of(store, vault, visitor.seller(), id).await {
        Ok(buyer) => Ok(buyer.map_or(BuyerPart::Unknown, BuyerPart::Known)),
        Err(BuyerError::Store(error)) => Err(error.into()),
        // The rest of the letter is worth reading without it.
        Err(error @ (BuyerError::Vault(_) | BuyerError::Unreadable(_))) => {
            tracing::warn!(event = "console.buyer_unreadable", %error, "a buyer could not be read");
            Ok(BuyerPart::Unreadable)
        }
    }
}

/// All that the letter is written from.
struct Letter {
    order: Order,
    buyer: BuyerPart,
    measure: Measure,
    left: Left,
    tokens: Vec<Token>,
}

impl Letter {
    fn show(
        &self,
        frame: &Frame,
        account: Option<&Account>,
        visitor: &Visitor,
        refused: Option<&Refused>,
    ) -> Markup {
        let order = &self.order;
        html! {
            (order_head::head(order, frame, visitor))
            div.letter {
                section {
                    h2 { "To pack" }
                    (to_pack(order))
                    (accept_part::section(order, frame, visitor, refused))
                }
                (order_parcel::section(order, &self.measure, visitor, refused))
                (money(order))
                (buyer_section(&self.buyer))
                (order_papers::section(order, account, &self.left, visitor))
            }
            section {
                h2 { "What happened" }
                (timeline::list(order, &self.tokens, visitor.now))
            }
        }
    }
}

fn to_pack(order: &Order) -> Markup {
    let without = order.intent(Action::Accept).map(|wish| &wish.without);
    let left_out = |packed: &OrderLine| without?.get(packed.item.as_ref()?).copied();
    html! {
        @if order.lines.is_empty() { p.quiet { "The marketplace has not said yet." } }
        ul.lines {
            @for packed in &order.lines {
                li {
                    (line(packed, true))
                    @if !packed.title.is_empty() { small { (packed.title) } }
                    @if let Some(pieces) = left_out(packed) {
                        small { (pieces) " of them are to be left out" }
                    }
                }
            }
        }
    }
}

fn money(order: &Order) -> Markup {
    html! {
        section {
            h2 { "Money" }
            dl {
                dt { "Payment" } dd { (words::payment(order.payment)) }
                dt { "Value" }
                dd {
                    @match order.value {
                        Some(value) => (value),
                        None => span.quiet { "Not said yet" },
                    }
                }
                @for packed in &order.lines {
                    @if let Some(price) = packed.price {
                        dt { span.sku { (packed.sku) } }
                        dd { (packed.quantity) " × " (price) }
                    }
                }
            }
        }
    }
}

fn buyer_section(buyer: &BuyerPart) -> Markup {
    html! {
        section {
            h2 { "Buyer" }
            @match buyer {
                BuyerPart::NotShown => p.quiet { "Shown to tokens with the scope “pack”." },
                BuyerPart::Unknown => p.quiet {
                    "Not known: the marketplace has not said yet, or it was kept for its 180 days."
                },
                BuyerPart::Unreadable => p.quiet {
                    "It is stored, but could not be opened just now. Load the page again in a minute."
                },
                BuyerPart::Known(buyer) => p {
                    @if let Some(name) = &buyer.name { (name) br; }
                    @if let Some(city) = &buyer.city { (city) ", " }
                    (buyer.state)
                    @if let Some(pin) = &buyer.pin { " " (pin) }
                },
            }
        }
    }
}
