//! Both hosts: a request in, the faults played, the world asked, an answer out.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    response::Response,
};
use http::{Method, StatusCode, header};
use tokio::sync::Notify;

use crate::{
    accept, clock,
    counters::{LogEntry, Outcome, count},
    details,
    fault::{self, Fault, FaultKind},
    files, labels, lists, login,
    operation::Operation,
    reply::{Content, Reply},
    server::HangUp,
    suppliers,
    wire::Call,
    world::World,
};

/// More than the largest accept request of the contract needs.
const LARGEST_BODY: usize = 4 << 20;

/// The one lock; held for the length of one call's work and never over an await.
#[derive(Clone)]
pub(crate) struct Shared {
    world: Arc<Mutex<World>>,
    hung: Arc<Notify>,
}

/// A world holds passwords and sessions: it never shows itself.
impl fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Shared(..)")
    }
}

impl Shared {
    pub(crate) fn new(world: World) -> Self {
        Self {
            world: Arc::new(Mutex::new(world)),
            hung: Arc::default(),
        }
    }

    /// The world at this instant, with everything lived through that was due.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.catch_up();
        world
    }

    /// Ends when a call hangs.
    pub(crate) async fn hung(&self) {
        self.hung.notified().await;
    }

    async fn never(&self) -> Response {
        self.hung.notify_one();
        std::future::pending().await
    }
}

/// The panel: every path that is not the control API's.
pub(crate) fn panel(shared: Shared) -> Router {
    Router::new().fallback(serve_panel).with_state(shared)
}

/// The file host: label files by signed address.
pub(crate) fn file_host(shared: Shared) -> Router {
    Router::new().fallback(serve_files).with_state(shared)
}

async fn serve_panel(
    State(shared): State<Shared>,
    Extension(hang_up): Extension<HangUp>,
    request: Request,
) -> Response {
    let by_post = request.method() == Method::POST;
    let operation = Operation::from_path(request.uri().path()).filter(|_| by_post);
    serve(shared, hang_up, read(request, operation).await).await
}

async fn serve_files(
    State(shared): State<Shared>,
    Extension(hang_up): Extension<HangUp>,
    request: Request,
) -> Response {
    let asks_for_labels = files::object_of(request.uri().path()).is_some();
    if !asks_for_labels || request.method() != Method::GET {
        return files::nothing_here().into_response().await;
    }
    let call = read(request, Some(Operation::GetLabelFile)).await;
    serve(shared, hang_up, call).await
}

async fn read(request: Request, operation: Option<Operation>) -> Call {
    let (parts, body) = request.into_parts();
    Call {
        operation,
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        // A body that breaks off or is too large is one that cannot be read: empty is no JSON.
        body: to_bytes(body, LARGEST_BODY).await.unwrap_or_default(),
    }
}

async fn serve(shared: Shared, hang_up: HangUp, call: Call) -> Response<Body> {
    let fault = {
        let world = &mut *shared.world();
        fault::take(&mut world.faults, &call).or_else(|| world.storm.as_mut()?.befalls(&call))
    };
    let kind = fault.as_ref().map(|fault| fault.kind);
    if kind == Some(FaultKind::Latency) {
        let wait = fault.as_ref().and_then(|fault| fault.milliseconds);
        tokio::time::sleep(Duration::from_millis(wait.unwrap_or(1_000))).await;
    }
    let reply = {
        let mut world = shared.world();
        if let Some(operation) = call.operation {
            count(&mut world.counters.calls, operation.id());
            if kind == Some(FaultKind::LostResponse) {
                count(&mut world.counters.lost_answers, operation.id());
            }
        }
        let reply = match fault.as_ref().and_then(instead_of_work) {
            Some(reply) => Some(reply),
            None if is_dropped(kind) => None,
            None => Some(answer(&mut world, &call, fault.as_ref())),
        };
        let outcome = match kind {
            Some(FaultKind::Hang | FaultKind::DropBeforeCommit) => Outcome::Dropped,
            Some(FaultKind::HangAfterCommit | FaultKind::LostResponse) => Outcome::DoneUnanswered,
            Some(_) | None => Outcome::Answered,
        };
        let entry = entry(&world, &call, reply.as_ref(), outcome, kind);
        world.record(entry);
        reply
    };
    match (kind, reply) {
        (Some(FaultKind::Hang | FaultKind::HangAfterCommit), _) => shared.never().await,
        (Some(FaultKind::LostResponse), _) | (_, None) => match hang_up.now().await {},
        (Some(FaultKind::TruncatedJson), Some(reply)) => {
            reply.cut_in_the_middle().into_response().await
        }
        (_, Some(reply)) => reply.into_response().await,
    }
}

