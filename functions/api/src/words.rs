//! The vocabularies of the API, for its description.

use haat_domain::{Action, AttentionReason, DispatchRule, ParkedKind, PaymentMode, Stage};
use serde::Serialize;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::problem::KINDS;

fn one_of(
    description: &str,
    words: impl IntoIterator<Item = impl Into<serde_json::Value>>,
) -> Object {
    let words: Vec<serde_json::Value> = words.into_iter().map(Into::into).collect();
    ObjectBuilder::new()
        .description(Some(description))
        .schema_type(Type::String)
        .enum_values(Some(words))
        .build()
}

/// The words that serialising gives.
fn serialised(description: &str, values: impl IntoIterator<Item = impl Serialize>) -> Object {
    let words = values.into_iter();
    one_of(
        description,
        words.filter_map(|value| serde_json::to_value(value).ok()),
    )
}

pub(crate) fn problem_type() -> Object {
    one_of(
        "The kind of problem; what a program decides by.",
        KINDS.iter().map(|kind| kind.urn()),
    )
}

pub(crate) fn stage() -> Object {
    one_of("Where the order stands.", Stage::ALL.map(Stage::word))
}

pub(crate) fn action() -> Object {
    one_of(
        "What Haat can ask a marketplace to do with an order.",
        Action::ALL.map(Action::word),
    )
}

pub(crate) fn parked_kind() -> Object {
    one_of(
        "What it is: a row of an order list or a page of a label file that could not be read, a \
        change that could not be acted upon, or an order that could not be accepted or shipped.",
        ParkedKind::ALL.map(ParkedKind::word),
    )
}

pub(crate) fn intent_state() -> Object {
    one_of(
        "`open`: Haat is at work on it. `failed`: it goes on when somebody asks again.",
        ["open", "failed"],
    )
}

pub(crate) fn label_state() -> Object {
    one_of(
        "`ready` can be printed. `waiting` comes by itself. `failed` goes on when somebody asks again. \
        `stale`: the parcel got another AWB, ship the order again.",
        ["not_asked", "waiting", "failed", "ready", "stale"],
    )
}

pub(crate) fn who() -> Object {
    one_of(
        "`marketplace`: it, its courier, the buyer, or what followed from them. `rule`: Haat, by a \
        setting. `token`: whoever holds it.",
        ["marketplace", "rule", "token"],
    )
}

pub(crate) fn payment_mode() -> Object {
    serialised(
        "Cash on delivery or prepaid.",
        [PaymentMode::Cod, PaymentMode::Prepaid],
    )
}

pub(crate) fn dispatch_rule() -> Object {
    use DispatchRule::{Fallback, HoursAfterOrder, Marketplace, MarketplaceDay};
    serialised(
        "`marketplace`: it named the instant. `marketplace_day`: it named the day, the hour is the usual \
        cut-off, 17:30 in India. `hours_after_order`: it named nothing; so many hours after the order, as the \
        deployment is set. `fallback`: it named nothing; 17:30 of the day after the order.",
        [Marketplace, MarketplaceDay, HoursAfterOrder, Fallback],
    )
}

pub(crate) fn attention_reason() -> Object {
    use AttentionReason::{
        Blocked, LoginLocked, LoginRefused, OtherSeller, OtpRequired, SessionRefused,
    };
    serialised(
        "What only a person can end.",
        [
            LoginRefused,
            LoginLocked,
            OtpRequired,
            Blocked,
            OtherSeller,
            SessionRefused,
        ],
    )
}
