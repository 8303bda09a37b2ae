//! Which lists of orders there are, and how they are asked for.

use std::sync::Arc;

use haat_ports::{ErrorKind, Pause, Reading, Which};

use crate::pob::{Pob, fixture};
use crate::script::Reply;

#[tokio::test]
async fn the_pendency_is_asked_for_by_page() {
    let pob = Pob::answered([Reply::json(200, fixture!("listPendency.answer"))]).await;
    pob.line
        .orders()
        .page(pob.feed("pendency"), None)
        .await
        .unwrap();
    let asked = pob.one_call();
    let path = "/ds/hub/orders/pendency?pageNumber=1&pageSize=50";
    assert_eq!(asked.call(), ("GET", path));
    assert_eq!(asked.header("accept"), "application/json");
}

#[tokio::test]
async fn what_leaves_the_pendency_is_asked_for_by_number() {
    let pob = Pob::answered([]).await;
    let feeds: Vec<_> = pob.line.orders().feeds().to_vec();
    let told: Vec<_> = feeds.iter().map(|it| (it.name, it.reading)).collect();
    let moving = Which::Moving { days: 30 };
    assert_eq!(
        told,
        [
            ("pendency", Reading::Whole),
            ("recent", Reading::Whole),
            ("open", Reading::ByNumber(Which::Open)),
            ("history", Reading::WhenAsked),
            ("moving", Reading::ByNumber(moving)),
        ]
    );
    let hourly = Pause::Minutes {
        usual: 60,
        longest: 360,
    };
    let seldom = Pause::Minutes {
        usual: 120,
        longest: 480,
    };
    let pauses: Vec<_> = feeds.iter().map(|it| it.pause).collect();
    let none = Pause::None;
    assert_eq!(pauses, [none, seldom, none, none, hourly]);
    for feed in [feeds[2], feeds[4]] {
        let error = pob.line.orders().page(feed, None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
    }
}

#[tokio::test]
async fn the_past_is_read_from_a_day_on_page_by_page() {
    let none = r#"{"orders": [], "page": {"number": 1, "size": 50, "totalElements": 0,
        "totalPages": 0}}"#;
    let pob = Pob::answered([Reply::json(200, none)]).await;
    let orders = pob.line.orders();
    let history = pob.feed("history");
    let cursor = orders.history("2026-09-01T00:00:00+05:30".parse().unwrap());
    let page = orders.page(history, cursor.as_deref()).await.unwrap();
    assert_eq!(page.next, None);
    let asked = pob.one_call();
    let (_, target) = asked.call();
    assert!(
        target.contains("orderDateFrom=2026-08-31T18%3A30%3A00"),
        "{target}"
    );
    for nonsense in [None, Some(""), Some("1788201000"), Some("x.1"), Some("1.x")] {
        let error = orders.page(history, nonsense).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Malformed, "{nonsense:?}");
    }
}

#[tokio::test]
async fn the_last_days_are_read_from_two_days_ago_on() {
    let none = r#"{"orders": [], "page": {"number": 1, "size": 50, "totalElements": 0,
        "totalPages": 0}}"#;
    let pob = Pob::answered([Reply::json(200, none)]).await;
    let recent = pob.feed("recent");
    pob.line.orders().page(recent, None).await.unwrap();
    let asked = pob.one_call();
    let (_, target) = asked.call();
    let from = crate::pob::at(crate::pob::ORDERED_AT) - jiff::SignedDuration::from_hours(48);
    let from = from.strftime("%Y-%m-%dT%H%%3A%M%%3A%S").to_string();
    let wanted = format!("orderDateFrom={from}&pageNumber=1&pageSize=50");
    assert!(target.ends_with(&wanted), "{target}, not {wanted}");
}

#[tokio::test]
async fn the_same_bytes_are_asked_for_each_time_and_read_once() {
    let answer = || Reply::json(200, fixture!("listPendency.answer"));
    let pob = Pob::answered([answer(), answer()]).await;
    let feed = pob.feed("pendency");
    let first = pob.line.orders().page(feed, None).await.unwrap();
    let second = pob.line.orders().page(feed, None).await.unwrap();
    assert!(Arc::ptr_eq(&first, &second));
    assert_eq!(pob.ajio.asked().len(), 2);
}
