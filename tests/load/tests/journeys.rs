//! Named journeys and what AWS bills for each, to the unit: one more is a failure, and so is one
//! less until it is written down here. What is derived from assumptions (`billed.rs`) is left out:
//! Lambda's memory-time and bytes.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use haat_bench::bills::{FUNCTIONS, TEMPLATE};
use haat_bench::journeys;
use haat_ledger::{Ledger, Unit};

fn costs(journey: &Ledger, golden: &str) {
    let golden: Vec<&str> = golden.trim().lines().map(str::trim).collect();
    let derived = [Unit::LambdaMbMs, Unit::EgressByte, Unit::LogByte].map(Unit::name);
    let counted = journey.to_string();
    let counted = counted.lines();
    let counted: Vec<&str> = counted
        .filter(|line| !derived.iter().any(|derived| line.starts_with(derived)))
        .collect();
    assert_eq!(counted, golden);
}

#[tokio::test]
async fn twenty_orders_from_the_list_to_the_courier() {
    let (lives, kept) = journeys::whole_lives(20).await;
    // Each order: new 2 with its index entry, buyer 1, asked 2, accepted 2 with its AWB, waiting 1,
    // labelled 1, shipped 3 with the move of its index entry. The rest is the batch's: heartbeats,
    // what the feeds held, the records of two jobs. Each of the 40 calls of the API is one of the
    // authorizer too, with a strongly consistent read, and reads the account for what its marketplace
    // can be asked. That an order became accepted is looked at too, in two calls: the account may be
    // set to ask for its label.
    costs(
        &lives,
        "table WRU              193
         index WRU               60
         half RRU               776
         SQS requests            24
         SQS groups              24
         Lambda calls            96
         S3 PUT                   1
         HTTP API calls          40",
    );
    assert!(kept.table < 3_000, "{kept:?}");
}

#[tokio::test]
async fn an_unchanged_poll() {
    // Written: the heartbeat. Read: packs, the pack's accounts, the heartbeat before and after,
    // login and session.
    // Called: schedule and poll. Queued: sent, received, deleted.
    costs(
        &journeys::unchanged_poll().await,
        "table WRU                1
         half RRU                12
         SQS requests             3
         SQS groups               3
         Lambda calls             2",
    );
}

#[tokio::test]
async fn the_first_page_of_an_account() {
    // Fifty orders with a buyer and an index entry each, what the feeds held, the heartbeat, and the
    // records of two jobs that connecting asks to be looked at; 50 records of the stream in one call.
    costs(
        &journeys::first_import_page().await,
        "table WRU              104
         index WRU               50
         half RRU               238
         SQS requests             6
         SQS groups               6
         Lambda calls             4",
    );
}

#[test]
fn memory_is_what_the_template_says() {
    let usual = memory(TEMPLATE.split("Globals:").nth(1).expect("globals"));
    for (function, name) in FUNCTIONS {
        let block = TEMPLATE
            .split(&format!("\n  {name}:\n"))
            .nth(1)
            .expect(name);
        let block = block.split("\n  # ====").next().expect("a block");
        let own = block.contains("MemorySize:").then(|| memory(block));
        assert_eq!(function.memory(), own.unwrap_or(usual), "{name}");
    }
}

fn memory(block: &str) -> u64 {
    let (_, rest) = block.split_once("MemorySize: ").expect("a memory size");
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().expect("megabytes")
}
