//! What a hub stands on in a test's own process: its clock, its queues, its files.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test's world stops the test when it cannot be built"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use haat_ports::{
    Clock, FileError, Files, PollMessage, PollsQueue, QueueError, ShipMessage, ShipQueue,
};
use jiff::{SignedDuration, Timestamp};

/// The clock of a test: it moves when told to.
#[derive(Debug)]
pub struct TestClock(pub(crate) Mutex<Timestamp>);

impl TestClock {
    /// A clock that stands.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves it.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Queues in memory, delivering by the test's clock.
#[derive(Debug)]
pub struct Queues {
    pub(crate) clock: Arc<TestClock>,
    pub(crate) polls: Mutex<Vec<PollMessage>>,
    pub(crate) ship: Mutex<Vec<(Timestamp, ShipMessage)>>,
}

impl Queues {
    /// Empty ones.
    #[must_use]
    pub fn new(clock: Arc<TestClock>) -> Self {
        Self {
            clock,
            polls: Mutex::default(),
            ship: Mutex::default(),
        }
    }
}

#[async_trait]
impl PollsQueue for Queues {
    async fn send(&self, messages: &[PollMessage]) -> Result<(), QueueError> {
        lock(&self.polls).extend_from_slice(messages);
        Ok(())
    }
}

#[async_trait]
impl ShipQueue for Queues {
    async fn send(&self, message: &ShipMessage, delay: Duration) -> Result<(), QueueError> {
        let due = self.clock.now() + SignedDuration::try_from(delay).unwrap();
        lock(&self.ship).push((due, message.clone()));
        Ok(())
    }
}

/// Files in memory.
#[derive(Debug, Default)]
pub struct MemoryFiles(Mutex<BTreeMap<String, Vec<u8>>>);

impl MemoryFiles {
    /// The keys of all files.
    pub fn keys(&self) -> Vec<String> {
        lock(&self.0).keys().cloned().collect()
    }
}

#[async_trait]
impl Files for MemoryFiles {
    async fn put(&self, key: &str, bytes: Vec<u8>, _: &str) -> Result<(), FileError> {
        lock(&self.0).insert(key.to_owned(), bytes);
        Ok(())
    }

    async fn get(&self, key: &str) -> Result<Vec<u8>, FileError> {
        let found = lock(&self.0).get(key).cloned();
        found.ok_or_else(|| FileError::Missing(key.to_owned()))
    }

    async fn link(&self, key: &str, _: Duration) -> Result<String, FileError> {
        Ok(format!("memory:{key}"))
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
