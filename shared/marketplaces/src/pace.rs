//! Keeping a pace that a marketplace tolerates.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Turns that follow one another with a pause between them.
pub(crate) struct Pace {
    pause: Duration,
    next: Mutex<Instant>,
}

impl Pace {
    pub(crate) fn new(pause: Duration) -> Self {
        Self {
            pause,
            next: Mutex::new(Instant::now()),
        }
    }

    /// Waits for the caller's turn.
    pub(crate) async fn turn(&self) {
        let now = Instant::now();
        let mine = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let mine = (*next).max(now);
            *next = mine.checked_add(self.pause).unwrap_or(mine);
            mine
        };
        if mine > now {
            sleep_until(mine).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn calls_keep_their_distance_and_the_first_waits_for_nobody() {
        let start = Instant::now();
        let pace = Pace::new(Duration::from_secs(1));
        pace.turn().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
        pace.turn().await;
        pace.turn().await;
        assert_eq!(start.elapsed(), Duration::from_secs(2));
        tokio::time::advance(Duration::from_secs(5)).await;
        pace.turn().await;
        assert_eq!(
            start.elapsed(),
            Duration::from_secs(7),
            "time off is no credit and no debt"
        );
    }
}
