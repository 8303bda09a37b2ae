//! Everything that shipping reads: jobs, the answers that start them, and label files.

use std::time::Duration;

use haat_domain::OrderNumber;
use haat_ports::{ErrorKind, Job, JobId, JobState, LabelJob, MarketplaceError, Shipping};

use crate::panel::{OF_A_CALL, Panel, assert_silent, with_panel};

pub(crate) fn jobs(bytes: &[u8]) {
    with_panel(bytes, async |panel: &Panel| {
        let line = panel.line();
        let Some(Shipping::ByJob(shipping)) = line.shipping() else {
            panic!("the panel ships by jobs");
        };
        match shipping.label_jobs().await {
            Err(error) => assert_silent(&error, &OF_A_CALL),
            Ok(found) => {
                let longest = Duration::from_secs(600);
                assert!((Duration::from_secs(1)..=longest).contains(&found.look_again));
                for job in &found.jobs {
                    let finished = job.job.state == JobState::Finished;
                    assert!(job.file.is_none() || finished, "a file before its time");
                    assert_address_kept(job);
                    if let Err(error) = shipping.label_file(job).await {
                        assert_hides_address(&error, job);
                    }
                }
            }
        }
        if let Err(error) = shipping.accept_jobs().await {
            assert_silent(&error, &OF_A_CALL);
        }
        let number: OrderNumber = "299000000000000001_1".parse().unwrap();
        started(shipping.accept(&[number]).await);
        started(shipping.request_labels().await);
        let id = JobId("job-1".to_owned());
        if let Err(error) = shipping.labels_stored(&id).await {
            assert_silent(&error, &OF_A_CALL);
        }
        let job = LabelJob {
            job: Job {
                id,
                state: JobState::Finished,
            },
            labels: None,
            file: Some(panel.file()),
        };
        match shipping.label_file(&job).await {
            Ok(pdf) => assert!(pdf.starts_with(b"%PDF-"), "no PDF"),
            Err(error) => assert_silent(&error, &OF_A_CALL),
        }
    });
}

/// Whoever started something and does not know whether it runs must not hear "no".
fn started(answer: Result<JobId, MarketplaceError>) {
    match answer {
        Ok(id) => assert!(!id.0.is_empty(), "a job without a name"),
        Err(error) => {
            assert_silent(&error, &OF_A_CALL);
            let code = error.code.as_deref().unwrap_or_default();
            let came_through = code.is_empty() || code.starts_with('5');
            let lost = matches!(error.kind, ErrorKind::Unavailable | ErrorKind::Malformed);
            assert!(
                !(came_through && lost),
                "a start that was taken is {error:?}"
            );
        }
    }
}

fn assert_address_kept(job: &LabelJob) {
    if let Some(file) = job.file.as_ref().filter(|file| file.expose().len() > 12) {
        assert!(
            !format!("{job:?}").contains(file.expose()),
            "a signed address is shown"
        );
    }
}

fn assert_hides_address(error: &MarketplaceError, job: &LabelJob) {
    assert_silent(error, &OF_A_CALL);
    let address = job.file.as_ref().map_or("", |file| file.expose());
    let told = format!("{error} {error:?}");
    let key = address.split_once('?').map_or("", |(_, key)| key);
    assert!(
        key.len() < 12 || !told.contains(key),
        "an error repeats a signature"
    );
}
