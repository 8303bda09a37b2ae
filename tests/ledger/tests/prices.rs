//! Prices, and ledgers priced by hand.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use haat_ledger::{Ledger, Line, Mark, PicoDollars, Region, Unit, itemise, price, price_of};

fn mumbai(unit: Unit, count: u64) -> u128 {
    price(&Ledger::of(unit, count), Region::Mumbai).0
}

#[test]
fn a_unit_costs_what_the_price_list_says() {
    // In picodollars: 0.71 dollars for a million are 710,000 each.
    assert_eq!(mumbai(Unit::TableWrite, 1), 710_000);
    assert_eq!(mumbai(Unit::IndexWrite, 1), 710_000);
    assert_eq!(mumbai(Unit::HalfRead, 2), 142_500);
    assert_eq!(mumbai(Unit::HalfRead, 1), 71_250);
    assert_eq!(mumbai(Unit::SqsRequest, 1), 400_000);
    assert_eq!(mumbai(Unit::SqsGroupRequest, 1), 100_000);
    assert_eq!(mumbai(Unit::LambdaCall, 1), 200_000);
    assert_eq!(mumbai(Unit::S3Put, 1), 5_000_000);
    assert_eq!(mumbai(Unit::S3Get, 1), 400_000);
    assert_eq!(mumbai(Unit::KmsRequest, 1), 3_000_000);
    assert_eq!(mumbai(Unit::SchedulerCall, 1), 1_250_000);
    assert_eq!(mumbai(Unit::HttpApiCall, 1), 1_050_000);
    // 60,000 bytes at 0.1093 dollars a GB: 6.558 millionths.
    assert_eq!(mumbai(Unit::EgressByte, 60_000), 6_558_000);
    // 1,000 bytes of log at 0.67 dollars a GB: 0.67 millionths.
    assert_eq!(mumbai(Unit::LogByte, 1_000), 670_000);
    assert_eq!(mumbai(Unit::TableMbMonth, 1_000), 285_000_000_000);
    assert_eq!(mumbai(Unit::BackupMbMonth, 1_000), 228_000_000_000);
    assert_eq!(mumbai(Unit::S3MbMonth, 1_000), 25_000_000_000);
    assert_eq!(mumbai(Unit::KmsKeyMonth, 1), 1_000_000_000_000);
    assert_eq!(mumbai(Unit::AlarmMonth, 16), 1_600_000_000_000);
}

#[test]
fn a_gigabyte_second_costs_the_same_however_it_is_made_up() {
    // 128 MB for 100 ms: 0.0125 GB-s at 13.3334 millionths = 0.1666675.
    assert_eq!(mumbai(Unit::LambdaMbMs, 12_800), 166_668, "rounded half up");
    // A thousand GB-s: 13,333.4 millionths exactly.
    assert_eq!(mumbai(Unit::LambdaMbMs, 1_024_000_000), 13_333_400_000);
}

#[test]
fn a_ledger_costs_the_sum_of_its_lines() {
    let used = Ledger::of(Unit::TableWrite, 10)
        .and(Unit::HalfRead, 8)
        .and(Unit::S3Put, 1);
    // Mumbai: 7.1 + 0.57 + 5 = 12.67 millionths; us-east-1: 6.25 + 0.5 + 5 = 11.75.
    assert_eq!(price(&used, Region::Mumbai), PicoDollars(12_670_000));
    assert_eq!(price(&used, Region::Virginia), PicoDollars(11_750_000));
    assert_eq!(price(&used, Region::Mumbai).to_string(), "12.670");
    let lines = itemise(&used, Region::Mumbai);
    assert_eq!(lines.len(), 3, "what is not used is not listed");
    let first = Line {
        unit: Unit::TableWrite,
        count: 10,
        cost: PicoDollars(7_100_000),
    };
    assert_eq!(lines.first(), Some(&first));
    assert_eq!(price(&Ledger::NOTHING, Region::Mumbai), PicoDollars(0));
}

#[test]
fn one_unit_more_costs_more() {
    for unit in Unit::ALL {
        for region in [Region::Virginia, Region::Mumbai] {
            let some = price(&Ledger::of(unit, 1_000_000), region);
            let more = price(&Ledger::of(unit, 2_000_000), region);
            assert!(some.0 > 0 && more.0 > some.0, "{unit:?} in {region:?}");
        }
    }
}

#[test]
fn what_was_not_looked_up_is_marked() {
    let doubtful: Vec<Unit> = Unit::ALL
        .into_iter()
        .filter(|unit| price_of(*unit, Region::Mumbai).mark == Mark::Recheck)
        .collect();
    let known = [
        Unit::SqsRequest,
        Unit::SqsGroupRequest,
        Unit::SchedulerCall,
        Unit::BackupMbMonth,
        Unit::AlarmMonth,
        Unit::MetricMonth,
    ];
    assert_eq!(doubtful, known);
}

#[test]
fn ledgers_add_up() {
    let poll = Ledger::of(Unit::TableWrite, 1).and(Unit::LambdaCall, 1);
    let day: Ledger = std::iter::repeat_n(poll, 288).sum();
    assert_eq!(day, poll * 288);
    assert_eq!((day.count(Unit::TableWrite), day.writes()), (288, 288));
    let both = day + Ledger::of(Unit::IndexWrite, 2);
    assert_eq!(both.writes(), 290);
    assert_eq!(
        both.to_string(),
        "table WRU              288\nindex WRU                2\nLambda calls           288\n"
    );
}
