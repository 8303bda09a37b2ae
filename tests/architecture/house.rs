//! What the tests look at: crates and files as they are on disk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The files of these tests name what they forbid, so they are not searched for words.
const OWN_FOLDER: &str = "tests/architecture/";

/// A crate of the workspace.
pub(crate) struct Crate {
    pub(crate) name: String,
    /// Its folder, from the root of the repository.
    pub(crate) folder: String,
    /// What the built crate links, and what builds it.
    pub(crate) depends_on: BTreeSet<String>,
    /// What only its tests use.
    pub(crate) tests_depend_on: BTreeSet<String>,
}

/// A file of the repository with its text.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

pub(crate) fn crates() -> Vec<Crate> {
    let output = run(Command::new(env!("CARGO")).args([
        "metadata",
        "--offline",
        "--no-deps",
        "--format-version",
        "1",
    ]));
    let metadata: Value = serde_json::from_str(&output).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 3, "the workspace is not read");
    packages.iter().map(read_crate).collect()
}

fn read_crate(package: &Value) -> Crate {
    let dependencies = |of_tests: bool| {
        package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|dependency| (dependency["kind"] == "dev") == of_tests)
            .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let folder = manifest.parent().unwrap().strip_prefix(root()).unwrap();
    Crate {
        name: package["name"].as_str().unwrap().to_owned(),
        folder: folder.to_str().unwrap().to_owned(),
        depends_on: dependencies(false),
        tests_depend_on: dependencies(true),
    }
}

/// Files that belong to the repository, new ones included, ignored ones not.
pub(crate) fn files() -> Vec<String> {
    let listed =
        run(Command::new("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]));
    let files: BTreeSet<String> = listed
        .lines()
        .filter(|path| root().join(path).is_file())
        .map(str::to_owned)
        .collect();
    assert!(files.contains("Cargo.toml"), "the repository is not read");
    files.into_iter().collect()
}

/// Text files below `folder` whose name ends so.
pub(crate) fn sources(folder: &str, ending: &str) -> Vec<Source> {
    files()
        .into_iter()
        .filter(|path| {
            path.starts_with(folder) && path.ends_with(ending) && !path.starts_with(OWN_FOLDER)
        })
        .filter_map(|path| {
            // What is not text has no words.
            let text = std::fs::read_to_string(root().join(&path)).ok()?;
            Some(Source { path, text })
        })
        .collect()
}

impl Source {
    /// The lines of the product's code with their numbers: no comments, no module that is
    /// declared for tests, and nothing from a module of tests on, which stands last in a file.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut for_tests = false;
        let mut over = false;
        self.lines().filter_map(move |(number, line)| {
            let declared_for_tests = for_tests;
            for_tests = line.trim() == "#[cfg(test)]";
            over |= declared_for_tests && !line.trim_end().ends_with(';');
            (!over && !for_tests && !declared_for_tests).then(|| (number, without_comment(line)))
        })
    }

    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    /// Lines of code that hold one of these words, as `file:line: word`. A word in small
    /// letters is found in any case, one with capitals as it is written.
    pub(crate) fn code_with(&self, words: &[&str]) -> Vec<String> {
        self.found(self.code(), words)
    }

    /// The same in all of the file.
    pub(crate) fn lines_with(&self, words: &[&str]) -> Vec<String> {
        self.found(self.lines(), words)
    }

    fn found<'a>(
        &self,
        lines: impl Iterator<Item = (usize, &'a str)>,
        words: &[&str],
    ) -> Vec<String> {
        let mut found = Vec::new();
        for (number, line) in lines {
            let small = line.to_lowercase();
            let holds = |word: &&&str| line.contains(**word) || small.contains(**word);
            for word in words.iter().filter(holds) {
                found.push(format!("{}:{number}: {word}", self.path));
            }
        }
        found
    }
}

fn without_comment(line: &str) -> &str {
    let start = line.trim_start();
    if start.starts_with("//") {
        return "";
    }
    line.split_once(" // ").map_or(line, |(code, _)| code)
}

/// Fails with every finding and what to do about them.
pub(crate) fn nothing_found(findings: Vec<String>, what_to_do: &str) {
    assert!(
        findings.is_empty(),
        "\n{}\n=> {what_to_do}\n",
        findings.join("\n")
    );
}

fn run(command: &mut Command) -> String {
    let output = command.current_dir(root()).output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {complaint}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn comments_and_tests_are_no_code() {
    let source = Source {
        path: "a.rs".to_owned(),
        text: "/// Word\nlet a = 1; // word\n#[cfg(test)]\nuse word;\nlet word = 2;\n#[cfg(test)]\nmod tests {\nword".to_owned(),
    };
    assert_eq!(source.code_with(&["word"]), ["a.rs:5: word"]);
    assert_eq!(source.lines_with(&["word"]).len(), 5);
    assert_eq!(source.lines_with(&["Word"]), ["a.rs:1: Word"]);
}
