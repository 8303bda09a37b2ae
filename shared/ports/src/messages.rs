//! What travels through queues. Messages name what to look at, never what to write: doubled,
//! late and reordered ones are harmless.

use std::time::Duration;

use async_trait::async_trait;
use haat_domain::{AccountId, Action, OrderNumber, PackId, SellerId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Look at the order feeds of a pack, or of one account of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollMessage {
    /// The pack.
    pub pack: PackId,
    /// Only this account, when someone asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Set: test this account of this seller instead of polling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_of: Option<SellerId>,
}

/// Look at what an account wants done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShipMessage {
    /// The tenant.
    pub seller: SellerId,
    /// The account.
    pub account: AccountId,
    /// The action to look at.
    pub action: Action,
    /// Orders that newly want it; empty when the hub only looks after a running job.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<OrderNumber>,
    /// Set on the hub's own reminders: the time it meant to look. A reminder that the account's
    /// job no longer waits for is dropped, so reminders never multiply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wake: Option<Timestamp>,
}

/// A queue did not take a message; the caller's own work is repeated later.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {queue} queue did not take {message}: {reason}")]
pub struct QueueError {
    /// Which queue.
    pub queue: &'static str,
    /// What the message was about.
    pub message: String,
    /// What the queue said.
    pub reason: String,
}

/// Where polls are asked for.
#[async_trait]
pub trait PollsQueue: Send + Sync {
    /// Sends all messages or says which was not taken.
    async fn send(&self, messages: &[PollMessage]) -> Result<(), QueueError>;
}

/// Where work on orders is asked for.
#[async_trait]
pub trait ShipQueue: Send + Sync {
    /// Sends a message to be delivered after `delay`, at most 15 minutes.
    async fn send(&self, message: &ShipMessage, delay: Duration) -> Result<(), QueueError>;
}
