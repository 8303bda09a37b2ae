//! Orders: what must leave, earliest first; and what has left.

use axum::extract::{Query, State};
use haat_domain::{AccountId, Action, Label, Order, Scope, Stage};
use haat_ports::{Listing, Page};
use haat_workflows::{OrderFilter, look_at_orders};
use maud::{Markup, html};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::answer::Failure;
use crate::layout::{self, Frame, Place};
use crate::session::Visitor;
use crate::words::{came_through, line, stage_name};
use crate::{Console, notice, registrations, search, when, words};

const PER_PAGE: u32 = 50;
/// Lines of one order shown in the list; the order's own page shows all.
const LINES_SHOWN: usize = 2;

/// What the address asks for, word by word.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct OrdersQuery {
    list: Option<String>,
    stage: Option<String>,
    account: Option<String>,
    cursor: Option<String>,
    notice: Option<String>,
}

/// What the address asks for.
#[derive(Debug)]
struct View {
    listing: Listing,
    filter: OrderFilter,
    cursor: Option<String>,
}

impl View {
    /// A word that is no stage or account asks for all of them.
    fn of(query: &OrdersQuery) -> Self {
        let listing = match query.list.as_deref() {
            Some("closed") => Listing::Closed,
            Some(_) | None => Listing::Open,
        };
        Self {
            listing,
            filter: OrderFilter {
                stage: query.stage.as_deref().and_then(Stage::of_word),
                account: query
                    .account
                    .as_deref()
                    .and_then(|id| id.parse::<AccountId>().ok()),
            },
            cursor: query.cursor.clone(),
        }
    }

    fn address(&self, cursor: Option<&str>) -> String {
        let mut query = Serializer::new(String::new());
        if self.listing == Listing::Closed {
            query.append_pair("list", "closed");
        }
        if let Some(stage) = self.filter.stage {
            query.append_pair("stage", stage.word());
        }
        if let Some(account) = &self.filter.account {
            query.append_pair("account", account.as_str());
        }
        if let Some(cursor) = cursor {
            query.append_pair("cursor", cursor);
        }
        match query.finish() {
            empty if empty.is_empty() => "/console/orders".to_owned(),
            query => format!("/console/orders?{query}"),
        }
    }

    fn is_filtered(&self) -> bool {
        self.filter != OrderFilter::default()
    }
}

/// The list of orders.
pub(crate) async fn page(
    State(console): State<Console>,
    visitor: Visitor,
    Query(query): Query<OrdersQuery>,
) -> Result<Markup, Failure> {
    let view = View::of(&query);
    let store = console.store.as_ref();
    let (frame, applied_for, orders) = tokio::try_join!(
        Frame::load(store, &visitor),
        store.registrations(visitor.seller()),
        look_at_orders(
            store,
            visitor.seller(),
            view.listing,
            &view.filter,
            view.cursor.as_deref(),
            PER_PAGE,
        ),
    )?;
    let notice = notice::of_code(query.notice.as_deref());
    let content = html! {
        header.head {
            h1 { "Orders" }
            (search::field(""))
        }
        (registrations::reminder(&applied_for, visitor.now))
        (tabs_and_filters(&view, &frame))
        @if orders.items.is_empty() {
            (nothing(&view, &frame, orders.next.is_some()))
        } @else {
            (table(&view, &frame, &visitor, &orders))
        }
        (next_part(&view, orders.next.as_deref()))
    };
    Ok(layout::page(
        "Orders",
        Some(Place::Orders),
        &visitor,
        &frame,
        notice,
        content,
    ))
}

fn tabs_and_filters(view: &View, frame: &Frame) -> Markup {
    let closed = view.listing == Listing::Closed;
    let (open_tab, closed_tab) = ("/console/orders", "/console/orders?list=closed");
    html! {
        nav.tabs aria-label="Lists" {
            a href=(open_tab) aria-current=[(!closed).then_some("true")] { "To hand over" }
            a href=(closed_tab) aria-current=[closed.then_some("true")] { "Shipped and cancelled" }
        }
        form.filters method="get" action="/console/orders" {
            @if closed { input type="hidden" name="list" value="closed"; }
            label { "Stage "
                select name="stage" {
                    option value="" { "All stages" }
                    @for stage in Stage::ALL.into_iter().filter(|stage| stage.is_open() != closed) {
                        option value=(stage.word()) selected[view.filter.stage == Some(stage)] {
                            (stage_name(stage))
                        }
                    }
                }
            }
            label { "Account "
                select name="account" {
                    option value="" { "All accounts" }
                    @for account in &frame.accounts {
                        option value=(account.id)
                            selected[view.filter.account.as_ref() == Some(&account.id)] {
                            (account.name)
                        }
                    }
                }
            }
            button type="submit" { "Show" }
            @if view.is_filtered() {
                a href=(if closed { closed_tab } else { open_tab }) { "Show all" }
            }
        }
    }
}

