//! Every door through which bytes of a stranger come into Haat, and what must hold behind each.
//!
//! A door takes any bytes, leads them through the public seam that would read them, and panics
//! when a promise is broken: reading is total, what cannot be read is refused and never guessed,
//! nothing is dropped without a word, and no error repeats a secret. libFuzzer (`tests/fuzz`)
//! looks for bytes that break one; `make test` feeds the seeds and every case that was ever found.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a broken promise stops the run"
)]

mod authorizer;
mod ids;
mod items;
mod jobs;
mod labels;
mod login;
mod mutation;
mod orders;
mod panel;
mod queues;
mod requests;
mod shelf;
mod shop;
mod stream;
mod tick;

pub use mutation::{mutate_bytes, mutate_json};

/// One door.
#[derive(Debug, Clone, Copy)]
pub struct Door {
    /// Its name: the fuzz target's, and the folder's of its seeds and found cases.
    pub name: &'static str,
    /// Takes the bytes in; panics when a promise is broken.
    pub enter: fn(&[u8]),
}

/// All of them.
pub const DOORS: &[Door] = &[
    door("order_list", orders::order_list),
    door("order_details", orders::order_details),
    door("jobs", jobs::jobs),
    door("log_in", login::log_in),
    door("sellers", login::sellers),
    door("profile", login::profile),
    door("labels", labels::labels),
    door("queue_batch", queues::queue_batch),
    door("table_stream", stream::table_stream),
    door("tick", tick::tick),
    door("stored_items", items::stored_items),
    door("api_request", requests::api_request),
    door("console_request", requests::console_request),
    door("authorizer", authorizer::authorizer),
    door("ids", ids::ids),
];

const fn door(name: &'static str, enter: fn(&[u8])) -> Door {
    Door { name, enter }
}

/// Leads bytes through the door of this name.
pub fn enter(name: &str, bytes: &[u8]) {
    let door = DOORS.iter().find(|door| door.name == name);
    let door = door.unwrap_or_else(|| panic!("there is no door {name}"));
    (door.enter)(bytes);
}
