//! Whatever AJIO sends, translation neither panics nor loses a row.

use std::collections::BTreeSet;

use haat_domain::{OfferKey, OrderNumber};
use haat_ports::{FeedPage, LookUp};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{acknowledged, asked_orders, closed, not_taken, offers, pendency, returns};
use crate::ajio::pages::Place;
use crate::ajio::profile::Profile;
use crate::ajio::translate::refused_levels;
use crate::ajio::wire::{AckWord, FailedItem};
use crate::any_json::{any_json, example, parsed, rows};

const KEYS: &[&str] = &[
    "order_id",
    "order_date",
    "order_lines",
    "order_item_id",
    "ordered_quantity",
    "quantity",
    "item_details",
    "item_code",
    "status",
    "unit_price",
    "po_number",
    "return_order_id",
    "return_order_items",
    "products",
    "variants",
    "orders",
    "page",
    "number",
    "totalPages",
    "totalElements",
    "failed_items",
    "error_message",
    "success",
    "odd \u{0} key",
];

fn pending() -> Value {
    let text = include_str!("../fixtures/listPendency.answer.json");
    example(text, "/orders/0")
}

fn listed() -> Value {
    let text = include_str!("../fixtures/listOrders.answer.json");
    example(text, "/orders/0")
}

fn returned() -> Value {
    let text = include_str!("../fixtures/listReturns.answer.json");
    example(text, "/orders/0")
}

fn product() -> Value {
    let text = include_str!("../fixtures/listProducts.answer.json");
    example(text, "/products/0")
}

fn nothing() -> LookUp {
    LookUp {
        reports: Vec::new(),
        refused: Vec::new(),
        unknown: Vec::new(),
    }
}

fn told<Row>(page: &FeedPage<Row>) -> usize {
    let told = page.reports.len().saturating_add(page.refused.len());
    assert_eq!(page.marks.len(), told);
    told
}

proptest! {
    #[test]
    fn the_pendency_keeps_every_row(rows in rows(KEYS, pending())) {
        let profile = Profile::read(None).unwrap();
        let answer = parsed(&json!({ "orders": rows })).unwrap();
        let page = pendency(&profile, Place::first(&profile), &answer).unwrap();
        prop_assert_eq!(told(&page), rows.len());
    }

    #[test]
    fn a_look_up_keeps_every_row_and_believes_no_stranger(rows in rows(KEYS, listed())) {
        let profile = Profile::read(None).unwrap();
        let asked: Vec<OrderNumber> = vec!["S900000001".parse().unwrap()];
        let answer = parsed(&json!({ "orders": rows })).unwrap();
        let mut found = nothing();
        asked_orders(&profile, &asked, Place::first(&profile), &answer, &mut found).unwrap();
        let told = found.reports.len().saturating_add(found.refused.len());
        prop_assert_eq!(told, rows.len());
        prop_assert!(found.reports.iter().all(|report| asked.contains(&report.number)));
    }

    #[test]
    fn returns_keep_every_row(rows in rows(KEYS, returned())) {
        let profile = Profile::read(None).unwrap();
        let answer = parsed(&json!({ "orders": rows })).unwrap();
        let page = returns(&profile, Place::first(&profile), &answer).unwrap();
        prop_assert_eq!(told(&page), rows.len());
    }

    #[test]
    fn products_tell_of_every_variant(rows in rows(KEYS, product())) {
        let profile = Profile::read(None).unwrap();
        let answer = parsed(&json!({ "products": rows })).unwrap();
        let page = offers(&profile, Place::first(&profile), true, &answer).unwrap();
        let variants = |row: &Value| match (row["id"].as_str(), row["variants"].as_array()) {
            (Some(_), Some(variants)) => variants.len(),
            (_, _) => 1,
        };
        prop_assert!(told(&page) >= rows.iter().map(variants).filter(|n| *n > 0).count());
    }

    #[test]
    fn only_what_was_asked_for_is_refused_and_each_once(
        status in prop::sample::select(vec!["SUCCESS", "PARTIAL_SUCCESS", "FAILED", "OTHER"]),
        failed in prop::collection::vec(("S[1-4]|odd id", ".{0,8}"), 0..6),
    ) {
        let profile = Profile::read(None).unwrap();
        let asked: Vec<OrderNumber> = ["S1", "S2"].map(|it| it.parse().unwrap()).to_vec();
        let asked: Vec<_> = asked.iter().collect();
        let failed: Vec<_> = failed
            .into_iter()
            .map(|(order_id, error_message)| FailedItem { order_id, error_message })
            .collect();
        if let Ok(refused) = not_taken(&profile, &asked, status, &failed) {
            let numbers: BTreeSet<_> = refused.iter().map(|it| &it.number).collect();
            prop_assert_eq!(numbers.len(), refused.len());
            prop_assert!(numbers.iter().all(|number| asked.contains(number)));
            prop_assert!(refused.iter().all(|it| !it.said.is_empty()));
            prop_assert!(status != "FAILED" || refused.len() == 2);
        }
    }

    #[test]
    fn any_answer_at_all_is_read_or_refused(answer in any_json(KEYS)) {
        let profile = Profile::read(None).unwrap();
        let place = Place::first(&profile);
        let number: OrderNumber = "S900000001".parse().unwrap();
        if let Some(page) = parsed(&answer) {
            let _ = pendency(&profile, place, &page);
            let _ = asked_orders(&profile, &[], place, &page, &mut nothing());
        }
        if let Some(page) = parsed(&answer) {
            let _ = returns(&profile, place, &page);
        }
        if let Some(page) = parsed(&answer) {
            let _ = offers(&profile, place, true, &page);
        }
        if let Some(taken) = parsed(&answer) {
            prop_assert!(acknowledged(&number, AckWord::Acknowledge, &taken).is_err());
        }
        if let Some(manifest) = parsed(&answer) {
            let _ = closed(&profile, &[&number], manifest);
        }
        if let Some(levels) = parsed(&answer) {
            let key = OfferKey { product: String::new(), variant: String::new() };
            let _ = refused_levels(&profile, &[key], &levels);
        }
    }

    #[test]
    fn a_place_is_found_again_by_its_cursor(number in 1..9_000_u32, ids in prop::collection::vec("S[0-9]{1,9}", 1..5)) {
        let profile = Profile::read(None).unwrap();
        let ids: Vec<_> = ids.into_iter().map(Some).collect();
        let place = Place::of(&profile, Some(&number.to_string())).unwrap();
        let next = place.next(&profile, &ids, None).unwrap().unwrap();
        prop_assert_eq!(next.number, number.saturating_add(1));
        let again = Place::of(&profile, Some(&next.cursor())).unwrap();
        prop_assert_eq!(again, next);
        prop_assert!(again.next(&profile, &ids, None).is_err());
    }
}
