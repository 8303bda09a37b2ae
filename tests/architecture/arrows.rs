//! Who may depend on whom.

use std::collections::{BTreeMap, BTreeSet};

use crate::house::{Crate, crates, nothing_found, sources};

/// The crates of `shared/` and what of Haat they may link.
const SHARED: [(&str, &[&str]); 6] = [
    ("haat-domain", &[]),
    ("haat-ports", &["haat-domain"]),
    ("haat-labels", &["haat-domain"]),
    ("haat-workflows", &["haat-domain", "haat-ports"]),
    ("haat-marketplaces", &["haat-domain", "haat-ports"]),
    // The ledger is for its feature `testing`, which no function turns on.
    ("haat-aws", &["haat-domain", "haat-ports", "haat-ledger"]),
];

/// Functions that speak to a marketplace: the trigger itself asks for it.
const LINK_MARKETPLACES: [&str; 3] = ["haat-poll", "haat-ship", "haat-api"];
/// Functions that open a label file.
const LINK_LABELS: [&str; 3] = ["haat-ship", "haat-api", "haat-console"];

fn is_ours(name: &str) -> bool {
    name.starts_with("haat-") || name == "haat"
}

fn ours(dependencies: &BTreeSet<String>) -> impl Iterator<Item = &String> {
    dependencies.iter().filter(|name| is_ours(name))
}

/// What of Haat a crate links, directly or through others.
fn linked<'a>(name: &str, all: &'a BTreeMap<String, Crate>) -> BTreeSet<&'a str> {
    let mut linked = BTreeSet::new();
    let mut waiting = vec![name];
    while let Some(name) = waiting.pop() {
        for next in all
            .get(name)
            .into_iter()
            .flat_map(|of| ours(&of.depends_on))
        {
            if linked.insert(next.as_str()) {
                waiting.push(next);
            }
        }
    }
    linked
}

fn by_name() -> BTreeMap<String, Crate> {
    crates()
        .into_iter()
        .map(|one| (one.name.clone(), one))
        .collect()
}

fn functions(all: &BTreeMap<String, Crate>) -> impl Iterator<Item = &Crate> {
    all.values()
        .filter(|one| one.folder.starts_with("functions/"))
}

#[test]
fn arrows_between_shared_crates_point_inwards() {
    let mut wrong = Vec::new();
    for one in crates()
        .iter()
        .filter(|one| one.folder.starts_with("shared/"))
    {
        let allowed = SHARED.iter().find(|(name, _)| *name == one.name);
        let Some((_, allowed)) = allowed else {
            wrong.push(format!("{} has no place in the plan", one.name));
            continue;
        };
        for to in ours(&one.depends_on).filter(|to| !allowed.contains(&to.as_str())) {
            wrong.push(format!("{} -> {to}", one.name));
        }
    }
    nothing_found(
        wrong,
        "shared crates know only what lies further in: domain <- ports <- workflows, marketplaces, aws; \
         domain <- labels. Move what both need inwards, or put a port between them.",
    );
}

#[test]
fn functions_and_tools_link_only_shared_crates() {
    let mut wrong = Vec::new();
    for one in crates() {
        if one.folder.starts_with("functions/") || one.name == "haat" {
            let shared = |to: &str| SHARED.iter().any(|(name, _)| *name == to);
            let other = ours(&one.depends_on).filter(|to| !shared(to));
            wrong.extend(other.map(|to| format!("{} -> {to}", one.name)));
        }
    }
    nothing_found(
        wrong,
        "a function or tool links no other function or tool; move what they share to shared/.",
    );
}

#[test]
fn a_function_links_a_marketplace_only_when_its_trigger_needs_one() {
    let all = by_name();
    let wrong = functions(&all)
        .filter(|one| !LINK_MARKETPLACES.contains(&one.name.as_str()))
        .filter(|one| linked(&one.name, &all).contains("haat-marketplaces"))
        .map(|one| one.name.clone());
    nothing_found(
        wrong.collect(),
        "links haat-marketplaces without need; leave the call to poll, ship or api by a message.",
    );
}

#[test]
fn a_function_links_labels_only_when_it_opens_label_files() {
    let all = by_name();
    let wrong = functions(&all)
        .filter(|one| !LINK_LABELS.contains(&one.name.as_str()))
        .filter(|one| linked(&one.name, &all).contains("haat-labels"))
        .map(|one| one.name.clone());
    nothing_found(
        wrong.collect(),
        "links haat-labels without need; only ship, api and console open label files.",
    );
}

#[test]
fn the_sandbox_shares_no_code_with_haat() {
    let mut wrong = Vec::new();
    for one in crates().iter().filter(|one| one.name == "haat-sandbox") {
        for to in ours(&one.depends_on).chain(ours(&one.tests_depend_on)) {
            wrong.push(format!("{} -> {to}", one.name));
        }
    }
    nothing_found(
        wrong,
        "the sandbox is written from the contract alone, its tests too; what it shared with a connector \
         both could get wrong together.",
    );
}

#[test]
fn nothing_of_the_product_links_the_sandbox() {
    let wrong = crates()
        .into_iter()
        .filter(|one| !one.folder.starts_with("tests") && one.depends_on.contains("haat-sandbox"))
        .map(|one| one.name);
    nothing_found(
        wrong.collect(),
        "a double is for tests: make it a dev-dependency.",
    );
}

#[test]
fn no_function_carries_what_is_for_tests() {
    let mut wrong = Vec::new();
    for folder in ["functions/", "tools/"] {
        for manifest in sources(folder, "Cargo.toml") {
            let built = manifest.text.split("[dev-dependencies]").next();
            if built.is_some_and(|text| text.contains("\"testing\"")) {
                wrong.push(manifest.path);
            }
        }
    }
    nothing_found(
        wrong,
        "haat-aws's feature `testing` brings a database and a ledger: turn it on under [dev-dependencies].",
    );
}

#[test]
fn domain_stands_on_no_aws_http_or_runtime() {
    let mut wrong = Vec::new();
    for one in crates().iter().filter(|one| one.name == "haat-domain") {
        let outside = [
            "aws", "lambda", "http", "hyper", "reqwest", "axum", "tokio", "tower",
        ];
        for to in &one.depends_on {
            if outside.iter().any(|prefix| to.starts_with(prefix)) {
                wrong.push(format!("{} -> {to}", one.name));
            }
        }
    }
    nothing_found(
        wrong,
        "the domain is pure: put the call behind a port in shared/ports.",
    );
}

#[test]
fn domain_reads_no_clock_environment_file_or_network() {
    let outside = [
        "std::env",
        "env::var",
        "std::fs",
        "std::net",
        "std::process",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "tokio::",
        "async fn",
        "aws_",
        "reqwest",
    ];
    let sources = sources("shared/domain/src/", ".rs");
    assert!(!sources.is_empty(), "shared/domain is not where it was");
    let found = sources.iter().flat_map(|source| source.code_with(&outside));
    nothing_found(
        found.collect(),
        "the domain gets time and settings as values; the caller reads them.",
    );
}

#[test]
fn workflows_stand_on_no_aws_and_no_http() {
    let mut wrong = Vec::new();
    for one in crates().iter().filter(|one| one.name == "haat-workflows") {
        let outside = ["aws", "lambda", "serde_dynamo", "reqwest", "hyper", "axum"];
        for to in &one.depends_on {
            if outside.iter().any(|prefix| to.starts_with(prefix)) {
                wrong.push(format!("{} -> {to}", one.name));
            }
        }
    }
    nothing_found(
        wrong,
        "workflows see the world through ports: extend shared/ports.",
    );
}
