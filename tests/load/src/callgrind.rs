//! Instructions, counted by callgrind: on a busy machine as on an idle one. From run to run they
//! differ by a thousandth or so, where a program draws seeds for its maps. Never time.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the bench keeps what it writes.
pub fn folder() -> PathBuf {
    let folder = haat_tests::lambda::programs().join("../bench");
    std::fs::create_dir_all(&folder).expect("a folder for the bench");
    folder.canonicalize().expect("the folder of the bench")
}

/// A program that runs this command under the counter. Its process id is the command's.
pub fn counted(name: &str, command: &[&Path]) -> PathBuf {
    let words = command.iter().map(|word| format!("'{}'", word.display()));
    let words: Vec<String> = words.collect();
    let counter = "valgrind --tool=callgrind --callgrind-out-file=/dev/null";
    script(name, &format!("exec {counter} {}", words.join(" ")))
}

/// A program that runs this command as it is.
pub fn plain(name: &str, command: &[&Path]) -> PathBuf {
    let words = command.iter().map(|word| format!("'{}'", word.display()));
    let words: Vec<String> = words.collect();
    script(name, &format!("exec {}", words.join(" ")))
}

fn script(name: &str, line: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder().join(name);
    let path_of_tools = std::env::var("PATH").unwrap_or_default();
    let text = format!("#!/bin/sh\nPATH='{path_of_tools}'\nexport PATH\n{line} \"$@\"\n");
    std::fs::write(&path, text).expect("a script");
    let allowed = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&path, allowed).expect("a script");
    path
}

/// The count in what a counted program wrote at its end.
pub fn instructions(said: &str) -> u64 {
    let collected = said
        .lines()
        .rev()
        .find_map(|line| line.split_once("Collected :"));
    let (_, count) = collected.unwrap_or_else(|| panic!("callgrind counted nothing:\n{said}"));
    count.trim().parse().expect("a count of instructions")
}

/// Runs a program to its end and counts.
pub fn run(program: &Path, arguments: &[&str]) -> u64 {
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    let counted = counted(&format!("counted-{name}.sh"), &[program]);
    let output = Command::new(counted)
        .args(arguments)
        .env("RUST_LOG", "off")
        .output();
    let output = output.expect("the counted program runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} {arguments:?}: {said}");
    instructions(&said)
}

/// What a program spends on doing its piece once: the difference of n and 2n times.
pub fn each(program: &Path, piece: &str, times: u32, rest: &[&str]) -> f64 {
    let run = |times: u32| {
        let times = times.to_string();
        let arguments = [&[piece, times.as_str()], rest].concat();
        run(program, &arguments)
    };
    per_time(run(times), run(times * 2), times)
}

/// What one time costs, by the counts of n and of 2n times.
pub fn per_time(once: u64, twice: u64, times: u32) -> f64 {
    less(crate::figure(twice), crate::figure(once)) / f64::from(times)
}

/// A difference. What is taken off is a part of what it is taken from: otherwise two different
/// things were measured, and nothing is known.
pub fn less(whole: f64, part: f64) -> f64 {
    assert!(part <= whole, "a part of {part} in a whole of {whole}");
    whole - part
}

/// Stops where the counter is missing.
pub fn check() {
    let asked = Command::new("valgrind").arg("--version").output();
    assert!(
        asked.is_ok_and(|answer| answer.status.success()),
        "instructions are counted by valgrind: apt-get install --yes valgrind"
    );
}
