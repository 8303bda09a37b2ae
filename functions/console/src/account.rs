//! One account: how far its set-up is, its test, its settings.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use haat_domain::{AccountId, AccountTest, Health, Scope, Warehouse};
use haat_workflows::{AccountView, look_at_test};
use maud::{Markup, html};

use crate::Console;
use crate::account_test;
use crate::answer::Failure;
use crate::form::Refused;
use crate::integrations::health;
use crate::layout::{self, Frame, Place};
use crate::notice::{Message, NoticeQuery};
use crate::outside::{api_address, back_fill, credentials, remedy};
use crate::session::Visitor;
use crate::set_up::steps;
use crate::settings;
use crate::words::marketplace;

/// The page of one account.
pub(crate) async fn page(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(query): Query<NoticeQuery>,
    headers: HeaderMap,
) -> Result<Markup, Failure> {
    let id: AccountId = id.parse().map_err(|_| Failure::NotFound)?;
    let message = query.notice().into();
    show(&console, &visitor, &id, &headers, message, None).await
}

/// The page once more, with the form that was refused as it was typed. Nothing was changed.
pub(crate) async fn again(
    console: &Console,
    visitor: &Visitor,
    id: &AccountId,
    headers: &HeaderMap,
    refused: Refused,
) -> Result<Response, Failure> {
    let said = Message::Refused(refused.wrong.said.clone());
    let page = show(console, visitor, id, headers, said, Some(&refused)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn show(
    console: &Console,
    visitor: &Visitor,
    id: &AccountId,
    headers: &HeaderMap,
    message: Message,
    refused: Option<&Refused>,
) -> Result<Markup, Failure> {
    let (store, seller) = (console.store.as_ref(), visitor.seller());
    let (frame, test, warehouses) = tokio::try_join!(
        Frame::load(store, visitor),
        store.test_of(seller, id),
        store.warehouses(seller),
    )?;
    let view = frame.views.iter().find(|view| view.account.id == *id);
    let view = view.ok_or(Failure::NotFound)?;
    let test = match test {
        Some(test) => Some(look_at_test(store, test).await?),
        None => None,
    };
    let api = api_address(headers);
    let content = letter(view, test.as_ref(), &warehouses, visitor, &api, refused);
    let (name, place) = (&view.account.name, Some(Place::Integrations));
    Ok(layout::page(name, place, visitor, &frame, message, content))
}

fn letter(
    view: &AccountView,
    test: Option<&AccountTest>,
    warehouses: &[Warehouse],
    visitor: &Visitor,
    api: &str,
    refused: Option<&Refused>,
) -> Markup {
    let account = &view.account;
    html! {
        header.head {
            div {
                h1 { (account.name) }
                p.quiet {
                    (marketplace(&account.marketplace)) " · account " span.sku { (account.id) }
                    @if let Some(contact) = &account.contact { " · ask " (contact) }
                }
            }
            a href="/console/integrations" { "All accounts" }
        }
        div.letter {
            section {
                h2 { "Set-up" }
                (health(view, visitor.now))
                @if let Health::NeedsAttention(attention) = &account.health {
                    (remedy(account, attention, api))
                }
                (steps(account, visitor.now))
            }
            (account_test::section(account, test, visitor, refused))
            (settings::section(account, warehouses, visitor, refused))
            (settings::courier_section(account, visitor, refused))
        }
        @if visitor.may(Scope::Admin) {
            section.connect {
                h2 { "Read the past again" }
                (back_fill(&account.id, api))
                h2 { "Change the credentials" }
                (credentials(&account.id, api))
            }
        }
    }
}
