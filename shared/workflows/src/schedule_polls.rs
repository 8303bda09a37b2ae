//! Every minute: which packs are due.

use haat_ports::{Pack, PollMessage, Polls, PollsQueue, QueueError, StoreError};
use jiff::Timestamp;

/// Scheduling failed; the next minute tries again, and a pack whose minute was missed is polled
/// one interval later.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// The packs could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A pack could not be sent.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

/// The packs that are due in the minute of `now`: each once per interval, spread by its phase.
pub fn due_packs(packs: &[Pack], now: Timestamp) -> Vec<&Pack> {
    let minute = now.as_second().div_euclid(60);
    packs
        .iter()
        .filter(|pack| {
            let every = i64::from(pack.every_minutes.max(1));
            pack.accounts > 0 && minute.rem_euclid(every) == i64::from(pack.phase).rem_euclid(every)
        })
        .collect()
}

/// Sends every due pack to the polls queue; returns how many.
pub async fn schedule_polls(
    polls: &dyn Polls,
    queue: &dyn PollsQueue,
    now: Timestamp,
) -> Result<usize, ScheduleError> {
    let packs = polls.packs().await?;
    let messages: Vec<PollMessage> = due_packs(&packs, now)
        .into_iter()
        .map(|pack| PollMessage {
            pack: pack.id.clone(),
            account: None,
            test_of: None,
        })
        .collect();
    if !messages.is_empty() {
        queue.send(&messages).await?;
    }
    Ok(messages.len())
}
