//! The vocabularies of the API, for its description.

use haat_domain::{Action, AttentionReason, DispatchRule, ParkedKind, PaymentMode, Stage};
use serde::Serialize;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::problem::KINDS;

fn one_of(words: impl IntoIterator<Item = impl Into<serde_json::Value>>) -> Object {
    let words: Vec<serde_json::Value> = words.into_iter().map(Into::into).collect();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words))
        .build()
}

/// The words that serialising gives.
fn serialised(values: impl IntoIterator<Item = impl Serialize>) -> Object {
    one_of(
        values
            .into_iter()
            .filter_map(|value| serde_json::to_value(value).ok()),
    )
}

pub(crate) fn problem_type() -> Object {
    one_of(KINDS.iter().map(|kind| kind.urn()))
}

pub(crate) fn stage() -> Object {
    one_of(Stage::ALL.map(Stage::word))
}

pub(crate) fn action() -> Object {
    one_of(Action::ALL.map(Action::word))
}

pub(crate) fn parked_kind() -> Object {
    one_of(ParkedKind::ALL.map(ParkedKind::word))
}

pub(crate) fn intent_state() -> Object {
    one_of(["open", "failed"])
}

pub(crate) fn label_state() -> Object {
    one_of(["not_asked", "waiting", "failed", "ready", "stale"])
}

pub(crate) fn who() -> Object {
    one_of(["marketplace", "rule", "token"])
}

pub(crate) fn payment_mode() -> Object {
    serialised([PaymentMode::Cod, PaymentMode::Prepaid])
}

pub(crate) fn dispatch_rule() -> Object {
    use DispatchRule::{Fallback, Marketplace, MarketplaceDay};
    serialised([Marketplace, MarketplaceDay, Fallback])
}

pub(crate) fn attention_reason() -> Object {
    use AttentionReason::{
        Blocked, LoginLocked, LoginRefused, OtherSeller, OtpRequired, SessionRefused,
    };
    serialised([
        LoginRefused,
        LoginLocked,
        OtpRequired,
        Blocked,
        OtherSeller,
        SessionRefused,
    ])
}
