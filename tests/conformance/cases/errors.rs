//! What goes wrong, and which kind of trouble it is.

use std::time::Duration;

use haat_domain::AttentionReason;
use haat_ports::{ErrorKind, MarketplaceError};
use haat_tests::between::{Reply, Weather};

use crate::line::Line;
use crate::stage::Stage;

/// Reads once; gives the trouble, and how often the marketplace was asked.
async fn read(line: &Line, reply: Reply) -> (MarketplaceError, usize) {
    line.turn(Weather::Answered(reply));
    let error = line.page(None).await.unwrap_err();
    (error, line.between.calls())
}

/// Opens a line that has a session already.
async fn open(stage: Box<dyn Stage>) -> Line {
    let line = Line::open(stage).await;
    line.page(None).await.unwrap();
    line
}

pub(super) async fn statuses(stage: Box<dyn Stage>) {
    use ErrorKind::{Malformed, NotFound, RateLimited, Rejected, Unavailable};
    let line = open(stage).await;
    for (status, kind) in [
        (302, Malformed),
        (400, Rejected),
        (403, Rejected),
        (404, NotFound),
        (422, Rejected),
        (429, RateLimited),
        (500, Unavailable),
        (502, Unavailable),
        (503, Unavailable),
        (504, Unavailable),
        (600, Malformed),
    ] {
        let (error, calls) = read(&line, Reply::json(status, "{}")).await;
        assert_eq!((error.kind, calls), (kind, 1), "{status}: {error}");
    }
    line.turn(Weather::Cut);
    let error = line.page(None).await.unwrap_err();
    assert_eq!(error.kind, Unavailable, "a lost page was only read");
}

pub(super) async fn retry_after(stage: Box<dyn Stage>) {
    let line = open(stage).await;
    for status in [429, 503] {
        let reply = Reply::json(status, "{}").with("retry-after", "37");
        let (error, _) = read(&line, reply).await;
        let asked = Some(Duration::from_secs(37));
        assert_eq!(error.retry_after, asked, "{status}: {error}");
        assert!(error.is_temporary());
    }
}

/// Answers that make no sense of any call.
fn nonsense() -> Vec<Reply> {
    vec![
        Reply::of(200, "text/plain", "ok"),
        Reply::of(200, "application/pdf", "%PDF-1.4"),
        Reply::of(200, "application/octet-stream", [0_u8, 159, 146, 150]),
        Reply::json(200, ""),
        Reply::json(200, "{\"orders\": ["),
        Reply::json(200, "7"),
        Reply::json(200, "null"),
        Reply::json(200, "[[[]]]"),
        Reply::json(200, "{}"),
        Reply::json(200, r#"{"data": {"subOrders": 7}, "orders": 7}"#),
        Reply::json(200, &"[".repeat(100_000)),
    ]
}

pub(super) async fn garbage(stage: Box<dyn Stage>) {
    let line = open(stage).await;
    for (index, reply) in nonsense().into_iter().enumerate() {
        let (error, calls) = read(&line, reply).await;
        let found = (error.kind, calls);
        assert_eq!(found, (ErrorKind::Malformed, 1), "{index}: {error}");
    }
}

pub(super) async fn unclear(stage: Box<dyn Stage>) {
    let line = open(stage).await;
    let order = line.new_order().await;
    let mut unclear: Vec<Weather> = nonsense().into_iter().map(Weather::Answered).collect();
    // A deed that is answered from elsewhere may have been done.
    for status in [302, 303, 500, 502, 503, 504, 600] {
        unclear.push(Weather::Answered(Reply::json(status, "{}")));
    }
    unclear.push(Weather::Cut);
    for (index, weather) in unclear.into_iter().enumerate() {
        line.turn(weather);
        let error = line.accept(&order).await.unwrap_err();
        let found = (error.kind, line.between.calls());
        assert_eq!(found, (ErrorKind::Ambiguous, 1), "{index}: {error}");
    }
}

pub(super) async fn refused(stage: Box<dyn Stage>) {
    use ErrorKind::{NotFound, RateLimited, Rejected};
    let line = open(stage).await;
    let order = line.new_order().await;
    for (status, kind) in [
        (400, Rejected),
        (403, Rejected),
        (404, NotFound),
        (422, Rejected),
        (429, RateLimited),
    ] {
        line.turn(Weather::Answered(Reply::json(status, "{}")));
        let error = line.accept(&order).await.unwrap_err();
        let found = (error.kind, line.between.calls());
        assert_eq!(found, (kind, 1), "{status}: {error}");
    }
    line.turn(Weather::Answered(Reply::json(401, "{}")));
    let error = line.accept(&order).await.unwrap_err();
    let attention = matches!(
        error.kind,
        ErrorKind::Attention(AttentionReason::SessionRefused | AttentionReason::LoginRefused)
    );
    assert!(attention, "a person is wanted: {error}");
    assert_eq!(line.stage.accepted(&order.id.number), 0);
}
