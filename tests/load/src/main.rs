//! `haat-bench [--write]`: measures, prints a table and writes `target/bench/results.json`; with
//! `--write` also `docs/bench/results.json` and the README's table. `--bills` counts B1 to B4 anew
//! in what the repository holds, and touches nothing else there. `--readme` only writes the README's
//! table. `--only bills,peers` measures a part.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench prints, and stops when it cannot measure"
)]

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};

use futures_util::FutureExt as _;
use haat_bench::bills::Counted;
use haat_bench::groups::{GROUPS, Group};
use haat_bench::peers::Peers;
use haat_bench::row::{Row, table, with_table};
use haat_bench::{callgrind, instructions, load, programs, suites};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    match given.as_slice() {
        ["--readme"] => write_readme(&read(&kept())),
        ["--bills"] => {
            let mut rows = measure(|group| group == "bills").await;
            let rest = read(&kept()).into_iter();
            let rest = rest.filter(|row| !GROUPS[0].rows.contains(&row.id.as_str()));
            rows.extend(rest);
            write(&kept(), &rows);
            write_readme(&rows);
        }
        [] => drop(measure(|_| true).await),
        ["--write"] => {
            let rows = measure(|_| true).await;
            write(&kept(), &rows);
            write_readme(&rows);
        }
        ["--only", groups] => {
            let groups: Vec<&str> = groups.split(',').collect();
            drop(measure(|group| groups.contains(&group)).await);
        }
        _ => {
            let names = GROUPS.map(|group| group.name).join(",");
            println!("haat-bench [--write | --bills | --readme | --only {names}]");
        }
    }
}

/// Measures group by group and keeps what there is after each.
async fn measure(wanted: impl Fn(&str) -> bool) -> Vec<Row> {
    let results = callgrind::folder().join("results.json");
    let mut rows = Vec::new();
    for group in GROUPS.iter().filter(|group| wanted(group.name)) {
        println!("haat: measuring {}", group.name);
        rows.extend(complete(group).await);
        write(&results, &rows);
    }
    println!("\n{}", table(&rows));
    for row in &rows {
        for told in [&row.note, &row.why].into_iter().flatten() {
            println!("{}: {told}", row.id);
        }
    }
    println!("\nwritten: {}", results.display());
    rows
}

/// The rows of a group; those that it did not bring, with the reason.
async fn complete(group: &Group) -> Vec<Row> {
    let measured = AssertUnwindSafe(rows_of(group.name)).catch_unwind().await;
    let (mut rows, why) = match measured {
        Ok(rows) => (rows, "the group brought no such row".to_owned()),
        Err(panic) => (Vec::new(), format!("not measured: {}", said(&*panic))),
    };
    for id in group.rows {
        if !rows.iter().any(|row| row.id == *id) {
            rows.push(Row::missing(id, "not measured", "", &why));
        }
    }
    rows
}

fn said(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words")
}

async fn rows_of(group: &str) -> Vec<Row> {
    match group {
        "bills" => Counted::new().await.rows(),
        "sizes" => programs::sizes(),
        "starts" => {
            callgrind::check();
            programs::starts(&Peers::new()).await
        }
        "memory" => programs::memory(&Peers::new()).await,
        "instructions" => {
            callgrind::check();
            instructions::pieces().await
        }
        "peers" => {
            callgrind::check();
            instructions::beside(&Peers::new()).await
        }
        "load" => load::rows().await,
        "suites" => suites::rows(),
        other => panic!("no such group: {other}"),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn kept() -> PathBuf {
    root().join("docs/bench/results.json")
}

fn read(path: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(path).expect("docs/bench/results.json");
    serde_json::from_str(&text).expect("docs/bench/results.json")
}

fn write(path: &Path, rows: &[Row]) {
    let text = serde_json::to_string_pretty(rows).expect("rows");
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for the results");
    std::fs::write(path, text + "\n").expect("docs/bench/results.json");
}

fn write_readme(rows: &[Row]) {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).expect("the README");
    let readme = with_table(&readme, rows).expect("the README's marks");
    std::fs::write(path, readme).expect("the README");
}
