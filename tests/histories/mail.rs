//! The queues as the cloud keeps them: at least once, in any order, and back again after a death.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use haat_aws::testing::Fate;
use haat_ports::{Clock, PollMessage, PollsQueue, QueueError, ShipMessage, ShipQueue};
use haat_tests::in_memory::TestClock;
use haat_tests::template;
use jiff::{SignedDuration, Timestamp};

#[derive(Debug, Clone)]
pub(crate) enum Message {
    Poll(PollMessage),
    Ship(ShipMessage),
}

#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) due: Timestamp,
    pub(crate) message: Message,
    came: u32,
}

/// Both queues, and where messages end that nobody could work off.
#[derive(Debug)]
pub(crate) struct Mail {
    clock: Arc<TestClock>,
    fate: Fate,
    letters: Mutex<Vec<Letter>>,
    dead: Mutex<Vec<Letter>>,
}

#[async_trait]
impl PollsQueue for Mail {
    async fn send(&self, messages: &[PollMessage]) -> Result<(), QueueError> {
        let send = async {
            for message in messages {
                self.put(Message::Poll(message.clone()), SignedDuration::ZERO);
            }
        };
        self.fate.call(send).await;
        Ok(())
    }
}

#[async_trait]
impl ShipQueue for Mail {
    async fn send(&self, message: &ShipMessage, delay: Duration) -> Result<(), QueueError> {
        let delay = SignedDuration::try_from(delay).unwrap();
        let send = async { self.put(Message::Ship(message.clone()), delay) };
        self.fate.call(send).await;
        Ok(())
    }
}

impl Mail {
    pub(crate) fn new(clock: Arc<TestClock>, fate: Fate) -> Self {
        Self {
            clock,
            fate,
            letters: Mutex::default(),
            dead: Mutex::default(),
        }
    }

    fn put(&self, message: Message, delay: SignedDuration) {
        let letter = Letter {
            due: self.clock.now() + delay,
            message,
            came: 0,
        };
        lock(&self.letters).push(letter);
    }

    /// Takes one of the letters that are due, as the queue likes.
    pub(crate) fn take(&self, which: usize) -> Option<Letter> {
        let now = self.clock.now();
        let mut letters = lock(&self.letters);
        let due = letters.iter().enumerate().filter(|(_, l)| l.due <= now);
        let due: Vec<usize> = due.map(|(index, _)| index).collect();
        let index = *due.get(which.checked_rem(due.len())?)?;
        Some(letters.remove(index))
    }

    /// Lets one of the letters that are due come twice.
    pub(crate) fn double(&self, which: usize) {
        if let Some(letter) = self.take(which) {
            lock(&self.letters).extend([letter.clone(), letter]);
        }
    }

    /// A letter that was not worked off comes again, or is laid aside.
    pub(crate) fn give_back(&self, mut letter: Letter) {
        letter.came += 1;
        let queue = match letter.message {
            Message::Poll(_) => *template::POLLS,
            Message::Ship(_) => *template::SHIP,
        };
        letter.due = self.clock.now() + queue.hidden;
        let to = if letter.came < queue.tries {
            &self.letters
        } else {
            &self.dead
        };
        lock(to).push(letter);
    }

    /// The operator sends what was laid aside once more.
    pub(crate) fn redrive(&self) {
        for letter in std::mem::take(&mut *lock(&self.dead)) {
            self.put(letter.message, SignedDuration::ZERO);
        }
    }

    /// When the next letter is due.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        lock(&self.letters).iter().map(|letter| letter.due).min()
    }

    /// Everything that is still to be worked off, the dead letters among it.
    pub(crate) fn all(&self) -> Vec<Message> {
        let letters = lock(&self.letters);
        let dead = lock(&self.dead);
        let all = letters.iter().chain(dead.iter());
        all.map(|letter| letter.message.clone()).collect()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
