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
mod page;
mod silence;
mod stage;

use haat_marketplaces::descriptors;
use libtest_mimic::{Arguments, Failed, Trial};

use cases::{CASES, Case};
use line::Line;
use stage::{Program, program};

fn main() {
    let arguments = Arguments::from_args();
    silence::listen();
    rustls::crypto::ring::default_provider()
        .install_default()
        .unwrap();
    let mut trials = vec![Trial::test(
        "suite::the_page_tells_it_all",
        page::tells_it_all,
    )];
    for descriptor in descriptors() {
        let Some(program) = program(descriptor.id) else {
            trials.push(without_stage(descriptor.id));
            continue;
        };
        let cases = CASES.iter().filter(|case| program.skips(case).is_none());
        trials.extend(cases.map(|case| trial(descriptor.id, case, program)));
        trials.push(skips_are_right(descriptor.id, program));
    }
    let ran = libtest_mimic::run(&arguments, trials);
    if !arguments.list {
        let skipped = page::skipped();
        println!(
            "{} trials: {} passed, {} failed; {} filtered out; {} skipped, each with its reason:",
            ran.num_passed + ran.num_failed,
            ran.num_passed,
            ran.num_failed,
            ran.num_filtered_out,
            skipped.len()
        );
        for (name, reason) in skipped {
            println!("  {name}: {reason}");
        }
        println!();
    }
    ran.exit();
}

fn in_its_own_runtime(work: impl Future<Output = ()>) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(work);
    Ok(())
}

fn trial(id: &str, case: &'static Case, program: &'static Program) -> Trial {
    Trial::test(format!("{id}::{}", case.name), move || {
        in_its_own_runtime(async { (case.run)((program.open)().await).await })
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

/// What a marketplace has is tried; a reason for a case that is not there helps nobody.
fn skips_are_right(id: &str, program: &'static Program) -> Trial {
    Trial::test(format!("{id}::skips::are_what_it_cannot_have"), move || {
        for (name, reason) in program.skips {
            assert!(
                CASES.iter().any(|case| case.name == *name),
                "there is no case {name}"
            );
            assert!(reason.len() > 20, "{name}: {reason:?} is no reason");
        }
        in_its_own_runtime(async {
            let line = Line::open((program.open)().await).await;
            for case in CASES {
                let concerns = (case.concerns)(line.connection.as_ref());
                let skips = program.skips(case).is_some();
                assert_ne!(
                    concerns, skips,
                    "{}: concerned, and skipped with a reason",
                    case.name
                );
            }
        })
    })
}
