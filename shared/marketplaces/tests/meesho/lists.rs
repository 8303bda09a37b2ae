//! Tabs parsed: the contract's examples and their variations in Haat's words. Expected values are
//! worked out by hand from the contract.

use std::sync::Arc;

use haat_domain::{DispatchBy, DispatchRule, OrderLine, OrderReport, Packet, Paise, Step};
use haat_ports::OrderPage;
use jiff::Timestamp;

use crate::requests::{feed, fixture};
use crate::scripted::{Panel, Reply};

async fn page(tab: &str, answer: &str) -> OrderPage {
    let panel = Panel::answering([Reply::json(200, answer)]).await;
    let (line, _) = panel.line();
    let page = line.orders().page(feed(line.orders(), tab), None);
    Arc::unwrap_or_clone(page.await.unwrap())
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The row of the contract's example with some of its fields changed or, by null, left out.
async fn changed_row(changes: &str) -> OrderPage {
    let mut page_: serde_json::Value =
        serde_json::from_str(fixture!("listOrders.answer.pending")).unwrap();
    let row = page_["data"]["subOrders"][0].as_object_mut().unwrap();
    let changes: serde_json::Map<_, _> = serde_json::from_str(changes).unwrap();
    row.extend(changes);
    page("pending", &page_.to_string()).await
}

pub(crate) fn pending_report() -> OrderReport {
    OrderReport {
        number: "299000000000000001_1".parse().unwrap(),
        purchase: "299000000000000001".to_owned(),
        step: Some(Step::Release),
        word: "PENDING".to_owned(),
        reason: None,
        lines: vec![OrderLine {
            sku: "KURTA-RED-M".parse().unwrap(),
            title: "Straight kurta".to_owned(),
            variation: Some("M".to_owned()),
            quantity: 1,
            price: Some(Paise::new(34_900)),
            cancelled: 0,
            item: None,
            supply: None,
            hsn: None,
        }],
        ordered_at: Some(at("2026-09-11T06:41:10Z")),
        dispatch_by: Some(DispatchBy {
            at: at("2026-09-12T12:00:00Z"),
            rule: DispatchRule::MarketplaceDay,
        }),
        supply: haat_domain::Supply::default(),
        packet: None,
        detail: None,
    }
}

#[tokio::test]
async fn a_pending_row_may_be_accepted() {
    let page = page("pending", fixture!("listOrders.answer.pending")).await;
    assert_eq!(page.reports, [pending_report()]);
    assert_eq!(
        (page.refused.len(), page.next.as_deref()),
        (0, Some("eyJwIjoxfQ"))
    );
}

#[tokio::test]
async fn a_held_row_keyed_by_its_id_tells_why() {
    let page = page("on-hold", fixture!("listOrders.answer.onHold")).await;
    let report = &page.reports[0];
    assert_eq!(report.number.as_str(), "299000000000000002_1");
    assert_eq!(
        (report.step, report.word.as_str()),
        (Some(Step::Hold), "ON_HOLD")
    );
    assert_eq!(report.reason.as_deref(), Some("EXCHANGE_RETURN_PENDING"));
    assert_eq!((report.dispatch_by, page.next), (None, None));
}

#[tokio::test]
async fn a_packet_gives_a_report_for_each_of_its_orders() {
    let one = fixture!("listOrders.answer.readyToShip");
    let mut two: serde_json::Value = serde_json::from_str(one).unwrap();
    let orders = &mut two["data"]["groups"][0]["orders"];
    let mut second = orders[0]["sub_orders"][0].clone();
    second["sub_order_num"] = "299000000000000003_2".into();
    orders[0]["sub_orders"].as_array_mut().unwrap().push(second);

    let page = page("ready-to-ship", &two.to_string()).await;

    let packet = Packet {
        awb: Some("134000000000001".parse().unwrap()),
        courier: Some("Xpressbees".to_owned()),
        packet: Some("TNL110000000001".to_owned()),
        label_open: None,
        label_opens_at: None,
    };
    let first = OrderReport {
        number: "299000000000000003_1".parse().unwrap(),
        purchase: "299000000000000003".to_owned(),
        step: Some(Step::Accept),
        word: "READY_TO_SHIP".to_owned(),
        lines: vec![OrderLine {
            sku: "KURTA-RED-L".parse().unwrap(),
            // This tab's example leaves out name, variation and price.
            title: "KURTA-RED-L".to_owned(),
            variation: None,
            quantity: 1,
            price: None,
            cancelled: 0,
            item: None,
            supply: None,
            hsn: None,
        }],
        ordered_at: Some(at("2026-09-11T07:20:00Z")),
        packet: Some(packet),
        ..pending_report()
    };
    let number = "299000000000000003_2".parse().unwrap();
    let second = OrderReport {
        number,
        ..first.clone()
    };
    assert_eq!(page.reports, [first, second]);
}

#[tokio::test]
async fn shipped_and_cancelled_rows_have_left_the_seller() {
    let shipped = page("shipped", fixture!("listOrders.answer.pending")).await;
    assert_eq!(
        (shipped.reports[0].step, shipped.reports[0].word.as_str()),
        (Some(Step::Ship), "SHIPPED")
    );
    let answer = fixture!("listOrders.answer.pending").replace(
        r#""cancelled_message": null"#,
        r#""cancelled_message": "Cancelled by customer""#,
    );
    let cancelled = page("cancelled", &answer).await;
    assert_eq!(
        (
            cancelled.reports[0].step,
            cancelled.reports[0].word.as_str()
        ),
        (Some(Step::Cancel), "CANCELLED")
    );
    assert_eq!(
        cancelled.reports[0].reason.as_deref(),
        Some("Cancelled by customer")
    );
}

#[tokio::test]
async fn the_last_page_points_nowhere() {
    let last = page("pending", fixture!("listOrders.answer.lastPage")).await;
    assert_eq!((last.reports.len(), last.next), (0, None));
    let empty = page(
        "pending",
        r#"{"cursor": "more", "data": {"subOrders": []}}"#,
    )
    .await;
    assert_eq!(empty.next, None);
}

#[tokio::test]
async fn a_page_that_points_at_itself_is_a_failed_read() {
    let panel = Panel::answering([Reply::json(200, fixture!("listOrders.answer.pending"))]).await;
    let (line, _) = panel.line();
    let error = line
        .orders()
        .page(feed(line.orders(), "pending"), Some("eyJwIjoxfQ"))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "meesho listOrders: pending tab: cursor: the page points at itself"
    );
}

