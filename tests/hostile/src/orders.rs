//! The panel's tabs and the details of single orders.

use std::collections::BTreeMap;

use haat_domain::{Heard, Order, OrderId, OrderNumber, OrderReport, Step};
use haat_ports::{OrderStore as _, RefusedRow};
use serde_json::Value;

use crate::panel::{NOW_MS, OF_A_CALL, Panel, assert_silent, body, with_panel};
use crate::shelf::Shelf;

const ASKED: [&str; 3] = [
    "299000000000000001_1",
    "299000000000000002_1",
    "299000000000000003_1",
];
/// The largest item that DynamoDB takes is 400 KB.
const LARGEST_ITEM: usize = 400_000;

pub(crate) fn order_list(bytes: &[u8]) {
    with_panel(bytes, async |panel: &Panel| {
        let line = panel.line();
        let orders = line.orders();
        let feeds = orders.feeds();
        let feed = feeds[bytes.len() % feeds.len()];
        match orders.page(feed, Some("page-2")).await {
            Err(error) => assert_silent(&error, &OF_A_CALL),
            Ok(page) => {
                assert_ne!(
                    page.next.as_deref(),
                    Some("page-2"),
                    "reading goes in circles"
                );
                let rows = flat_rows(body(bytes));
                let told = page.reports.len() + page.refused.len();
                assert_eq!(page.marks.len(), told, "a mark for each");
                assert!(
                    rows.is_none_or(|rows| rows == told),
                    "{rows:?} rows, {told} told"
                );
                page.refused.iter().for_each(assert_names_no_value);
                for report in &page.reports {
                    assert_word_kept(report);
                    live(report).await;
                }
            }
        }
    });
}

pub(crate) fn order_details(bytes: &[u8]) {
    with_panel(bytes, async |panel: &Panel| {
        let asked = ASKED.map(|number| number.parse::<OrderNumber>().unwrap());
        let line = panel.line();
        let found = match line.orders().look_up(&asked).await {
            Err(error) => return assert_silent(&error, &OF_A_CALL),
            Ok(found) => found,
        };
        for number in &asked {
            let told = found.reports.iter().any(|report| report.number == *number)
                || found.unknown.contains(number)
                || found
                    .refused
                    .iter()
                    .any(|row| row.number.as_ref() == Some(number));
            assert!(told, "nothing is said of {number}");
        }
        found.refused.iter().for_each(assert_names_no_value);
        let said: Value = serde_json::from_slice(body(bytes)).unwrap_or_default();
        for report in &found.reports {
            assert!(asked.contains(&report.number), "nobody asked for it");
            assert_word_kept(report);
            assert_said_so(report, &said);
            live(report).await;
        }
    });
}

/// How many rows a page of flat rows holds; nothing where that cannot be counted simply.
fn flat_rows(body: &[u8]) -> Option<usize> {
    let page: Value = serde_json::from_slice(body).ok()?;
    let data = page.get("data")?;
    let none = data.get("groups").is_none_or(Value::is_null);
    none.then(|| data.get("subOrders")?.as_array().map(Vec::len))?
}

/// What we do not know is kept as it is, and nothing follows from it.
fn assert_word_kept(report: &OrderReport) {
    let profile = include_str!("../../../shared/marketplaces/src/meesho/profile.json");
    let profile: Value = serde_json::from_str(profile).unwrap();
    let known: BTreeMap<String, Step> = serde_json::from_value(profile["steps"].clone()).unwrap();
    assert_eq!(
        report.step,
        known.get(&report.word).copied(),
        "{}",
        report.word
    );
}

/// Word and value of a report stand in a row of its number, to the paisa.
fn assert_said_so(report: &OrderReport, said: &Value) {
    let Some(rows) = said["data"].as_array() else {
        return;
    };
    let mut rows = rows
        .iter()
        .filter(|row| row["sub_order_num"] == report.number.as_str());
    let value = report.detail.as_ref().and_then(|detail| detail.value);
    let fits = |row: &Value| {
        let paise = row["total"]
            .as_i64()
            .and_then(|rupees| rupees.checked_mul(100));
        let value = value.map(|value| value.get());
        row["supplier_order_status"] == report.word
            && paise.is_none_or(|paise| value == Some(paise))
    };
    assert!(rows.any(fits), "{} was told otherwise", report.number);
}

/// The reason names a field and never repeats what stood in it: it may be the buyer's.
fn assert_names_no_value(refused: &RefusedRow) {
    let row = serde_json::from_str(refused.raw.expose()).unwrap_or_default();
    let mut texts = Vec::new();
    collect(&row, &mut texts);
    for text in texts {
        let telling = text.len() >= 8 && text.chars().any(|letter| letter.is_ascii_digit());
        let repeated = telling && refused.reason.contains(text);
        assert!(!repeated, "{:?} repeats {text:?}", refused.reason);
    }
}

fn collect<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What was read can be lived with: an order made of it comes to rest, is stored and is read back
/// as it was.
async fn live(report: &OrderReport) {
    let now = jiff::Timestamp::from_millisecond(NOW_MS).unwrap();
    let (seller, marketplace) = ("s_1".parse().unwrap(), "meesho".parse().unwrap());
    let id = OrderId {
        account: "a_1".parse().unwrap(),
        number: report.number.clone(),
    };
    let mut order = Order::first_heard(id.clone(), seller, marketplace, report, now);
    assert_eq!(
        order.hear(report, now),
        Heard::Nothing,
        "the same again is no news"
    );
    let shelf = Shelf::answering(Vec::new());
    let table = shelf.table();
    table.put_order(&mut order).await.unwrap();
    let item = shelf.written().remove(0);
    assert!(
        item.to_string().len() < LARGEST_ITEM,
        "the order is too large to store"
    );
    shelf.put(vec![item]);
    let read = table.orders(&order.seller, &[id]).await.unwrap();
    assert_eq!(read, [order]);
}
