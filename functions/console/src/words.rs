//! Stages, labels, money and names in the field's words. Shared by list and letter.

use haat_domain::{
    Account, AccountId, Action, IntentState, Label, LabelState, MarketplaceId, Order, OrderLine,
    Payment, PaymentMode, Stage,
};
use jiff::Timestamp;
use maud::{Markup, html};

use crate::when;

/// The stage's name for people.
pub(crate) const fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::OnHold => "On hold",
        Stage::New => "New",
        Stage::Accepted => "Pending Label",
        Stage::Picking => "Picking",
        Stage::Packed => "Packed",
        Stage::ReadyToShip => "Pending Handover",
        Stage::Shipped => "Shipped",
        Stage::OutForDelivery => "Out for delivery",
        Stage::Delivered => "Delivered",
        Stage::Completed => "Completed",
        Stage::Cancelled => "Cancelled",
        Stage::ReturningToOrigin => "RTO, on its way back",
        Stage::Returned => "Returned",
        Stage::Lost => "Lost",
    }
}

const fn stage_class(stage: Stage) -> &'static str {
    match stage {
        Stage::New | Stage::Accepted | Stage::Picking | Stage::Packed | Stage::ReadyToShip => "go",
        Stage::OnHold => "wait",
        Stage::Cancelled | Stage::Lost => "stop",
        Stage::Shipped
        | Stage::OutForDelivery
        | Stage::Delivered
        | Stage::Completed
        | Stage::ReturningToOrigin
        | Stage::Returned => "rest",
    }
}

/// A word with a dot before it; the word alone says all.
pub(crate) fn dotted(class: &str, words: &str) -> Markup {
    html! { span.dot.(class) { (words) } }
}

/// The order's stage, why it is held or cancelled, and how accepting goes.
pub(crate) fn stage(order: &Order, now: Timestamp) -> Markup {
    // Once its label is there, an accepted order no longer waits for one.
    let labelled = order.stage == Stage::Accepted && matches!(order.label, Label::Ready(_));
    let name = if labelled {
        "Accepted"
    } else {
        stage_name(order.stage)
    };
    html! {
        (dotted(stage_class(order.stage), name))
        @if let (Stage::OnHold | Stage::Cancelled, Some(reason)) = (order.stage, &order.reason) {
            small { (short(reason)) }
        }
        @if let Some(intent) = order.intent(Action::Accept) {
            @match intent.state {
                IntentState::Open => small {
                    "Accepting since " (when::since(intent.asked_at, now))
                    @if let Some(reason) = &intent.reason { ": " (short(reason)) }
                },
                IntentState::Failed => small.late {
                    "Accepting failed: " (short(intent.reason.as_deref().unwrap_or("no reason given")))
                },
            }
        }
    }
}

/// The state of the label in words.
pub(crate) fn label(order: &Order, now: Timestamp) -> Markup {
    match order.label_state() {
        LabelState::NotAsked => html! { span.quiet { "Not asked" } },
        LabelState::Ready => dotted("go", "Ready"),
        LabelState::Stale => html! {
            (dotted("stop", "Stale")) small { "The parcel got another AWB. Ship it again." }
        },
        LabelState::Waiting { since, reason } => html! {
            (dotted("wait", "Waiting")) " since " (when::since(since, now))
            small { (short(&reason)) }
        },
        LabelState::Failed { since, reason } => html! {
            (dotted("stop", "Failed")) ", asked " (when::moment(since, now))
            small { (short(&reason)) }
        },
    }
}

/// Cash to collect, or prepaid.
pub(crate) fn payment(payment: Option<Payment>) -> Markup {
    html! {
        @match payment {
            None => span.quiet { "Not said yet" },
            Some(Payment { mode: PaymentMode::Prepaid, .. }) => "Prepaid",
            Some(Payment { mode: PaymentMode::Cod, collect }) => {
                "COD" @if let Some(amount) = collect { " " b { (amount) } }
            },
        }
    }
}

/// SKU, pieces, size; an endless SKU is cut where many orders stand together.
pub(crate) fn line(line: &OrderLine, whole: bool) -> Markup {
    html! {
        span.sku { @if whole { (line.sku) } @else { (cut(line.sku.as_str(), 64)) } } " "
        // One piece is the rule; more must be seen, and so must less than was ordered.
        @if line.to_pack() == 1 { span { "×\u{a0}1" } } @else { b.many { "×\u{a0}" (line.to_pack()) } }
        @if line.cancelled > 0 { small.late { (line.cancelled) " of " (line.quantity) " cancelled" } }
        @if let Some(size) = &line.variation { small { "Size " (short(size)) } }
    }
}

/// The marketplace's name. The console speaks to none, so it knows no more than the short one.
pub(crate) fn marketplace(id: &MarketplaceId) -> String {
    let mut letters = id.as_str().chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The account and its marketplace; the account alone when its name says the marketplace too.
pub(crate) fn came_through(order: &Order, accounts: &[Account]) -> String {
    let account = account_name(accounts, &order.id.account);
    let marketplace = marketplace(&order.marketplace);
    if account.to_lowercase().contains(&marketplace.to_lowercase()) {
        account.to_owned()
    } else {
        format!("{marketplace} · {account}")
    }
}

/// The seller's name of an account.
pub(crate) fn account_name<'a>(accounts: &'a [Account], id: &'a AccountId) -> &'a str {
    let account = accounts.iter().find(|account| account.id == *id);
    account.map_or(id.as_str(), |account| account.name.as_str())
}

/// Text from outside, short enough for a list.
pub(crate) fn short(text: &str) -> String {
    cut(text, 120)
}

/// The first so many characters, with a sign that there are more.
pub(crate) fn cut(text: &str, longest: usize) -> String {
    let mut cut: String = text.chars().take(longest).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

/// A refusal's own words as a sentence.
pub(crate) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    let mut sentence: String = first.into_iter().flatten().chain(letters).collect();
    if !sentence.ends_with('.') {
        sentence.push('.');
    }
    sentence
}
