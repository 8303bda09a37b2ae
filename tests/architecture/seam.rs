//! The marketplace seam: who may know which name.

use crate::house::{Source, files, nothing_found, root, sources};

/// Names of all marketplaces: one folder each.
fn marketplaces() -> Vec<String> {
    let names: std::collections::BTreeSet<String> = files()
        .iter()
        .filter_map(|path| {
            path.strip_prefix("shared/marketplaces/src/")?
                .split_once('/')
        })
        .map(|(folder, _)| folder.to_owned())
        .collect();
    assert!(
        names.contains("meesho") && names.contains("ajio"),
        "shared/marketplaces is not where it was"
    );
    names.into_iter().collect()
}

fn code_naming_a_marketplace(folder: &str) -> Vec<String> {
    let names = marketplaces();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let found = sources(folder, ".rs");
    found
        .iter()
        .flat_map(|source| source.code_with(&names))
        .collect()
}

#[test]
fn workflows_know_no_marketplaces_name() {
    nothing_found(
        code_naming_a_marketplace("shared/workflows/src/"),
        "what is special about a marketplace is said by its descriptor or behind the marketplace port.",
    );
}

#[test]
fn domain_and_ports_know_no_marketplaces_name() {
    let mut found = code_naming_a_marketplace("shared/domain/src/");
    found.extend(code_naming_a_marketplace("shared/ports/src/"));
    nothing_found(
        found,
        "a marketplace's name is data: an open id, never a variant.",
    );
}

#[test]
fn aws_knows_no_marketplace() {
    nothing_found(
        code_naming_a_marketplace("shared/aws/src/"),
        "the table stores what it is given; what differs by marketplace belongs to its connector.",
    );
}

#[test]
fn workflows_name_no_aws_type() {
    let words = ["aws", "dynamo", "sqs", "lambda_", "s3::", "kms"];
    let found = sources("shared/workflows/src/", ".rs");
    let found = found.iter().flat_map(|source| source.code_with(&words));
    nothing_found(
        found.collect(),
        "workflows see stores, queues and vaults as ports, not AWS.",
    );
}

#[test]
fn marketplaces_know_no_table() {
    let words = [
        "dynamo",
        "table_name",
        "aws_sdk",
        "haat_aws",
        "\"pk\"",
        "\"sk\"",
    ];
    let found = sources("shared/marketplaces/src/", ".rs");
    let found = found.iter().flat_map(|source| source.code_with(&words));
    nothing_found(
        found.collect(),
        "a connector returns what it was told; workflows store it.",
    );
}

#[test]
fn a_marketplace_is_one_folder_and_two_lines() {
    let mut wrong = Vec::new();
    for source in sources("shared/marketplaces/src/", ".rs") {
        let Some(file) = source.path.strip_prefix("shared/marketplaces/src/") else {
            continue;
        };
        if file.contains('/') {
            continue;
        }
        for name in marketplaces() {
            let lines = source.code_with(&[name.as_str()]);
            if lines.len() > if file == "lib.rs" { 2 } else { 0 } {
                wrong.extend(lines);
            }
        }
    }
    nothing_found(
        wrong,
        "only two lines of lib.rs name a marketplace: its `mod` and its place in the list. What else \
         differs goes into its folder or its descriptor.",
    );
}

#[test]
fn every_marketplace_has_its_contract_in_the_repository() {
    let files = files();
    let missing = files
        .iter()
        .filter_map(|path| {
            path.strip_prefix("shared/marketplaces/src/")?
                .split_once('/')
        })
        .map(|(name, _)| name)
        .filter(|name| {
            let contract = format!("tests/contracts/{name}-");
            *name != "template" && !files.iter().any(|path| path.starts_with(&contract))
        })
        .map(str::to_owned);
    nothing_found(
        missing.collect(),
        "connector and sandbox are judged by tests/contracts/<name>-*.openapi.yaml; write it first.",
    );
}

/// A part of every marketplace: a file, or the files of a folder, of this name.
fn parts_called(name: &str) -> Vec<Source> {
    let (file, folder) = (format!("/{name}.rs"), format!("/{name}/"));
    let mut parts = sources("shared/marketplaces/src/", ".rs");
    parts.retain(|source| source.path.ends_with(&file) || source.path.contains(&folder));
    assert!(!parts.is_empty(), "no marketplace has a part called {name}");
    parts
}

#[test]
fn wire_shapes_stay_in_their_folder() {
    let mut wrong = Vec::new();
    for source in parts_called("wire") {
        let shapes = source.code().filter(|(_, line)| {
            let line = line.trim_start();
            line.starts_with("pub struct") || line.starts_with("pub enum")
        });
        wrong.extend(
            shapes.map(|(number, line)| format!("{}:{number}: {}", source.path, line.trim())),
        );
    }
    nothing_found(
        wrong,
        "wire shapes are pub(super): translate them into the domain's words.",
    );
}

#[test]
fn translation_is_apart_from_calls() {
    let words = ["async ", ".await", "reqwest", "tokio"];
    let found = parts_called("translate");
    let found = found.iter().flat_map(|source| source.code_with(&words));
    nothing_found(
        found.collect(),
        "translation is pure: it takes what was read and returns the domain's words.",
    );
}

#[test]
fn a_marketplaces_host_comes_from_the_deployment_alone() {
    let hosts = [
        "meesho.com",
        "ajio.com",
        "ril.com",
        "storage.googleapis.com",
    ];
    let mut found = Vec::new();
    for folder in ["shared/", "functions/", "tools/haat/"] {
        for source in sources(folder, ".rs") {
            found.extend(source.code_with(&hosts));
        }
    }
    for profile in sources("shared/marketplaces/src/", ".json") {
        if !profile.path.contains("/fixtures/") {
            found.extend(profile.lines_with(&["://"]));
        }
    }
    nothing_found(
        found,
        "a host in code or in a profile could send credentials anywhere: it is a parameter of template.yaml.",
    );
    assert!(root().join("shared/marketplaces").is_dir());
}
