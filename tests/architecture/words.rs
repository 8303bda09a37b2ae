//! One word per thing, and words that have no place here.

use crate::house::{nothing_found, root, sources};

/// What the glossary calls otherwise: forbidden word, our word.
const SYNONYMS: [(&str, &str); 20] = [
    ("consignment", "shipment"),
    ("sales order", "order"),
    ("sales_order", "order"),
    ("salesorder", "order"),
    ("line item", "order line"),
    ("line_item", "order line"),
    ("lineitem", "order line"),
    ("order item", "order line"),
    ("order_item", "order line"),
    ("orderitem", "order line"),
    ("tracking number", "AWB"),
    ("tracking_number", "AWB"),
    ("tracking id", "AWB"),
    ("tracking_id", "AWB"),
    ("way bill", "AWB"),
    ("purchaser", "buyer"),
    ("vendor_", "seller"),
    ("merchant_", "seller"),
    ("postcode", "PIN"),
    ("zip code", "PIN"),
];

/// Haat's own code; a sandbox and a connector also speak their marketplace's words.
const OUR_WORDS: [&str; 6] = [
    "shared/domain/",
    "shared/ports/",
    "shared/workflows/",
    "shared/aws/",
    "functions/",
    "tools/haat/",
];

fn in_our_words() -> Vec<crate::house::Source> {
    OUR_WORDS
        .iter()
        .flat_map(|folder| sources(folder, ".rs"))
        .collect()
}

#[test]
fn every_thing_has_one_word() {
    let sources = in_our_words();
    assert!(sources.len() > 10, "the sources are not where they were");
    let mut found = Vec::new();
    for (word, ours) in SYNONYMS {
        let lines = sources.iter().flat_map(|source| source.lines_with(&[word]));
        found.extend(lines.map(|line| format!("{line} (say {ours})")));
    }
    nothing_found(
        found,
        "the glossary in ARCHITECTURE.md gives every thing one word.",
    );
}

#[test]
fn nothing_is_left_for_later() {
    let words = [
        "todo!",
        "unimplemented!",
        "dbg!(",
        "TODO",
        "FIXME",
        "XXX:",
        "#[ignore",
    ];
    let mut found = Vec::new();
    for ending in [".rs", ".py", ".yaml", ".toml", ".sh", "Makefile"] {
        for source in sources("", ending) {
            found.extend(source.lines_with(&words));
        }
    }
    nothing_found(found, "finish it, or open an issue and leave it out.");
}

#[test]
fn nothing_is_unsafe() {
    let words = ["unsafe {", "unsafe fn", "unsafe impl", "allow(unsafe_code"];
    let found = sources("", ".rs");
    let found = found.iter().flat_map(|source| source.code_with(&words));
    nothing_found(
        found.collect(),
        "find the safe way; the lint forbids it anyway.",
    );
}

/// Where a path of a machine would begin; as a part of another path or address it is none.
const MACHINES: [&str; 3] = ["/root/", "/home/", "/Users/"];

fn names_a_machine(line: &str) -> bool {
    MACHINES.iter().any(|path| {
        line.match_indices(path).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            !before.is_some_and(|before| before.is_alphanumeric() || "._-}*".contains(before))
        })
    })
}

#[test]
fn no_file_names_a_path_of_a_machine() {
    assert!(names_a_machine("see /root/x") && !names_a_machine("/panel/root/login"));
    let mut found = Vec::new();
    for source in sources("", "") {
        let here = root().display().to_string();
        let lines = source
            .lines()
            .filter(|(_, line)| names_a_machine(line) || line.contains(&here));
        found.extend(lines.map(|(number, _)| format!("{}:{number}", source.path)));
    }
    nothing_found(
        found,
        "a clone must work anywhere: use paths from the root of the repository.",
    );
}

#[test]
fn no_file_says_where_packages_are_fetched_from() {
    let settings = [
        "--index-url",
        "--extra-index-url",
        "--find-links",
        "replace-with",
        "\"resolved\":",
        "registry=",
    ];
    let found = sources("", "");
    let found = found.iter().flat_map(|source| source.lines_with(&settings));
    nothing_found(
        found.collect(),
        "packages come from wherever the client is set up to ask.",
    );
}
