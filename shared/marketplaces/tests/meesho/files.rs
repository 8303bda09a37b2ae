//! Fetching the PDF of a label job.

use haat_domain::Secret;
use haat_ports::{ErrorKind, Job, JobId, JobState, LabelJob, MarketplaceError};

use crate::scripted::{Panel, Reply, by_job, line};

const PDF: &str = "%PDF-1.7 and so on";

fn job(address: &str) -> LabelJob {
    LabelJob {
        job: Job {
            id: JobId("4100001_ab1cd_1".to_owned()),
            state: JobState::Finished,
        },
        labels: Some(1),
        file: Some(Secret::new(address)),
    }
}

async fn fetch(panel: &Panel, address: &str) -> Result<Vec<u8>, MarketplaceError> {
    let (line, _) = line(&*panel.marketplace_with(Some(r#"{"max_label_file_bytes": 1000}"#)));
    let file = by_job(&*line).label_file(&job(address)).await;
    if let Err(error) = &file {
        let shown = format!("{error} {error:?} {:?}", job(address));
        assert!(
            !shown.contains("signature") && !shown.contains("label-files"),
            "{shown}"
        );
    }
    file
}

async fn answered(reply: Reply) -> Result<Vec<u8>, MarketplaceError> {
    let panel = Panel::answering([reply]).await;
    let address = format!(
        "http://{}/label-files/1.pdf?signature=secret",
        panel.address
    );
    let file = fetch(&panel, &address).await;
    let asked = panel.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0].call(),
        ("GET", "/label-files/1.pdf?signature=secret")
    );
    for ours in ["cookie", "identifier", "client-type"] {
        assert!(
            !asked[0].headers.contains_key(ours),
            "{ours} was sent to the file host"
        );
    }
    file
}

#[tokio::test]
async fn a_pdf_from_an_allowed_host_is_fetched_without_the_session() {
    assert_eq!(
        answered(Reply::of(200, "application/pdf", PDF))
            .await
            .unwrap(),
        PDF.as_bytes()
    );
}

#[tokio::test]
async fn what_is_no_pdf_of_the_right_size_is_refused() {
    let large = format!("%PDF-{}", "x".repeat(996));
    for (reply, kind) in [
        (
            Reply::of(200, "application/octet-stream", PDF),
            ErrorKind::Malformed,
        ),
        (Reply::html(200), ErrorKind::Malformed),
        (
            Reply::of(200, "application/pdf", "<html>"),
            ErrorKind::Malformed,
        ),
        (Reply::of(200, "application/pdf", ""), ErrorKind::Malformed),
        (
            Reply::of(200, "application/pdf", large),
            ErrorKind::Malformed,
        ),
        (Reply::of(206, "application/pdf", PDF), ErrorKind::Malformed),
        (
            Reply::of(302, "application/pdf", PDF).with("location", "https://evil.test/"),
            ErrorKind::Malformed,
        ),
        (
            Reply::of(403, "application/xml", "<Error/>"),
            ErrorKind::NotFound,
        ),
        (
            Reply::of(404, "application/xml", "<Error/>"),
            ErrorKind::NotFound,
        ),
        (
            Reply::of(429, "application/xml", "<Error/>"),
            ErrorKind::RateLimited,
        ),
        (
            Reply::of(500, "application/xml", "<Error/>"),
            ErrorKind::Unavailable,
        ),
    ] {
        let error = answered(reply).await.unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
    }
}

#[tokio::test]
async fn the_largest_allowed_file_is_taken() {
    let largest = format!("%PDF-{}", "x".repeat(995));
    assert_eq!(
        answered(Reply::of(200, "application/pdf", largest))
            .await
            .unwrap()
            .len(),
        1000
    );
}

#[tokio::test]
async fn an_address_on_another_host_is_never_called() {
    let panel = Panel::answering([]).await;
    let port = panel.address.rsplit(':').next().unwrap();
    for address in [
        format!("http://localhost:{port}/label-files/1.pdf?signature=secret"),
        format!(
            "http://{}@evil.test/label-files/1.pdf?signature=secret",
            panel.address
        ),
        "https://storage.example.test/label-files/1.pdf?signature=secret".to_owned(),
        "file:///label-files/1.pdf?signature=secret".to_owned(),
    ] {
        let error = fetch(&panel, &address).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Rejected);
    }
    assert!(panel.asked().is_empty());
}

#[tokio::test]
async fn a_job_without_a_file_has_nothing_to_fetch() {
    let panel = Panel::answering([]).await;
    let (line, _) = panel.line();
    let without = LabelJob {
        file: None,
        ..job("")
    };
    let error = by_job(&*line).label_file(&without).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
}
