//! The control of the AJIO double as HTTP under `/_sandbox`.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    control::Control,
    options::{DocumentForm, NewPob, RefusalForm},
    order::{self, CancelledBy},
    returns::{ReturnKind, ReturnState},
    scenario::ScenarioRequest,
    seed::Seed,
};
use crate::control_api::{self, Done, done};

pub(crate) fn router(control: Control) -> Router {
    let routes = control_api::routes()
        .route("/accounts", post(add_pob))
        .route("/accounts/{pob}/password", post(change_password))
        .route("/accounts/{pob}/expire", post(expire))
        .route("/accounts/{pob}/access", post(access))
        .route("/accounts/{pob}/stock/{variant}", get(stock))
        .route("/seed", post(seed))
        .route("/scenarios", post(scenario))
        .route("/profile", post(profile))
        .route("/label-delay", post(label_delay))
        .route("/po-delay", post(po_delay))
        .route("/counters", get(counters))
        .route("/orders", get(orders))
        .route("/orders/{order}", get(one_order))
        .route("/orders/{order}/cancel", post(cancel))
        .route("/orders/{order}/advance", post(advance_order))
        .route("/orders/{order}/state", post(move_to))
        .route("/orders/{order}/po", post(po))
        .route("/orders/{order}/return", post(start_return))
        .route("/returns", get(returns))
        .route("/returns/{id}/state", post(move_return))
        .with_state(control);
    Router::new().nest("/_sandbox", routes)
}

fn made(order_ids: Vec<String>) -> Done {
    Ok(Json(json!({"order_ids": order_ids})))
}

async fn add_pob(State(control): State<Control>, Json(pob): Json<NewPob>) -> Done {
    control.add_pob(&pob)?;
    done()
}

#[derive(Deserialize)]
struct Password {
    password: String,
}

async fn change_password(
    State(control): State<Control>,
    Path(pob): Path<String>,
    Json(new): Json<Password>,
) -> Done {
    control.change_password(&pob, &new.password)?;
    done()
}

async fn expire(State(control): State<Control>, Path(pob): Path<String>) -> Done {
    control.expire_tokens(&pob)?;
    done()
}

/// What is missing stays as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Access {
    api: Option<bool>,
    shipping: Option<bool>,
}

async fn access(
    State(control): State<Control>,
    Path(pob): Path<String>,
    Json(access): Json<Access>,
) -> Done {
    if let Some(allowed) = access.api {
        control.set_api_access(&pob, allowed)?;
    }
    if let Some(allowed) = access.shipping {
        control.set_shipping_access(&pob, allowed)?;
    }
    done()
}

async fn stock(
    State(control): State<Control>,
    Path((pob, variant)): Path<(String, String)>,
) -> Done {
    Ok(Json(json!({"inventory": control.stock(&pob, &variant)?})))
}

/// Orders by state, or a mixture of this many.
#[derive(Deserialize)]
#[serde(untagged)]
enum SeedRequest {
    Mixed(MixedSeed),
    ByState(Seed),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MixedSeed {
    pob: String,
    count: u32,
}

async fn seed(State(control): State<Control>, Json(request): Json<SeedRequest>) -> Done {
    let seed = match request {
        SeedRequest::Mixed(mixed) => Seed::mixed(&mixed.pob, mixed.count),
        SeedRequest::ByState(seed) => seed,
    };
    made(control.seed(&seed)?)
}

async fn scenario(State(control): State<Control>, Json(request): Json<ScenarioRequest>) -> Done {
    made(control.scenario(&request)?)
}

/// What is missing stays as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forms {
    refusal: Option<RefusalForm>,
    documents: Option<DocumentForm>,
}

async fn profile(State(control): State<Control>, Json(forms): Json<Forms>) -> Done {
    if let Some(form) = forms.refusal {
        control.set_refusal_form(form);
    }
    if let Some(form) = forms.documents {
        control.set_document_form(form);
    }
    done()
}

#[derive(Deserialize)]
struct LabelDelay {
    seconds: u32,
}

async fn label_delay(State(control): State<Control>, Json(delay): Json<LabelDelay>) -> Done {
    control.set_label_delay(delay.seconds);
    done()
}

/// `null` is never.
#[derive(Deserialize)]
struct PoDelay {
    seconds: Option<u32>,
}

async fn po_delay(State(control): State<Control>, Json(delay): Json<PoDelay>) -> Done {
    control.set_po_delay(delay.seconds);
    done()
}

async fn counters(State(control): State<Control>) -> Done {
    Ok(Json(json!(control.counters())))
}

async fn orders(State(control): State<Control>) -> Done {
    Ok(Json(json!({"orders": control.orders()})))
}

async fn one_order(State(control): State<Control>, Path(order): Path<String>) -> Done {
    Ok(Json(json!(control.order(&order)?)))
}

#[derive(Deserialize)]
struct Cancel {
    by: CancelledBy,
}

async fn cancel(
    State(control): State<Control>,
    Path(order): Path<String>,
    Json(cancel): Json<Cancel>,
) -> Done {
    control.cancel(&order, cancel.by)?;
    done()
}

async fn advance_order(State(control): State<Control>, Path(order): Path<String>) -> Done {
    let state = control.advance_order(&order)?;
    Ok(Json(json!({"state": state})))
}

#[derive(Deserialize)]
struct Target {
    state: order::State,
}

async fn move_to(
    State(control): State<Control>,
    Path(order): Path<String>,
    Json(target): Json<Target>,
) -> Done {
    control.move_to(&order, target.state)?;
    done()
}

#[derive(Deserialize)]
struct Po {
    when: When,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum When {
    Now,
    Never,
}

async fn po(State(control): State<Control>, Path(order): Path<String>, Json(po): Json<Po>) -> Done {
    match po.when {
        When::Now => control.raise_po(&order)?,
        When::Never => control.withhold_po(&order)?,
    }
    done()
}

#[derive(Deserialize)]
struct NewReturn {
    kind: ReturnKind,
}

async fn start_return(
    State(control): State<Control>,
    Path(order): Path<String>,
    Json(new): Json<NewReturn>,
) -> Done {
    let id = control.start_return(&order, new.kind)?;
    Ok(Json(json!({"return_id": id})))
}

async fn returns(State(control): State<Control>) -> Done {
    Ok(Json(json!({"returns": control.returns()})))
}

#[derive(Deserialize)]
struct ReturnTarget {
    state: ReturnState,
}

async fn move_return(
    State(control): State<Control>,
    Path(id): Path<String>,
    Json(target): Json<ReturnTarget>,
) -> Done {
    control.move_return(&id, target.state)?;
    done()
}
