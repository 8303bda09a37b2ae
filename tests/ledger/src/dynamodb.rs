//! How many units a DynamoDB request is. Sizes are bytes, as [`crate::item::size`] gives them.

const WRITE_BLOCK: u64 = 1_024;
const READ_BLOCK: u64 = 4_096;

/// How strictly a read is consistent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// Half a unit a block.
    Eventual,
    /// A unit a block.
    Strong,
    /// Two units a block.
    Transaction,
}

/// Write units of a put, an update or a delete, by the sizes of the item before and after it. A
/// write whose condition failed costs the same: before is what is there, after what was sent.
pub fn write(before: Option<u64>, after: Option<u64>) -> u64 {
    let larger = before.unwrap_or_default().max(after.unwrap_or_default());
    larger.div_ceil(WRITE_BLOCK).max(1)
}

/// Write units of the same inside a transaction, and of a condition check inside one.
pub fn transactional_write(before: Option<u64>, after: Option<u64>) -> u64 {
    write(before, after).saturating_mul(2)
}

/// What one item puts into one index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The index's keys, and what else of the item is projected, in any fixed form.
    pub key: &'a str,
    /// The rest of the projection, in any fixed form.
    pub rest: &'a str,
    /// Bytes of the whole projection.
    pub size: u64,
}

/// Write units of one index, by an item's entry before and after a write. `None`: the item is not
/// in the index.
pub fn index_write(before: Option<Entry<'_>>, after: Option<Entry<'_>>) -> u64 {
    let blocks = |entry: Entry<'_>| entry.size.div_ceil(WRITE_BLOCK).max(1);
    match (before, after) {
        (None, None) => 0,
        (Some(one), None) | (None, Some(one)) => blocks(one),
        (Some(before), Some(after)) if before == after => 0,
        // A changed key is a delete and an insert.
        (Some(before), Some(after)) if before.key != after.key => {
            blocks(before).saturating_add(blocks(after))
        }
        (Some(before), Some(after)) => blocks(before).max(blocks(after)),
    }
}

/// Half read units of one item. An item that is not there costs as much as a small one.
pub fn get(size: Option<u64>, read: Read) -> u64 {
    blocks_read(size.unwrap_or_default(), read)
}

/// Half read units of one page of a query or a scan: the bytes it passed over, before filters.
pub fn page(bytes: u64, read: Read) -> u64 {
    blocks_read(bytes, read)
}

fn blocks_read(bytes: u64, read: Read) -> u64 {
    let halves = match read {
        Read::Eventual => 1,
        Read::Strong => 2,
        Read::Transaction => 4,
    };
    bytes.div_ceil(READ_BLOCK).max(1).saturating_mul(halves)
}
