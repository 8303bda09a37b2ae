//! A log that is listened to at its most talkative, for the whole process.

use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

static HEARD: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Ear;

impl Write for Ear {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        lock().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn lock() -> MutexGuard<'static, Vec<u8>> {
    HEARD.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn listen() {
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(|| Ear)
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
}

/// All that was logged so far, by all trials.
pub(crate) fn heard() -> String {
    String::from_utf8_lossy(&lock()).into_owned()
}
