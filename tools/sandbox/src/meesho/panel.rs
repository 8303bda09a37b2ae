//! The panel and its file host: which call is which operation, and who answers it.

use axum::{
    Extension, Router,
    body::Body,
    extract::{Request, State},
    response::Response,
};
use http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::Value;

use super::{
    accept, details, files, labels, lists, login, operation::Operation, suppliers, wire::Call,
    world::World,
};
use crate::{
    clock::Clock,
    fault::Fault,
    host::{self, Double, Shared},
    reply::Reply,
    server::HangUp,
    weather::Weather,
};

impl Double for World {
    type Operation = Operation;

    fn catch_up(&mut self) {
        self.live_until_now();
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn clock(&mut self) -> &mut Clock {
        &mut self.clock
    }

    fn weather(&mut self) -> &mut Weather {
        &mut self.weather
    }

    fn place(&self, call: &mut Call) {
        call.identifier = call.header("identifier").map(str::to_owned);
        call.goes_on = serde_json::from_slice::<Value>(&call.body)
            .is_ok_and(|body| body.get("cursor").is_some_and(Value::is_string));
    }

    fn answer(&mut self, call: &Call, fault: Option<&Fault>) -> Reply {
        let Some(operation) = call.operation else {
            return unknown_path(&call.method);
        };
        let answered = match operation {
            Operation::Login => login::login(self, call),
            Operation::VerifyLoginOtp => login::verify_otp(self, call),
            Operation::Logout => login::logout(self, call),
            Operation::PrefetchSupplyData => suppliers::prefetch_supply_data(self, call),
            Operation::FetchRegistrationStatus => suppliers::fetch_registration_status(self, call),
            Operation::GetSupplierDetails => suppliers::get_supplier_details(self, call),
            Operation::ListOrders => lists::list_orders(self, call, fault),
            Operation::FetchOrderDetails => details::fetch_order_details(self, call, fault),
            Operation::ReqPendingOrders => accept::request(self, call),
            Operation::FetchPendingOrdersHistory => accept::history(self, call),
            Operation::UpdatePendingOrderStatus => accept::close(self, call),
            Operation::ReqDownloadLabelV2 => labels::request(self, call),
            Operation::FetchLabelDownloadHistory => labels::history(self, call),
            Operation::UpdateGroupDownloadBackendFlag => labels::mark_downloaded(self, call),
            Operation::UpdateLabelDownloadStatus => labels::close(self, call),
            Operation::GetLabelFile => files::get_label_file(self, call, fault),
        };
        answered.unwrap_or_else(|refusal| refusal)
    }

    fn status(_: Option<Operation>, status: StatusCode) -> Reply {
        Reply::status(status)
    }
}

/// The panel: every path that is not the control API's.
pub(crate) fn panel(shared: Shared<World>) -> Router {
    Router::new().fallback(serve_panel).with_state(shared)
}

/// The file host: label files by signed address.
pub(crate) fn file_host(shared: Shared<World>) -> Router {
    Router::new().fallback(serve_files).with_state(shared)
}

async fn serve_panel(
    State(shared): State<Shared<World>>,
    Extension(hang_up): Extension<HangUp>,
    request: Request,
) -> Response {
    let by_post = request.method() == Method::POST;
    let operation = Operation::from_path(request.uri().path()).filter(|_| by_post);
    host::serve(shared, hang_up, Call::receive(request, operation).await).await
}

async fn serve_files(
    State(shared): State<Shared<World>>,
    Extension(hang_up): Extension<HangUp>,
    request: Request,
) -> Response<Body> {
    let asks_for_labels = files::object_of(request.uri().path()).is_some();
    if !asks_for_labels || request.method() != Method::GET {
        return files::nothing_here().into_response().await;
    }
    let call = Call::receive(request, Some(Operation::GetLabelFile)).await;
    host::serve(shared, hang_up, call).await
}

/// The panel shows its page for any GET it does not know.
fn unknown_path(method: &Method) -> Reply {
    if method == Method::GET {
        return Reply::page();
    }
    Reply {
        status: StatusCode::NOT_FOUND,
        ..Reply::page()
    }
}
