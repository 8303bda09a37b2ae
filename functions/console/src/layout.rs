//! What stands around every page: places on the left, the banner on top.

use haat_domain::{Account, Health};
use haat_ports::{Store, StoreError};
use haat_workflows::{AccountView, look_at_accounts, parked_work};
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::notice::{Message, Notice, Tone};
use crate::session::Visitor;
use crate::{integrations, style, when};

/// The places of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Orders,
    Returns,
    Documents,
    Integrations,
    Shipping,
    Failed,
}

const PLACES: [(Place, &str, &str, &str); 6] = [
    (
        Place::Orders,
        "/console/orders",
        "Orders",
        "M4 5h16v4H4zM4 11h16M4 15h16M4 19h10",
    ),
    (
        Place::Returns,
        "/console/returns",
        "Returns",
        "M9 6l-5 5 5 5M4 11h11a5 5 0 0 1 0 10h-3",
    ),
    (
        Place::Documents,
        "/console/documents",
        "Documents",
        "M6 3h8l4 4v14H6zM9 11h6M9 15h6",
    ),
    (
        Place::Integrations,
        "/console/integrations",
        "Integrations",
        "M9 15l6-6M7 12l-2 2a4 4 0 0 0 6 6l2-2M17 12l2-2a4 4 0 0 0-6-6l-2 2",
    ),
    (
        Place::Shipping,
        "/console/warehouses",
        "Shipping",
        "M3 8l9-5 9 5v8l-9 5-9-5zM3 8l9 5 9-5M12 13v8",
    ),
    (
        Place::Failed,
        "/console/failed",
        "Failed work",
        "M12 4l9 16H3zM12 10v4M12 17v.5",
    ),
];

/// What every page needs to know of the seller.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) accounts: Vec<Account>,
    /// The same, with how fresh they are.
    pub(crate) views: Vec<AccountView>,
    /// Since when the oldest failed work waits, if any does.
    failed_since: Option<Timestamp>,
}

impl Frame {
    pub(crate) async fn load(store: &dyn Store, visitor: &Visitor) -> Result<Self, StoreError> {
        let oldest = parked_work(store, visitor.seller(), None, 1);
        let views = look_at_accounts(store, visitor.seller(), visitor.now);
        let (views, oldest) = tokio::try_join!(views, oldest)?;
        Ok(Self {
            accounts: views.iter().map(|view| view.account.clone()).collect(),
            views,
            failed_since: oldest.items.first().map(|parked| parked.since),
        })
    }
}

/// A page of someone who is signed in.
pub(crate) fn page(
    title: &str,
    place: Option<Place>,
    visitor: &Visitor,
    frame: &Frame,
    message: impl Into<Message>,
    content: Markup,
) -> Markup {
    let message = message.into();
    let body = html! {
        header.bar {
            a.brand href="/console/orders" { "Haat" }
            nav aria-label="Places" {
                @for (here, address, name, icon) in PLACES {
                    a href=(address) aria-current=[(place == Some(here)).then_some("page")] {
                        svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" {
                            path d=(icon) fill="none" stroke="currentColor" stroke-width="1.8";
                        }
                        span { (name) }
                    }
                }
            }
            form.who method="post" action="/console/sign-out" {
                span title="The token you signed in with" { (visitor.token.name) }
                button.plain type="submit" { "Sign out" }
            }
        }
        main #content {
            (banner(frame, visitor.now))
            (message_box(&message))
            (content)
        }
    };
    document(title, "inside", body)
}

/// A page of someone who is not signed in.
pub(crate) fn outside(title: &str, notice: Option<Notice>, content: Markup) -> Markup {
    let body = html! {
        main #content {
            p.brand { "Haat" }
            h1 { (title) }
            (message_box(&notice.into()))
            (content)
        }
    };
    document(title, "outside", body)
}

/// A page that only says something.
pub(crate) fn bare(title: &str, text: &str) -> Markup {
    outside(
        title,
        None,
        html! {
            p { (text) }
            p { a href="/console/orders" { "Go to the orders" } }
        },
    )
}

fn document(title: &str, class: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Haat" }
                link rel="stylesheet" href=(style::address());
                link rel="icon" href=(PreEscaped(ICON));
            }
            body.(class) {
                a.skip href="#content" { "Skip to the content" }
                (body)
            }
        }
    }
}

const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' \
    viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='3' fill='%230f766e'/%3E\
    %3Cpath d='M4 3v10M12 3v10M4 8h8' stroke='white' stroke-width='2'/%3E%3C/svg%3E";

fn banner(frame: &Frame, now: Timestamp) -> Markup {
    let still: Vec<&AccountView> = frame
        .views
        .iter()
        .filter(|view| view.account.health != Health::Connected || view.silent_since.is_some())
        .collect();
    html! {
        @if !still.is_empty() || frame.failed_since.is_some() {
            aside.banner aria-label="Needs attention" {
                @for AccountView { account, silent_since, .. } in still {
                    p {
                        b { (account.name) } ": "
                        @if let Health::NeedsAttention(attention) = &account.health {
                            (integrations::trouble(attention.reason)) " since "
                            (when::since(attention.since, now)) ". "
                        } @else if let Some(since) = silent_since {
                            "Orders were not read since " (when::since(*since, now)) ". "
                        }
                        a href={ "/console/integrations#" (account.id) } { "See what to do" }
                    }
                }
                @if let Some(since) = frame.failed_since {
                    p {
                        "Work has failed, the oldest since " (when::since(since, now)) ". "
                        a href="/console/failed" { "See what failed" }
                    }
                }
            }
        }
    }
}

fn message_box(message: &Message) -> Markup {
    let (tone, text) = match message {
        Message::None => return html! {},
        Message::Notice(notice) => (notice.tone(), notice.text()),
        Message::Refused(said) => (Tone::Refused, said.as_str()),
    };
    let class = match tone {
        Tone::Done => "done",
        Tone::Plain => "plain",
        Tone::Refused => "refused",
    };
    html! { p.notice.(class) role="status" { (text) } }
}
