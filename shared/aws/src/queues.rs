//! Messages into SQS.

use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use aws_types::SdkConfig;
use haat_ports::{PollMessage, PollsQueue, QueueError, ShipMessage, ShipQueue};

use crate::failure::reason;

/// A queue by its address. The client is made when the first message is sent: it costs as much
/// as all the rest of a function's start, and most invocations send nothing.
struct Queue {
    client: LazyLock<Client, Box<dyn FnOnce() -> Client + Send>>,
    url: String,
}

impl Queue {
    fn new(config: &SdkConfig, url: String) -> Self {
        let config = config.clone();
        Self {
            client: LazyLock::new(Box::new(move || Client::new(&config))),
            url,
        }
    }
}

/// The queue of polls.
pub struct PollsSqs(Queue);

impl PollsSqs {
    /// The queue at this address.
    pub fn new(config: &SdkConfig, url: impl Into<String>) -> Self {
        Self(Queue::new(config, url.into()))
    }

    async fn send_some(&self, messages: &[PollMessage]) -> Result<(), QueueError> {
        let mut entries = Vec::with_capacity(messages.len());
        for (position, message) in messages.iter().enumerate() {
            let text = serde_json::to_string(message);
            let text = text.map_err(|error| refused(POLLS, poll(message), error))?;
            // A queue serves its groups in turn: one busy pack does not hold up the others.
            let entry = SendMessageBatchRequestEntry::builder()
                .id(position.to_string())
                .message_group_id(group_of(message))
                .message_body(text)
                .build();
            entries.push(entry.map_err(|error| refused(POLLS, poll(message), error))?);
        }
        let request = self.0.client.send_message_batch().queue_url(&self.0.url);
        let answer = request.set_entries(Some(entries)).send().await;
        let answer = answer
            .map_err(|error| refused(POLLS, format!("{} polls", messages.len()), reason(&error)))?;
        match answer.failed.first() {
            None => Ok(()),
            Some(failed) => {
                let position = failed.id.parse::<usize>().ok();
                let message = position.and_then(|position| messages.get(position));
                let message = message.map_or_else(|| "a poll".to_owned(), poll);
                let text = failed.message.as_deref().unwrap_or_default();
                Err(refused(POLLS, message, format!("{}: {text}", failed.code)))
            }
        }
    }
}

const POLLS: &str = "polls";
const SHIP: &str = "ship";
const BATCH: usize = 10;
const LONGEST_DELAY: u64 = 15 * 60;

fn group_of(message: &PollMessage) -> &str {
    match &message.account {
        Some(account) => account.as_str(),
        None => message.pack.as_str(),
    }
}

fn poll(message: &PollMessage) -> String {
    match &message.account {
        Some(account) => format!("the poll of account {account}"),
        None => format!("the poll of pack {}", message.pack),
    }
}

fn refused(queue: &'static str, message: String, reason: impl ToString) -> QueueError {
    QueueError {
        queue,
        message,
        reason: reason.to_string(),
    }
}

#[async_trait]
impl PollsQueue for PollsSqs {
    async fn send(&self, messages: &[PollMessage]) -> Result<(), QueueError> {
        for some in messages.chunks(BATCH) {
            self.send_some(some).await?;
        }
        Ok(())
    }
}

/// The queue of work on orders.
pub struct ShipSqs(Queue);

impl ShipSqs {
    /// The queue at this address.
    pub fn new(config: &SdkConfig, url: impl Into<String>) -> Self {
        Self(Queue::new(config, url.into()))
    }
}

#[async_trait]
impl ShipQueue for ShipSqs {
    /// A longer delay is cut to the 15 minutes that SQS knows: the receiver looks, finds nothing
    /// to do yet and asks for the rest.
    async fn send(&self, message: &ShipMessage, delay: Duration) -> Result<(), QueueError> {
        let (account, action) = (&message.account, message.action.word());
        let named = || format!("the {action} work of account {account}");
        let text = serde_json::to_string(message);
        let text = text.map_err(|error| refused(SHIP, named(), error))?;
        let started = u64::from(delay.subsec_nanos() > 0);
        let seconds = delay.as_secs().saturating_add(started).min(LONGEST_DELAY);
        let request = self.0.client.send_message().queue_url(&self.0.url);
        let answer = request
            .message_group_id(account.as_str())
            .delay_seconds(i32::try_from(seconds).unwrap_or_default())
            .message_body(text)
            .send()
            .await;
        answer.map_err(|error| refused(SHIP, named(), reason(&error)))?;
        Ok(())
    }
}
