//! Integrations: each account a card with its health in words and the one button that helps.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Redirect;
use haat_domain::{AccountId, Action, AttentionReason, Health, Scope, ist};
use haat_workflows::{AccountView, Backlog, ReactError, ResumeRefusal, sync_now};
use jiff::Timestamp;
use maud::{Markup, html};

use crate::answer::Failure;
use crate::form::Refused;
use crate::layout::{self, Frame, Place};
use crate::notice::{Notice, NoticeQuery};
use crate::outside::{api_address, how_to_connect, remedy};
use crate::registrations;
use crate::session::Visitor;
use crate::set_up::{steps, test_button};
use crate::words::{dotted, marketplace, short};
use crate::{Console, when};

/// All accounts.
pub(crate) async fn page(
    State(console): State<Console>,
    visitor: Visitor,
    Query(query): Query<NoticeQuery>,
    headers: HeaderMap,
) -> Result<Markup, Failure> {
    let (place, notice) = (Some(Place::Integrations), query.notice());
    let (frame, content) = content(&console, &visitor, &headers, None).await?;
    Ok(layout::page(
        "Integrations",
        place,
        &visitor,
        &frame,
        notice,
        content,
    ))
}

/// The page's content; a form on it that was refused is shown again.
pub(crate) async fn content(
    console: &Console,
    visitor: &Visitor,
    headers: &HeaderMap,
    refused: Option<&Refused>,
) -> Result<(Frame, Markup), Failure> {
    let (store, seller) = (console.store.as_ref(), visitor.seller());
    let (frame, waiting, warehouses) = tokio::try_join!(
        Frame::load(store, visitor),
        store.registrations(seller),
        store.warehouses(seller),
    )?;
    let views = &frame.views;
    let api = api_address(headers);
    let content = html! {
        header.head { h1 { "Integrations" } }
        (registrations::section(&waiting, &warehouses, visitor, refused))
        @if views.is_empty() {
            div.empty {
                h2 { "No marketplace is connected yet" }
                p { "The first step is below. Orders appear by themselves after it." }
            }
        }
        div.cards { @for view in views { (card(view, visitor, &api)) } }
        (how_to_connect(&api))
    };
    Ok((frame, content))
}

/// Reads an account's orders now, and ends a standstill that trying again may end.
pub(crate) async fn sync(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    visitor.needs(Scope::Pack)?;
    let id: AccountId = id.parse().map_err(|_| Failure::NotFound)?;
    let queues = (console.polls.as_ref(), console.ship.as_ref());
    let notice = match sync_now(
        console.store.as_ref(),
        queues,
        visitor.seller(),
        &id,
        visitor.now,
    )
    .await
    {
        Ok(()) => Notice::SyncAsked,
        Err(ResumeRefusal::NeedsAttention { .. }) => Notice::AccountStands,
        Err(refusal) => return Err(refusal.into()),
    };
    Ok(Redirect::to(&format!(
        "{}#{id}",
        notice.on("/console/integrations")
    )))
}

impl From<ResumeRefusal> for Failure {
    fn from(refusal: ResumeRefusal) -> Self {
        match refusal {
            ResumeRefusal::NoSuchAccount(_) => Self::NotFound,
            ResumeRefusal::Ask(refusal) => refusal.into(),
            ResumeRefusal::Queue(error) => error.into(),
            ResumeRefusal::Store(error) => error.into(),
            ResumeRefusal::Write(error) | ResumeRefusal::React(ReactError::Write(error)) => {
                error.into()
            }
            ResumeRefusal::React(ReactError::Queue(error)) => error.into(),
            ResumeRefusal::NeedsAttention { .. } => Self::Unavailable(refusal.to_string()),
        }
    }
}

/// What waits and until when, in one sentence.
fn waiting(backlog: &Backlog, now: Timestamp) -> Markup {
    let what = match (backlog.action, backlog.orders) {
        (Action::Accept, 1) => "order waits to be accepted",
        (Action::Accept, _) => "orders wait to be accepted",
        (Action::Cancel, 1) => "order waits to be cancelled",
        (Action::Cancel, _) => "orders wait to be cancelled",
        (Action::HandOver, 1) => "order waits to be handed over",
        (Action::HandOver, _) => "orders wait to be handed over",
        (Action::Ship, 1) => "order waits for its label",
        (Action::Ship, _) => "orders wait for their labels",
    };
    html! {
        p {
            (backlog.orders) " " (what)
            @if let Some(since) = backlog.since { " since " (when::since(since, now)) }
            @if let Some(done_by) = backlog.done_by {
                "; done about " (when::since(done_by, now)) ", an estimate"
            }
            "."
            @if let Some(why) = &backlog.held_up { " Held up: " (why) "." }
        }
    }
}

