//! What `docs/conformance.md` says of the suite, beside what the suite is.

use std::collections::BTreeSet;

use haat_marketplaces::descriptors;
use libtest_mimic::Failed;

use crate::cases::CASES;
use crate::stage::program;

/// What is skipped, as marketplace and case, and why.
pub(crate) fn skipped() -> Vec<(String, &'static str)> {
    let mut skipped = Vec::new();
    for descriptor in descriptors() {
        for (case, reason) in program(descriptor.id).map_or(&[][..], |program| program.skips) {
            skipped.push((format!("{}::{case}", descriptor.id), *reason));
        }
    }
    skipped
}

/// Every case has its row and every skip its line, and there are no others.
pub(crate) fn tells_it_all() -> Result<(), Failed> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/conformance.md");
    let page = std::fs::read_to_string(path)?;
    let (cases, skips) = page.split_once("## What is skipped").unwrap();
    let rows = cases.lines().filter(|line| line.starts_with("| `"));
    let told: BTreeSet<&str> = rows
        .filter_map(|row| row.split('|').nth(1))
        .flat_map(|names| names.split('`').skip(1).step_by(2))
        .collect();
    let are: BTreeSet<&str> = CASES.iter().map(|case| case.name).collect();
    assert_eq!(told, are, "the cases of the page, and those there are");

    let told: BTreeSet<String> = skips
        .lines()
        .filter(|line| line.starts_with("- `"))
        .map(str::to_owned)
        .collect();
    let are = skipped().into_iter();
    let are: BTreeSet<String> = are
        .map(|(name, reason)| format!("- `{name}`: {reason}"))
        .collect();
    assert_eq!(told, are, "the skips of the page, and those there are");
    Ok(())
}
