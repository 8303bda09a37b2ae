//! `haat-bench [--write]`: measures, prints a table and writes `target/bench/results.json`; with
//! `--write` also `docs/bench/results.json` and the README's table. `--readme` does the latter from
//! the results that are in the repository, without measuring. `--only bills,peers` measures a part.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench prints, and stops when it cannot measure"
)]

use std::path::{Path, PathBuf};

use haat_bench::bills::Counted;
use haat_bench::peers::Peers;
use haat_bench::row::{Row, table, with_table};
use haat_bench::{callgrind, instructions, load, programs, suites};

const GROUPS: [&str; 6] = [
    "bills",
    "programs",
    "instructions",
    "peers",
    "load",
    "suites",
];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    match given.as_slice() {
        ["--readme"] => write_readme(&read(&kept())),
        [] => keep(&measure(&GROUPS).await, false),
        ["--write"] => keep(&measure(&GROUPS).await, true),
        ["--only", groups] => {
            let groups: Vec<&str> = groups.split(',').collect();
            keep(&measure(&groups).await, false);
        }
        _ => println!(
            "haat-bench [--write | --readme | --only {}]",
            GROUPS.join(",")
        ),
    }
}

async fn measure(groups: &[&str]) -> Vec<Row> {
    let mut rows = Vec::new();
    for group in groups {
        println!("haat: measuring {group}");
        rows.extend(match *group {
            "bills" => Counted::new().await.rows(),
            "programs" => {
                callgrind::check().expect("an instruction counter");
                let peers = Peers::new();
                let mut rows = programs::sizes();
                rows.extend(programs::starts(&peers).await);
                rows.extend(programs::memory(&peers).await);
                rows
            }
            "instructions" => {
                callgrind::check().expect("an instruction counter");
                instructions::pieces().await
            }
            "peers" => {
                callgrind::check().expect("an instruction counter");
                instructions::beside(&Peers::new()).await
            }
            "load" => load::rows().await,
            "suites" => suites::rows(),
            other => panic!("no such group: {other}"),
        });
    }
    rows
}

fn keep(rows: &[Row], in_repository: bool) {
    println!("\n{}", table(rows));
    for row in rows {
        if let Some(note) = &row.note {
            println!("{}: {note}", row.id);
        }
    }
    let results = callgrind::folder().join("results.json");
    write(&results, rows);
    println!("\nwritten: {}", results.display());
    if in_repository {
        write(&kept(), rows);
        write_readme(rows);
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn kept() -> PathBuf {
    root().join("docs/bench/results.json")
}

fn read(path: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(path).expect("results");
    serde_json::from_str(&text).expect("results")
}

fn write(path: &Path, rows: &[Row]) {
    let text = serde_json::to_string_pretty(rows).expect("rows");
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text + "\n").expect("results");
}

fn write_readme(rows: &[Row]) {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).expect("the README");
    let readme = with_table(&readme, rows).expect("the README's marks");
    std::fs::write(path, readme).expect("the README");
}