fn card(view: &AccountView, visitor: &Visitor, api: &str) -> Markup {
    let (account, now) = (&view.account, visitor.now);
    let may_sync = match &account.health {
        Health::Connected => true,
        Health::NeedsAttention(attention) => attention.reason.may_be_retried(),
    };
    html! {
        article.card id=(account.id) {
            header {
                h2 { (account.name) }
                p.quiet { (marketplace(&account.marketplace)) }
            }
            (health(view, now))
            @for backlog in &view.backlog { (waiting(backlog, now)) }
            @if let Health::NeedsAttention(attention) = &account.health {
                (remedy(account, attention, api))
            }
            dl {
                @if account.health == Health::Connected {
                    dt { "Next look" } dd { (when::ahead(view.next_run, now)) }
                }
                dt { "Orders are read" }
                dd {
                    @match account.settings.orders_every_minutes {
                        1 => "every minute",
                        minutes => { "every " (minutes) " min" },
                    }
                }
                dt { "New orders" }
                dd {
                    @if account.settings.auto_accept { "are accepted by themselves" }
                    @else { "wait until someone accepts them" }
                }
                dt { "Connected since" } dd { (ist(account.connected_at).strftime("%-d %b %Y")) }
                dt { "Account id" } dd.sku { (account.id) }
            }
            (steps(account, now))
            p { a href={ "/console/integrations/" (account.id) } {
                "Settings and test" span.unseen { " of " (account.name) }
            } }
            @if visitor.may(Scope::Pack) { (test_button(account)) }
            @if may_sync && visitor.may(Scope::Pack) {
                form method="post" action={ "/console/integrations/" (account.id) "/sync" } {
                    button type="submit" { "Sync now" span.unseen { " " (account.name) } }
                }
            }
        }
    }
}

pub(crate) fn health(view: &AccountView, now: Timestamp) -> Markup {
    match &view.account.health {
        Health::NeedsAttention(attention) => html! {
            p.health {
                (dotted("stop", trouble(attention.reason)))
                " since " (when::since(attention.since, now)) "."
            }
        },
        Health::Connected => html! {
            @if let Some(since) = view.silent_since {
                p.health {
                    (dotted("stop", "Orders not read")) " since " (when::since(since, now)) "."
                }
                p {
                    @match &view.missed {
                        Some(reason) => { "The last look failed: " (short(reason)) ". " },
                        None => "Nobody has looked for too long. ",
                    }
                    "Press “Sync now”. If that changes nothing within two minutes, tell whoever "
                    "runs this Haat. Orders are safe at the marketplace and catch up."
                }
            } @else { p.health {
                @match (view.last_success, &view.missed) {
                    (Some(at), None) => {
                        (dotted("go", "Connected")) ", last orders " (when::ago(at, now))
                    },
                    (None, None) => {
                        (dotted("go", "Connected")) ", the first orders are being read"
                    },
                    (last, Some(reason)) => {
                        (dotted("wait", "Connected, but the last look failed"))
                        ": " (short(reason)) ". Haat tries again by itself."
                        @if let Some(at) = last { " Last orders " (when::ago(at, now)) "." }
                    },
                }
            } }
        },
    }
}

/// What is wrong, in a few words that "since 09:12" can follow.
pub(crate) const fn trouble(reason: AttentionReason) -> &'static str {
    match reason {
        AttentionReason::LoginRefused => "Needs log-in: user name or password was refused",
        AttentionReason::LoginLocked => "Needs log-in: the login is locked",
        AttentionReason::OtpRequired => "Needs the one-time password",
        AttentionReason::Blocked => "Turned away by the marketplace",
        AttentionReason::OtherSeller => "Needs log-in: the login leads to another seller",
        AttentionReason::SessionRefused => "Not let in, though the log-in worked",
    }
}
