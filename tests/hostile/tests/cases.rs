//! Every seed and every case that was ever found, led through its door. libFuzzer looks for new
//! ones (`infra/fuzz.sh`); what it finds is put into `tests/fuzz/found` and stays mended.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use haat_hostile::{DOORS, enter, mutate_bytes, mutate_json};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz")
        .join(name)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn names(folder: &Path) -> BTreeSet<String> {
    let stem = |path: PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    entries(folder).into_iter().map(stem).collect()
}

#[test]
fn every_seed_and_every_found_case_keeps_all_promises() {
    for door in DOORS {
        let seeds = entries(&folder("seeds").join(door.name));
        assert!(!seeds.is_empty(), "the door {} has no seed", door.name);
        for case in seeds
            .into_iter()
            .chain(entries(&folder("found").join(door.name)))
        {
            let bytes = std::fs::read(&case).unwrap();
            println!("{}", case.display());
            (door.enter)(&bytes);
        }
    }
}

#[test]
fn every_door_has_its_fuzz_target_and_its_folder() {
    let doors: BTreeSet<String> = DOORS.iter().map(|door| door.name.to_owned()).collect();
    assert_eq!(names(&folder("fuzz_targets")), doors);
    assert_eq!(names(&folder("seeds")), doors);
    assert!(names(&folder("found")).is_subset(&doors));
    let manifest = std::fs::read_to_string(folder("Cargo.toml")).unwrap();
    for name in doors {
        let target = format!("name = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"");
        assert!(
            manifest.contains(&target),
            "Cargo.toml has no target {name}"
        );
        let path = folder("fuzz_targets").join(format!("{name}.rs"));
        let text = std::fs::read_to_string(path).unwrap();
        assert!(
            text.contains(&format!("\"{name}\"")),
            "{name} enters another door"
        );
    }
}

/// Changes of each seed: each third one is changed further, each thirtieth starts anew.
const CHANGES: u32 = 200;

#[test]
fn two_hundred_changes_of_every_seed_keep_all_promises() {
    for door in DOORS {
        for seed in entries(&folder("seeds").join(door.name)) {
            let seed = std::fs::read(seed).unwrap();
            let mut bytes = seed.clone();
            for change in 0..CHANGES {
                if change % 30 == 0 {
                    bytes.clone_from(&seed);
                }
                let json = mutate_json(&bytes, 1 << 16, change);
                let changed = json.unwrap_or_else(|| mutate_bytes(&bytes, change));
                enter(door.name, &changed);
                if change % 3 == 0 {
                    bytes = changed;
                }
            }
        }
    }
}