fn is_dropped(kind: Option<FaultKind>) -> bool {
    matches!(kind, Some(FaultKind::Hang | FaultKind::DropBeforeCommit))
}

/// The answer of a fault that keeps the work from being done.
fn instead_of_work(fault: &Fault) -> Option<Reply> {
    match fault.kind {
        FaultKind::Status => {
            let status = fault
                .status
                .and_then(|code| StatusCode::from_u16(code).ok());
            let reply = Reply::status(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
            Some(match fault.retry_after_seconds {
                Some(seconds) => reply.retry_after(i64::from(seconds)),
                None => reply,
            })
        }
        FaultKind::HtmlInsteadOfJson => Some(Reply::panel_page()),
        FaultKind::EdgeBlock => Some(Reply::edge_block()),
        FaultKind::MalformedBody => Some(Reply::server_error()),
        FaultKind::TooLarge => Some(Reply::of(
            StatusCode::OK,
            Content::Endless(fault.megabytes.unwrap_or(512)),
        )),
        FaultKind::Redirect => {
            let elsewhere = "http://files.example.test/labels.pdf".to_owned();
            let location = fault.location.clone().unwrap_or(elsewhere);
            Some(Reply::of(StatusCode::FOUND, Content::Html("")).with(header::LOCATION, location))
        }
        FaultKind::Hang
        | FaultKind::HangAfterCommit
        | FaultKind::LostResponse
        | FaultKind::DropBeforeCommit
        | FaultKind::Latency
        | FaultKind::TruncatedJson
        | FaultKind::RepeatPage
        | FaultKind::PageShift
        | FaultKind::DuplicateRow
        | FaultKind::MalformedRow
        | FaultKind::UnknownWord
        | FaultKind::WrongContentType => None,
    }
}

/// What the panel answers; an error is an answer like any other.
fn answer(world: &mut World, call: &Call, fault: Option<&Fault>) -> Reply {
    let Some(operation) = call.operation else {
        return unknown_path(&call.method);
    };
    let answered = match operation {
        Operation::Login => login::login(world, call),
        Operation::VerifyLoginOtp => login::verify_otp(world, call),
        Operation::Logout => login::logout(world, call),
        Operation::PrefetchSupplyData => suppliers::prefetch_supply_data(world, call),
        Operation::FetchRegistrationStatus => suppliers::fetch_registration_status(world, call),
        Operation::GetSupplierDetails => suppliers::get_supplier_details(world, call),
        Operation::ListOrders => lists::list_orders(world, call, fault),
        Operation::FetchOrderDetails => details::fetch_order_details(world, call, fault),
        Operation::ReqPendingOrders => accept::request(world, call),
        Operation::FetchPendingOrdersHistory => accept::history(world, call),
        Operation::UpdatePendingOrderStatus => accept::close(world, call),
        Operation::ReqDownloadLabelV2 => labels::request(world, call),
        Operation::FetchLabelDownloadHistory => labels::history(world, call),
        Operation::UpdateGroupDownloadBackendFlag => labels::mark_downloaded(world, call),
        Operation::UpdateLabelDownloadStatus => labels::close(world, call),
        Operation::GetLabelFile => files::get_label_file(world, call, fault),
    };
    answered.unwrap_or_else(|refusal| refusal)
}

/// The panel shows its page for any GET it does not know.
fn unknown_path(method: &Method) -> Reply {
    if method == Method::GET {
        return Reply::panel_page();
    }
    Reply {
        status: StatusCode::NOT_FOUND,
        ..Reply::panel_page()
    }
}

fn entry(
    world: &World,
    call: &Call,
    reply: Option<&Reply>,
    outcome: Outcome,
    fault: Option<FaultKind>,
) -> LogEntry {
    let status = reply.map(|reply| reply.status.as_u16());
    LogEntry {
        at: clock::iso(world.now),
        operation: call.operation.map_or("", Operation::id).to_owned(),
        method: call.method.to_string(),
        path: call.path.clone(),
        identifier: call.identifier().unwrap_or_default(),
        status: status.filter(|_| outcome == Outcome::Answered),
        outcome,
        fault: fault.map(|kind| {
            serde_json::to_value(kind)
                .ok()
                .and_then(|word| word.as_str().map(str::to_owned))
                .unwrap_or_default()
        }),
    }
}

/// A handler's result: both sides are answers, the right side one that ends the work early.
pub(crate) type Answer = Result<Reply, Reply>;
