//! Whatever the panel sends, translation neither panics nor loses a row.

use haat_domain::OrderNumber;
use haat_ports::OrderPage;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{accept_jobs, label_jobs, look_up, page};
use crate::meesho::profile::Profile;

/// Any JSON, with the contract's field names among its keys and texts that look like its values.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("299000000000000001_1")),
        Just(json!("2026-09-11T12:11:10+0530")),
        Just(json!("999999999-12-31")),
        Just(json!("92233720368547758.08")),
        Just(json!("PROCESSED")),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        let key = prop::sample::select(vec![
            "sub_order_num",
            "order_num",
            "quantity",
            "price",
            "product_sku",
            "orders",
            "sub_orders",
            "products",
            "shipment",
            "address",
            "state",
            "created_iso",
            "ship_by_iso",
            "request_id",
            "status",
            "progress_percent",
            "label_url",
            "awb",
            "odd \u{0} key",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..8).prop_map(|fields| fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

/// The row of a contract's example with one of its values, however deep, replaced.
fn spoiled(row: Value) -> impl Strategy<Value = Value> {
    let places = places(&row, String::new());
    (prop::sample::select(places), any_json()).prop_map(move |(place, value)| {
        let mut row = row.clone();
        if let Some(target) = row.pointer_mut(&place) {
            *target = value;
        }
        row
    })
}

fn places(value: &Value, at: String) -> Vec<String> {
    let mut all = vec![at.clone()];
    if let Some(fields) = value.as_object() {
        all.extend(
            fields
                .iter()
                .flat_map(|(name, value)| places(value, format!("{at}/{name}"))),
        );
    }
    if let Some(items) = value.as_array() {
        let items = items.iter().enumerate();
        all.extend(items.flat_map(|(index, value)| places(value, format!("{at}/{index}"))));
    }
    all
}

fn example(text: &str, place: &str) -> Value {
    let answer: Value = serde_json::from_str(text).unwrap();
    answer.pointer(place).unwrap().clone()
}

fn rows(row: Value) -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(prop_oneof![spoiled(row), any_json()], 0..6)
}

fn pending() -> Value {
    let text = include_str!("../fixtures/listOrders.answer.pending.json");
    example(text, "/data/subOrders/0")
}

fn detail() -> Value {
    example(
        include_str!("../fixtures/fetchOrderDetails.answer.json"),
        "/data/0",
    )
}

fn packet() -> Value {
    let text = include_str!("../fixtures/listOrders.answer.readyToShip.json");
    example(text, "/data/groups/0")
}

fn label_job() -> Value {
    let text = include_str!("../fixtures/fetchLabelDownloadHistory.answer.done.json");
    example(text, "/data/0")
}

fn parsed<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_str(&value.to_string()).ok()
}

fn told(page: &OrderPage) -> usize {
    page.reports.len().saturating_add(page.refused.len())
}

proptest! {
    #[test]
    fn a_flat_page_keeps_every_row(rows in rows(pending())) {
        let profile = Profile::read(None).unwrap();
        let answer = json!({"cursor": "next", "data": {"subOrders": rows}});
        let page = page(&profile, &profile.order_tabs.pending, None, parsed(&answer).unwrap()).unwrap();
        prop_assert_eq!(told(&page), rows.len());
    }

    #[test]
    fn a_page_of_packets_tells_of_every_packet(rows in rows(packet())) {
        let profile = Profile::read(None).unwrap();
        let tab = &profile.order_tabs.ready_to_ship;
        let answer = json!({"cursor": null, "data": {"groups": rows}});
        let page = page(&profile, tab, None, parsed(&answer).unwrap()).unwrap();
        prop_assert!(told(&page) >= rows.len());
    }

    #[test]
    fn a_look_up_accounts_for_every_order(rows in rows(detail())) {
        let profile = Profile::read(None).unwrap();
        let asked: Vec<OrderNumber> = ["299000000000000001_1", "299000000000000009_1"]
            .map(|number| number.parse().unwrap())
            .to_vec();
        let answer = json!({"data": rows, "not_found": [asked[1].as_str()]});
        let found = look_up(&profile, &asked, parsed(&answer).unwrap());
        prop_assert!(found.reports.iter().all(|report| asked.contains(&report.number)));
        prop_assert_eq!(&found.unknown, &asked[1..]);
        let told = found.reports.iter().any(|report| report.number == asked[0])
            || found.refused.iter().any(|row| row.number.as_ref() == Some(&asked[0]));
        prop_assert!(told);
    }

    #[test]
    fn jobs_are_all_told_or_the_answer_is_refused(rows in rows(label_job())) {
        let profile = Profile::read(None).unwrap();
        let answer = json!({"data": rows, "polling_time_ms": 10_000});
        if let Ok(jobs) = label_jobs(&profile, parsed(&answer).unwrap()) {
            prop_assert_eq!(jobs.jobs.len(), rows.len());
        }
        if let Ok(jobs) = accept_jobs(parsed(&answer).unwrap()) {
            prop_assert_eq!(jobs.len(), rows.len());
        }
    }

    #[test]
    fn any_answer_at_all_is_read_or_refused(answer in any_json()) {
        let profile = Profile::read(None).unwrap();
        let answer = json!({"data": answer, "not_found": []});
        if let Some(list) = parsed(&answer) {
            let _ = page(&profile, &profile.order_tabs.pending, None, list);
        }
        if let Some(details) = parsed(&answer) {
            look_up(&profile, &[], details);
        }
    }
}
