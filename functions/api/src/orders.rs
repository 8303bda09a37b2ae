//! Looking at orders.

use axum::Json;
use axum::extract::State;
use haat_domain::{AccountId, Action, Awb, Buyer, Order, OrderId, Scope, Stage};
use haat_ports::{Listing, VaultError};
use haat_workflows::{
    BuyerError, OrderFilter, buyer_of, find_by_awb, look_at_order, look_at_orders,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::caller::{Caller, Reader};
use crate::history::HistoryLine;
use crate::input::{self, Asked, Named};
use crate::order_answer::OrderAnswer;
use crate::problem::{BAD_INPUT, NOT_FOUND, Problem};
use crate::words;

/// Which orders.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichOrders {
    /// `open` (when nothing else says): still to be handed over, earliest deadline first.
    /// `closed`: shipped or cancelled, latest first.
    #[param(inline)]
    listing: Option<List>,
    /// Only this stage.
    #[param(schema_with = words::stage)]
    stage: Option<Stage>,
    /// Only this account.
    #[param(value_type = Option<String>)]
    account: Option<AccountId>,
    /// The one order with this AWB; goes with nothing else.
    #[param(value_type = Option<String>)]
    awb: Option<Awb>,
    /// The `next` of the part before.
    cursor: Option<String>,
    /// Orders in one part, 50 when nothing is said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// A list of orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum List {
    Open,
    Closed,
}

/// A part of a list of orders.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderList {
    orders: Vec<OrderAnswer>,
    /// The `cursor` of the next part; null at the end. A part may hold fewer orders than `limit`
    /// and still have a next one.
    next: Option<String>,
}

/// One order with all that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderDetail {
    #[serde(flatten)]
    order: OrderAnswer,
    /// Who bought it; null with a note.
    buyer: Option<BuyerAnswer>,
    /// Why there is no buyer.
    #[schema(value_type = Option<String>)]
    buyer_note: Option<&'static str>,
    /// What may be asked for now.
    actions: Vec<AllowedAction>,
    /// What happened, oldest first.
    history: Vec<HistoryLine>,
}

/// Who bought an order.
#[derive(Serialize, ToSchema)]
#[schema(as = Buyer)]
pub(crate) struct BuyerAnswer {
    name: Option<String>,
    /// Address, as many lines as are known.
    lines: Vec<String>,
    city: Option<String>,
    #[schema(example = "Gujarat")]
    state: String,
    /// PIN code.
    #[schema(example = "395003")]
    pin: Option<String>,
    phone: Option<String>,
}

impl std::fmt::Debug for BuyerAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BuyerAnswer(…)")
    }
}

/// Whether an order takes an action now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AllowedAction {
    #[schema(schema_with = words::action)]
    action: &'static str,
    allowed: bool,
    /// Why not.
    refusal: Option<String>,
}

/// List orders, or find one by its AWB
#[utoipa::path(get, path = "/orders", tag = "orders", params(WhichOrders),
    security(("token" = ["read"])),
    responses((status = 200, description = "A part of the list", body = OrderList)))]
pub(crate) async fn list_orders(
    State(api): State<Api>,
    Reader(caller): Reader,
    Asked(which): Asked<WhichOrders>,
) -> Result<Json<OrderList>, Problem> {
    if let Some(awb) = &which.awb {
        return by_awb(&api, &caller, &which, awb).await;
    }
    let listing = which.listing()?;
    let filter = OrderFilter {
        stage: which.stage,
        account: which.account,
    };
    let (cursor, limit) = (which.cursor.as_deref(), input::limit(which.limit)?);
    let store = api.store();
    let page = look_at_orders(store, &caller.seller, listing, &filter, cursor, limit).await?;
    Ok(Json(OrderList {
        orders: page.items.iter().map(OrderAnswer::from).collect(),
        next: page.next,
    }))
}

