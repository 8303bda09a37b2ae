//! Jobs parsed. Expected values are worked out by hand from the contract.

use std::time::Duration;

use haat_ports::{ErrorKind, Job, JobId, JobState, LabelJob, LabelJobs};

use crate::requests::fixture;
use crate::scripted::{Panel, Reply, by_job};

async fn accept_jobs(answer: &str) -> Vec<Job> {
    let panel = Panel::answering([Reply::json(200, answer)]).await;
    let (line, _) = panel.line();
    by_job(&*line).accept_jobs().await.unwrap()
}

#[tokio::test]
async fn accept_jobs_run_finish_or_fail() {
    let states: Vec<_> = accept_jobs(
        r#"{"data": [
            {"request_id": "a", "progress_percent": 99.5, "error_message": "slow"},
            {"request_id": "b", "progress_percent": 100, "processed_orders_count": 0},
            {"request_id": "c", "progress_percent": 100, "processed_orders_count": 2, "error_message": "one was cancelled"},
            {"request_id": "d", "progress_percent": 100, "processed_orders_count": 0, "error_message": "none may be accepted"},
            {"request_id": "e", "progress_percent": "?"}
        ]}"#,
    )
    .await
    .into_iter()
    .map(|job| (job.id.0, job.state))
    .collect();
    let said = "none may be accepted".to_owned();
    let expected = [
        ("a", JobState::Running),
        ("b", JobState::Finished),
        ("c", JobState::Finished),
        ("d", JobState::Failed { said }),
        ("e", JobState::Running),
    ];
    assert_eq!(states, expected.map(|(id, state)| (id.to_owned(), state)));
    assert_eq!(
        accept_jobs(fixture!("fetchPendingOrdersHistory.answer")).await[0].state,
        JobState::Finished
    );
}

async fn label_jobs(answer: &str) -> LabelJobs {
    let panel = Panel::answering([Reply::json(200, answer)]).await;
    let (line, _) = panel.line();
    by_job(&*line).label_jobs().await.unwrap()
}

#[tokio::test]
async fn label_jobs_run_finish_or_fail() {
    let id = JobId("4100001_ab1cd_1766400100000".to_owned());
    let job = |state| Job {
        id: id.clone(),
        state,
    };

    let running = label_jobs(fixture!("fetchLabelDownloadHistory.answer.running")).await;
    assert_eq!(
        running.jobs,
        [LabelJob {
            job: job(JobState::Running),
            labels: Some(0),
            file: None
        }]
    );
    assert_eq!(running.look_again, Duration::from_secs(10));

    let done = label_jobs(fixture!("fetchLabelDownloadHistory.answer.done")).await;
    assert_eq!(
        (&done.jobs[0].job, done.jobs[0].labels),
        (&job(JobState::Finished), Some(12))
    );
    assert!(
        done.jobs[0]
            .file
            .as_ref()
            .unwrap()
            .expose()
            .ends_with("signature=sandbox")
    );
    assert!(!format!("{done:?}").contains("signature"));

    let failed = label_jobs(fixture!("fetchLabelDownloadHistory.answer.failed")).await;
    let said = "labels are not open yet".to_owned();
    assert_eq!(
        failed.jobs,
        [LabelJob {
            job: job(JobState::Failed { said }),
            labels: Some(0),
            file: None
        }]
    );
}

#[tokio::test]
async fn a_label_job_in_an_unknown_word_runs_and_gives_no_file() {
    let jobs = label_jobs(
        r#"{"data": [{"request_id": "x", "status": "NEARLY", "label_url": "https://f.test/x"},
                     {"request_id": "y"}], "polling_time_ms": 99999999999}"#,
    )
    .await;
    for job in &jobs.jobs {
        assert_eq!((&job.job.state, &job.file), (&JobState::Running, &None));
    }
    assert_eq!(jobs.look_again, Duration::from_secs(600));
}

#[tokio::test]
async fn a_started_job_is_known_by_its_request() {
    let panel = Panel::answering([
        Reply::json(200, fixture!("reqPendingOrders.answer")),
        Reply::json(200, fixture!("reqDownloadLabelV2.answer")),
    ])
    .await;
    let (line, _) = panel.line();
    let shipping = by_job(&*line);
    let accepted = shipping
        .accept(&["299000000000000001_1".parse().unwrap()])
        .await
        .unwrap();
    assert_eq!(accepted, JobId("4100001_ab1cd_1766400000000".to_owned()));
    let labels = shipping.request_labels().await.unwrap();
    assert_eq!(labels, JobId("4100001_ab1cd_1766400100000".to_owned()));
    let nobody = shipping.accept(&[]).await.unwrap_err();
    assert_eq!(nobody.kind, ErrorKind::Rejected);
    assert_eq!(shipping.accept_takes(), Duration::from_secs(5));
    assert_eq!(panel.asked().len(), 2);
}
