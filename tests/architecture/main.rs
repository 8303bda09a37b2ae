//! The walls of the house. Each test is one invariant of `ARCHITECTURE.md`, and its message
//! says what to do when it breaks. A wall is moved by a decision record, not by an exception.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod arrows;
mod files;
mod house;
mod seam;
mod table;
mod words;
