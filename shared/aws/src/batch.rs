//! A batch of queue messages, each of which fails alone.

use std::collections::BTreeMap;

pub use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use futures_util::future::join_all;
use serde::de::DeserializeOwned;

/// Works through a batch: the messages of one group one after the other, as they came, and the
/// groups side by side, so that a marketplace that hangs for one account delays that account
/// alone. A message whose work fails, or that is no message of ours, is reported by its id: it
/// comes again, and at last rests in the dead-letter queue with its body, from where `haat
/// redrive` brings it back.
pub async fn each_message<M: DeserializeOwned, E: std::fmt::Display>(
    event: SqsEvent,
    work: impl AsyncFn(M) -> Result<(), E>,
) -> SqsBatchResponse {
    let mut groups: BTreeMap<String, Vec<SqsMessage>> = BTreeMap::new();
    for record in event.records {
        let group = record.attributes.get("MessageGroupId").cloned();
        groups
            .entry(group.unwrap_or_default())
            .or_default()
            .push(record);
    }
    let worked = groups.into_values().map(|group| in_order(group, &work));
    let mut response = SqsBatchResponse::default();
    for failed in join_all(worked).await.into_iter().flatten() {
        response.add_failure(failed);
    }
    response
}

/// The ids of the messages that failed.
async fn in_order<M: DeserializeOwned, E: std::fmt::Display>(
    records: Vec<SqsMessage>,
    work: &impl AsyncFn(M) -> Result<(), E>,
) -> Vec<String> {
    let mut failures = Vec::new();
    for record in records {
        let message = record.message_id.unwrap_or_default();
        let body = record.body.unwrap_or_default();
        let failed = match serde_json::from_str(&body) {
            Ok(ours) => work(ours).await.err().map(|error| error.to_string()),
            Err(error) => Some(format!("not a message of Haat's: {error}")),
        };
        if let Some(error) = failed {
            tracing::error!(
                event = "message.failed",
                message,
                error,
                "the message comes again"
            );
            failures.push(message);
        }
    }
    failures
}
