//! Orders per second through the whole path.

use crate::row::Row;

/// The rows of `LOAD`.
pub async fn rows() -> Vec<Row> {
    Vec::new()
}
