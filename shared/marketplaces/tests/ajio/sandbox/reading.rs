//! Reading orders over pages that shift, repeat and break.

use std::collections::BTreeSet;

use haat_domain::Step;
use haat_ports::ErrorKind;
use haat_sandbox::ajio::{Options, PageBase, Profile, State};
use haat_sandbox::{Fault, FaultKind};

use super::shop::Shop;

async fn counted(asked: PageBase, told: PageBase, profile: &str) -> Shop {
    let options = Options {
        profile: Profile {
            first_page_asked: asked,
            first_page_told: told,
            ..Profile::default()
        },
        ..Options::default()
    };
    Shop::with(options, profile).await
}

#[tokio::test]
async fn a_long_pendency_is_read_whole_however_its_pages_are_counted() {
    use PageBase::{One, Zero};
    for (asked, told, profile) in [
        (One, One, "{}"),
        (One, Zero, "{}"),
        (Zero, Zero, r#"{"page_base": 0}"#),
        (Zero, One, r#"{"page_base": 0}"#),
    ] {
        let shop = counted(asked, told, profile).await;
        let seeded: BTreeSet<_> = shop.seeded(State::Pendency, 120).into_iter().collect();
        let read: BTreeSet<_> = shop.pending().await.unwrap().into_iter().collect();
        assert_eq!(read, seeded, "{asked:?} {told:?}");
        assert_eq!(shop.calls("listPendency"), 3);
    }
}

#[tokio::test]
async fn the_wrong_first_page_is_noticed() {
    for count in [3, 60, 120] {
        let shop = counted(PageBase::Zero, PageBase::Zero, "{}").await;
        shop.seeded(State::Pendency, count);
        let error = shop.pending().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Malformed, "{count} orders");
    }
    let shop = counted(PageBase::One, PageBase::One, r#"{"page_base": 0}"#).await;
    shop.seeded(State::Pendency, 3);
    let error = shop.pending().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Rejected);
}

#[tokio::test]
async fn every_state_is_looked_up_and_what_does_not_exist_is_unknown() {
    let shop = Shop::open().await;
    let mut numbers = Vec::new();
    let states = [
        (State::Pendency, Step::Release),
        (State::Confirmed, Step::Accept),
        (State::Packed, Step::Pack),
        (State::ReadyToDispatch, Step::MakeReady),
        (State::Dispatched, Step::Ship),
        (State::Delivered, Step::Deliver),
        (State::Cancelled, Step::Cancel),
    ];
    for (state, _) in states {
        numbers.extend(shop.seeded(state, 1));
    }
    numbers.push("S1".parse().unwrap());

    let found = shop.look_up(&numbers).await;

    for (number, (_, step)) in numbers.iter().zip(states) {
        let mut reports = found.reports.iter();
        let report = reports.find(|report| report.number == *number).unwrap();
        assert_eq!(report.step, Some(step));
        assert!(!report.lines.is_empty());
    }
    assert_eq!(found.unknown, [numbers[7].clone()]);
    assert!(found.refused.is_empty());
    assert_eq!(shop.calls("listOrders"), 1);
}

#[tokio::test]
async fn a_broken_row_spoils_no_other() {
    let shop = Shop::open().await;
    shop.seeded(State::Pendency, 4);
    shop.fault(Fault::new("listPendency", FaultKind::MalformedRow));
    let page = shop.page(None).await.unwrap();
    assert_eq!((page.reports.len(), page.refused.len()), (3, 1));
    assert!(page.refused[0].number.is_some());
}

#[tokio::test]
async fn an_unknown_word_is_kept_and_means_nothing() {
    let shop = Shop::open().await;
    let numbers = shop.seeded(State::Confirmed, 2);
    shop.fault(Fault::new("listOrders", FaultKind::UnknownWord));
    let reports = shop.look_up(&numbers).await.reports;
    let words: BTreeSet<_> = reports.iter().map(|it| it.word.as_str()).collect();
    assert_eq!(words, BTreeSet::from(["CONFIRMED", "TELEPORTED"]));
    let unknown = reports.iter().find(|it| it.word == "TELEPORTED").unwrap();
    assert_eq!(unknown.step, None);
}

#[tokio::test]
async fn a_page_given_twice_is_a_failed_read() {
    let shop = Shop::open().await;
    shop.seeded(State::Pendency, 120);
    let next = shop.page(None).await.unwrap().next.clone();
    shop.fault(Fault::new("listPendency", FaultKind::RepeatPage));
    let error = shop.page(next.as_deref()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Malformed);
}

#[tokio::test]
async fn an_order_that_comes_twice_hides_no_other() {
    let shop = Shop::open().await;
    let seeded: BTreeSet<_> = shop.seeded(State::Pendency, 60).into_iter().collect();
    shop.fault(Fault::new("listPendency", FaultKind::DuplicateRow));
    let read: BTreeSet<_> = shop.pending().await.unwrap().into_iter().collect();
    assert_eq!(read, seeded);
}

#[tokio::test]
async fn what_is_no_answer_is_told_apart() {
    let shop = Shop::open().await;
    for (fault, kind) in [
        (FaultKind::HtmlInsteadOfJson, ErrorKind::Malformed),
        (FaultKind::TruncatedJson, ErrorKind::Malformed),
        (FaultKind::EdgeBlock, ErrorKind::Rejected),
        (FaultKind::DropBeforeCommit, ErrorKind::Unavailable),
    ] {
        shop.fault(Fault::new("listPendency", fault));
        let error = shop.page(None).await.unwrap_err();
        assert_eq!(error.kind, kind, "{fault:?}");
    }
    assert_eq!(shop.calls("listPendency"), 4, "nothing was repeated");
}
