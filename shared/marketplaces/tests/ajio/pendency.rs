//! The pendency parsed: the contract's example and its variations in Haat's words. Expected values
//! are worked out by hand from the contract.

use std::sync::Arc;

use haat_domain::{
    DispatchBy, DispatchRule, OrderDetail, OrderLine, OrderReport, Paise, Payment, PaymentMode,
    Step, Supply, SupplyPrice,
};
use haat_ports::OrderPage;
use serde_json::{Value, json};

use crate::pob::{Pob, at, fixture, pending};
use crate::script::Reply;

/// The example's page with some fields of its order changed or, by null, left out.
async fn changed(pointer: &str, change: Value) -> OrderPage {
    with_profile("{}", pointer, change).await
}

async fn with_profile(profile: &str, pointer: &str, change: Value) -> OrderPage {
    let mut page: Value = serde_json::from_str(fixture!("listPendency.answer")).unwrap();
    let place = page.pointer_mut(&format!("/orders/0{pointer}")).unwrap();
    place
        .as_object_mut()
        .unwrap()
        .extend(change.as_object().unwrap().clone());
    let pob = Pob::with(profile, [Reply::json(200, &page.to_string())]).await;
    let page = pob.line.orders().page(pob.feed("pendency"), None).await;
    Arc::unwrap_or_clone(page.unwrap())
}

fn example() -> OrderReport {
    OrderReport {
        number: "S900000001".parse().unwrap(),
        purchase: "S900000001".to_owned(),
        step: Some(Step::Release),
        word: "PENDENCY".to_owned(),
        reason: None,
        lines: vec![OrderLine {
            sku: "790001002".parse().unwrap(),
            title: "Straight kurta red M".to_owned(),
            variation: Some("red M".to_owned()),
            quantity: 1,
            cancelled: 0,
            price: Some(Paise::new(79_900)),
            item: Some("S900000001-1".to_owned()),
            supply: Some(SupplyPrice {
                base: Paise::new(58_095),
                tax: Some(Paise::new(2_905)),
            }),
            hsn: None,
        }],
        ordered_at: Some(at("2026-01-01T09:16:15Z")),
        dispatch_by: Some(DispatchBy {
            at: at("2026-01-02T09:16:15Z"),
            rule: DispatchRule::HoursAfterOrder,
        }),
        supply: Supply::default(),
        packet: None,
        detail: Some(OrderDetail {
            payment: Some(Payment {
                mode: PaymentMode::Cod,
                collect: Some(Paise::new(79_900)),
            }),
            value: Some(Paise::new(79_900)),
            buyer: None,
        }),
    }
}

#[tokio::test]
async fn a_row_tells_all_there_is_but_the_buyer_whom_ajio_keeps() {
    assert_eq!(pending().await, example());
}

