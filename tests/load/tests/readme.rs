//! The README shows what the results in the repository say.
#![allow(clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::Path;

use haat_bench::bills::Counted;
use haat_bench::groups::GROUPS;
use haat_bench::row::{Row, short, with_table};

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(path)).expect(path)
}

fn kept() -> Vec<Row> {
    serde_json::from_str(&read("docs/bench/results.json")).expect("rows")
}

#[test]
fn the_readme_shows_the_last_results() {
    let rows = kept();
    for id in GROUPS.iter().flat_map(|group| group.rows) {
        assert!(rows.iter().any(|row| row.id == *id), "no row {id}");
    }
    let readme = read("README.md");
    let with_rows = with_table(&readme, &rows).expect("the README's marks");
    assert_eq!(readme, with_rows, "run haat-bench --readme");
}

/// What AWS bills is counted anew: figures that went stale are seen at once.
#[tokio::test]
async fn the_bills_are_what_the_code_spends_today() {
    let kept = kept();
    for row in Counted::new().await.rows() {
        let before = kept.iter().find(|kept| kept.id == row.id);
        let before = before.unwrap_or_else(|| panic!("no row {}", row.id));
        let figures = |row: &Row| (row.value.map(|value| format!("{value:.9}")), row.ok);
        let told = "run infra/bench.sh --bills";
        assert_eq!(figures(before), figures(&row), "{}: {told}", row.id);
        assert_eq!(before.note, row.note, "{}: {told}", row.id);
    }
}

#[test]
fn every_figure_that_misses_its_target_says_why() {
    let rows = kept();
    let missed = rows.iter().filter(|row| row.ok == Some(false));
    let mut reasons = BTreeSet::new();
    for row in missed {
        let why = row.why.as_deref().unwrap_or_default();
        assert!(
            !why.is_empty(),
            "{} misses its target and says nothing",
            row.id
        );
        assert!(
            row.value.is_none() || reasons.insert(why),
            "{} gives another row's reason: {why}",
            row.id
        );
    }
}

#[test]
fn figures_are_short() {
    assert_eq!(short(0.0), "0");
    assert_eq!(short(2.88), "2.88");
    assert_eq!(short(24.0), "24");
    assert_eq!(short(5_370_000.0), "5.37 M");
    assert_eq!(short(1_030_000_000.0), "1.03 G");
    assert_eq!(short(43_200.0), "43.2 k");
    assert_eq!(short(9_999.0), "9999");
}
