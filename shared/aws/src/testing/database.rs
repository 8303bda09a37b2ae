//! An empty database that stays quick however much is written to it.

use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use dynoxide::Database;
use rusqlite::Connection;

/// Every write asks for the stream's latest number and every look at the stream for what came
/// after one. Without an index both read the whole stream, and a month of orders takes hours.
const INDEX: &str = "CREATE INDEX _stream_by_number \
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER))";

/// A database in memory.
pub(super) fn database() -> Database {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let made = MADE.fetch_add(1, Ordering::Relaxed);
    let database = Database::memory().expect("a database in memory");
    let file = std::env::temp_dir().join(format!("haat-empty-{}-{made}.db", process::id()));
    let path = file.to_str().expect("a path in Unicode");
    database.vacuum_into(path).expect("a copy of the database");
    let copy = Connection::open(path).expect("the copy opens");
    copy.execute_batch(INDEX).expect("the index is made");
    drop(copy);
    database.restore_from(path).expect("the copy is taken over");
    std::fs::remove_file(file).expect("the copy is removed");
    database
}
