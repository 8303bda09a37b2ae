//! The table's stream, read as Lambda's event source reads it.

use axum::body::Bytes;
use http::Request;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use haat_aws::testing::TABLE;

use crate::forward::{Failure, ask};

/// The stream, read from its beginning on.
pub struct Stream {
    dynamodb: String,
    place: Mutex<Option<String>>,
}

impl Stream {
    pub(crate) fn of(dynamodb: String) -> Self {
        Self {
            dynamodb,
            place: Mutex::default(),
        }
    }

    /// The records since the last time this was asked that pass the filters of `react`'s event
    /// source (`template.yaml`): orders that are new or accepted, and orders with something to do.
    ///
    /// # Errors
    /// When the stream cannot be read.
    pub async fn news(&self) -> Result<Vec<Value>, Failure> {
        let mut place = self.place.lock().await;
        let from = match place.take() {
            Some(from) => from,
            None => self.beginning().await?,
        };
        let mut answer = self
            .call("GetRecords", json!({ "ShardIterator": from }))
            .await?;
        *place = text(&answer, "/NextShardIterator");
        let mut records = match answer.get_mut("Records").map(Value::take) {
            Some(Value::Array(records)) => records,
            Some(_) | None => Vec::new(),
        };
        records.retain(passes);
        Ok(records)
    }

    async fn beginning(&self) -> Result<String, Failure> {
        let streams = json!({ "TableName": TABLE });
        let streams = self.call("ListStreams", streams).await?;
        let arn = text(&streams, "/Streams/0/StreamArn");
        let stream = json!({ "StreamArn": &arn });
        let stream = self.call("DescribeStream", stream).await?;
        let shard = text(&stream, "/StreamDescription/Shards/0/ShardId");
        let wanted = json!({
            "StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON",
        });
        let place = self.call("GetShardIterator", wanted).await?;
        text(&place, "/ShardIterator").ok_or_else(|| place.to_string().into())
    }

    async fn call(&self, operation: &str, body: Value) -> Result<Value, Failure> {
        let signature = "AWS4-HMAC-SHA256 Credential=test/20260911/ap-south-1/dynamodb/\
                         aws4_request, SignedHeaders=host, Signature=none";
        let call = Request::post("/")
            .header(
                "x-amz-target",
                format!("DynamoDBStreams_20120810.{operation}"),
            )
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-date", "20260911T064110Z")
            .header("authorization", signature);
        let (parts, ()) = call.body(())?.into_parts();
        let body = Bytes::from(body.to_string());
        let (status, _, answer) = ask(&self.dynamodb, &parts, body).await?;
        let answer: Value = serde_json::from_slice(&answer)?;
        if status.is_success() {
            Ok(answer)
        } else {
            Err(format!("{operation}: {answer}").into())
        }
    }
}

fn text(value: &Value, place: &str) -> Option<String> {
    let text = value.pointer(place).and_then(Value::as_str);
    text.map(str::to_owned)
}

/// The filters of `react`'s event source.
fn passes(record: &Value) -> bool {
    let image = |name: &str| {
        let place = format!("/dynamodb/NewImage/{name}/S");
        record.pointer(&place).and_then(Value::as_str)
    };
    let new = record.get("eventName").and_then(Value::as_str) != Some("REMOVE");
    new && image("kind") == Some("order")
        && (matches!(image("stage"), Some("new" | "accepted")) || image("state") == Some("open"))
}
