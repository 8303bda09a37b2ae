use std::time::Duration;

use async_trait::async_trait;

/// The file store failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// No file has this key (any more).
    #[error("no file is stored under {0}")]
    Missing(String),
    /// The store did not answer; try again later.
    #[error("the file store did not answer for {key}: {reason}")]
    Unavailable {
        /// The file.
        key: String,
        /// What the store said.
        reason: String,
    },
}

/// Where documents are kept.
#[async_trait]
pub trait Files: Send + Sync {
    /// Stores a file.
    ///
    /// # Behavior
    /// - When it returns `Ok`, the bytes are durable.
    /// - The same key again replaces the file.
    async fn put(&self, key: &str, bytes: Vec<u8>, content_type: &str) -> Result<(), FileError>;

    /// Reads a whole file.
    async fn get(&self, key: &str) -> Result<Vec<u8>, FileError>;

    /// A link that opens the file in a browser for a while, without further sign-in.
    ///
    /// # Behavior
    /// - The link opens this file only, and ends after `lifetime`.
    async fn link(&self, key: &str, lifetime: Duration) -> Result<String, FileError>;
}
