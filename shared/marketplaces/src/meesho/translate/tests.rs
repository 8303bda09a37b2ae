//! Whatever the panel sends, translation neither panics nor loses a row.

use haat_domain::OrderNumber;
use haat_ports::OrderPage;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{accept_jobs, label_jobs, look_up, page};
use crate::any_json::{any_json, example, parsed, rows};
use crate::meesho::profile::Profile;

const KEYS: &[&str] = &[
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
];

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

fn told(page: &OrderPage) -> usize {
    page.reports.len().saturating_add(page.refused.len())
}

proptest! {
    #[test]
    fn a_flat_page_keeps_every_row(rows in rows(KEYS, pending())) {
        let profile = Profile::read(None).unwrap();
        let answer = json!({"cursor": "next", "data": {"subOrders": rows}});
        let page = page(&profile, &profile.order_tabs.pending, None, parsed(&answer).unwrap()).unwrap();
        prop_assert_eq!(told(&page), rows.len());
    }

    #[test]
    fn a_page_of_packets_tells_of_every_packet(rows in rows(KEYS, packet())) {
        let profile = Profile::read(None).unwrap();
        let tab = &profile.order_tabs.ready_to_ship;
        let answer = json!({"cursor": null, "data": {"groups": rows}});
        let page = page(&profile, tab, None, parsed(&answer).unwrap()).unwrap();
        prop_assert!(told(&page) >= rows.len());
    }

    #[test]
    fn a_look_up_accounts_for_every_order(rows in rows(KEYS, detail())) {
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
    fn jobs_are_all_told_or_the_answer_is_refused(rows in rows(KEYS, label_job())) {
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
    fn any_answer_at_all_is_read_or_refused(answer in any_json(KEYS)) {
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
