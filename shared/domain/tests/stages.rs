//! The stage table, whole: what people read of it, and laws that hold over all of it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::fmt::Write as _;

use haat_domain::{Stage, Step};
use proptest::prelude::*;

fn matrix() -> String {
    let mut text = String::from("| stage |");
    for step in Step::ALL {
        write!(text, " {} |", step.word()).unwrap();
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(Step::ALL.len()));
    for stage in Stage::ALL {
        write!(text, "\n| **{}** |", stage.word()).unwrap();
        for step in Step::ALL {
            let cell = match stage.after(step) {
                None => "",
                Some(same) if same == stage => "stays",
                Some(next) => next.word(),
            };
            write!(text, " {cell} |").unwrap();
        }
    }
    text.push('\n');
    text
}

fn diagram() -> String {
    let mut text =
        String::from("```mermaid\nstateDiagram-v2\n    [*] --> on_hold\n    [*] --> new\n");
    for stage in Stage::ALL {
        for step in Step::ALL {
            if let Some(next) = stage.after(step)
                && next != stage
            {
                writeln!(
                    text,
                    "    {} --> {}: {}",
                    stage.word(),
                    next.word(),
                    step.word()
                )
                .unwrap();
            }
        }
    }
    text.push_str("```\n");
    text
}

#[test]
fn the_whole_matrix_reads_as_agreed() {
    insta::assert_snapshot!(matrix());
}

#[test]
fn the_page_in_the_docs_is_made_from_the_table() {
    let page = format!(
        "# Stages\n\nMade from the table in `shared/domain/src/stage.rs`; a test keeps it so \
         (`UPDATE_DOCS=1 cargo test -p haat-domain` writes it anew).\n\nA stage is where Haat sees \
         an order; the marketplace's own word is kept beside it. An empty cell cannot follow: the \
         stage stays, and the order's history tells it. \"stays\" is old news.\n\n{}\n{}",
        matrix(),
        diagram()
    );
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/stages.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(written, page, "docs/stages.md is not what the table says");
}

#[test]
fn words_lead_back_to_their_stage() {
    for stage in Stage::ALL {
        assert_eq!(Stage::of_word(stage.word()), Some(stage));
    }
    assert_eq!(Stage::of_word("READY"), None);
}

fn any_stage() -> impl Strategy<Value = Stage> {
    prop::sample::select(Stage::ALL.to_vec())
}

fn any_step() -> impl Strategy<Value = Step> {
    prop::sample::select(Step::ALL.to_vec())
}

proptest! {
    #[test]
    fn hearing_the_same_step_twice_is_hearing_it_once(stage in any_stage(), step in any_step()) {
        if let Some(next) = stage.after(step) {
            prop_assert_eq!(next.after(step), Some(next));
        }
    }

    #[test]
    fn what_is_closed_never_opens_again(stage in any_stage(), steps in prop::collection::vec(any_step(), 0..12)) {
        let mut now = stage;
        for step in steps {
            let next = now.after(step).unwrap_or(now);
            prop_assert!(now.is_open() || !next.is_open(), "{now:?} opened again by {step:?}");
            now = next;
        }
    }

    #[test]
    fn a_cancelled_order_stays_cancelled(steps in prop::collection::vec(any_step(), 0..12)) {
        let end = steps.into_iter().fold(Stage::Cancelled, |now, step| now.after(step).unwrap_or(now));
        prop_assert_eq!(end, Stage::Cancelled);
    }
}
