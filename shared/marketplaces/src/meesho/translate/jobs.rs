//! The panel's jobs.

use std::time::Duration;

use haat_domain::Secret;
use haat_ports::{Job, JobId, JobState, LabelJob, LabelJobs};
use serde_json::value::RawValue;

use crate::fields::filled;
use crate::http::repeatable;
use crate::meesho::profile::Profile;
use crate::meesho::wire::{AcceptHistory, AcceptJob, JobStarted, LabelHistory, LabelJobRow, Rows};
use crate::rows::row;

/// The wait between two looks is what the panel asks for, between these two.
const SHORTEST_LOOK: Duration = Duration::from_secs(1);
const LONGEST_LOOK: Duration = Duration::from_secs(600);
/// No key of a job that was seen is longer than a tenth of this.
pub(in crate::meesho) const MAX_JOB_ID_BYTES: usize = 1024;

/// The accept jobs, in the panel's order; or which field of the answer cannot be read.
pub(in crate::meesho) fn accept_jobs(history: AcceptHistory) -> Result<Vec<Job>, String> {
    let Rows(rows) = history.data;
    rows.iter().map(|raw| accept_job(raw)).collect()
}

fn accept_job(raw: &RawValue) -> Result<Job, String> {
    match row::<AcceptJob>(raw) {
        Ok(job) => Ok(Job {
            state: accept_state(&job),
            id: JobId(job.request_id),
        }),
        Err(reason) => running(raw, reason),
    }
}

/// The counter alone does not name the orders that moved, so a job that did a part counts as
/// finished: the tabs tell the rest.
fn accept_state(job: &AcceptJob) -> JobState {
    let said = filled(job.error_message.clone()).map(|text| repeatable(&text, &[]));
    match said {
        _ if job.progress_percent < 100.0 => JobState::Running,
        Some(said) if job.processed_orders_count.unwrap_or(0) == 0 => JobState::Failed { said },
        Some(_) | None => JobState::Finished,
    }
}

/// The label jobs, in the panel's order; or which field of the answer cannot be read.
pub(in crate::meesho) fn label_jobs(
    profile: &Profile,
    history: LabelHistory,
) -> Result<LabelJobs, String> {
    let Rows(rows) = history.data;
    let jobs: Result<_, String> = rows.iter().map(|raw| label_job(raw)).collect();
    let ours = Duration::from_secs(profile.label_poll_seconds.into());
    let look_again = history.polling_time_ms.map_or(ours, Duration::from_millis);
    Ok(LabelJobs {
        jobs: jobs?,
        look_again: look_again.clamp(SHORTEST_LOOK, LONGEST_LOOK),
    })
}

fn label_job(raw: &RawValue) -> Result<LabelJob, String> {
    let row: LabelJobRow = match row(raw) {
        Ok(row) => row,
        Err(reason) => {
            return Ok(LabelJob {
                job: running(raw, reason)?,
                labels: None,
                file: None,
            });
        }
    };
    let state = match row.status.as_str() {
        "PROCESSED" => JobState::Finished,
        "FAILED" | "ERROR" => JobState::Failed {
            said: filled(row.error_message)
                .or(filled(row.status_message))
                .map_or(row.status, |text| repeatable(&text, &[])),
        },
        "VALIDATED_AND_DATA_FETCHED" => JobState::Running,
        // The contract: any other word counts as running until the wait is over.
        _ => JobState::Running,
    };
    let finished = state == JobState::Finished;
    Ok(LabelJob {
        job: Job {
            id: JobId(row.request_id),
            state,
        },
        labels: row.success_suborder_count,
        file: filled(row.label_url).filter(|_| finished).map(Secret::new),
    })
}

/// A job of which no more than its key can be read counts as running, like one in a word that
/// we do not know: no old row may hide the jobs beside it.
fn running(raw: &RawValue, reason: String) -> Result<Job, String> {
    let started: JobStarted = serde_json::from_str(raw.get()).map_err(|_| reason.clone())?;
    // It is written down with the work that waits for it.
    if started.request_id.len() > MAX_JOB_ID_BYTES {
        return Err(reason);
    }
    tracing::warn!(job = started.request_id, reason, "meesho: unreadable job");
    Ok(Job {
        id: JobId(started.request_id),
        state: JobState::Running,
    })
}
