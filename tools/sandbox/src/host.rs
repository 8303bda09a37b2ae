//! A request in, the faults played, the double asked, an answer out.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{body::Body, response::Response};
use http::{StatusCode, header};
use jiff::Timestamp;
use tokio::sync::Notify;

use crate::{
    call::{Call, Operation},
    clock::{self, Clock},
    fault::{Fault, FaultKind},
    log::{LogEntry, Outcome, count},
    reply::{Content, Reply},
    server::HangUp,
    weather::Weather,
};

/// All that a marketplace's double remembers, and how it answers.
pub trait Double: Send + 'static {
    /// The operations of its contract.
    type Operation: Operation;

    /// Lives through everything due, so that whoever looks next sees the present.
    fn catch_up(&mut self);

    /// The instant being lived through.
    fn now(&self) -> Timestamp;

    /// Its clock.
    fn clock(&mut self) -> &mut Clock;

    /// What befalls its calls.
    fn weather(&mut self) -> &mut Weather;

    /// Says whose call it is and whether it asks for a later page.
    fn place(&self, call: &mut Call<Self::Operation>);

    /// What the marketplace answers; a refusal is an answer like any other.
    fn answer(&mut self, call: &Call<Self::Operation>, fault: Option<&Fault>) -> Reply;

    /// A status with the body that the contract shows for it.
    fn status(operation: Option<Self::Operation>, status: StatusCode) -> Reply;
}

/// A handler's result: both sides are answers, the right side one that ends the work early.
pub(crate) type Answer = Result<Reply, Reply>;

/// The one lock; held for the length of one call's work and never over an await.
pub(crate) struct Shared<D> {
    world: Arc<Mutex<D>>,
    hung: Arc<Notify>,
}

impl<D> Clone for Shared<D> {
    fn clone(&self) -> Self {
        Self {
            world: Arc::clone(&self.world),
            hung: Arc::clone(&self.hung),
        }
    }
}

/// A world holds passwords and sessions: it never shows itself.
impl<D> fmt::Debug for Shared<D> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Shared(..)")
    }
}

impl<D: Double> Shared<D> {
    pub(crate) fn new(world: D) -> Self {
        Self {
            world: Arc::new(Mutex::new(world)),
            hung: Arc::default(),
        }
    }

    /// The world at this instant, with everything lived through that was due.
    pub(crate) fn world(&self) -> MutexGuard<'_, D> {
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

/// Answers one call, or does not.
pub(crate) async fn serve<D: Double>(
    shared: Shared<D>,
    hang_up: HangUp,
    mut call: Call<D::Operation>,
) -> Response<Body> {
    let fault = {
        let mut world = shared.world();
        world.place(&mut call);
        world.weather().befalls(&call)
    };
    let kind = fault.as_ref().map(|fault| fault.kind);
    if kind == Some(FaultKind::Latency) {
        let wait = fault.as_ref().and_then(|fault| fault.milliseconds);
        tokio::time::sleep(Duration::from_millis(wait.unwrap_or(1_000))).await;
    }
    let reply = work(&mut *shared.world(), &call, fault.as_ref());
    match (kind, reply) {
        (Some(FaultKind::Hang | FaultKind::HangAfterCommit), _) => shared.never().await,
        (Some(FaultKind::LostResponse), _) | (_, None) => match hang_up.now().await {},
        (Some(FaultKind::TruncatedJson), Some(reply)) => {
            reply.cut_in_the_middle().into_response().await
        }
        (_, Some(reply)) => reply.into_response().await,
    }
}

/// The call counted, worked on if its fault lets it, and written down.
fn work<D: Double>(
    world: &mut D,
    call: &Call<D::Operation>,
    fault: Option<&Fault>,
) -> Option<Reply> {
    let kind = fault.map(|fault| fault.kind);
    if let Some(operation) = call.operation {
        let weather = world.weather();
        count(&mut weather.calls, operation.id());
        if kind == Some(FaultKind::LostResponse) {
            count(&mut weather.lost_answers, operation.id());
        }
    }
    let reply = match fault.and_then(|fault| instead_of_work::<D>(call.operation, fault)) {
        Some(reply) => Some(reply),
        None if is_dropped(kind) => None,
        None => Some(world.answer(call, fault)),
    };
    let outcome = match kind {
        Some(FaultKind::Hang | FaultKind::DropBeforeCommit) => Outcome::Dropped,
        Some(FaultKind::HangAfterCommit | FaultKind::LostResponse) => Outcome::DoneUnanswered,
        Some(_) | None => Outcome::Answered,
    };
    let entry = entry(world.now(), call, reply.as_ref(), outcome, kind);
    world.weather().record(entry);
    reply
}

fn is_dropped(kind: Option<FaultKind>) -> bool {
    matches!(kind, Some(FaultKind::Hang | FaultKind::DropBeforeCommit))
}

/// The answer of a fault that keeps the work from being done.
fn instead_of_work<D: Double>(operation: Option<D::Operation>, fault: &Fault) -> Option<Reply> {
    match fault.kind {
        FaultKind::Status => {
            let status = fault
                .status
                .and_then(|code| StatusCode::from_u16(code).ok());
            let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let reply = D::status(operation, status);
            Some(match fault.retry_after_seconds {
                Some(seconds) => reply.retry_after(i64::from(seconds)),
                None => reply,
            })
        }
        FaultKind::HtmlInsteadOfJson => Some(Reply::page()),
        FaultKind::EdgeBlock => Some(Reply::edge_block()),
        FaultKind::MalformedBody => Some(D::status(operation, StatusCode::INTERNAL_SERVER_ERROR)),
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
        | FaultKind::FailedItem
        | FaultKind::WrongContentType => None,
    }
}

fn entry<O: Operation>(
    now: Timestamp,
    call: &Call<O>,
    reply: Option<&Reply>,
    outcome: Outcome,
    fault: Option<FaultKind>,
) -> LogEntry {
    let status = reply.map(|reply| reply.status.as_u16());
    LogEntry {
        at: clock::iso(now),
        operation: call.operation.map_or("", Operation::id).to_owned(),
        method: call.method.to_string(),
        path: call.path.clone(),
        identifier: call.identifier.clone().unwrap_or_default(),
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
