//! What stands around the console in a test: a clock, queues and files.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use haat_ports::{
    Clock, FileError, Files, PollMessage, PollsQueue, QueueError, ShipMessage, ShipQueue,
};
use jiff::Timestamp;

pub(crate) struct Stopped(pub(crate) Timestamp);

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// What was sent to either queue.
#[derive(Default)]
pub(crate) struct Sent {
    pub(crate) polls: Mutex<Vec<PollMessage>>,
    pub(crate) ship: Mutex<Vec<ShipMessage>>,
}

#[async_trait]
impl PollsQueue for Sent {
    async fn send(&self, messages: &[PollMessage]) -> Result<(), QueueError> {
        self.polls.lock().unwrap().extend_from_slice(messages);
        Ok(())
    }
}

#[async_trait]
impl ShipQueue for Sent {
    async fn send(&self, message: &ShipMessage, _: Duration) -> Result<(), QueueError> {
        self.ship.lock().unwrap().push(message.clone());
        Ok(())
    }
}

/// Files by key; a link names its key. While it is down it gives nothing out.
#[derive(Default)]
pub(crate) struct Shelf(
    pub(crate) Mutex<BTreeMap<String, Vec<u8>>>,
    pub(crate) AtomicBool,
);

#[async_trait]
impl Files for Shelf {
    async fn put(&self, key: &str, bytes: Vec<u8>, _: &str) -> Result<(), FileError> {
        self.0.lock().unwrap().insert(key.to_owned(), bytes);
        Ok(())
    }

    async fn get(&self, key: &str) -> Result<Vec<u8>, FileError> {
        if self.1.load(Ordering::Relaxed) {
            let (key, reason) = (key.to_owned(), "it is down".to_owned());
            return Err(FileError::Unavailable { key, reason });
        }
        let files = self.0.lock().unwrap();
        let found = files.get(key).cloned();
        found.ok_or_else(|| FileError::Missing(key.to_owned()))
    }

    async fn link(&self, key: &str, lifetime: Duration) -> Result<String, FileError> {
        let seconds = lifetime.as_secs();
        Ok(format!("https://files.example.test/{key}?for={seconds}s"))
    }
}
