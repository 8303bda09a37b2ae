//! Label jobs: a filter in, one PDF for all of it out.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    accept::{NEWEST_JOBS, progress},
    files,
    label_pdf::{self, LabelPage},
    life::Event,
    order::{Invoice, State},
    session::caller,
    wire::{Call, JobClose, JobRef, LabelRequest, SupplierRef},
    world::World,
};
use crate::{clock, host::Answer, log::count, reply::Reply};

const MOST_TRANSITIONS: usize = 1_996;
const POLLING_MILLISECONDS: u32 = 10_000;
/// The contract's text and the reassurance that was met on the panel.
const NOT_OPEN: &str = "labels are not open yet; no penalty, try again later";

#[derive(Debug)]
pub(crate) struct LabelJob {
    pub(crate) supplier_id: u64,
    request_id: String,
    started: Timestamp,
    sub_order_nums: Vec<String>,
    ended: Option<Ended>,
}

#[derive(Debug)]
struct Ended {
    labelled: Vec<String>,
    failed: bool,
    file: Option<Arc<LabelFile>>,
}

/// The document of a job: what stands on it is fixed when the job ends, drawn when it is fetched.
#[derive(Debug)]
pub(crate) struct LabelFile {
    pages: Vec<LabelPage>,
    drawn: OnceLock<Bytes>,
}

impl LabelFile {
    pub(crate) fn bytes(&self) -> Bytes {
        self.drawn
            .get_or_init(|| Bytes::from(label_pdf::draw(&self.pages)))
            .clone()
    }

    pub(crate) fn sub_order_nums(&self) -> impl Iterator<Item = &str> {
        self.pages.iter().map(|page| page.sub_order_num.as_str())
    }
}

impl LabelJob {
    /// Name of the job's file: `<supplier>-<milliseconds>.pdf`.
    pub(crate) fn object(&self) -> String {
        let number = self.request_id.rsplit('_').next().unwrap_or_default();
        format!("{}-{number}.pdf", self.supplier_id)
    }

    pub(crate) fn file(&self) -> Option<&Arc<LabelFile>> {
        self.ended.as_ref()?.file.as_ref()
    }
}

pub(crate) fn request(world: &mut World, call: &Call) -> Answer {
    let caller = caller(world, call)?;
    let request: LabelRequest = call.read()?;
    caller.must_be(
        request.supplier_details.id,
        &request.supplier_details.identifier,
    )?;
    caller.must_be(caller.supplier_id, &request.identifier)?;
    let keys = request.filter.grouping_keys;
    if request.requested_status != 101
        || !(1..=MOST_TRANSITIONS).contains(&request.max_transitions)
        || keys.as_ref().is_some_and(Vec::is_empty)
    {
        return Err(Reply::server_error());
    }
    let only_new = request
        .filter
        .label_downloaded
        .is_some_and(|wanted| !wanted.status);
    let sub_order_nums: Vec<String> = world
        .orders
        .iter()
        .filter(|order| order.supplier_id == caller.supplier_id)
        .filter(|order| order.state == State::ReadyToShip)
        .filter(|order| !(only_new && order.label_downloaded))
        .filter(|order| {
            keys.as_ref()
                .is_none_or(|keys| keys.contains(&order.grouping_key()))
        })
        .take(request.max_transitions)
        .map(|order| order.sub_order_num.clone())
        .collect();
    world.counters.label_jobs = world.counters.label_jobs.saturating_add(1);
    let seconds = Some(world.timings.label_job_seconds);
    let request_id = start(world, caller.supplier_id, sub_order_nums, seconds);
    Ok(Reply::json(json!({"request_id": request_id})))
}

/// Somebody presses the panel's own button: a job for every order without a label.
pub(crate) fn request_in_panel(
    world: &mut World,
    supplier_id: u64,
    seconds: Option<u32>,
) -> String {
    let without_label = world.orders.iter().filter(|order| {
        order.supplier_id == supplier_id
            && order.state == State::ReadyToShip
            && !order.label_downloaded
    });
    let numbers = without_label.map(|order| order.sub_order_num.clone());
    let numbers = numbers.collect();
    start(world, supplier_id, numbers, seconds)
}

fn start(
    world: &mut World,
    supplier_id: u64,
    sub_order_nums: Vec<String>,
    seconds: Option<u32>,
) -> String {
    let request_id = world.next_request_id(supplier_id);
    let job = world.label_jobs.len();
    world.label_jobs.push(LabelJob {
        supplier_id,
        request_id: request_id.clone(),
        started: world.now,
        sub_order_nums,
        ended: None,
    });
    if let Some(seconds) = seconds {
        let end = clock::later(world.now, i64::from(seconds));
        world.at(end, Event::LabelJobEnds { job });
    }
    request_id
}

