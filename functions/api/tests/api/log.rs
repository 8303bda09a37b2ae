//! What a request leaves in the log.

use std::cell::RefCell;
use std::io::Write;
use std::sync::Once;

use serde_json::{Value, json};

use crate::app::{ADMIN, App, READER, new_account};

thread_local! {
    /// A test runs on one thread, so what is logged here is the test's own.
    static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct OfThisThread;

impl Write for OfThisThread {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.write(bytes))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn record() {
    static FIRST: Once = Once::new();
    FIRST.call_once(|| {
        let lines = tracing_subscriber::fmt().json().flatten_event(true);
        lines.with_writer(|| OfThisThread).init();
    });
    LINES.with_borrow_mut(Vec::clear);
}

fn text() -> String {
    LINES.with_borrow(|lines| String::from_utf8(lines.clone()).unwrap())
}

fn requests() -> Vec<Value> {
    let text = text();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines
        .filter(|line: &Value| line["event"] == "api.request")
        .collect()
}

#[tokio::test]
async fn a_request_is_one_line_without_its_body_query_and_ids() {
    let app = App::new().await;
    record();
    let refused = app
        .post(ADMIN, "/accounts", new_account("wrong-secret"))
        .await;
    assert_eq!(refused.status, 422);
    app.get(READER, "/orders?awb=VL0081234567890").await;
    app.get(READER, "/orders/a_secretive.299000000000000001_1")
        .await;
    app.get(READER, "/nowhere/else").await;

    let seen: Vec<_> = requests()
        .iter()
        .map(|line| {
            json!([
                line["method"],
                line["route"],
                line["status"],
                line["seller"],
                line["token"]
            ])
        })
        .collect();
    assert_eq!(
        seen,
        [
            json!(["POST", "/accounts", 422, "s_1", "t_1"]),
            json!(["GET", "/orders", 200, "s_1", "t_1"]),
            json!(["GET", "/orders/{order}", 404, "s_1", "t_1"]),
            json!(["GET", "none", 404, "s_1", "t_1"]),
        ]
    );
    let text = text();
    for secret in [
        "wrong-secret",
        "seller@example.test",
        "VL0081234567890",
        "a_secretive",
        "nowhere",
    ] {
        assert!(!text.contains(secret), "{secret} is in the log:\n{text}");
    }
}

#[tokio::test]
async fn trouble_of_ours_is_told_to_the_log_with_its_cause() {
    let app = crate::trouble::with_broken_queues().await;
    record();
    let answer = app
        .post(ADMIN, "/accounts", new_account("sandbox-only"))
        .await;
    assert_eq!(answer.status, 503);
    let seen = requests();
    let reason = seen[0]["reason"].as_str().unwrap();
    assert!(reason.contains("it is broken"), "{reason}");
}
