//! How many requests SQS bills.

const REQUEST: u64 = 64 * 1_024;

/// Requests of one call that carries messages of these bytes in all: one for each 64 KB begun. A
/// batch is one call; an empty receive and a delete are calls that carry nothing.
pub fn requests(bytes: u64) -> u64 {
    bytes.div_ceil(REQUEST).max(1)
}
