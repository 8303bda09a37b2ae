//! SQS as far as Haat uses it: messages wait, are delivered by the test's clock, come again when
//! nobody acknowledged them, and rest after the template's tries.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use haat_ports::Clock;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::clock::MovedClock;
use crate::cloud::POLLS;
use crate::template;

/// A message in a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id, unlike any other's.
    pub id: String,
    /// The last part of its queue's address.
    pub queue: String,
    /// What was sent.
    pub body: String,
    /// From when on it may be delivered.
    pub visible_at: Timestamp,
    /// How often it was delivered.
    pub received: u32,
}

impl Message {
    /// The message as Lambda hands it to a function, alone in its batch.
    pub fn event(&self) -> Value {
        let record = json!({
            "messageId": self.id,
            "receiptHandle": self.id,
            "body": self.body,
            "attributes": { "ApproximateReceiveCount": self.received.to_string() },
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": format!("arn:aws:sqs:ap-south-1:000000000000:{}", self.queue),
            "awsRegion": "ap-south-1",
        });
        json!({ "Records": [record] })
    }
}

/// All queues of one cloud.
#[derive(Debug)]
pub struct Queues {
    clock: Arc<MovedClock>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    sent: u32,
    waiting: Vec<Message>,
    dead: Vec<Message>,
}

impl Queues {
    pub(crate) fn new(clock: Arc<MovedClock>) -> Self {
        Self {
            clock,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a message into a queue.
    pub fn send(&self, queue: &str, body: &str, delay: SignedDuration) -> String {
        let mut state = self.state();
        state.sent = state.sent.saturating_add(1);
        let id = format!("message-{}", state.sent);
        let now = self.clock.now();
        state.waiting.push(Message {
            id: id.clone(),
            queue: queue.to_owned(),
            body: body.to_owned(),
            visible_at: now.saturating_add(delay).unwrap_or(now),
            received: 0,
        });
        id
    }

    /// Delivers every message of a queue that may be delivered now, oldest first. They stay
    /// invisible for this long, unless they are acknowledged before.
    pub fn receive(&self, queue: &str, invisible_for: SignedDuration) -> Vec<Message> {
        let now = self.clock.now();
        let tries = if queue == POLLS {
            template::POLLS.tries
        } else {
            template::SHIP.tries
        };
        let mut state = self.state();
        let (tired, waiting) = state.waiting.drain(..).partition(|message| {
            message.queue == queue && message.visible_at <= now && message.received >= tries
        });
        let tired: Vec<Message> = tired;
        state.waiting = waiting;
        state.dead.extend(tired);
        let mut delivered = Vec::new();
        for message in &mut state.waiting {
            if message.queue == queue && message.visible_at <= now {
                message.received = message.received.saturating_add(1);
                message.visible_at = now.saturating_add(invisible_for).unwrap_or(now);
                delivered.push(message.clone());
            }
        }
        delivered
    }

    /// Takes a message out of its queue: it is done.
    pub fn acknowledge(&self, id: &str) {
        self.state().waiting.retain(|message| message.id != id);
    }

    /// All messages that are not done, delivered or not.
    pub fn waiting(&self, queue: &str) -> Vec<Message> {
        let mut waiting = self.state().waiting.clone();
        waiting.retain(|message| message.queue == queue);
        waiting
    }

    /// Messages that failed too often.
    pub fn dead(&self) -> Vec<Message> {
        self.state().dead.clone()
    }

    /// Answers a call of SQS's JSON protocol; nothing for operations that Haat does not use.
    pub(crate) fn answer(&self, operation: &str, call: &Value) -> Option<Value> {
        let text = |value: &Value, name: &str| {
            let text = value.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let address = text(call, "QueueUrl");
        let queue = address.rsplit('/').next().unwrap_or_default();
        let send = |entry: &Value| {
            let delay = entry.get("DelaySeconds").and_then(Value::as_i64);
            let delay = SignedDuration::from_secs(delay.unwrap_or_default());
            let id = self.send(queue, &text(entry, "MessageBody"), delay);
            json!({ "Id": text(entry, "Id"), "MessageId": id, "MD5OfMessageBody": "" })
        };
        match operation {
            "SendMessage" => Some(send(call)),
            "SendMessageBatch" => {
                let entries = call.get("Entries").and_then(Value::as_array);
                let sent: Vec<Value> = entries.into_iter().flatten().map(send).collect();
                Some(json!({ "Successful": sent, "Failed": [] }))
            }
            _ => None,
        }
    }
}
