//! Documents: manifests with their papers, and handing over all that is ready.

use axum::extract::{Path, Query, State};
use axum::response::Redirect;
use haat_domain::{Account, AccountId, Action, Actor, Manifest, Scope};
use haat_ports::Page;
use haat_workflows::{HandOverRefusal, hand_over_all};
use maud::{Markup, html};
use serde::Deserialize;

use crate::answer::Failure;
use crate::layout::{self, Frame, Place};
use crate::manifest::{courier, paper};
use crate::notice::{Notice, of_code};
use crate::parcels::encoded;
use crate::session::Visitor;
use crate::words::sentence;
use crate::{Console, when};

/// Manifests in one part of an account's list.
const PER_PAGE: u32 = 20;
/// The latest of each account, where all accounts stand on one page.
const LATEST: u32 = 5;

/// Whose manifests, and which part of them.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct DocumentsQuery {
    account: Option<String>,
    cursor: Option<String>,
    notice: Option<String>,
}

/// The manifests of all accounts that hand over through Haat, or of one.
pub(crate) async fn page(
    State(console): State<Console>,
    visitor: Visitor,
    Query(query): Query<DocumentsQuery>,
) -> Result<Markup, Failure> {
    let store = console.store.as_ref();
    let frame = Frame::load(store, &visitor).await?;
    let wanted = query.account.as_deref();
    let fits = |account: &&Account| wanted.is_none_or(|id| account.id.as_str() == id);
    let offers = |account: &&Account| account.terms.actions.contains(&Action::HandOver);
    // A cursor belongs to one account's list.
    let cursor = query.cursor.as_deref().filter(|_| wanted.is_some());
    let limit = if wanted.is_some() { PER_PAGE } else { LATEST };
    let mut parts = Vec::new();
    for account in frame.accounts.iter().filter(offers).filter(fits) {
        let part = store.manifests(visitor.seller(), &account.id, cursor, limit);
        parts.push((account, part.await?));
    }
    let content = html! {
        header.head { h1 { "Documents" } }
        @if parts.is_empty() {
            div.empty {
                h2 { "No account hands over through Haat" }
                p { "Where the marketplace takes manifests, they stand here with their papers." }
            }
        }
        @for (account, manifests) in &parts { (section(account, manifests, &visitor)) }
    };
    let (place, notice) = (Some(Place::Documents), of_code(query.notice.as_deref()));
    Ok(layout::page(
        "Documents",
        place,
        &visitor,
        &frame,
        notice,
        content,
    ))
}

fn section(account: &Account, manifests: &Page<Manifest>, visitor: &Visitor) -> Markup {
    let id = &account.id;
    html! {
        section id=(id) {
            header.head {
                h2 { (account.name) }
                @if visitor.may(Scope::Pack) {
                    form method="post" action={ "/console/documents/" (id) "/hand_over" } {
                        button.main type="submit" {
                            "Hand over all that is ready" span.unseen { " of " (account.name) }
                        }
                    }
                }
            }
            @if manifests.items.is_empty() { p.quiet { "No manifest yet." } } @else {
                table.list {
                    thead {
                        tr {
                            th scope="col" { "Closed" }
                            th scope="col" { "Courier" }
                            th scope="col" { "Orders" }
                            th scope="col" { "Number" }
                            th scope="col" { "Paper" }
                        }
                    }
                    tbody { @for one in &manifests.items { (row(one, visitor)) } }
                }
            }
            @if let Some(next) = &manifests.next {
                nav.parts aria-label={ "Parts of the list of " (account.name) } {
                    a rel="next" href={ "/console/documents?account=" (id) "&cursor=" (encoded(next)) } {
                        "Earlier manifests"
                    }
                }
            }
        }
    }
}

fn row(one: &Manifest, visitor: &Visitor) -> Markup {
    html! {
        tr id=(one.id) {
            td data-is="Closed" { (when::moment(one.closed_at, visitor.now)) }
            td data-is="Courier" { (courier(one)) }
            td data-is="Orders" {
                a href={ "/console/documents/" (one.account) "/" (one.id) } {
                    (one.orders.len()) " orders"
                }
            }
            td data-is="Number" {
                @match &one.key {
                    Some(key) => span.sku { (key) },
                    None => span.quiet { "not heard" },
                }
            }
            td data-is="Paper" { (paper(one, visitor)) }
        }
    }
}

/// Asks for all that is ready to be handed over.
pub(crate) async fn hand_all_over(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    visitor.needs(Scope::Pack)?;
    let id: AccountId = id.parse().map_err(|_| Failure::NotFound)?;
    let (store, by) = (
        console.store.as_ref(),
        Actor::Token(visitor.token.id.clone()),
    );
    let notice = match hand_over_all(store, visitor.seller(), &id, &by, visitor.now).await {
        Ok(0) => Notice::NothingToHandOver,
        Ok(_) => Notice::HandOverAllAsked,
        Err(HandOverRefusal::NoSuchAccount(_)) => return Err(Failure::NotFound),
        Err(refusal @ HandOverRefusal::NotOffered(_)) => {
            return Err(Failure::Refused(sentence(&refusal.to_string())));
        }
        Err(HandOverRefusal::Write(error)) => return Err(error.into()),
    };
    Ok(Redirect::to(&notice.on("/console/documents")))
}
