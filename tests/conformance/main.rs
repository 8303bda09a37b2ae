//! One suite for every marketplace: `docs/conformance.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout
)]

mod ajio;
mod cases;
mod hub;
mod line;
mod meesho;
mod silence;
mod stage;

use haat_marketplaces::descriptors;
use libtest_mimic::{Arguments, Failed, Trial};

use cases::{CASES, Case};
use stage::{Program, program};

fn main() {
    let arguments = Arguments::from_args();
    silence::listen();
    let mut trials = Vec::new();
    let mut skipped = Vec::new();
    for descriptor in descriptors() {
        let Some(program) = program(descriptor.id) else {
            trials.push(without_stage(descriptor.id));
            continue;
        };
        for case in CASES {
            let skip = program.skips.iter().find(|(name, _)| *name == case.name);
            if let Some((name, reason)) = skip {
                skipped.push(format!("  {}::{name}: {reason}", descriptor.id));
            } else {
                trials.push(trial(descriptor.id, case, program));
            }
        }
        trials.push(skips_are_cases(descriptor.id, program));
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !arguments.list {
        println!("skipped, each with its reason: {}", skipped.len());
        for line in skipped {
            println!("{line}");
        }
        println!();
    }
    conclusion.exit();
}

fn trial(id: &str, case: &'static Case, program: &'static Program) -> Trial {
    Trial::test(format!("{id}::{}", case.name), move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async { (case.run)((program.open)().await).await });
        Ok(())
    })
}

/// A marketplace that nobody can try is not one.
fn without_stage(id: &'static str) -> Trial {
    Trial::test(format!("{id}::stage"), move || {
        Err(Failed::from(format!(
            "marketplace {id} has no stage: write tests/conformance/{id}.rs and name it in stage.rs"
        )))
    })
}

/// A reason for a case that is not there hides nothing and helps nobody.
fn skips_are_cases(id: &str, program: &'static Program) -> Trial {
    Trial::test(format!("{id}::skips::are_cases_with_reasons"), move || {
        for (name, reason) in program.skips {
            assert!(
                CASES.iter().any(|case| case.name == *name),
                "there is no case {name}"
            );
            assert!(reason.len() > 20, "{name}: {reason:?} is no reason");
        }
        Ok(())
    })
}
