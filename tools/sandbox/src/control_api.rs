//! The control as HTTP under `/_sandbox`, for what runs in another process.

use axum::{
    Json, Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    clock,
    control::{Control, ControlError},
    fault::Fault,
    options::{NewAccount, Throttle},
    order::{self, CancelledBy},
    scenario::ScenarioRequest,
    seed::Seed,
    storm::Storm,
};

pub(crate) fn router(control: Control) -> Router {
    let routes = Router::new()
        .route("/accounts", post(add_account))
        .route("/accounts/{supplier_id}/password", post(change_password))
        .route("/accounts/{supplier_id}/otp", post(demand_otp))
        .route("/accounts/{supplier_id}/expire", post(expire))
        .route("/accounts/{supplier_id}/partial", post(partial))
        .route("/accounts/{supplier_id}/label-jobs", post(label_job))
        .route("/seed", post(seed))
        .route("/scenarios", post(scenario))
        .route("/faults", post(fault).delete(clear_faults))
        .route("/storm", post(storm))
        .route("/clock", get(now).post(advance))
        .route("/label-delay", post(label_delay))
        .route("/throttle", post(throttle))
        .route("/counters", get(counters))
        .route("/log", get(log))
        .route("/orders", get(orders))
        .route("/orders/{sub_order}", get(one_order))
        .route("/orders/{sub_order}/cancel", post(cancel))
        .route("/orders/{sub_order}/advance", post(advance_order))
        .route("/orders/{sub_order}/state", post(move_to))
        .with_state(control);
    Router::new().nest("/_sandbox", routes)
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::UnknownSupplier(_) | Self::UnknownOrder(_) => StatusCode::NOT_FOUND,
            Self::NoSuchStep(..)
            | Self::EndOfLife(..)
            | Self::AccountTaken(_)
            | Self::SupplierTaken(_) => StatusCode::CONFLICT,
            Self::NoSupplier | Self::Identifier(_) | Self::Fault(_) | Self::Backwards(_) => {
                StatusCode::BAD_REQUEST
            }
        };
        (status, Json(json!({"error": self.to_string()}))).into_response()
    }
}

type Done = Result<Json<Value>, ControlError>;

fn done() -> Done {
    Ok(Json(json!({"ok": true})))
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

async fn fault(State(control): State<Control>, Json(fault): Json<Fault>) -> Done {
    control.fault(fault)?;
    done()
}

async fn storm(State(control): State<Control>, Json(storm): Json<Option<Storm>>) -> Done {
    control.set_storm(storm)?;
    done()
}

async fn clear_faults(State(control): State<Control>) -> Done {
    control.clear_faults();
    done()
}

#[derive(Deserialize)]
struct Advance {
    advance_seconds: i64,
}

async fn now(State(control): State<Control>) -> Done {
    Ok(Json(json!({"now": clock::iso(control.now())})))
}

async fn advance(State(control): State<Control>, Json(advance): Json<Advance>) -> Done {
    control.advance_seconds(advance.advance_seconds)?;
    now(State(control)).await
}

#[derive(Deserialize)]
struct LabelDelay {
    seconds: u32,
}

async fn label_delay(State(control): State<Control>, Json(delay): Json<LabelDelay>) -> Done {
    control.set_label_delay(delay.seconds);
    done()
}

/// `null` ends the throttle.
async fn throttle(State(control): State<Control>, Json(limit): Json<Option<Throttle>>) -> Done {
    control.set_throttle(limit);
    done()
}

async fn counters(State(control): State<Control>) -> Done {
    Ok(Json(json!(control.counters())))
}

async fn log(State(control): State<Control>) -> Done {
    Ok(Json(json!({"log": control.log()})))
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
