//! The table's stream, as Lambda would be called with it.

use std::fmt;

use dynoxide::Database;
use serde::Serialize;
use serde_json::{Value, json};

/// The records of the table's stream that were not taken yet.
pub struct Changes {
    database: Database,
    iterator: String,
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Changes")
    }
}

impl Changes {
    pub(super) fn of(database: Database, table: &str) -> Self {
        let described = database.describe_table(request(&json!({"TableName": table})));
        let described = answer(described);
        let arn = described.pointer("/Table/LatestStreamArn");
        let described = database.describe_stream(request(&json!({"StreamArn": arn})));
        let described = answer(described);
        let shard = described.pointer("/StreamDescription/Shards/0/ShardId");
        let first = database.get_shard_iterator(request(&json!({
            "StreamArn": arn,
            "ShardId": shard,
            "ShardIteratorType": "TRIM_HORIZON",
        })));
        let first = answer(first);
        let iterator = first.get("ShardIterator").and_then(Value::as_str);
        Self {
            iterator: iterator.expect("a stream").to_owned(),
            database,
        }
    }

    /// What changed since the last look, oldest first: the records of a batch for `react`.
    pub fn take(&mut self) -> Vec<Value> {
        let mut changes = Vec::new();
        loop {
            let asked = json!({"ShardIterator": self.iterator});
            let mut got = answer(self.database.get_records(request(&asked)));
            let next = got.get("NextShardIterator").and_then(Value::as_str);
            next.expect("an open shard").clone_into(&mut self.iterator);
            match got.get_mut("Records").map(Value::take) {
                Some(Value::Array(records)) if !records.is_empty() => changes.extend(records),
                Some(_) | None => return changes,
            }
        }
    }
}

fn request<T: serde::de::DeserializeOwned>(asked: &Value) -> T {
    serde_json::from_value(asked.clone()).expect("a request of the stream")
}

fn answer(got: Result<impl Serialize, dynoxide::DynoxideError>) -> Value {
    let got = got.expect("the stream answers");
    serde_json::to_value(&got).expect("an answer of the stream")
}
