//! The README shows what the results in the repository say.
#![allow(clippy::expect_used)]

use std::path::Path;

use haat_bench::row::{Row, short, with_table};

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(path)).expect(path)
}

#[test]
fn the_readme_shows_the_last_results() {
    let rows: Vec<Row> = serde_json::from_str(&read("docs/bench/results.json")).expect("rows");
    for id in [
        "B1",
        "B2-packs-of-100",
        "B2-packs-of-2",
        "B3",
        "B4",
        "B5-poll",
        "B6-poll",
        "B8",
        "B9",
        "B10",
        "B11",
        "B12-start",
        "B13",
    ] {
        assert!(rows.iter().any(|row| row.id == id), "no row {id}");
    }
    let readme = read("README.md");
    let with_rows = with_table(&readme, &rows).expect("the README's marks");
    assert_eq!(readme, with_rows, "run haat-bench --readme");
}

#[test]
fn every_figure_that_misses_its_target_says_why() {
    let rows: Vec<Row> = serde_json::from_str(&read("docs/bench/results.json")).expect("rows");
    let silent: Vec<&str> = rows
        .iter()
        .filter(|row| row.ok == Some(false) && row.note.is_none())
        .map(|row| row.id.as_str())
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
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
