//! What comes back.

use axum::Json;
use axum::extract::State;
use haat_domain::{Return, ReturnKind};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::caller::Reader;
use crate::input::{self, Asked, WhichPart};
use crate::problem::Problem;

/// A return.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Return)]
pub(crate) struct ReturnAnswer {
    /// The account it came through.
    account: String,
    /// The marketplace's number of it.
    #[schema(example = "RT70000001")]
    number: String,
    /// The order that comes back.
    #[schema(example = "a_5d41402abc4b2a76.S900000001")]
    order: String,
    /// `asked`, `on_its_way`, `out_for_delivery`, `received`, `settled`, `cancelled`, `lost` or
    /// `disposed`; null for a word of the marketplace that Haat does not know.
    #[schema(value_type = Option<String>, example = "on_its_way")]
    stage: Option<&'static str>,
    /// The marketplace's own last word on it.
    marketplace_word: String,
    /// `rto` (the courier brings it back) or `buyer`; null where the marketplace's word is not
    /// known.
    #[schema(value_type = Option<String>, example = "rto")]
    kind: Option<&'static str>,
    /// Why, in the marketplace's words, where it says.
    reason: Option<String>,
    /// The parcel on its way back.
    awb: Option<String>,
    /// Who brings it, as the marketplace names him.
    courier: Option<String>,
    /// When it began, where the marketplace says.
    began_at: Option<Timestamp>,
    /// When it is expected at the seller's, where the marketplace says.
    expected_at: Option<Timestamp>,
    /// When its stage last changed, as far as Haat saw it.
    moved_at: Timestamp,
    /// What comes back.
    lines: Vec<ReturnLineAnswer>,
}

/// One line of a return.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnLine)]
pub(crate) struct ReturnLineAnswer {
    /// The marketplace's key of it; empty where it has none.
    item: String,
    /// The `item` of the order line; empty where it has none.
    order_line: String,
    /// The seller's key of the product, where the marketplace says.
    sku: Option<String>,
    /// Product name, where the marketplace says.
    title: Option<String>,
    /// Size or other variation, where the marketplace says.
    variation: Option<String>,
    /// Pieces that come back.
    pieces: u32,
    /// Pieces of them that stay with the buyer after all.
    cancelled: u32,
}

/// A part of the returns, those that moved last first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReturnList {
    returns: Vec<ReturnAnswer>,
    /// Send it back as `cursor` for the next part; null at the end.
    next: Option<String>,
}

impl From<Return> for ReturnAnswer {
    fn from(one: Return) -> Self {
        let said = one.said;
        let lines = said.lines.into_iter().map(|line| ReturnLineAnswer {
            item: line.item,
            order_line: line.order_line,
            sku: line.sku.map(Into::into),
            title: line.title,
            variation: line.variation,
            pieces: line.pieces,
            cancelled: line.cancelled,
        });
        Self {
            order: format!("{}.{}", one.account, said.order),
            account: one.account.into(),
            number: said.number.into(),
            stage: said.stage.map(|stage| stage.word()),
            marketplace_word: said.word,
            kind: said.kind.map(|kind| match kind {
                ReturnKind::Rto => "rto",
                ReturnKind::Buyer => "buyer",
            }),
            reason: said.reason,
            awb: said.awb.map(Into::into),
            courier: said.courier,
            began_at: said.began_at,
            expected_at: said.expected_at,
            moved_at: one.moved_at,
            lines: lines.collect(),
        }
    }
}

/// List the returns
#[utoipa::path(get, path = "/returns", tag = "shipping", params(WhichPart),
    security(("token" = ["read"])),
    responses((status = 200, description = "A part of the list", body = ReturnList)))]
pub(crate) async fn list_returns(
    State(api): State<Api>,
    Reader(caller): Reader,
    Asked(part): Asked<WhichPart>,
) -> Result<Json<ReturnList>, Problem> {
    let (cursor, limit) = (part.cursor.as_deref(), input::limit(part.limit)?);
    let page = api
        .store()
        .list_returns(&caller.seller, cursor, limit)
        .await?;
    Ok(Json(ReturnList {
        returns: page.items.into_iter().map(ReturnAnswer::from).collect(),
        next: page.next,
    }))
}