#[tokio::test]
async fn a_deadline_that_ajio_names_counts_more_than_hours() {
    let page = changed("", json!({"dispatch_by": 1_767_312_000})).await;
    let named = DispatchBy {
        at: at("2026-01-02T00:00:00Z"),
        rule: DispatchRule::Marketplace,
    };
    assert_eq!(page.reports[0].dispatch_by, Some(named));
    let page = with_profile(r#"{"dispatch_hours": 48}"#, "", json!({})).await;
    let by = page.reports[0].dispatch_by.unwrap();
    assert_eq!(by.at, at("2026-01-03T09:16:15Z"));
}

#[tokio::test]
async fn what_is_paid_is_collected_for_cash_on_delivery_alone() {
    for (word, mode, collect) in [
        (json!("COD"), Some(PaymentMode::Cod), Some(79_900)),
        (json!("cod"), Some(PaymentMode::Cod), Some(79_900)),
        (json!("PREPAID"), Some(PaymentMode::Prepaid), None),
        (json!("wallet"), Some(PaymentMode::Prepaid), None),
        (json!(""), None, None),
        (Value::Null, None, None),
    ] {
        let page = changed("", json!({ "payment_method": word })).await;
        let payment = page.reports[0].detail.as_ref().unwrap().payment;
        assert_eq!(payment.map(|it| it.mode), mode, "{word}");
        let collected = payment.and_then(|it| it.collect);
        assert_eq!(collected, collect.map(Paise::new), "{word}");
    }
}

#[tokio::test]
async fn the_profile_says_which_field_is_the_sku() {
    let page = with_profile(r#"{"sku_field": "ean"}"#, "", json!({})).await;
    assert_eq!(page.reports[0].lines[0].sku.as_str(), "8900000000017");
    let without = json!({"ean": null});
    let profile = r#"{"sku_field": "ean"}"#;
    let page = with_profile(profile, "/order_lines/0/item_details", without).await;
    assert_eq!(page.refused[0].reason, "item_details.ean: missing field");
}

#[tokio::test]
async fn the_price_may_stand_under_either_key_with_or_without_its_blank() {
    for key in ["listing_price", "listing_ price", "listing price"] {
        let mut line: Value = json!({
            "order_item_id": "S900000001-1", "ordered_quantity": 2,
            "item_details": {"item_code": "790001002"},
        });
        line[key] = json!(799.5);
        let page = changed("", json!({ "order_lines": [line] })).await;
        let line = &page.reports[0].lines[0];
        assert_eq!(line.price, Some(Paise::new(79_950)), "{key}");
        assert_eq!(line.title, "790001002", "without a name the SKU");
        assert_eq!((&line.variation, line.supply), (&None, None));
    }
}

#[tokio::test]
async fn a_parcel_in_the_pendency_is_taken_as_it_is_told() {
    let page = changed("", json!({"carrier": "Testcourier"})).await;
    let packet = page.reports[0].packet.as_ref().unwrap();
    assert_eq!(packet.courier.as_deref(), Some("Testcourier"));
    assert_eq!(packet.awb, None);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_refused_by_its_field_and_never_quoted() {
    for (pointer, change, reason) in [
        (
            "",
            json!({"order_date": "Asha"}),
            "order_date: cannot be read",
        ),
        (
            "",
            json!({"order_date": 1_767_258_975_000_i64}),
            "order_date: not a time in seconds",
        ),
        (
            "",
            json!({"total_amount": 7.999}),
            "total_amount: cannot be read",
        ),
        ("", json!({"order_lines": []}), "order_lines: is empty"),
        (
            "",
            json!({"order_lines": null}),
            "order_lines: cannot be read",
        ),
        (
            "/order_lines/0",
            json!({"ordered_quantity": 0}),
            "ordered_quantity: is 0",
        ),
        (
            "/order_lines/0",
            json!({"unit_price": "Asha"}),
            "order_lines[0].unit_price: cannot be read",
        ),
        (
            "/order_lines/0",
            json!({"order_item_id": " "}),
            "order_item_id: is empty",
        ),
        (
            "/order_lines/0/item_details",
            json!({"item_code": null}),
            "item_details.item_code: missing field",
        ),
        (
            "",
            json!({"tracking_number": "As ha"}),
            "tracking_number: not a AWB: 1 to 64 letters, digits, '_' or '-'",
        ),
    ] {
        let page = changed(pointer, change).await;
        assert!(page.reports.is_empty(), "{reason}");
        let refused = &page.refused[0];
        assert_eq!(refused.reason, reason);
        assert_eq!(refused.number.as_ref().unwrap().as_str(), "S900000001");
        assert_eq!(page.marks.len(), 1);
        assert!(!format!("{refused:?}").contains("Asha"), "{refused:?}");
    }
}

#[tokio::test]
async fn one_bad_row_spoils_no_other() {
    let mut page: Value = serde_json::from_str(fixture!("listPendency.answer")).unwrap();
    let rows = page["orders"].as_array_mut().unwrap();
    rows.insert(0, json!({"order_id": "no number at all"}));
    rows.insert(1, json!(7));
    let pob = Pob::answered([Reply::json(200, &page.to_string())]).await;
    let feed = pob.feed("pendency");
    let page = pob.line.orders().page(feed, None).await.unwrap();
    assert_eq!((page.reports.len(), page.refused.len()), (1, 2));
    assert_eq!(page.refused[0].number, None);
}
