//! A caller that dies at a call of the test's choosing.

use std::future::{Future, pending};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// On which side of a call its caller dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The call is never made.
    Before,
    /// The call is made, and its answer reaches nobody.
    After,
}

/// Whether and where the one who calls dies. A dead caller's calls never end; whoever started it
/// hears of it by [`Fate::met`] and drops it, as the cloud drops a function.
#[derive(Debug, Clone, Default)]
pub struct Fate(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    life: Mutex<Life>,
    met: Notify,
}

#[derive(Debug, Default)]
struct Life {
    /// Calls that are left, and on which side of the next one it ends.
    end: Option<(u32, Moment)>,
    dead: bool,
}

impl Fate {
    /// From now on this many calls go well; the caller dies at the next one.
    pub fn set(&self, calls: u32, moment: Moment) {
        self.change(|life| life.end = Some((calls, moment)));
    }

    /// From now on nobody dies.
    pub fn spare(&self) {
        self.change(|life| *life = Life::default());
    }

    /// Ends when the caller has died.
    pub async fn met(&self) {
        // Several calls may have told of one death.
        while !self.change(|life| life.dead) {
            self.0.met.notified().await;
        }
    }

    /// Makes a call, unless its caller dies at it.
    pub async fn call<T>(&self, call: impl Future<Output = T>) -> T {
        match self.next() {
            None => call.await,
            Some(Moment::Before) => self.die().await,
            Some(Moment::After) => {
                call.await;
                self.die().await
            }
        }
    }

    fn next(&self) -> Option<Moment> {
        self.change(|life| {
            if life.dead {
                return Some(Moment::Before);
            }
            match &mut life.end {
                None => None,
                Some((0, moment)) => {
                    let moment = *moment;
                    life.dead = true;
                    Some(moment)
                }
                Some((left, _)) => {
                    *left = left.saturating_sub(1);
                    None
                }
            }
        })
    }

    async fn die<T>(&self) -> T {
        self.0.met.notify_one();
        pending().await
    }

    fn change<T>(&self, change: impl FnOnce(&mut Life) -> T) -> T {
        change(&mut self.0.life.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
