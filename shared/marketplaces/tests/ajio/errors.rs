//! What goes wrong within a session, and how often AJIO hears of it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use haat_domain::AttentionReason;
use haat_ports::{ErrorKind, MarketplaceError};

use crate::pob::{Pob, fixture, new_order};
use crate::script::Reply;

/// Reads the pendency; gives what came, how often a session was renewed and AJIO was asked.
async fn read(
    replies: impl IntoIterator<Item = Reply>,
) -> (Result<usize, MarketplaceError>, usize, usize) {
    let pob = Pob::answered(replies).await;
    let page = pob.line.orders().page(pob.feed("pendency"), None).await;
    let read = page.map(|page| page.reports.len());
    (read, pob.sessions.renewed(), pob.ajio.asked().len())
}

/// Acknowledges an order; gives the same.
async fn start(
    replies: impl IntoIterator<Item = Reply>,
) -> (Result<(), MarketplaceError>, usize, usize) {
    let pob = Pob::answered(replies).await;
    let order = new_order().await;
    let done = pob.shipping().accept(&order, &BTreeMap::new()).await;
    (done, pob.sessions.renewed(), pob.ajio.asked().len())
}

/// What every answer means for a call that only reads, and for one that changes something.
fn answers() -> Vec<(Reply, ErrorKind, ErrorKind)> {
    use ErrorKind::{Ambiguous, Malformed, NotFound, NotReady, RateLimited, Rejected, Unavailable};
    let same = |reply, kind| (reply, kind, kind);
    vec![
        same(Reply::json(400, fixture!("error.badRequest")), Rejected),
        same(Reply::json(403, "{}"), Rejected),
        same(Reply::html(403), Rejected),
        same(Reply::json(404, fixture!("error.notFound")), NotFound),
        same(Reply::json(409, fixture!("error.notReady")), NotReady),
        same(Reply::json(422, "{}"), Rejected),
        same(Reply::json(429, fixture!("error.throttled")), RateLimited),
        (
            Reply::html(302).with("location", "https://evil.test/"),
            Malformed,
            Ambiguous,
        ),
        (Reply::json(500, "{}"), Unavailable, Ambiguous),
        (Reply::html(503), Unavailable, Ambiguous),
        (Reply::html(200), Malformed, Ambiguous),
        (Reply::of(200, "text/plain", "{}"), Malformed, Ambiguous),
        (
            Reply::of(200, "application/pdf", "%PDF-"),
            Malformed,
            Ambiguous,
        ),
        (Reply::json(200, r#"{"orders": ["#), Malformed, Ambiguous),
        (Reply::json(200, r#"{"orders": 7}"#), Malformed, Ambiguous),
        (Reply::json(600, "{}"), Malformed, Ambiguous),
    ]
}

#[tokio::test]
async fn what_a_refused_read_means() {
    for (reply, kind, _) in answers() {
        let (result, renewed, calls) = read([reply]).await;
        let error = result.unwrap_err();
        assert_eq!((error.kind, renewed, calls), (kind, 0, 1), "{error}");
        assert_eq!(error.operation, "ajio listPendency");
    }
}

#[tokio::test]
async fn what_a_refused_deed_means() {
    for (reply, _, kind) in answers() {
        let (result, renewed, calls) = start([reply]).await;
        let error = result.unwrap_err();
        assert_eq!((error.kind, renewed, calls), (kind, 0, 1), "{error}");
        assert_eq!(error.operation, "ajio acknowledgeOrder");
    }
}

#[tokio::test]
async fn ajios_own_words_are_passed_on() {
    let (result, ..) = read([Reply::json(400, fixture!("error.badRequest"))]).await;
    assert_eq!(
        result.unwrap_err().to_string(),
        "ajio listPendency: refused: INVALID_REQUEST: inventoryList holds more than 50 entries \
         (400)"
    );
}

#[tokio::test]
async fn who_calls_too_often_waits_as_long_as_ajio_says_or_a_minute() {
    let throttled = || Reply::json(429, fixture!("error.throttled"));
    let (result, ..) = read([throttled().with("retry-after", "7")]).await;
    let error = result.unwrap_err();
    assert_eq!(error.retry_after, Some(Duration::from_secs(7)));
    assert!(error.is_temporary());
    let (result, ..) = start([throttled()]).await;
    let rest = result.unwrap_err().retry_after;
    assert_eq!(rest, Some(Duration::from_secs(60)));
}

#[tokio::test]
async fn a_dead_token_is_renewed_once_and_the_call_repeated_once() {
    let gone = || Reply::json(401, fixture!("error.unauthorized"));
    let page = Reply::json(200, fixture!("listPendency.answer"));
    let (result, renewed, calls) = read([gone(), page]).await;
    assert_eq!((result.unwrap(), renewed, calls), (1, 1, 2));
    // Also a deed: whoever has no token did nothing.
    let taken = Reply::json(200, fixture!("acknowledgeOrder.answer.taken"));
    let (result, renewed, calls) = start([gone(), taken]).await;
    result.unwrap();
    assert_eq!((renewed, calls), (1, 2));
}

#[tokio::test]
async fn the_repeated_call_carries_the_new_token_and_the_same_words() {
    let gone = Reply::json(401, fixture!("error.unauthorized"));
    let taken = Reply::json(200, fixture!("acknowledgeOrder.answer.taken"));
    let pob = Pob::answered([gone, taken]).await;
    let order = new_order().await;
    pob.shipping()
        .accept(&order, &BTreeMap::new())
        .await
        .unwrap();
    let asked = pob.ajio.asked();
    assert_eq!(asked[0].header("apikey"), "first.jwt.token");
    assert_eq!(asked[1].header("apikey"), "second.jwt.token");
    assert_eq!(asked[0].body, asked[1].body);
}

#[tokio::test]
async fn a_token_refused_twice_stops_everything() {
    let gone = || Reply::json(401, fixture!("error.unauthorized"));
    let (result, renewed, calls) = read([gone(), gone()]).await;
    let stopped = ErrorKind::Attention(AttentionReason::SessionRefused);
    assert_eq!((result.unwrap_err().kind, renewed, calls), (stopped, 1, 2));
}

#[tokio::test]
async fn nobody_is_there() {
    let pob = Pob::answered([]).await;
    let place = "http://127.0.0.1:9";
    let now = crate::pob::at(crate::pob::ORDERED_AT);
    let gone = crate::script::marketplace_at("ajio", now, place, "", "{}");
    let line = gone.connect("DV900001", pob.sessions.clone()).unwrap();
    let page = line.orders().page(pob.feed("pendency"), None).await;
    let error = page.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unavailable);
    assert!(!error.to_string().contains("127.0.0.1"), "{error}");
    let login = gone.log_in(&crate::pob::credentials("")).await.unwrap_err();
    assert_eq!(login.kind, ErrorKind::Unavailable);
    let shown = format!("{login} {login:?}");
    assert!(!shown.contains("password="), "{shown}");
}

#[tokio::test]
async fn calls_keep_the_pace_of_the_profile() {
    let answer = || Reply::json(200, fixture!("listPendency.answer"));
    let pace = r#"{"milliseconds_between_calls": 150}"#;
    let pob = Pob::with(pace, [answer(), answer(), answer()]).await;
    let start = Instant::now();
    for _ in 0..3 {
        let feed = pob.feed("pendency");
        pob.line.orders().page(feed, None).await.unwrap();
    }
    assert!(start.elapsed() >= Duration::from_millis(300));
    assert_eq!(pob.ajio.asked().len(), 3);
}
