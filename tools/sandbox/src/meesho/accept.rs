//! Accept jobs.

use jiff::Timestamp;
use serde_json::json;

use super::{
    life::Event,
    order::State,
    session::caller,
    wire::{AcceptRequest, Call, JobClose, SupplierRef},
    world::World,
};
use crate::{clock, host::Answer, reply::Reply};

const MOST_TRANSITIONS: usize = 2_000;
/// How far back a history goes, here and for label jobs (assumed).
pub(crate) const NEWEST_JOBS: usize = 100;

#[derive(Debug)]
pub(crate) struct AcceptJob {
    supplier_id: u64,
    request_id: String,
    started: Timestamp,
    sub_order_nums: Vec<String>,
    /// How many of them stand accepted; `None` while the job runs.
    processed: Option<usize>,
}

pub(crate) fn request(world: &mut World, call: &Call) -> Answer {
    let caller = caller(world, call)?;
    let request: AcceptRequest = call.read()?;
    caller.must_be(
        request.supplier_details.id,
        &request.supplier_details.identifier,
    )?;
    let readable = request.current_status == 1
        && request.requested_status == 3
        && (1..=MOST_TRANSITIONS).contains(&request.max_transitions)
        && (1..=MOST_TRANSITIONS).contains(&request.groups.len())
        && request.groups.iter().all(|group| {
            group.shipment_type == "forward" && group.sub_order_ids.contains(&group.grouping_key)
        });
    if !readable {
        return Err(Reply::server_error());
    }
    let sub_order_nums: Vec<String> = request
        .groups
        .iter()
        .take(request.max_transitions)
        .filter_map(|group| group.grouping_key.strip_suffix("_FORWARD"))
        .map(str::to_owned)
        .collect();
    for number in &sub_order_nums {
        let count = world.counters.accepts.entry(number.clone()).or_default();
        count.requests = count.requests.saturating_add(1);
    }
    world.counters.accept_jobs = world.counters.accept_jobs.saturating_add(1);
    let request_id = world.next_request_id(caller.supplier_id);
    let job = world.accept_jobs.len();
    world.accept_jobs.push(AcceptJob {
        supplier_id: caller.supplier_id,
        request_id: request_id.clone(),
        started: world.now,
        sub_order_nums,
        processed: None,
    });
    let seconds = i64::from(world.timings.accept_job_seconds);
    world.at(
        clock::later(world.now, seconds),
        Event::AcceptJobEnds { job },
    );
    Ok(Reply::json(json!({"request_id": request_id})))
}

/// Accepting what is accepted changes nothing and counts; held, cancelled and unknown do not count.
pub(crate) fn end_job(world: &mut World, job: usize) {
    let Some((supplier_id, numbers)) = world
        .accept_jobs
        .get(job)
        .map(|job| (job.supplier_id, job.sub_order_nums.clone()))
    else {
        return;
    };
    let mut processed = 0_usize;
    for number in numbers {
        let index = world.order_of(supplier_id, &number);
        let order = index.and_then(|index| Some((index, world.orders.get(index)?.state)));
        match order {
            Some((index, State::Pending)) => {
                world.enter(index, State::ReadyToShip);
                let count = world.counters.accepts.entry(number).or_default();
                count.transitions = count.transitions.saturating_add(1);
                processed = processed.saturating_add(1);
            }
            Some((_, state)) if state.is_past_accept() => processed = processed.saturating_add(1),
            Some(_) | None => {}
        }
    }
    if let Some(job) = world.accept_jobs.get_mut(job) {
        job.processed = Some(processed);
    }
}

pub(crate) fn history(world: &mut World, call: &Call) -> Answer {
    let caller = caller(world, call)?;
    let request: SupplierRef = call.read()?;
    caller.must_be(request.supplier_id, &request.identifier)?;
    let length = i64::from(world.timings.accept_job_seconds);
    let jobs: Vec<_> = world
        .accept_jobs
        .iter()
        .rev()
        .filter(|job| job.supplier_id == caller.supplier_id)
        .take(NEWEST_JOBS)
        .map(|job| {
            let running = progress(job.started, world.now, length);
            json!({
                "request_id": job.request_id,
                "progress_percent": job.processed.map_or(running, |_| 100),
                "processed_orders_count": job.processed.unwrap_or(0),
                "total_orders_count": job.sub_order_nums.len(),
                "error_message": null,
            })
        })
        .collect();
    Ok(Reply::json(json!({"data": jobs})))
}

/// Per cent of a running job: never 100.
pub(crate) fn progress(started: Timestamp, now: Timestamp, length_seconds: i64) -> i64 {
    clock::seconds_between(started, now)
        .saturating_mul(100)
        .checked_div(length_seconds)
        .unwrap_or(0)
        .clamp(0, 99)
}

pub(crate) fn close(world: &mut World, call: &Call) -> Answer {
    let caller = caller(world, call)?;
    let request: JobClose = call.read()?;
    caller.must_be(request.supplier_id, &request.identifier)?;
    if request.status != "POPUP_CLOSED" {
        return Err(Reply::server_error());
    }
    let known = world
        .accept_jobs
        .iter()
        .any(|job| job.supplier_id == caller.supplier_id && job.request_id == request.request_id);
    Ok(Reply::json(json!({"success": known})))
}
