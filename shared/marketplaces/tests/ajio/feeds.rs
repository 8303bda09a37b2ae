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
            ("open", Reading::ByNumber(Which::Open)),
            ("moving", Reading::ByNumber(moving)),
        ]
    );
    let hourly = Pause::Minutes {
        usual: 60,
        longest: 360,
    };
    let pauses: Vec<_> = feeds.iter().map(|it| it.pause).collect();
    assert_eq!(pauses, [Pause::None, Pause::None, hourly]);
    for feed in &feeds[1..] {
        let error = pob.line.orders().page(*feed, None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
    }
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
