//! What a marketplace says of an order, and what Haat makes of it.

use std::collections::{BTreeMap, BTreeSet};

use haat_domain::{Paise, Step};
use haat_tests::between::Weather;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::Value;

use crate::line::Line;
use crate::stage::{Stage, Standing};

/// The words of the contract's own list.
pub(super) fn vocabulary((file, schema): (&str, &str)) -> BTreeSet<String> {
    let path = format!("{}/contracts/{file}", env!("CARGO_MANIFEST_DIR"));
    let contract = std::fs::read_to_string(path).unwrap();
    let contract: Value = serde_saphyr::from_str(&contract).unwrap();
    let words = &contract["components"]["schemas"][schema]["enum"];
    let words = words.as_array().unwrap().iter();
    words
        .map(|word| word.as_str().unwrap().to_owned())
        .collect()
}

fn reworded(stage: &dyn Stage, word: &str) -> Weather {
    Weather::Reworded {
        from: format!("\"{}\"", stage.shipped_word()),
        to: format!("\"{word}\""),
    }
}

pub(super) async fn documented(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let number = line.stage.seed(Standing::Shipped, 1).remove(0);
    let meanings: BTreeMap<&str, Step> = line.stage.words().into_iter().collect();
    for word in vocabulary(line.stage.vocabulary()) {
        line.turn(reworded(line.stage.as_ref(), &word));
        let report = line.report(&number).await;
        let meaning = meanings.get(word.as_str()).copied();
        assert!(meaning.is_some(), "nobody said what {word} means");
        assert_eq!(report.step, meaning, "{word}");
        assert_eq!(report.word, word);
    }
}

pub(super) async fn unknown(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let number = line.stage.seed(Standing::Shipped, 1).remove(0);
    line.turn(reworded(line.stage.as_ref(), "HELD_FOR_PUJA"));
    let report = line.report(&number).await;
    assert_eq!((report.step, report.word.as_str()), (None, "HELD_FOR_PUJA"));
    let order = line.kept(&report);
    assert_eq!(order.word, "HELD_FOR_PUJA");
    assert!(
        order.allows(haat_domain::Action::Accept).is_err(),
        "a word we do not know is no licence to act"
    );
}

/// Amounts in paise that a detour over floating point gets wrong, and the smallest and a large one.
const AMOUNTS: [i64; 8] = [1, 29, 435, 1_999, 110_005, 137_990, 9_999_999, 100_000_001];

pub(super) async fn money(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    for number in line.stage.seed(Standing::New, 3) {
        let truth = line.stage.truth(&number);
        let from = line.stage.amount(truth.value);
        for paise in AMOUNTS.into_iter().chain([truth.value]) {
            let (from, to) = (from.clone(), line.stage.amount(paise));
            line.turn(Weather::Reworded { from, to });
            let report = line.report(&number).await;
            let value = report.detail.and_then(|detail| detail.value);
            assert_eq!(value.map(Paise::get), Some(paise), "{number}");
        }
        let mut pieces: Vec<(String, u32)> = Vec::new();
        for ordered in line.report(&number).await.lines {
            pieces.push((ordered.sku.to_string(), ordered.quantity));
        }
        pieces.sort();
        assert_eq!(pieces, truth.pieces, "{number}");
    }
}

/// Orders on both sides of a midnight in India.
async fn around(stage: Box<dyn Stage>, midnight: &str) {
    let midnight: Timestamp = format!("{midnight}T00:00:00+05:30").parse().unwrap();
    let line = Line::open(stage).await;
    // The double makes its orders ten minutes apart, the last of them ten minutes ago.
    line.pass(midnight.duration_since(line.stage.now()).as_secs() + 35 * 60);
    let numbers = line.stage.seed(Standing::New, 6);
    let mut sides = BTreeSet::new();
    for page in line.rest(None).await {
        for report in &page.reports {
            let (truth, order) = (line.stage.truth(&report.number), line.kept(report));
            assert_eq!(report.ordered_at, truth.ordered_at, "{}", report.number);
            assert_eq!(order.dispatch_by.at, truth.dispatch_by, "{}", report.number);
            assert!(numbers.contains(&report.number));
            sides.extend(truth.ordered_at.map(|at| at < midnight));
        }
    }
    let tells = !sides.is_empty();
    assert!(!tells || sides.len() == 2, "there are orders on both sides");
}

pub(super) async fn midnight(stage: Box<dyn Stage>) {
    let india = TimeZone::fixed(Offset::from_seconds(19_800).unwrap());
    let tomorrow = stage.now().to_zoned(india).date().tomorrow().unwrap();
    around(stage, &tomorrow.to_string()).await;
}

pub(super) async fn financial_year(stage: Box<dyn Stage>) {
    around(stage, "2027-04-01").await;
}
