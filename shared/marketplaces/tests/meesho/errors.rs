//! What goes wrong within a session, and how often the panel hears of it.

use std::time::Duration;

use haat_domain::AttentionReason;
use haat_ports::{ErrorKind, JobId, MarketplaceError};

use crate::requests::{feed, fixture};
use crate::scripted::{COOKIES, Panel, Reply, SELLER, by_job, session};

/// Reads a page; gives the error, and how often a session was renewed and the panel was asked.
async fn read(
    replies: impl IntoIterator<Item = Reply>,
) -> (Result<usize, MarketplaceError>, usize, usize) {
    let panel = Panel::answering(replies).await;
    let (line, sessions) = panel.line();
    let page = line
        .orders()
        .page(feed(line.orders(), "pending"), None)
        .await;
    let read = page.map(|page| page.reports.len());
    (read, sessions.renewed(), panel.asked().len())
}

/// Asks for labels; gives the error, and how often the panel was asked.
async fn start(replies: impl IntoIterator<Item = Reply>) -> (MarketplaceError, usize) {
    let panel = Panel::answering(replies).await;
    let (line, _) = panel.line();
    let error = by_job(&*line).request_labels().await.unwrap_err();
    (error, panel.asked().len())
}

#[tokio::test]
async fn what_a_refused_read_means() {
    for (reply, kind) in [
        (Reply::json(400, "{}"), ErrorKind::Rejected),
        (
            Reply::json(403, r#"{"message": "no"}"#),
            ErrorKind::Rejected,
        ),
        (
            Reply::html(403),
            ErrorKind::Attention(AttentionReason::Blocked),
        ),
        (Reply::json(404, "{}"), ErrorKind::NotFound),
        (Reply::json(429, "{}"), ErrorKind::RateLimited),
        (
            Reply::json(500, r#"{"error": "internal error"}"#),
            ErrorKind::Unavailable,
        ),
        (Reply::html(503), ErrorKind::Unavailable),
        (Reply::html(200), ErrorKind::Malformed),
        (Reply::of(200, "text/plain", "{}"), ErrorKind::Malformed),
        (
            Reply::json(200, r#"{"data": {"subOrders": ["#),
            ErrorKind::Malformed,
        ),
        (Reply::json(200, r#"{"data": {}}"#), ErrorKind::Malformed),
        (
            Reply::json(200, r#"{"data": {"subOrders": 7}}"#),
            ErrorKind::Malformed,
        ),
        (
            Reply::html(302).with("location", "https://evil.test/"),
            ErrorKind::Malformed,
        ),
        (Reply::json(600, "{}"), ErrorKind::Malformed),
    ] {
        let (result, renewed, calls) = read([reply]).await;
        let error = result.unwrap_err();
        assert_eq!((error.kind, renewed, calls), (kind, 0, 1), "{error}");
        assert_eq!(error.operation, "meesho listOrders");
    }
}

#[tokio::test]
async fn a_missing_identifier_is_no_dead_session() {
    let body = r#"{"errorCode": 1001, "message": "identifier is missing"}"#;
    let (result, renewed, calls) = read([Reply::json(403, body)]).await;
    let error = result.unwrap_err();
    assert_eq!((error.kind, renewed, calls), (ErrorKind::Rejected, 0, 1));
    assert_eq!(error.code.as_deref(), Some("1001"));
}

#[tokio::test]
async fn retry_after_is_handed_on() {
    let (result, ..) = read([Reply::json(429, "{}").with("retry-after", "30")]).await;
    let error = result.unwrap_err();
    assert_eq!(error.retry_after, Some(Duration::from_secs(30)));
    assert!(error.is_temporary());
}

#[tokio::test]
async fn a_dead_session_is_renewed_once_and_the_call_repeated_once() {
    for gone in [
        Reply::json(401, "{}"),
        Reply::json(463, "{}"),
        Reply::html(463),
    ] {
        let page = Reply::json(200, fixture!("listOrders.answer.pending"));
        let (result, renewed, calls) = read([gone, page]).await;
        assert_eq!((result.unwrap(), renewed, calls), (1, 1, 2));
    }
}

#[tokio::test]
async fn a_session_refused_twice_stops_everything() {
    for status in [401, 463] {
        let gone = || Reply::json(status, r#"{"error": "session expired"}"#);
        let (result, renewed, calls) = read([gone(), gone()]).await;
        let kind = result.unwrap_err().kind;
        let stopped = ErrorKind::Attention(AttentionReason::SessionRefused);
        assert_eq!((kind, renewed, calls), (stopped, 1, 2));
    }
}

#[tokio::test]
async fn the_repeated_call_carries_the_new_session() {
    let job = fixture!("reqDownloadLabelV2.answer");
    let panel = Panel::answering([Reply::json(463, "{}"), Reply::json(200, job)]).await;
    let (line, sessions) = panel.line();

    by_job(&*line).request_labels().await.unwrap();

    let asked = panel.asked();
    assert!(asked[0].header("cookie").contains("s%3Afirst"));
    assert!(asked[1].header("cookie").contains("s%3Asecond"));
    assert_eq!(asked[0].body, asked[1].body);
    assert_eq!(sessions.renewed(), 1);
}

#[tokio::test]
async fn a_started_job_with_a_lost_or_garbled_answer_is_ambiguous() {
    for reply in [
        Reply::json(500, "{}"),
        Reply::html(504),
        Reply::json(200, r#"{"request_"#),
        Reply::json(200, "{}"),
        Reply::json(200, r#"{"request_id": ""}"#),
        Reply::of(200, "text/plain", "ok"),
        Reply::html(302).with("location", "https://evil.test/"),
        Reply::json(600, "{}"),
    ] {
        let (error, calls) = start([reply]).await;
        assert_eq!((error.kind, calls), (ErrorKind::Ambiguous, 1), "{error}");
    }
}

#[tokio::test]
async fn a_refused_job_is_not_ambiguous() {
    for (reply, kind) in [
        (Reply::json(429, "{}"), ErrorKind::RateLimited),
        (Reply::json(400, "{}"), ErrorKind::Rejected),
        (
            Reply::html(403),
            ErrorKind::Attention(AttentionReason::Blocked),
        ),
        (Reply::html(200), ErrorKind::Malformed),
    ] {
        let (error, calls) = start([reply]).await;
        assert_eq!((error.kind, calls), (kind, 1), "{error}");
    }
}

#[tokio::test]
async fn a_job_that_was_never_sent_is_not_ambiguous() {
    let marketplace = crate::scripted::marketplace("http://127.0.0.1:1", "", None);
    let (line, _) = crate::scripted::line(&*marketplace);
    let error = by_job(&*line).request_labels().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unavailable);
}

#[tokio::test]
async fn telling_that_labels_are_stored_is_never_ambiguous() {
    let refused = r#"{"success": false}"#;
    let panel = Panel::answering([Reply::json(500, "{}"), Reply::json(200, refused)]).await;
    let (line, _) = panel.line();
    let job = JobId("job".to_owned());
    let first = by_job(&*line).labels_stored(&job).await.unwrap_err();
    let second = by_job(&*line).labels_stored(&job).await.unwrap_err();
    assert_eq!(
        (first.kind, second.kind),
        (ErrorKind::Unavailable, ErrorKind::Rejected)
    );
    assert_eq!(panel.asked().len(), 2);
}

#[tokio::test]
async fn too_many_orders_to_accept_are_not_sent() {
    let panel = Panel::answering([]).await;
    let profile = Some(r#"{"max_accept_transitions": 1}"#);
    let (line, _) = crate::scripted::line(&*panel.marketplace_with(profile));
    let two = ["1_1", "2_1"].map(|number| number.parse().unwrap());
    let error = by_job(&*line).accept(&two).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Rejected);
    assert!(panel.asked().is_empty());
}

#[tokio::test]
async fn an_answer_without_end_is_not_read() {
    let huge = format!(
        r#"{{"data": {{"subOrders": []}}, "x": "{}"}}"#,
        "x".repeat(9 << 20)
    );
    let (result, ..) = read([Reply::json(200, &huge)]).await;
    assert_eq!(result.unwrap_err().kind, ErrorKind::Malformed);
}

#[tokio::test]
async fn a_session_that_is_gone_while_connecting_is_told_plainly() {
    let panel = Panel::answering([Reply::json(401, "{}")]).await;
    let error = panel
        .marketplace()
        .sellers(&session(COOKIES))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Auth);
    let other = panel
        .marketplace()
        .sellers(&session("not ours"))
        .await
        .unwrap_err();
    assert_eq!(other.kind, ErrorKind::Malformed);
    assert_eq!(panel.asked().len(), 1);
}

#[tokio::test]
async fn a_seller_key_of_another_form_opens_no_line() {
    let panel = Panel::answering([]).await;
    let connect = |key: &str| {
        let sessions = std::sync::Arc::new(crate::scripted::CountingSessions::default());
        panel.marketplace().connect(key, sessions).map(|_| ())
    };
    assert!(connect(SELLER).is_ok());
    for key in [
        "",
        "4100001",
        "4100001/",
        "/ab1cd",
        "0/ab1cd",
        "x/ab1cd",
        "4100001/ab 1",
        "1/a\r\nb",
    ] {
        assert_eq!(
            connect(key).unwrap_err().kind,
            ErrorKind::Malformed,
            "{key:?}"
        );
    }
}

#[tokio::test]
async fn no_cookie_gets_into_an_error() {
    let body = r#"{"error": "session s%3Afirst of 4100001 is odd"}"#;
    let (result, ..) = read([Reply::json(400, body)]).await;
    let error = result.unwrap_err();
    assert_eq!(error.said, "refused: session *** of *** is odd");
}
