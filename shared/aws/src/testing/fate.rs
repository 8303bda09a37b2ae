//! A caller that dies, or is held up, at a call of the test's choosing.

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
    held: Notify,
    let_go: Notify,
}

#[derive(Debug, Default)]
struct Life {
    /// Calls that are left, and on which side of the next one it ends.
    end: Option<(u32, Moment)>,
    dead: bool,
    /// Calls that are made before one is held up.
    hold: Option<u32>,
    /// Calls that are answered before one is refused.
    refuse: Option<u32>,
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

    /// From now on this many calls are made at once; the next one waits for [`Fate::let_go`], and
    /// whoever else calls meanwhile is before it.
    pub fn hold(&self, calls: u32) {
        self.change(|life| life.hold = Some(calls));
    }

    /// Ends when a call is held up.
    pub async fn held(&self) {
        self.0.held.notified().await;
    }

    /// Lets the call go on that is held up; no other one will be.
    pub fn let_go(&self) {
        self.change(|life| life.hold = None);
        self.0.let_go.notify_one();
    }

    /// From now on this many calls are answered; the next one is refused, and nothing done.
    pub fn refuse(&self, calls: u32) {
        self.change(|life| life.refuse = Some(calls));
    }

    pub(super) fn is_refused(&self) -> bool {
        self.change(|life| is_now(&mut life.refuse))
    }

    /// Makes a call, unless its caller dies at it.
    pub async fn call<T>(&self, call: impl Future<Output = T>) -> T {
        if self.is_held() {
            self.0.held.notify_one();
            self.0.let_go.notified().await;
        }
        match self.next() {
            None => call.await,
            Some(Moment::Before) => self.die().await,
            Some(Moment::After) => {
                call.await;
                self.die().await
            }
        }
    }

    fn is_held(&self) -> bool {
        self.change(|life| is_now(&mut life.hold))
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

/// Whether what was to happen after some calls happens at this one.
fn is_now(left: &mut Option<u32>) -> bool {
    match left {
        None => false,
        Some(0) => {
            *left = None;
            true
        }
        Some(calls) => {
            *calls = calls.saturating_sub(1);
            false
        }
    }
}
