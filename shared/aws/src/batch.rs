//! A batch of queue messages, each of which fails alone.

pub use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use serde::de::DeserializeOwned;

/// Works through a batch, one message after the other. A message whose work fails, or that is
/// no message of ours, is reported by its id: it comes again, and at last rests in the dead-letter
/// queue with its body, from where `haat redrive` brings it back.
pub async fn each_message<M: DeserializeOwned, E: std::fmt::Display>(
    event: SqsEvent,
    work: impl AsyncFn(M) -> Result<(), E>,
) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    for record in event.records {
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
            response.add_failure(message);
        }
    }
    response
}
