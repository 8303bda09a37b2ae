//! The API and its files: which call is which operation, and who answers it.

use axum::{
    Extension, Router,
    extract::{Request, State},
    response::Response,
};
use http::StatusCode;
use jiff::Timestamp;

use super::{
    acknowledge, cancel, catalogue_calls, dispatch, documents, operation::Operation, orders,
    packing, pages, refusal, return_calls, return_qc, token, wire::Call, world::World,
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
        call.identifier = token::identifier(self, call);
        call.goes_on = pages::goes_on(self.profile, call);
    }

    fn answer(&mut self, call: &Call, fault: Option<&Fault>) -> Reply {
        let Some(operation) = call.operation else {
            return refusal::not_found("call");
        };
        let answered = match operation {
            Operation::GetAuthToken => token::get_auth_token(self, call),
            Operation::PostAuthToken => token::post_auth_token(self, call),
            Operation::CountProducts => catalogue_calls::count_products(self, call),
            Operation::ListProducts => catalogue_calls::list_products(self, call, fault),
            Operation::UpdateInventory => catalogue_calls::update_inventory(self, call, fault),
            Operation::ListPendency => orders::list_pendency(self, call, fault),
            Operation::ListOrders => orders::list_orders(self, call, fault),
            Operation::AcknowledgeOrder | Operation::AcknowledgeOrderAlias => {
                acknowledge::acknowledge(self, call, fault)
            }
            Operation::CancelOrder => cancel::cancel(self, call, fault),
            Operation::GenerateB2bInvoice => packing::generate_invoice(self, call),
            Operation::UpdateB2bInvoice => packing::update_invoice(self, call),
            Operation::GetB2cInvoice => documents::get_b2c_invoice(self, call, fault),
            Operation::GetLabel => documents::get_label(self, call, fault),
            Operation::MarkReadyToDispatch => dispatch::mark_ready(self, call, fault),
            Operation::CreateManifest => dispatch::create_manifest(self, call, fault),
            Operation::GetManifest => documents::get_manifest(self, call, fault),
            Operation::ListReturns => return_calls::list_returns(self, call, fault),
            Operation::CreateRto => return_qc::create_rto(self, call),
            Operation::PerformQc => return_qc::perform_qc(self, call),
            Operation::GetReturnSalesInvoice => return_calls::get_rsi(self, call),
            Operation::PostCreditNote => return_calls::post_credit_note(self, call),
            Operation::GetFile => documents::get_file(self, call, fault),
        };
        answered.unwrap_or_else(|refusal| refusal)
    }

    fn status(operation: Option<Operation>, status: StatusCode) -> Reply {
        refusal::status(operation, status)
    }
}

/// Every path that is not the control API's.
pub(crate) fn api(shared: Shared<World>) -> Router {
    Router::new().fallback(serve).with_state(shared)
}

async fn serve(
    State(shared): State<Shared<World>>,
    Extension(hang_up): Extension<HangUp>,
    request: Request,
) -> Response {
    let operation = Operation::of(request.method(), request.uri().path());
    host::serve(shared, hang_up, Call::receive(request, operation).await).await
}
