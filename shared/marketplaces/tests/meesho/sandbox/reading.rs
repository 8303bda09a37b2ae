//! Reading orders.

use haat_domain::{AttentionReason, Step};
use haat_ports::ErrorKind;
use haat_sandbox::{Fault, FaultKind, State};

use super::shop::Shop;

#[tokio::test]
async fn every_order_of_every_tab_is_read_page_by_page() {
    let shop = Shop::open().await;
    for (state, tab, count) in [
        (State::OnHold, "on-hold", 3),
        (State::Pending, "pending", 120),
        (State::ReadyToShip, "ready-to-ship", 51),
        (State::Shipped, "shipped", 50),
        (State::Cancelled, "cancelled", 1),
    ] {
        let mut seeded = shop.seeded(state, count);
        let mut read = shop.tab(tab).await;
        seeded.sort();
        read.sort();
        assert_eq!(read, seeded, "{tab}");
    }
    assert_eq!(shop.calls("listOrders"), 1 + 3 + 2 + 1 + 1);
}

#[tokio::test]
async fn list_and_look_up_agree() {
    let shop = Shop::open().await;
    for (state, tab) in [
        (State::OnHold, "on-hold"),
        (State::Pending, "pending"),
        (State::ReadyToShip, "ready-to-ship"),
        (State::Shipped, "shipped"),
    ] {
        let numbers = shop.seeded(state, 5);
        let listed = shop.page(tab, None).await.unwrap().reports;
        let looked_up = shop.line.orders().look_up(&numbers).await.unwrap();
        assert!(looked_up.refused.is_empty() && looked_up.unknown.is_empty());
        assert_eq!(listed.len(), 5);
        for report in listed {
            let other = looked_up
                .reports
                .iter()
                .find(|other| other.number == report.number)
                .unwrap();
            assert_eq!(
                (report.step, &report.word, &report.reason),
                (other.step, &other.word, &other.reason)
            );
            assert_eq!(
                (&report.lines, report.ordered_at),
                (&other.lines, other.ordered_at)
            );
            let awb =
                |packet: &Option<haat_domain::Packet>| packet.clone().and_then(|packet| packet.awb);
            if tab != "shipped" {
                assert_eq!(awb(&report.packet), awb(&other.packet));
            }
            let sandbox = shop
                .sandbox
                .control()
                .order(report.number.as_str())
                .unwrap();
            let detail = other.detail.as_ref().unwrap();
            assert_eq!(
                detail.value.unwrap().get(),
                i64::try_from(sandbox.total_paise).unwrap()
            );
            assert_eq!(
                detail.buyer.as_ref().unwrap().name.as_deref(),
                Some(sandbox.buyer_name.as_str())
            );
        }
    }
}

#[tokio::test]
async fn a_broken_row_is_refused_and_the_rest_of_the_page_goes_on() {
    let shop = Shop::open().await;
    for (state, tab) in [
        (State::Pending, "pending"),
        (State::ReadyToShip, "ready-to-ship"),
        (State::OnHold, "on-hold"),
    ] {
        shop.seeded(state, 4);
        shop.fault(Fault::new("listOrders", FaultKind::MalformedRow));
        let page = shop.page(tab, None).await.unwrap();
        assert_eq!((page.reports.len(), page.refused.len()), (3, 1), "{tab}");
        assert_eq!(page.refused[0].reason, "price: cannot be read");
        assert!(page.refused[0].number.is_some());
    }
}

#[tokio::test]
async fn an_unknown_word_is_kept_and_means_nothing() {
    let shop = Shop::open().await;
    let numbers = shop.seeded(State::Shipped, 2);
    shop.fault(Fault::new("fetchOrderDetails", FaultKind::UnknownWord));
    let reports = shop.line.orders().look_up(&numbers).await.unwrap().reports;
    assert_eq!(
        (reports[0].step, reports[0].word.as_str()),
        (None, "TELEPORTED")
    );
    assert_eq!(reports[1].step, Some(Step::Ship));
}

#[tokio::test]
async fn a_page_given_twice_is_a_failed_read() {
    let shop = Shop::open().await;
    shop.seeded(State::Pending, 60);
    let next = shop.page("pending", None).await.unwrap().next;
    shop.fault(Fault::new("listOrders", FaultKind::RepeatPage));
    let error = shop.page("pending", next.as_deref()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Malformed);
}

#[tokio::test]
async fn an_edge_block_needs_a_person_and_a_page_instead_of_json_does_not() {
    let shop = Shop::open().await;
    shop.fault(Fault::new("listOrders", FaultKind::EdgeBlock));
    let error = shop.page("pending", None).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Attention(AttentionReason::Blocked));
    shop.fault(Fault::new("listOrders", FaultKind::HtmlInsteadOfJson));
    assert_eq!(
        shop.page("pending", None).await.unwrap_err().kind,
        ErrorKind::Malformed
    );
    shop.fault(Fault::new("listOrders", FaultKind::TruncatedJson));
    assert_eq!(
        shop.page("pending", None).await.unwrap_err().kind,
        ErrorKind::Malformed
    );
    shop.fault(Fault::status("listOrders", 429).retry_after(30));
    let error = shop.page("pending", None).await.unwrap_err();
    assert_eq!(
        (error.kind, error.retry_after.unwrap().as_secs()),
        (ErrorKind::RateLimited, 30)
    );
    shop.fault(Fault::new("listOrders", FaultKind::DropBeforeCommit));
    assert_eq!(
        shop.page("pending", None).await.unwrap_err().kind,
        ErrorKind::Unavailable
    );
    assert_eq!(shop.calls("listOrders"), 5, "nothing was repeated");
}
