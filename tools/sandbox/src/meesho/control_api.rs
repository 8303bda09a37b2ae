//! The control as HTTP under `/_sandbox`, for what runs in another process.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    control::Control,
    options::NewAccount,
    order::{self, CancelledBy},
    scenario::ScenarioRequest,
    seed::Seed,
};
use crate::control_api::{self, Done, done};

pub(crate) fn router(control: Control) -> Router {
    let routes = control_api::routes()
        .route("/accounts", post(add_account))
        .route("/accounts/{supplier_id}/password", post(change_password))
        .route("/accounts/{supplier_id}/otp", post(demand_otp))
        .route("/accounts/{supplier_id}/expire", post(expire))
        .route("/accounts/{supplier_id}/partial", post(partial))
        .route("/accounts/{supplier_id}/label-jobs", post(label_job))
        .route("/seed", post(seed))
        .route("/scenarios", post(scenario))
        .route("/label-delay", post(label_delay))
        .route("/counters", get(counters))
        .route("/orders", get(orders))
        .route("/orders/{sub_order}", get(one_order))
        .route("/orders/{sub_order}/cancel", post(cancel))
        .route("/orders/{sub_order}/advance", post(advance_order))
        .route("/orders/{sub_order}/state", post(move_to))
        .with_state(control);
    Router::new().nest("/_sandbox", routes)
}

fn made(sub_order_nums: Vec<String>) -> Done {
    Ok(Json(json!({"sub_order_nums": sub_order_nums})))
}

async fn add_account(State(control): State<Control>, Json(account): Json<NewAccount>) -> Done {
    control.add_account(&account)?;
    done()
}

#[derive(Deserialize)]
struct Password {
    password: String,
}

async fn change_password(
    State(control): State<Control>,
    Path(supplier_id): Path<u64>,
    Json(new): Json<Password>,
) -> Done {
    control.change_password(supplier_id, &new.password)?;
    done()
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

async fn demand_otp(
    State(control): State<Control>,
    Path(supplier_id): Path<u64>,
    Json(otp): Json<Code>,
) -> Done {
    control.demand_otp(supplier_id, &otp.code)?;
    done()
}

async fn expire(State(control): State<Control>, Path(supplier_id): Path<u64>) -> Done {
    control.expire_sessions(supplier_id)?;
    done()
}

#[derive(Deserialize)]
struct Partial {
    leave_out: usize,
}

async fn partial(
    State(control): State<Control>,
    Path(supplier_id): Path<u64>,
    Json(partial): Json<Partial>,
) -> Done {
    control.leave_out_of_next_label_job(supplier_id, partial.leave_out)?;
    done()
}

#[derive(Deserialize)]
struct PanelJob {
    seconds: Option<u32>,
}

async fn label_job(
    State(control): State<Control>,
    Path(supplier_id): Path<u64>,
    Json(job): Json<PanelJob>,
) -> Done {
    control.request_labels_in_panel(supplier_id, job.seconds)?;
    done()
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
    supplier_id: u64,
    count: u32,
}

async fn seed(State(control): State<Control>, Json(request): Json<SeedRequest>) -> Done {
    let seed = match request {
        SeedRequest::Mixed(mixed) => Seed::mixed(mixed.supplier_id, mixed.count),
        SeedRequest::ByState(seed) => seed,
    };
    made(control.seed(&seed)?)
}

async fn scenario(State(control): State<Control>, Json(request): Json<ScenarioRequest>) -> Done {
    made(control.scenario(&request)?)
}

#[derive(Deserialize)]
struct LabelDelay {
    seconds: u32,
}

async fn label_delay(State(control): State<Control>, Json(delay): Json<LabelDelay>) -> Done {
    control.set_label_delay(delay.seconds);
    done()
}

async fn counters(State(control): State<Control>) -> Done {
    Ok(Json(json!(control.counters())))
}

async fn orders(State(control): State<Control>) -> Done {
    Ok(Json(json!({"orders": control.orders()})))
}

async fn one_order(State(control): State<Control>, Path(sub_order): Path<String>) -> Done {
    Ok(Json(json!(control.order(&sub_order)?)))
}

#[derive(Deserialize)]
struct Cancel {
    by: CancelledBy,
}

async fn cancel(
    State(control): State<Control>,
    Path(sub_order): Path<String>,
    Json(cancel): Json<Cancel>,
) -> Done {
    control.cancel(&sub_order, cancel.by)?;
    done()
}

async fn advance_order(State(control): State<Control>, Path(sub_order): Path<String>) -> Done {
    let state = control.advance_order(&sub_order)?;
    Ok(Json(json!({"state": state})))
}

#[derive(Deserialize)]
struct Target {
    state: order::State,
}

async fn move_to(
    State(control): State<Control>,
    Path(sub_order): Path<String>,
    Json(target): Json<Target>,
) -> Done {
    control.move_to(&sub_order, target.state)?;
    done()
}
