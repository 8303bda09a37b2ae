use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use haat_aws::S3Files;
use haat_aws::testing::sdk_config_for;
use haat_ports::{FileError, Files};

use crate::double::Double;

/// A bucket in memory.
async fn bucket() -> Double {
    let stored = Mutex::new(HashMap::new());
    Double::start(move |asked| {
        let mut stored = stored.lock().unwrap();
        match asked.method {
            Method::PUT => {
                stored.insert(asked.path.clone(), asked.body.to_vec());
                (StatusCode::OK, vec![])
            }
            _ => match stored.get(&asked.path) {
                Some(bytes) => (StatusCode::OK, bytes.clone()),
                None => (
                    StatusCode::NOT_FOUND,
                    b"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>".to_vec(),
                ),
            },
        }
    })
    .await
}

#[tokio::test]
async fn a_file_is_read_as_it_was_stored_last() {
    let double = bucket().await;
    let files = S3Files::new(&double.config, "haat-files");
    let key = "labels/shop/a_1/job 8.pdf";
    files
        .put(key, b"%PDF-1".to_vec(), "application/pdf")
        .await
        .unwrap();
    files
        .put(key, b"%PDF-2".to_vec(), "application/pdf")
        .await
        .unwrap();

    assert_eq!(files.get(key).await, Ok(b"%PDF-2".to_vec()));

    let put = &double.asked()[0];
    assert_eq!(put.path, "/haat-files/labels/shop/a_1/job%208.pdf");
    assert_eq!(put.headers["content-type"], "application/pdf");
    assert_eq!(put.headers["content-length"], "6");
}

#[tokio::test]
async fn a_file_that_is_not_there_is_missing() {
    let double = bucket().await;
    let files = S3Files::new(&double.config, "haat-files");

    let read = files.get("cuts/gone.pdf").await;

    assert_eq!(read, Err(FileError::Missing("cuts/gone.pdf".to_owned())));
}

#[tokio::test]
async fn a_store_that_refuses_says_why() {
    let double = Double::start(|_| {
        let body = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>";
        (StatusCode::FORBIDDEN, body.to_vec())
    })
    .await;
    let files = S3Files::new(&double.config, "haat-files");

    let stored = files.put("labels/x.pdf", vec![1], "application/pdf").await;

    let expected = FileError::Unavailable {
        key: "labels/x.pdf".to_owned(),
        reason: "AccessDenied: no".to_owned(),
    };
    assert_eq!(stored, Err(expected));
}

#[tokio::test]
async fn a_link_opens_one_file_in_the_browser_for_a_while() {
    let files = S3Files::new(&sdk_config_for("http://127.0.0.1:9000"), "haat-files");

    let key = "cuts/shop/a_1.299_1 \"\r\nx.pdf";
    let link = files.link(key, Duration::from_secs(300)).await.unwrap();

    let link = reqwest::Url::parse(&link).unwrap();
    assert_eq!(link.host_str(), Some("127.0.0.1"));
    assert!(
        link.path().starts_with("/haat-files/cuts/shop/a_1.299_1"),
        "{link}"
    );
    let query: HashMap<String, String> = link.query_pairs().into_owned().collect();
    assert_eq!(query["X-Amz-Expires"], "300");
    // A file's name is never taken over as it is: it would reach a header.
    let shown = &query["response-content-disposition"];
    assert_eq!(shown, "inline; filename=\"a_1.299_1____x.pdf\"");
    assert!(query.contains_key("X-Amz-Signature"));
}
