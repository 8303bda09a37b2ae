//! What the buttons on an order do.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use haat_domain::{Action, Actor, OrderId, Scope};
use haat_ports::FileError;
use haat_workflows::{AskRefusal, LinkRefusal, ask, label_link};
use serde::Deserialize;

use crate::answer::Failure;
use crate::notice::Notice;
use crate::order_parcel::missing;
use crate::session::Visitor;
use crate::{Console, order};

/// Where the button stood.
#[derive(Debug, Deserialize)]
pub(crate) struct Pressed {
    #[serde(default)]
    back: String,
    /// Cancelling asks once more.
    #[serde(default)]
    sure: String,
}

impl Pressed {
    /// Back to the page the button stood on, if it is one of ours about orders. Nobody is sent
    /// anywhere else, whatever the form says.
    fn page(&self, id: &OrderId) -> String {
        let order = format!("/console/orders/{id}");
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/?&=%+-_.*".contains(&byte);
        let list = self.back == "/console/orders" || self.back.starts_with("/console/orders?");
        if list && self.back.bytes().all(plain) {
            self.back.clone()
        } else {
            order
        }
    }
}

pub(crate) async fn accept(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Failure> {
    act(&console, &visitor, &id, &pressed, Action::Accept).await
}

pub(crate) async fn ship(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Failure> {
    act(&console, &visitor, &id, &pressed, Action::Ship).await
}

pub(crate) async fn cancel(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Failure> {
    if pressed.sure.is_empty() {
        let id: OrderId = id.parse().map_err(|_| Failure::NotFound)?;
        let question = format!("/console/orders/{id}/cancel");
        return Ok(Redirect::to(&question).into_response());
    }
    act(&console, &visitor, &id, &pressed, Action::Cancel).await
}

pub(crate) async fn hand_over(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Failure> {
    act(&console, &visitor, &id, &pressed, Action::HandOver).await
}

async fn act(
    console: &Console,
    visitor: &Visitor,
    id: &str,
    pressed: &Pressed,
    action: Action,
) -> Result<Response, Failure> {
    visitor.needs(Scope::Pack)?;
    let id: OrderId = id.parse().map_err(|_| Failure::NotFound)?;
    let by = Actor::Token(visitor.token.id.clone());
    let (store, queue) = (console.store.as_ref(), console.ship.as_ref());
    let wish = action.into();
    let asked = ask(store, queue, visitor.seller(), &id, &wish, by, visitor.now).await;
    let notice = match asked {
        Ok(outcome) => match (outcome.new, action) {
            (false, _) => Notice::UnderWay,
            (true, Action::Accept) => Notice::AcceptAsked,
            (true, Action::Cancel) => Notice::CancelAsked,
            (true, Action::Ship) => Notice::ShipAsked,
            (true, Action::HandOver) => Notice::HandOverAsked,
        },
        Err(AskRefusal::NotOffered { .. }) => Notice::NotOffered,
        Err(AskRefusal::NoParcel { why, .. }) => {
            return order::refuse(console, visitor, &id, missing(&why)).await;
        }
        Err(AskRefusal::Refused { why, .. }) => Notice::from(&why),
        Err(other) => return Err(other.into()),
    };
    // The row is marked and in sight, so the place in a long list is not lost.
    let page = notice.on(&pressed.page(&id));
    Ok(Redirect::to(&format!("{page}#{id}")).into_response())
}

/// Leads to the label itself, by a link that works for five minutes.
pub(crate) async fn label(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    visitor.needs(Scope::Pack)?;
    let id: OrderId = id.parse().map_err(|_| Failure::NotFound)?;
    let (store, files) = (console.store.as_ref(), console.files.as_ref());
    let link = label_link(
        store,
        files,
        console.cut,
        visitor.seller(),
        &id,
        visitor.now,
    )
    .await;
    let notice = match link {
        Ok(link) => return Ok(Redirect::to(&link.url)),
        Err(LinkRefusal::NoSuchOrder(_)) => return Err(Failure::NotFound),
        Err(LinkRefusal::Cancelled(_)) => Notice::Cancelled,
        Err(LinkRefusal::NoLabel { .. }) => Notice::NoLabel,
        Err(refusal @ LinkRefusal::Unreadable { .. }) => {
            tracing::warn!(event = "console.label_unreadable", error = %refusal, "a label cannot be cut");
            Notice::LabelUnreadable
        }
        Err(LinkRefusal::File(FileError::Missing(_))) => Notice::LabelGone,
        Err(LinkRefusal::File(error)) => return Err(Failure::Unavailable(error.to_string())),
        Err(LinkRefusal::Store(error)) => return Err(error.into()),
    };
    Ok(Redirect::to(&notice.on(&format!("/console/orders/{id}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_never_leaves_the_orders() {
        let id: OrderId = "a_1.299_1".parse().unwrap();
        let page = |back: &str| {
            Pressed {
                back: back.to_owned(),
                sure: String::new(),
            }
            .page(&id)
        };
        assert_eq!(page("/console/orders"), "/console/orders");
        assert_eq!(
            page("/console/orders?stage=new&cursor=b3Blbg%3D%3D"),
            "/console/orders?stage=new&cursor=b3Blbg%3D%3D"
        );
        for back in [
            "",
            "https://evil.example/",
            "//evil.example/console/orders",
            "/console/orders/../../x",
            "/console/orders?x=\r\nSet-Cookie: a=b",
            "/console/orders?x=\\evil",
            "/console/ordersevil",
        ] {
            assert_eq!(page(back), "/console/orders/a_1.299_1", "{back:?}");
        }
    }
}
