//! Lists that come page by page.

use std::collections::BTreeSet;

use haat_domain::OrderNumber;
use haat_ports::{Feed, OrderPage, Reading};
use jiff::Timestamp;

use crate::line::Line;
use crate::stage::{Stage, Standing};

/// Longer than three pages of two.
const MANY: u32 = 7;

fn numbers<'a>(pages: impl IntoIterator<Item = &'a OrderPage>) -> Vec<OrderNumber> {
    let reports = pages.into_iter().flat_map(|page| &page.reports);
    reports.map(|report| report.number.clone()).collect()
}

fn named<'a>(pages: impl IntoIterator<Item = &'a OrderPage>) -> BTreeSet<OrderNumber> {
    numbers(pages).into_iter().collect()
}

pub(super) async fn complete(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let seeded = line.stage.seed(Standing::New, MANY);
    let pages = line.rest(None).await;
    assert!(pages.len() > 3, "the pages are short: {}", pages.len());
    let read = numbers(pages.iter().map(AsRef::as_ref));
    assert_eq!(read.len(), seeded.len(), "each stands there once");
    let read: BTreeSet<OrderNumber> = read.into_iter().collect();
    assert_eq!(read, seeded.into_iter().collect());
}

pub(super) async fn past(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let seeded = line.stage.seed(Standing::Shipped, MANY);
    let orders = line.connection.orders();
    let when_asked = |feed: &&Feed| feed.reading == Reading::WhenAsked;
    let feed = orders.feeds().iter().find(when_asked).unwrap();
    let ordered = |number: &OrderNumber| line.stage.truth(number).ordered_at.unwrap();
    let mut times: Vec<Timestamp> = seeded.iter().map(ordered).collect();
    times.sort_unstable();
    // From the first order on, and from the middle.
    for from in [times[0], times[3]] {
        let since: BTreeSet<_> = seeded.iter().filter(|one| ordered(one) >= from).collect();
        let pages = line.rest_of(*feed, orders.history(from)).await;
        let read = numbers(pages.iter().map(AsRef::as_ref));
        assert_eq!(read.len(), since.len(), "each stands there once");
        assert_eq!(read.iter().collect::<BTreeSet<_>>(), since);
    }
    let none = line.rest_of(*feed, orders.history(line.stage.now())).await;
    let none = numbers(none.iter().map(AsRef::as_ref));
    assert!(none.is_empty(), "nothing was ordered since: {none:?}");
}

pub(super) async fn stable(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let seeded = line.stage.seed(Standing::New, MANY);
    let first = line.page(None).await.unwrap();
    assert!(first.next.is_some(), "there is more");
    let come = line.stage.seed(Standing::New, 3);
    let rest = line.rest(first.next.clone()).await;
    let pages = std::iter::once(first.as_ref()).chain(rest.iter().map(AsRef::as_ref));
    let read = named(pages);
    for number in &seeded {
        assert!(read.contains(number), "{number} was there all the time");
    }
    let whole = named(line.rest(None).await.iter().map(AsRef::as_ref));
    assert!(come.iter().all(|number| whole.contains(number)));
}

pub(super) async fn again(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    line.stage.seed(Standing::New, MANY);
    let (once, again) = (line.rest(None).await, line.rest(None).await);
    let marks = |pages: &[std::sync::Arc<OrderPage>]| -> Vec<u64> {
        pages.iter().flat_map(|page| page.marks.clone()).collect()
    };
    assert_eq!(marks(&once), marks(&again), "nothing is new");
    let mut different: Vec<u64> = marks(&once);
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), 7, "each row says something else");
    let report = &once[0].reports[0];
    let mut order = line.kept(report);
    assert_eq!(
        order.hear(&again[0].reports[0], line.stage.now()),
        haat_domain::Heard::Nothing,
        "what is known changes nothing"
    );
}
