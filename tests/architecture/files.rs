//! Files: where they are, how long, what they are called.

use crate::house::{crates, files, nothing_found, root, sources};

const MAX_LINES: usize = 400;
const MAX_MAIN_LINES: usize = 40;

/// Names under which anything can hide.
const EMPTY_NAMES: [&str; 9] = [
    "utils", "util", "helpers", "helper", "common", "manager", "misc", "data", "info",
];

#[test]
fn no_file_is_too_long_to_read() {
    let mut long = Vec::new();
    for ending in [".rs", ".py", ".sh", ".js", ".css"] {
        for source in sources("", ending).into_iter().chain(own(ending)) {
            let lines = source.text.lines().count();
            if lines > MAX_LINES {
                long.push(format!("{}: {lines} lines", source.path));
            }
        }
    }
    nothing_found(
        long,
        "at most 400 lines, better 80 to 250: find the second thing in it and give it a file.",
    );
}

/// These tests are no exception.
fn own(ending: &str) -> Vec<crate::house::Source> {
    let folder = "tests/architecture/";
    let paths = files();
    let own = paths
        .into_iter()
        .filter(|path| path.starts_with(folder) && path.ends_with(ending));
    own.map(|path| {
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        crate::house::Source { path, text }
    })
    .collect()
}

#[test]
fn the_main_of_a_function_only_wires() {
    let mut long = Vec::new();
    for source in sources("functions/", "/src/main.rs") {
        let lines = source.text.lines().count();
        if lines > MAX_MAIN_LINES {
            long.push(format!("{}: {lines} lines", source.path));
        }
    }
    nothing_found(
        long,
        "main.rs reads the environment and wires; the handler is in lib.rs.",
    );
}

#[test]
fn every_function_has_a_main_that_only_wires() {
    let mut wrong = Vec::new();
    for one in crates()
        .iter()
        .filter(|one| one.folder.starts_with("functions/"))
    {
        let folder = one.folder.trim_start_matches("functions/");
        if one.name != format!("haat-{folder}") {
            wrong.push(format!("{} is called {}", one.folder, one.name));
        }
        let main = root().join(&one.folder).join("src/main.rs");
        let text = std::fs::read_to_string(main).unwrap_or_default();
        let functions = text.matches("fn ").count();
        if functions != 1 {
            wrong.push(format!(
                "{}/src/main.rs has {functions} functions",
                one.folder
            ));
        }
    }
    nothing_found(
        wrong,
        "functions/<trigger> is crate haat-<trigger>; its main.rs holds `main` alone and wires a \
         use case of shared/workflows, by way of a handler in lib.rs where there is more to do.",
    );
}

#[test]
fn no_module_has_an_empty_name() {
    let found = files()
        .into_iter()
        .filter(|path| path.ends_with(".rs") || path.ends_with(".py"))
        .filter(|path| {
            path.split('/')
                .any(|part| EMPTY_NAMES.contains(&part.split('.').next().unwrap_or(part)))
        });
    nothing_found(
        found.collect(),
        "name the module after the thing or the verb it holds.",
    );
}

#[test]
fn every_crate_obeys_the_lints_of_the_workspace() {
    let loose = crates().into_iter().filter(|one| {
        let manifest = root().join(&one.folder).join("Cargo.toml");
        let text = std::fs::read_to_string(manifest).unwrap();
        !text.contains("[lints]\nworkspace = true")
    });
    nothing_found(
        loose.map(|one| one.folder).collect(),
        "its Cargo.toml needs `[lints]` with `workspace = true`.",
    );
}