/// Labels what is still there and open; fails only when there was something and none of it was.
pub(crate) fn end_job(world: &mut World, job: usize) {
    let Some((supplier_id, mut numbers)) = world
        .label_jobs
        .get(job)
        .map(|job| (job.supplier_id, job.sub_order_nums.clone()))
    else {
        return;
    };
    let asked = numbers.len();
    let delay = world.timings.label_delay_seconds;
    numbers.retain(|number| {
        let index = world.order_of(supplier_id, number);
        index
            .and_then(|index| world.orders.get(index))
            .is_some_and(|order| {
                let opens = order.label_opens_at(delay);
                order.state == State::ReadyToShip && opens.is_some_and(|opens| opens <= world.now)
            })
    });
    let failed = asked > 0 && numbers.is_empty();
    let left_out = world.supplier_mut(supplier_id).map_or(0, |supplier| {
        std::mem::take(&mut supplier.leave_out_of_next_label_job)
    });
    numbers.truncate(numbers.len().saturating_sub(left_out));

    let mut pages = Vec::new();
    for number in &numbers {
        let Some(index) = world.order_of(supplier_id, number) else {
            continue;
        };
        give_invoice(world, index);
        pages.extend(LabelPage::of(world, index));
        count(&mut world.counters.labels, number);
        world.after_label(index);
    }
    let file = (!pages.is_empty()).then(|| {
        Arc::new(LabelFile {
            pages,
            drawn: OnceLock::new(),
        })
    });
    if let Some(job) = world.label_jobs.get_mut(job) {
        job.ended = Some(Ended {
            labelled: numbers,
            failed,
            file,
        });
    }
}

/// Invoice number and date stay with the order, however often its label is made.
fn give_invoice(world: &mut World, index: usize) {
    let date = clock::day(world.now);
    let Some(order) = world
        .orders
        .get(index)
        .filter(|order| order.invoice.is_none())
    else {
        return;
    };
    let Some(supplier) = world.supplier_mut(order.supplier_id) else {
        return;
    };
    supplier.invoices = supplier.invoices.saturating_add(1);
    let number = format!("{}26{:06}", supplier.identifier, supplier.invoices);
    if let Some(order) = world.orders.get_mut(index) {
        order.invoice = Some(Invoice { number, date });
    }
}

pub(crate) fn history(world: &mut World, call: &Call) -> Answer {
    let caller = caller(world, call)?;
    let request: SupplierRef = call.read()?;
    caller.must_be(request.supplier_id, &request.identifier)?;
    let own = world
        .label_jobs
        .iter()
        .rev()
        .filter(|job| job.supplier_id == caller.supplier_id)
        .take(NEWEST_JOBS);
    let is_polling = own.clone().any(|job| job.ended.is_none());
    let jobs: Vec<Value> = own.map(|job| row(world, job)).collect();
    Ok(Reply::json(json!({
        "data": jobs,
        "is_polling": is_polling,
        "polling_time_ms": POLLING_MILLISECONDS,
    })))
}

fn row(world: &World, job: &LabelJob) -> Value {
    let length = i64::from(world.timings.label_job_seconds);
    let running = progress(job.started, world.now, length);
    let (status, message) = match &job.ended {
        None => ("VALIDATED_AND_DATA_FETCHED", "in progress"),
        Some(ended) if ended.failed => ("FAILED", "failed"),
        Some(_) => ("PROCESSED", "ready"),
    };
    let failed = job.ended.as_ref().is_some_and(|ended| ended.failed);
    json!({
        "request_id": job.request_id,
        "status": status,
        "status_message": message,
        "requested_at_msg": ago(clock::seconds_between(job.started, world.now)),
        "error_message": failed.then_some(NOT_OPEN),
        "success_suborder_count": job.ended.as_ref().map_or(0, |ended| ended.labelled.len()),
        "total_suborder_count": job.sub_order_nums.len(),
        "progress_percent": job.ended.as_ref().map_or(running, |_| 100),
        "label_url": job.file().map(|_| files::signed_address(world, &job.object())),
    })
}

fn ago(seconds: i64) -> String {
    match seconds.checked_div(60).unwrap_or(0) {
        0 => "just now".to_owned(),
        1 => "1 minute ago".to_owned(),
        minutes => format!("{minutes} minutes ago"),
    }
}

pub(crate) fn mark_downloaded(world: &mut World, call: &Call) -> Answer {
    let caller = caller(world, call)?;
    let request: JobRef = call.read()?;
    caller.must_be(request.supplier_id, &request.identifier)?;
    let Some(labelled) = find(world, caller.supplier_id, &request.request_id)
        .and_then(|job| job.ended.as_ref())
        .map(|ended| ended.labelled.clone())
    else {
        return Ok(Reply::json(json!({"success": false})));
    };
    for number in labelled {
        let index = world.order_of(caller.supplier_id, &number);
        if let Some(order) = index.and_then(|index| world.orders.get_mut(index)) {
            order.label_downloaded = true;
        }
    }
    Ok(Reply::json(json!({"success": true})))
}

pub(crate) fn close(world: &mut World, call: &Call) -> Answer {
    let caller = caller(world, call)?;
    let request: JobClose = call.read()?;
    caller.must_be(request.supplier_id, &request.identifier)?;
    if request.status != "POPUP_CLOSED" {
        return Err(Reply::server_error());
    }
    let known = find(world, caller.supplier_id, &request.request_id).is_some();
    Ok(Reply::json(json!({"success": known})))
}

fn find<'a>(world: &'a World, supplier_id: u64, request_id: &str) -> Option<&'a LabelJob> {
    let mut jobs = world.label_jobs.iter();
    jobs.find(|job| job.supplier_id == supplier_id && job.request_id == request_id)
}
