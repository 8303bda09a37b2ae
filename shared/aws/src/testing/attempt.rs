//! One request to AWS, and what it is billed.

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use haat_ledger::{Ledger, Unit, dynamodb, item, sqs};
use serde_json::{Map, Value};

/// A request that was sent, as far as its bill needs it.
pub(super) enum Attempt {
    DynamoDb {
        operation: String,
        asked: Value,
    },
    Sqs {
        bytes: u64,
    },
    Kms,
    S3Put,
    S3Get,
    /// Nobody bills it: an S3 DELETE.
    Free,
}

/// What an answered DynamoDB request cost.
#[derive(Default)]
pub(super) struct Bill {
    pub(super) units: Ledger,
    pub(super) refused: bool,
}

impl Attempt {
    /// Reads a request. DynamoDB is asked to tell what it used, and a refused write what was
    /// there: the requests of the product say neither.
    pub(super) fn of(request: &mut HttpRequest) -> Self {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let (service, operation) = target.split_once('.').unwrap_or_default();
        let operation = operation.to_owned();
        let body = request.body().bytes().unwrap_or_default();
        if service.starts_with("DynamoDB") {
            let mut asked = serde_json::from_slice(body).unwrap_or_default();
            ask_for_units(&operation, &mut asked);
            let text = asked.to_string();
            let length = text.len().to_string();
            request.headers_mut().insert("content-length", length);
            *request.body_mut() = SdkBody::from(text);
            return Self::DynamoDb { operation, asked };
        }
        match (service, request.method()) {
            ("AmazonSQS", _) => Self::Sqs {
                bytes: message_bytes(&serde_json::from_slice(body).unwrap_or_default()),
            },
            ("TrentService", _) => Self::Kms,
            (_, "GET" | "HEAD") => Self::S3Get,
            (_, "DELETE") => Self::Free,
            _ => Self::S3Put,
        }
    }

    /// What it costs whatever the answer is.
    pub(super) fn for_sending(&self) -> Ledger {
        match self {
            Self::DynamoDb { .. } | Self::Free => Ledger::NOTHING,
            // Every message of the product names its group.
            Self::Sqs { bytes } => {
                let requests = sqs::requests(*bytes);
                Ledger::of(Unit::SqsRequest, requests).and(Unit::SqsGroupRequest, requests)
            }
            Self::Kms => Ledger::of(Unit::KmsRequest, 1),
            Self::S3Put => Ledger::of(Unit::S3Put, 1),
            Self::S3Get => Ledger::of(Unit::S3Get, 1),
        }
    }

    /// Whether the answer says more of the cost.
    pub(super) fn answer_counts(&self) -> bool {
        matches!(self, Self::DynamoDb { .. })
    }

    /// What the answer adds. Status 0 stands for no answer.
    pub(super) fn bill(&self, status: u16, answer: &Value) -> Bill {
        let Self::DynamoDb { operation, asked } = self else {
            return Bill::default();
        };
        let error = answer["__type"].as_str().unwrap_or_default();
        let refused = error.ends_with("ConditionalCheckFailedException")
            || error.ends_with("TransactionCanceledException");
        let units = match status {
            200 => used(operation, answer),
            // A fault that is not the request's own, or a throttle: nothing was done.
            1.. if !refused => Ledger::NOTHING,
            _ => by_rule(
                operation,
                asked,
                answer.get("Item").and_then(Value::as_object),
            ),
        };
        Bill { units, refused }
    }
}

fn ask_for_units(operation: &str, asked: &mut Value) {
    let Some(fields) = asked.as_object_mut() else {
        return;
    };
    fields.insert("ReturnConsumedCapacity".to_owned(), "INDEXES".into());
    if matches!(operation, "PutItem" | "UpdateItem" | "DeleteItem") {
        let name = "ReturnValuesOnConditionCheckFailure".to_owned();
        fields.insert(name, "ALL_OLD".into());
    }
}

fn reads(operation: &str) -> bool {
    operation.ends_with("GetItem")
        || operation.ends_with("GetItems")
        || matches!(operation, "Query" | "Scan")
}

/// The units that DynamoDB itself names.
fn used(operation: &str, answer: &Value) -> Ledger {
    let one_or_many = match answer.get("ConsumedCapacity") {
        Some(Value::Array(many)) => many.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    one_or_many
        .iter()
        .map(|used| {
            let all = halves(used.get("CapacityUnits"));
            if reads(operation) {
                return Ledger::of(Unit::HalfRead, all);
            }
            let table = used.pointer("/Table/CapacityUnits");
            let table = table.map_or(all, |table| halves(Some(table)));
            let index = all.saturating_sub(table);
            Ledger::of(Unit::TableWrite, table / 2).and(Unit::IndexWrite, index / 2)
        })
        .sum()
}

/// Units come in halves.
fn halves(units: Option<&Value>) -> u64 {
    let units = units.and_then(Value::as_f64).unwrap_or_default();
    format!("{:.0}", units * 2.0).parse().unwrap_or_default()
}

/// What our own rules say of a write that DynamoDB names no units for: it was refused, or its
/// answer was lost. A transaction's items are taken as if nothing had been there before.
fn by_rule(operation: &str, asked: &Value, before: Option<&Map<String, Value>>) -> Ledger {
    let before = before.map(item::size);
    let size_of = |one: &Value| one.get("Item").and_then(Value::as_object).map(item::size);
    let units = match operation {
        "PutItem" | "UpdateItem" | "DeleteItem" => dynamodb::write(before, size_of(asked)),
        "TransactWriteItems" => {
            let writes = asked["TransactItems"].as_array().into_iter().flatten();
            let writes = writes.filter_map(|write| write.as_object()?.values().next());
            writes
                .map(|write| dynamodb::transactional_write(None, size_of(write)))
                .sum()
        }
        _ => 0,
    };
    Ledger::of(Unit::TableWrite, units)
}

/// The bytes of the messages of one call.
fn message_bytes(asked: &Value) -> u64 {
    let one = std::slice::from_ref(asked);
    let messages = asked["Entries"].as_array().map_or(one, Vec::as_slice);
    let texts = messages
        .iter()
        .filter_map(|message| message["MessageBody"].as_str());
    texts
        .map(|text| u64::try_from(text.len()).unwrap_or(u64::MAX))
        .sum()
}
