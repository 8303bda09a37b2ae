//! Every `haat ...` that the documentation shows is one that this program understands.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::path::Path;

use clap::Parser as _;
use clap::error::ErrorKind;

use super::Command;

/// Every command of a page with its line: those of a shell's block, and those within a sentence.
fn commands(page: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_block = false;
    for (number, line) in (1..).zip(page.lines()) {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            found.push((number, line.trim()));
        } else {
            found.extend(
                line.split('`')
                    .skip(1)
                    .step_by(2)
                    .map(|code| (number, code)),
            );
        }
    }
    found.retain(|(_, text)| text.starts_with("haat "));
    let owned = |(number, text): (usize, &str)| (number, text.to_owned());
    found.into_iter().map(owned).collect()
}

/// The words as a shell sees them: without a comment, a quoted text as one.
fn words(command: &str) -> Vec<&str> {
    let command = command.split(" #").next().unwrap_or_default();
    let mut words = Vec::new();
    for (number, part) in command.split('"').enumerate() {
        if number % 2 == 1 {
            words.push(part);
        } else {
            words.extend(part.split_whitespace());
        }
    }
    words
}

/// Why the program would refuse these words, if it would.
fn refusal(words: &[&str]) -> Option<clap::Error> {
    let first = Command::try_parse_from(words).err()?;
    // The shell of the pages holds the table's name in TABLE_NAME.
    let with_table = words.iter().chain(&["--table", "haat-table"]);
    let second = Command::try_parse_from(with_table).err()?;
    // A sentence may name a command without saying how it is called.
    let only_named = !words.iter().any(|word| word.starts_with("--"));
    let missing = first.kind() == ErrorKind::MissingRequiredArgument;
    (!(only_named && missing)).then_some(second)
}

#[test]
fn every_command_in_the_documentation_is_understood() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let mut seen = 0;
    for entry in std::fs::read_dir(docs).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        for (line, command) in commands(&std::fs::read_to_string(&path).unwrap()) {
            seen += 1;
            if let Some(error) = refusal(&words(&command)) {
                panic!("{}:{line}: `{command}`\n{error}", path.display());
            }
        }
    }
    assert!(seen > 9, "the pages were read: {seen} commands");
}

#[test]
fn what_the_program_does_not_understand_is_found() {
    let page = "Say `haat token forge --name \"A B\"`.\n```sh\n  haat redrive ship  # all\n```\n";
    let found = commands(page);
    assert_eq!(found.len(), 2);
    assert_eq!(
        words(&found[0].1),
        ["haat", "token", "forge", "--name", "A B"]
    );
    assert!(refusal(&words(&found[0].1)).is_some());
    assert_eq!(words(&found[1].1), ["haat", "redrive", "ship"]);
    assert!(refusal(&words(&found[1].1)).is_none());
    let nameless = "haat token create --seller s_1 --scope read";
    assert!(refusal(&words(nameless)).is_some());
}
