//! The unit rules against cases worked out by hand.
#![allow(clippy::unwrap_used, clippy::panic)]

use haat_ledger::dynamodb::{Entry, Read, get, index_write, page, transactional_write, write};
use haat_ledger::{item, lambda, sqs};
use serde_json::{Value, json};

fn size(item: Value) -> u64 {
    item::size(item.as_object().unwrap())
}

#[test]
fn an_items_size_is_its_names_and_values() {
    // pk 2 + 3, sk 2 + 5.
    assert_eq!(size(json!({"pk": {"S": "S#1"}, "sk": {"S": "ORDER"}})), 12);
    // Three bytes each in UTF-8: name 2 x 3, value 3 x 3.
    assert_eq!(size(json!({"नम": {"S": "हाट"}})), 15);
    // a 1 + one byte for either.
    assert_eq!(size(json!({"a": {"BOOL": true}, "b": {"NULL": true}})), 4);
    // Five bytes are eight letters of base64 with its filling.
    assert_eq!(size(json!({"b": {"B": "aGVsbG8="}})), 1 + 5);
}

#[test]
fn a_number_is_half_its_significant_digits_and_one() {
    let number = |text: &str| size(json!({"": {"N": text}}));
    assert_eq!(number("0"), 1);
    assert_eq!(number("7"), 2);
    assert_eq!(number("12"), 2);
    assert_eq!(number("123"), 3);
    assert_eq!(number("-123"), 4);
    // Twenty digits: ten bytes and one.
    assert_eq!(number("18446744073709551615"), 11);
    // Zeros before and behind say only how large it is.
    assert_eq!(number("1200000"), 2);
}

#[test]
fn lists_and_maps_cost_three_bytes_and_one_for_each_entry() {
    assert_eq!(size(json!({"l": {"L": []}})), 1 + 3);
    // Entries: "ab" 2, 7 2; one byte each for being there.
    assert_eq!(
        size(json!({"l": {"L": [{"S": "ab"}, {"N": "7"}]}})),
        1 + 3 + 2 + 2 + 2
    );
    // Entry: name 3, value 4, one for being there.
    assert_eq!(
        size(json!({"m": {"M": {"key": {"S": "text"}}}})),
        1 + 3 + 1 + 3 + 4
    );
    assert_eq!(size(json!({"s": {"SS": ["ab", "c"]}})), 1 + 3);
}

#[test]
fn a_write_costs_the_larger_of_before_and_after() {
    assert_eq!(write(None, Some(1)), 1, "put");
    assert_eq!(write(None, Some(1_024)), 1);
    assert_eq!(write(None, Some(1_025)), 2);
    assert_eq!(write(Some(3_000), Some(100)), 3, "a put that shrinks");
    assert_eq!(write(Some(100), Some(2_049)), 3, "an update that grows");
    assert_eq!(write(Some(2_048), None), 2, "delete");
    assert_eq!(write(None, None), 1, "delete of nothing");
}

#[test]
fn a_refused_write_costs_as_much_as_one_that_succeeds() {
    // Put if absent of 300 bytes over an item of 2,500.
    assert_eq!(write(Some(2_500), Some(300)), 3);
    // An update of what is not there.
    assert_eq!(write(None, None), 1);
}

#[test]
fn a_transaction_costs_double() {
    assert_eq!(transactional_write(None, Some(1_024)), 2);
    assert_eq!(transactional_write(Some(1_500), Some(10)), 4);
    assert_eq!(transactional_write(None, None), 2, "a condition check");
    assert_eq!(get(Some(4_097), Read::Transaction), 8);
}

fn entry(key: &'static str, rest: &'static str) -> Option<Entry<'static>> {
    let size = 100;
    Some(Entry { key, rest, size })
}

#[test]
fn an_index_costs_what_changes_in_it() {
    assert_eq!(index_write(None, None), 0, "an item that is not indexed");
    assert_eq!(index_write(None, entry("S#1 open#9", "")), 1, "insert");
    let (before, same) = (entry("S#1 open#9", "a"), entry("S#1 open#9", "a"));
    assert_eq!(
        index_write(before, same),
        0,
        "only what is not projected changed"
    );
    assert_eq!(
        index_write(before, entry("S#1 open#9", "b")),
        1,
        "projected change"
    );
    assert_eq!(
        index_write(before, entry("S#1 closed#9", "a")),
        2,
        "key change"
    );
    assert_eq!(index_write(before, None), 1, "it leaves a sparse index");
    let large = Some(Entry {
        key: "k",
        rest: "r",
        size: 1_025,
    });
    assert_eq!(index_write(None, large), 2, "a large projection");
}

#[test]
fn reads_cost_by_four_kilobytes() {
    assert_eq!(get(None, Read::Eventual), 1, "a missed get is half a unit");
    assert_eq!(get(None, Read::Strong), 2);
    assert_eq!(get(Some(4_096), Read::Strong), 2);
    assert_eq!(get(Some(4_097), Read::Strong), 4);
    // A hundred poll states of 300 bytes, read at once: eight blocks.
    assert_eq!(page(30_000, Read::Strong), 16);
    assert_eq!(page(30_000, Read::Eventual), 8);
    assert_eq!(page(0, Read::Eventual), 1, "an empty page");
}

#[test]
fn sqs_bills_64_kilobytes() {
    assert_eq!(sqs::requests(0), 1, "an empty receive, a delete");
    assert_eq!(sqs::requests(65_536), 1);
    assert_eq!(sqs::requests(65_537), 2);
    // Ten messages of 20,000 bytes in one batch.
    assert_eq!(sqs::requests(200_000), 4);
    assert_eq!(sqs::requests(1_048_576), 16, "the largest batch");
}

#[test]
fn lambda_bills_whole_milliseconds_with_the_start() {
    assert_eq!(lambda::mb_ms(128, 0, 1), 128);
    assert_eq!(lambda::mb_ms(128, 0, 1_000), 128);
    assert_eq!(lambda::mb_ms(128, 0, 1_001), 256);
    // 0.6 ms of start and 0.6 ms of work are 1.2 ms: two.
    assert_eq!(lambda::mb_ms(512, 600, 600), 1_024);
}
