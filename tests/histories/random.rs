//! A thousand short histories, each of them made of one number.

use std::cell::Cell;

use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestCaseError, TestError, TestRunner};

use crate::double::Market;
use crate::play::play;
use crate::runtime;
use crate::steps::history;

/// How many parts the histories are played in, side by side.
const PARTS: u64 = 4;

fn number(variable: &str, otherwise: u64) -> u64 {
    let said = std::env::var(variable).ok();
    said.map_or(otherwise, |said| {
        said.parse()
            .unwrap_or_else(|_| panic!("{variable} is a whole number, and not {said:?}"))
    })
}

/// How many histories are played where nobody says.
fn usual(market: Market) -> u64 {
    match market {
        Market::Meesho => 1_000,
        // Each order has calls of its own there, which take their time.
        Market::Ajio => 250,
    }
}

/// Plays the histories of one part.
fn some_histories(market: Market, part: u64) {
    let only = std::env::var("HAAT_HISTORY").ok();
    let (first, count) = match only {
        Some(_) => (number("HAAT_HISTORY", 0), 1),
        None => (
            number("HAAT_HISTORIES_FROM", 1),
            number("HAAT_HISTORIES", usual(market)),
        ),
    };
    for seed in (first..first + count).filter(|seed| seed % PARTS == part) {
        one_history(market, seed);
    }
}

fn one_history(market: Market, seed: u64) {
    let config = Config {
        cases: 1,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::default()
    };
    let failed = Cell::new(false);
    let played = TestRunner::new(config).run(&history(market), |steps| {
        let (runtime, http) = runtime();
        runtime
            .block_on(play(market, &steps, &http))
            .map_err(|why| {
                if !failed.replace(true) {
                    eprintln!(
                        "history {seed} went wrong: {why}\nthe shortest way there is looked for"
                    );
                }
                TestCaseError::fail(why)
            })
    });
    match played {
        Ok(()) => {}
        Err(TestError::Fail(why, steps)) => panic!(
            "history {seed} went wrong: {why}\n\
             the shortest way there, for found.rs: {steps:#?}\n\
             to play it again: HAAT_HISTORY={seed} cargo test -p haat-tests --test histories random"
        ),
        Err(TestError::Abort(why)) => panic!("history {seed} could not be played: {why}"),
    }
}

#[test]
fn histories_of_the_first_part() {
    some_histories(Market::Meesho, 0);
}

#[test]
fn histories_of_the_second_part() {
    some_histories(Market::Meesho, 1);
}

#[test]
fn histories_of_the_third_part() {
    some_histories(Market::Meesho, 2);
}

#[test]
fn histories_of_the_fourth_part() {
    some_histories(Market::Meesho, 3);
}

#[test]
fn histories_at_ajio_of_the_first_part() {
    some_histories(Market::Ajio, 0);
}

#[test]
fn histories_at_ajio_of_the_second_part() {
    some_histories(Market::Ajio, 1);
}

#[test]
fn histories_at_ajio_of_the_third_part() {
    some_histories(Market::Ajio, 2);
}

#[test]
fn histories_at_ajio_of_the_fourth_part() {
    some_histories(Market::Ajio, 3);
}
