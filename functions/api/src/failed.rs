//! What failed or could not be read, and going on with it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use haat_domain::{AccountId, Parked, ParkedKind};
use haat_workflows::{Waiting, parked_work, resume_parked, waiting_work};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::accounts::Started;
use crate::caller::{Packer, Reader};
use crate::input::{self, Asked, Named, WhichPart};
use crate::problem::Problem;
use crate::words;

/// A part of what failed or could not be read, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FailedList {
    failed: Vec<Failed>,
    /// The `cursor` of the next part; null at the end.
    next: Option<String>,
}

/// One thing that failed or could not be read. Nothing of it is lost.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Failed {
    /// The account it came through.
    account: String,
    #[schema(schema_with = words::parked_kind)]
    kind: &'static str,
    /// Its key within account and kind.
    key: String,
    /// The order it is about, when the hub failed to accept or ship one.
    #[schema(example = "a_5d41402abc4b2a76.299000000000000001_1")]
    order: Option<String>,
    /// Why.
    reason: String,
    /// Since when.
    since: Timestamp,
    /// What resuming it does.
    #[schema(value_type = String)]
    resuming: &'static str,
}

impl From<Parked> for Failed {
    fn from(parked: Parked) -> Self {
        let of_order = parked.kind.action().is_some();
        Self {
            order: of_order.then(|| format!("{}.{}", parked.account, parked.key)),
            account: parked.account.into(),
            kind: parked.kind.word(),
            key: parked.key,
            reason: parked.reason,
            since: parked.since,
            resuming: what_resuming_does(parked.kind),
        }
    }
}

fn what_resuming_does(kind: ParkedKind) -> &'static str {
    match kind {
        ParkedKind::Accept => "Asks the marketplace again to accept the order.",
        ParkedKind::Cancel => "Asks the marketplace again to cancel the order.",
        ParkedKind::Ship => "Asks the marketplace again for the order's AWB and label.",
        ParkedKind::HandOver => "Puts the order on the next manifest.",
        ParkedKind::LabelPage => "Reads the account's label jobs again and files their pages anew.",
        ParkedKind::Change => "Looks again at what the order needs.",
        ParkedKind::ReturnRow | ParkedKind::OfferRow => {
            "Reads all returns and offers of the account again. What still cannot be read comes \
             back here."
        }
        ParkedKind::OrderRow => {
            "Reads all orders of the account again. What still cannot be read comes back here."
        }
    }
}

/// List what failed or could not be read
#[utoipa::path(get, path = "/failed", tag = "failed", params(WhichPart),
    security(("token" = ["read"])),
    responses((status = 200, description = "A part of the list", body = FailedList)))]
pub(crate) async fn list_failed(
    State(api): State<Api>,
    Reader(caller): Reader,
    Asked(part): Asked<WhichPart>,
) -> Result<Json<FailedList>, Problem> {
    let (cursor, limit) = (part.cursor.as_deref(), input::limit(part.limit)?);
    let page = parked_work(api.store(), &caller.seller, cursor, limit).await?;
    Ok(Json(FailedList {
        failed: page.items.into_iter().map(Failed::from).collect(),
        next: page.next,
    }))
}

/// What was asked for long ago and is still under way, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WaitingList {
    waiting: Vec<WaitingAnswer>,
}

/// One thing that was asked for over half an hour ago and is neither done nor given up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Waiting)]
pub(crate) struct WaitingAnswer {
    /// The order.
    #[schema(example = "a_5d41402abc4b2a76.299000000000000001_1")]
    order: String,
    #[schema(schema_with = words::action)]
    action: &'static str,
    /// Since when.
    since: Timestamp,
    /// What it waits for; null while the hub has not got that far.
    reason: Option<String>,
}

impl From<Waiting> for WaitingAnswer {
    fn from(waiting: Waiting) -> Self {
        Self {
            order: waiting.order.to_string(),
            action: waiting.action.word(),
            since: waiting.asked_at,
            reason: waiting.reason,
        }
    }
}

/// List what has been under way for long
///
/// Accepts and labels that were asked for over half an hour ago, among the 300 most urgent orders.
/// Most wait for the marketplace and say so. Asking for the order's action again, or syncing its
/// account, makes Haat take them up anew.
#[utoipa::path(get, path = "/waiting", tag = "failed", security(("token" = ["read"])),
    responses((status = 200, description = "All of it", body = WaitingList)))]
pub(crate) async fn list_waiting(
    State(api): State<Api>,
    Reader(caller): Reader,
) -> Result<Json<WaitingList>, Problem> {
    let waiting = waiting_work(api.store(), &caller.seller, api.now()).await?;
    let waiting = waiting.into_iter().map(WaitingAnswer::from).collect();
    Ok(Json(WaitingList { waiting }))
}

/// Go on with something that failed
///
/// Each entry of `GET /failed` says what this does.
#[utoipa::path(post, path = "/failed/{account}/{kind}/{key}/resume", tag = "failed",
    params(
        ("account" = String, Path, description = "The entry's account", example = "a_5d41402abc4b2a76"),
        ("kind" = String, Path, description = "The entry's kind", example = "ship"),
        ("key" = String, Path, description = "The entry's key, percent-encoded",
            example = "299000000000000001_1")),
    security(("token" = ["pack"])),
    responses((status = 202, description = "It is under way", body = Started)))]
pub(crate) async fn resume(
    State(api): State<Api>,
    Packer(caller): Packer,
    Named((account, kind, key)): Named<(AccountId, ParkedKind, String)>,
) -> Result<(StatusCode, Json<Started>), Problem> {
    let parked = (&caller.seller, &account, kind, key.as_str());
    resume_parked(api.store(), api.queues(), parked, caller.actor(), api.now()).await?;
    let what_happens = what_resuming_does(kind);
    Ok((StatusCode::ACCEPTED, Json(Started { what_happens })))
}
