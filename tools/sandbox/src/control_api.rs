//! The control as HTTP under `/_sandbox`, for what runs in another process: what all doubles share.

use axum::{
    Json, Router,
    extract::State,
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
    host::Double,
    storm::Storm,
    throttle::Throttle,
};

/// Faults, storm, clock, throttle and log; a double adds what is its own.
pub(crate) fn routes<D: Double>() -> Router<Control<D>> {
    Router::new()
        .route("/faults", post(fault).delete(clear_faults))
        .route("/storm", post(storm))
        .route("/clock", get(now).post(advance))
        .route("/throttle", post(throttle))
        .route("/log", get(log))
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::UnknownSupplier(_)
            | Self::UnknownPob(_)
            | Self::UnknownOrder(_)
            | Self::UnknownVariant(_)
            | Self::UnknownReturn(_) => StatusCode::NOT_FOUND,
            Self::NoSuchStep(..)
            | Self::EndOfLife(..)
            | Self::AccountTaken(_)
            | Self::SupplierTaken(_) => StatusCode::CONFLICT,
            Self::NoSupplier
            | Self::Identifier(_)
            | Self::Pob(_)
            | Self::Fault(_)
            | Self::Backwards(_) => StatusCode::BAD_REQUEST,
        };
        (status, Json(json!({"error": self.to_string()}))).into_response()
    }
}

pub(crate) type Done = Result<Json<Value>, ControlError>;

pub(crate) fn done() -> Done {
    Ok(Json(json!({"ok": true})))
}

async fn fault<D: Double>(State(control): State<Control<D>>, Json(fault): Json<Fault>) -> Done {
    control.fault(fault)?;
    done()
}

async fn storm<D: Double>(
    State(control): State<Control<D>>,
    Json(storm): Json<Option<Storm>>,
) -> Done {
    control.set_storm(storm)?;
    done()
}

async fn clear_faults<D: Double>(State(control): State<Control<D>>) -> Done {
    control.clear_faults();
    done()
}

#[derive(Deserialize)]
struct Advance {
    advance_seconds: i64,
}

async fn now<D: Double>(State(control): State<Control<D>>) -> Done {
    Ok(Json(json!({"now": clock::iso(control.now())})))
}

async fn advance<D: Double>(
    State(control): State<Control<D>>,
    Json(advance): Json<Advance>,
) -> Done {
    control.advance_seconds(advance.advance_seconds)?;
    now(State(control)).await
}

/// `null` ends the throttle.
async fn throttle<D: Double>(
    State(control): State<Control<D>>,
    Json(limit): Json<Option<Throttle>>,
) -> Done {
    control.set_throttle(limit);
    done()
}

async fn log<D: Double>(State(control): State<Control<D>>) -> Done {
    Ok(Json(json!({"log": control.log()})))
}