#[tokio::test]
async fn a_cursor_too_long_to_be_kept_is_a_failed_read() {
    let answer = fixture!("listOrders.answer.pending").replace("eyJwIjoxfQ", &"x".repeat(1_025));
    let panel = Panel::answering([Reply::json(200, &answer)]).await;
    let (line, _) = panel.line();
    let pending = feed(line.orders(), "pending");
    let error = line.orders().page(pending, None).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "meesho listOrders: pending tab: cursor: longer than 1024 bytes"
    );
}

#[tokio::test]
async fn money_is_read_to_the_paisa() {
    for (amount, paise) in [
        ("349", 34_900),
        ("349.5", 34_950),
        ("349.50", 34_950),
        ("0.07", 7),
        (r#""349.00""#, 34_900),
        (r#"" 1299.99 ""#, 129_999),
        // A double would make 90071992547409.90 of this.
        ("90071992547409.91", 9_007_199_254_740_991),
    ] {
        let answer = fixture!("listOrders.answer.pending")
            .replace(r#""price": 349"#, &format!(r#""price": {amount}"#));
        let page = page("pending", &answer).await;
        assert_eq!(
            page.reports[0].lines[0].price,
            Some(Paise::new(paise)),
            "{amount}"
        );
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_refused_by_its_field_and_never_quoted() {
    for (changes, reason) in [
        (r#"{"price": "Asha Rao"}"#, "price: cannot be read"),
        (r#"{"price": 349.999}"#, "price: cannot be read"),
        (r#"{"price": {"Asha": 1}}"#, "price: cannot be read"),
        (r#"{"quantity": -1}"#, "quantity: cannot be read"),
        (r#"{"quantity": 1.5}"#, "quantity: cannot be read"),
        (r#"{"quantity": 0}"#, "quantity: is 0"),
        (r#"{"name": ["Asha Rao"]}"#, "name: cannot be read"),
        (
            r#"{"created_iso": "Asha Rao"}"#,
            "created_iso: neither an instant nor a day",
        ),
        (
            r#"{"expected_dispatch_date_iso": "12.09.2026"}"#,
            "expected_dispatch_date_iso: neither an instant nor a day",
        ),
        (
            r#"{"product_sku": "Asha\u0000Rao"}"#,
            "product_sku: not a SKU: 1 to 128 bytes without control characters or outer spaces",
        ),
    ] {
        let page = changed_row(changes).await;
        assert!(page.reports.is_empty(), "{changes}");
        let refused = &page.refused[0];
        assert_eq!(refused.reason, reason, "{changes}");
        assert_eq!(
            refused.number.as_ref().unwrap().as_str(),
            "299000000000000001_1"
        );
        assert!(refused.raw.expose().contains("299000000000000001_1"));
        assert!(!format!("{refused:?}").contains("Asha"), "{refused:?}");
    }
}

#[tokio::test]
async fn a_row_without_a_usable_number_is_refused_without_one() {
    let page = changed_row(r#"{"sub_order_num": "Asha Rao"}"#).await;
    assert_eq!(page.refused[0].number, None);
    assert!(
        page.refused[0]
            .reason
            .starts_with("sub_order_num: not a order number")
    );
}

#[tokio::test]
async fn a_broken_row_spoils_no_other() {
    let mut answer: serde_json::Value =
        serde_json::from_str(fixture!("listOrders.answer.pending")).unwrap();
    let rows = answer["data"]["subOrders"].as_array_mut().unwrap();
    rows.insert(
        0,
        serde_json::json!({"sub_order_num": "299000000000000008_1"}),
    );
    rows.push(serde_json::json!(["not a row"]));
    let page = page("pending", &answer.to_string()).await;
    assert_eq!(page.reports, [pending_report()]);
    let reasons: Vec<_> = page.refused.iter().map(|row| row.reason.as_str()).collect();
    assert_eq!(reasons[0], ".: missing field `order_num`");
    assert_eq!(reasons.len(), 2);
}

#[tokio::test]
async fn a_list_may_leave_the_product_to_the_details() {
    for changes in [
        r#"{"product_sku": null}"#,
        r#"{"product_sku": "  "}"#,
        r#"{"quantity": null}"#,
    ] {
        let page = changed_row(changes).await;
        assert_eq!(page.reports[0].lines, [], "{changes}");
    }
    let trimmed = changed_row(r#"{"product_sku": " KURTA-RED-M "}"#).await;
    assert_eq!(trimmed.reports, [pending_report()]);
}

/// What cannot be stored must not keep the rows beside it from being read, now and at every poll.
#[tokio::test]
async fn a_row_too_large_to_store_is_refused_alone_and_kept_in_part() {
    let mut page_: serde_json::Value =
        serde_json::from_str(fixture!("listOrders.answer.pending")).unwrap();
    let rows = page_["data"]["subOrders"].as_array_mut().unwrap();
    let mut large = rows[0].clone();
    large["sub_order_num"] = "299000000000000009_1".into();
    large["name"] = "कुर्ता ".repeat(30_000).into();
    rows.push(large);
    let page = page("pending", &page_.to_string()).await;
    assert_eq!(page.reports, [pending_report()]);
    let [refused] = page.refused.as_slice() else {
        panic!("one row: {:?}", page.refused);
    };
    let number = refused.number.as_ref().map(|number| number.as_str());
    assert_eq!(number, Some("299000000000000009_1"));
    assert!(refused.raw.expose().len() <= 65_536, "fits into an item");
    assert!(refused.reason.ends_with("of which 65536 are read at most"));
}
