//! Failed work: what Haat has put aside, why, and the button that takes it up again.

use axum::Form;
use axum::extract::{Query, State};
use axum::response::Redirect;
use haat_domain::{AccountId, Actor, Parked, ParkedKind, Scope};
use haat_ports::Page;
use haat_workflows::{
    AskRefusal, ResumeRefusal, Waiting, parked_work, resume_parked, waiting_work,
};
use maud::{Markup, html};
use serde::Deserialize;
use url::form_urlencoded::byte_serialize;

use crate::answer::Failure;
use crate::layout::{self, Frame, Place};
use crate::notice::{self, Notice};
use crate::orders::verb;
use crate::session::Visitor;
use crate::words::{account_name, cut};
use crate::{Console, when};

const PER_PAGE: u32 = 50;
/// Enough for any reason Haat writes; a marketplace's own text may be longer.
const LONGEST_REASON: usize = 600;

/// Which part of the list.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct FailedQuery {
    cursor: Option<String>,
    notice: Option<String>,
}

/// What has failed, oldest first.
pub(crate) async fn page(
    State(console): State<Console>,
    visitor: Visitor,
    Query(query): Query<FailedQuery>,
) -> Result<Markup, Failure> {
    let (store, cursor) = (console.store.as_ref(), query.cursor.as_deref());
    let (frame, parked, waiting) = tokio::try_join!(
        Frame::load(store, &visitor),
        parked_work(store, visitor.seller(), cursor, PER_PAGE),
        waiting_work(store, visitor.seller(), visitor.now),
    )?;
    let notice = notice::of_code(query.notice.as_deref());
    let content = html! {
        header.head { h1 { "Failed work" } }
        @if parked.items.is_empty() {
            div.empty {
                h2 { "Nothing has failed" }
                p { "What Haat cannot do or read is put here, with its reason. Nothing is dropped." }
            }
        } @else {
            p { "Nothing here is lost. Mend the reason, then take the work up again." }
            (table(&parked, &frame, &visitor))
        }
        @if let Some(next) = &parked.next {
            nav.parts aria-label="Parts of the list" {
                a rel="next" href={ "/console/failed?cursor=" (encoded(next)) } { "Next page" }
            }
        }
        @if !waiting.is_empty() && cursor.is_none() { (under_way(&waiting, &frame, &visitor)) }
    };
    let place = Some(Place::Failed);
    Ok(layout::page(
        "Failed work",
        place,
        &visitor,
        &frame,
        notice,
        content,
    ))
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

fn table(parked: &Page<Parked>, frame: &Frame, visitor: &Visitor) -> Markup {
    html! {
        table.list {
            thead {
                tr {
                    th scope="col" { "What" }
                    th scope="col" { "Account" }
                    th scope="col" { "Why" }
                    th scope="col" { "Since" }
                    th scope="col" { span.unseen { "Actions" } }
                }
            }
            tbody {
                @for one in &parked.items {
                    tr {
                        td data-is="What" { (what(one)) }
                        td data-is="Account" { (account_name(&frame.accounts, &one.account)) }
                        td data-is="Why" { (cut(&one.reason, LONGEST_REASON)) }
                        td data-is="Since" { (when::moment(one.since, visitor.now)) }
                        td.acts { @if visitor.may(Scope::Pack) { (resume_button(one)) } }
                    }
                }
            }
        }
    }
}

/// What nobody has given up and what takes longer than usual all the same.
fn under_way(waiting: &[Waiting], frame: &Frame, visitor: &Visitor) -> Markup {
    html! {
        section {
            h2 { "Under way for over half an hour" }
            p {
                "Haat is still at work on these. Most wait for the marketplace; open an order to "
                "have it looked after now."
            }
            table.list {
                thead {
                    tr {
                        th scope="col" { "What" }
                        th scope="col" { "Account" }
                        th scope="col" { "Waits for" }
                        th scope="col" { "Since" }
                    }
                }
                tbody {
                    @for one in waiting {
                        tr {
                            td data-is="What" {
                                (verb(one.action)) " "
                                a.sku href={ "/console/orders/" (one.order) } { (one.order.number) }
                            }
                            td data-is="Account" {
                                (account_name(&frame.accounts, &one.order.account))
                            }
                            td data-is="Waits for" {
                                (cut(one.reason.as_deref().unwrap_or("its turn"), LONGEST_REASON))
                            }
                            td data-is="Since" { (when::moment(one.asked_at, visitor.now)) }
                        }
                    }
                }
            }
        }
    }
}

fn what(one: &Parked) -> Markup {
    let order = format!("/console/orders/{}.{}", one.account, one.key);
    html! {
        @match one.kind {
            ParkedKind::Accept => { "Accepting " a.sku href=(order) { (one.key) } },
            ParkedKind::Cancel => { "Cancelling " a.sku href=(order) { (one.key) } },
            ParkedKind::Ship => { "Shipping " a.sku href=(order) { (one.key) } },
            ParkedKind::HandOver => { "Handing over " a.sku href=(order) { (one.key) } },
            ParkedKind::ReturnRow => { "Reading a return" small.sku { (one.key) } },
            ParkedKind::OfferRow => { "Reading an offer" small.sku { (one.key) } },
            ParkedKind::OrderRow => { "Reading an order" small.sku { (one.key) } },
            ParkedKind::LabelPage => { "Filing a label page" small.sku { (one.key) } },
            ParkedKind::Change => { "Acting on a change" small.sku { (one.key) } },
        }
    }
}

fn resume_button(one: &Parked) -> Markup {
    html! {
        form method="post" action="/console/failed/resume" {
            input type="hidden" name="account" value=(one.account);
            input type="hidden" name="kind" value=(one.kind.word());
            input type="hidden" name="key" value=(one.key);
            button type="submit" { "Try again" span.unseen { " " (one.key) } }
        }
    }
}

/// Which piece of work.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    account: String,
    kind: String,
    key: String,
}

/// Takes a piece of work up again.
pub(crate) async fn resume(
    State(console): State<Console>,
    visitor: Visitor,
    Form(which): Form<Which>,
) -> Result<Redirect, Failure> {
    visitor.needs(Scope::Pack)?;
    let account: AccountId = which.account.parse().map_err(|_| Failure::NotFound)?;
    let kind = ParkedKind::of_word(&which.kind).ok_or(Failure::NotFound)?;
    let queues = (console.polls.as_ref(), console.ship.as_ref());
    let parked = (visitor.seller(), &account, kind, which.key.as_str());
    let by = Actor::Token(visitor.token.id.clone());
    let resumed = resume_parked(console.store.as_ref(), queues, parked, by, visitor.now).await;
    let notice = match resumed {
        Ok(()) => Notice::Resumed,
        Err(ResumeRefusal::Ask(AskRefusal::Refused { why, .. })) => Notice::from(&why),
        Err(ResumeRefusal::Ask(AskRefusal::NotOffered { .. })) => Notice::NotOffered,
        Err(ResumeRefusal::Ask(AskRefusal::NoParcel { .. })) => Notice::NoParcel,
        Err(ResumeRefusal::NeedsAttention { .. }) => Notice::AccountStands,
        Err(refusal) => return Err(refusal.into()),
    };
    Ok(Redirect::to(&notice.on("/console/failed")))
}