impl WhichOrders {
    /// The list that holds the stage, when one is asked for.
    fn listing(&self) -> Result<Listing, Problem> {
        let of_stage = self.stage.map(|stage| match stage.is_open() {
            true => List::Open,
            false => List::Closed,
        });
        match (self.listing, of_stage) {
            (Some(named), Some(right)) if named != right => Err(BAD_INPUT.because(
                "No order of this stage is on that list; leave listing out, stage alone finds it.",
            )),
            (Some(list), _) | (None, Some(list)) => Ok(match list {
                List::Open => Listing::Open,
                List::Closed => Listing::Closed,
            }),
            (None, None) => Ok(Listing::Open),
        }
    }
}

async fn by_awb(
    api: &Api,
    caller: &Caller,
    which: &WhichOrders,
    awb: &Awb,
) -> Result<Json<OrderList>, Problem> {
    let WhichOrders {
        listing: None,
        stage: None,
        account: None,
        cursor: None,
        limit: None,
        awb: _,
    } = which
    else {
        return Err(BAD_INPUT.because("awb names one order; it goes with no other parameter."));
    };
    let found = find_by_awb(api.store(), &caller.seller, awb).await?;
    Ok(Json(OrderList {
        orders: found.iter().map(OrderAnswer::from).collect(),
        next: None,
    }))
}

/// Show one order
///
/// With its history and what may be done with it now. The buyer is shown to tokens with the scope
/// `pack` or `admin`.
#[utoipa::path(get, path = "/orders/{order}", tag = "orders",
    params(("order" = String, Path, description = "The order's id",
        example = "a_5d41402abc4b2a76.299000000000000001_1")),
    security(("token" = ["read"])),
    responses((status = 200, description = "The order", body = OrderDetail)))]
pub(crate) async fn show_order(
    State(api): State<Api>,
    Reader(caller): Reader,
    Named(id): Named<OrderId>,
) -> Result<Json<OrderDetail>, Problem> {
    let found = look_at_order(api.store(), &caller.seller, &id).await?;
    let order = found.ok_or_else(|| NOT_FOUND.because(format!("there is no order {id}")))?;
    let (buyer, buyer_note) = match buyer(&api, &caller, &id).await? {
        Ok(buyer) => (Some(buyer.into()), None),
        Err(note) => (None, Some(note)),
    };
    let account = api.store().account(&caller.seller, &id.account).await?;
    let terms = account.map(|account| account.terms.actions);
    let actions = Action::ALL
        .into_iter()
        .filter(|action| terms.as_ref().is_some_and(|terms| terms.contains(action)));
    Ok(Json(OrderDetail {
        buyer,
        buyer_note,
        actions: actions.map(|action| allowed(&order, action)).collect(),
        history: order.history.iter().map(HistoryLine::from).collect(),
        order: (&order).into(),
    }))
}

/// The buyer, or why none is shown. Damage to the stored buyer does not hide the order.
async fn buyer(
    api: &Api,
    caller: &Caller,
    id: &OrderId,
) -> Result<Result<Buyer, &'static str>, Problem> {
    if !caller.may(Scope::Pack) {
        return Ok(Err(
            "This token may not see buyers; one with the scope pack may.",
        ));
    }
    match buyer_of(api.store(), api.hub.vault.as_ref(), &caller.seller, id).await {
        Ok(Some(buyer)) => Ok(Ok(buyer)),
        Ok(None) => Ok(Err(
            "The marketplace has not named the buyer yet, or it was longer ago than the 180 days \
             that buyers are kept.",
        )),
        Err(error @ (BuyerError::Unreadable(_) | BuyerError::Vault(VaultError::Broken { .. }))) => {
            tracing::error!(event = "buyer.unreadable", order = %id, %error);
            Ok(Err(
                "What is stored of the buyer cannot be read; the operator finds why in the log.",
            ))
        }
        Err(error) => Err(error.into()),
    }
}

fn allowed(order: &Order, action: Action) -> AllowedAction {
    let refusal = order.allows(action).err().map(|why| why.to_string());
    AllowedAction {
        action: action.word(),
        allowed: refusal.is_none(),
        refusal,
    }
}

impl From<Buyer> for BuyerAnswer {
    fn from(buyer: Buyer) -> Self {
        let Buyer {
            name,
            lines,
            city,
            state,
            pin,
            phone,
        } = buyer;
        Self {
            name,
            lines,
            city,
            state,
            pin,
            phone,
        }
    }
}