fn table(view: &View, frame: &Frame, visitor: &Visitor, orders: &Page<Order>) -> Markup {
    let closed = view.listing == Listing::Closed;
    let back = view.address(view.cursor.as_deref());
    html! {
        // One form around all rows: each button names its own address.
        form method="post" {
            input type="hidden" name="back" value=(back);
            table.list {
                thead {
                    tr {
                        th scope="col" { @if closed { "Closed" } @else { "Hand over" } }
                        th scope="col" { "Order" }
                        th scope="col" { "Pack" }
                        th.figure scope="col" { "Value" }
                        th scope="col" { "Stage" }
                        th scope="col" { "Label" }
                        th scope="col" { span.unseen { "Actions" } }
                    }
                }
                tbody { @for order in &orders.items { (row(order, closed, frame, visitor)) } }
            }
        }
    }
}

fn row(order: &Order, closed: bool, frame: &Frame, visitor: &Visitor) -> Markup {
    let now = visitor.now;
    let (id, rest) = (&order.id, order.lines.len().saturating_sub(LINES_SHOWN));
    html! {
        tr id=(id) {
            td data-is="Hand over" {
                @match order.closed_at.filter(|_| closed) {
                    Some(at) => (when::moment(at, now)),
                    None => (when::deadline(order.dispatch_by, now)),
                }
            }
            td data-is="Order" {
                a href={ "/console/orders/" (id) } { (id.number) }
                small { (came_through(order, &frame.accounts)) }
            }
            td data-is="Pack" {
                @for packed in order.lines.iter().take(LINES_SHOWN) { div { (line(packed, false)) } }
                @if rest > 0 { small { "and " (rest) " more" } }
            }
            td.figure data-is="Value" {
                @if let Some(value) = order.value { (value) }
                small { (words::payment(order.payment)) }
            }
            td data-is="Stage" { (words::stage(order, now)) }
            td data-is="Label" { (words::label(order, now)) }
            td.acts { (actions(order, frame, visitor)) }
        }
    }
}

/// What the order's marketplace can be asked.
pub(crate) fn offered(order: &Order, frame: &Frame) -> impl Iterator<Item = Action> {
    let mut accounts = frame.accounts.iter();
    let account = accounts.find(|account| account.id == order.id.account);
    let terms = account.map(|account| account.terms.actions.clone());
    Action::ALL
        .into_iter()
        .filter(move |action| terms.as_ref().is_some_and(|terms| terms.contains(action)))
}

/// The buttons of one order in the list: what is allowed and not under way. Cancelling stands on its page alone: nobody does that in
/// passing.
fn actions(order: &Order, frame: &Frame, visitor: &Visitor) -> Markup {
    let id = &order.id;
    html! {
        @if visitor.may(Scope::Pack) {
            @for action in offered(order, frame).filter(|action| *action != Action::Cancel) {
                @if order.allows(action).is_ok() && !order.wants(action) {
                    button type="submit" formaction={ "/console/orders/" (id) "/" (action.word()) } {
                        (verb(action)) span.unseen { " " (id.number) }
                    }
                }
            }
            @if has_label(order) {
                a.button href={ "/console/orders/" (id) "/label" } target="_blank" rel="noopener" {
                    "Label" span.unseen { " of " (id.number) }
                }
            }
        }
    }
}

/// The button's word.
pub(crate) const fn verb(action: Action) -> &'static str {
    match action {
        Action::Accept => "Accept",
        Action::Cancel => "Cancel",
        Action::Ship => "Ship",
        Action::HandOver => "Hand over",
    }
}

/// Whether there is a label that may be used.
pub(crate) fn has_label(order: &Order) -> bool {
    order.stage != Stage::Cancelled && matches!(order.label, Label::Ready(_))
}

fn nothing(view: &View, frame: &Frame, goes_on: bool) -> Markup {
    html! {
        div.empty {
            @if goes_on {
                p { "Nothing that fits in this part of the list. There is more." }
            } @else if view.cursor.is_some() {
                p { "The list ends here. " a href=(view.address(None)) { "Back to its start" } }
            } @else if frame.accounts.is_empty() {
                h2 { "No marketplace is connected yet" }
                p {
                    "Connect one and its orders appear here by themselves. "
                    a href="/console/integrations" { "How to connect" }
                }
            } @else if view.is_filtered() {
                p { "No order fits. Choose other filters, or show all." }
            } @else if view.listing == Listing::Closed {
                p { "Nothing has been shipped or cancelled yet." }
            } @else {
                h2 { "Nothing to hand over" }
                p { "New orders appear here by themselves, a few minutes after they are placed." }
            }
        }
    }
}

fn next_part(view: &View, next: Option<&str>) -> Markup {
    html! {
        @if next.is_some() || view.cursor.is_some() {
            nav.parts aria-label="Parts of the list" {
                @if view.cursor.is_some() { a href=(view.address(None)) { "First page" } }
                @if let Some(next) = next { a rel="next" href=(view.address(Some(next))) { "Next page" } }
            }
        }
    }
}
