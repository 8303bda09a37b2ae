//! The hub as the cloud runs it: functions that messages and the table's stream call, and that may
//! die at any of their calls.

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::{Future, pending};
use std::sync::Arc;

use haat_aws::testing::{Fate, Moment};
use haat_ports::{Accounts as _, Clock, Polls as _};
use haat_sandbox::{Fault, FaultKind, Options, ajio};
use haat_tests::template::CHANGES_AT_ONCE;
use haat_tests::world::World;
use haat_workflows::{PollSummary, ShipDesk};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::double::{Double, Market};
use crate::mail::{Letter, Mail, Message};

/// Rows of a page: few, so that lists are read over pages that may shift, repeat and break off.
pub(crate) const PAGE: u32 = 20;
const POLL_TAKES: SignedDuration = SignedDuration::from_mins(4);

/// How a run of a function ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// By itself.
    Whole,
    /// It dies at a call of table or queue, after so many that went well.
    AtTable(u32, Moment),
    /// It dies at a call of the marketplace, after so many that went well.
    AtMarketplace(u32, Moment),
}

pub(crate) struct Cloud {
    pub(crate) world: World,
    /// The marketplace at which all this happens.
    pub(crate) double: Double,
    pub(crate) mail: Arc<Mail>,
    pub(crate) desk: ShipDesk,
    fate: Fate,
    stream: VecDeque<Value>,
    latest_batch: Vec<Value>,
    /// Runs that died.
    pub(crate) deaths: Cell<u32>,
    /// Those of them that had tried to log in.
    pub(crate) deaths_at_login: Cell<u64>,
    /// Polls that ended since they were last looked at.
    pub(crate) polled: Vec<PollSummary>,
    /// Accounts that a poll could not read whole without a heartbeat that says so.
    pub(crate) untold: Vec<String>,
}

impl Cloud {
    pub(crate) async fn new(
        market: Market,
        (options, others): (Options, ajio::Options),
        http: &reqwest::Client,
    ) -> Self {
        let fate = Fate::default();
        let page = match market {
            Market::Meesho => PAGE,
            // Its pendency is short: what waits for the seller, and nothing else.
            Market::Ajio => 5,
        };
        let profile = format!(r#"{{"milliseconds_between_calls": 0, "max_page_size": {page}}}"#);
        let world = World::near_both(options, others, http, fate.clone(), &profile).await;
        let mail = Arc::new(Mail::new(Arc::clone(&world.clock), fate.clone()));
        let desk = ShipDesk {
            queue: mail.clone(),
            ..world.desk.clone()
        };
        Self {
            double: Double::of(market, &world),
            world,
            mail,
            desk,
            fate,
            stream: VecDeque::new(),
            latest_batch: Vec::new(),
            deaths: Cell::new(0),
            deaths_at_login: Cell::new(0),
            polled: Vec::new(),
            untold: Vec::new(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    /// Runs a function to its end; nothing when it died.
    pub(crate) async fn run<T>(&self, end: End, work: impl Future<Output = T>) -> Option<T> {
        match end {
            End::Whole => return Some(work.await),
            End::AtTable(calls, moment) => self.fate.set(calls, moment),
            End::AtMarketplace(calls, moment) => {
                let hang = Fault::new("*", hanging(moment)).after(calls);
                self.double.fault(hang);
            }
        }
        let log_ins = self.double.log_ins();
        let done = tokio::select! {
            biased;
            done = work => Some(done),
            () = self.fate.met() => None,
            () = self.double.hung() => None,
        };
        if done.is_none() {
            self.deaths.set(self.deaths.get() + 1);
            if self.double.log_ins() > log_ins {
                self.deaths_at_login.set(self.deaths_at_login.get() + 1);
            }
        }
        self.fate.spare();
        for moment in [Moment::Before, Moment::After] {
            self.double.clear_faults_of(hanging(moment));
        }
        done
    }

    /// Works one letter off, if one is due.
    pub(crate) async fn deliver(&mut self, which: usize, end: End) -> bool {
        let Some(letter) = self.mail.take(which) else {
            return false;
        };
        let done = self.run(end, self.work(&letter)).await;
        if let Some(Ok(Some(summary))) = &done {
            self.look_whether_told(summary).await;
        }
        self.settle_letter(letter, done);
        true
    }

    /// Works two letters off at the same time.
    pub(crate) async fn deliver_together(&mut self, first: usize, second: usize) {
        let letters = [self.mail.take(first), self.mail.take(second)];
        let [Some(one), Some(other)] = letters else {
            for letter in letters.into_iter().flatten() {
                let done = Some(self.work(&letter).await);
                self.settle_letter(letter, done);
            }
            return;
        };
        let (done, other_done) = tokio::join!(self.work(&one), self.work(&other));
        self.settle_letter(one, Some(done));
        self.settle_letter(other, Some(other_done));
    }

    async fn work(&self, letter: &Letter) -> Result<Option<PollSummary>, String> {
        match &letter.message {
            Message::Poll(message) => {
                let polled =
                    haat_workflows::poll_pack(&self.desk.hub, message, POLL_TAKES, pending()).await;
                polled.map(Some).map_err(|error| error.to_string())
            }
            Message::Ship(message) => {
                let worked = haat_workflows::work_on_jobs(&self.desk, message).await;
                worked.map(|()| None).map_err(|error| error.to_string())
            }
        }
    }

    async fn look_whether_told(&mut self, summary: &PollSummary) {
        let (table, seller) = (&self.world.table, &self.world.seller);
        for (account, reason) in &summary.missed {
            let found = table.account(seller, account).await.unwrap().unwrap();
            let beat = table.heartbeat(&found.pack).await.unwrap();
            let told = beat.missed.get(account).map(|missed| &missed.reason);
            if told != Some(reason) {
                self.untold
                    .push(format!("{account}: {reason}; {told:?} is told"));
            }
        }
    }

    fn settle_letter(&mut self, letter: Letter, done: Option<Result<Option<PollSummary>, String>>) {
        match done {
            Some(Ok(summary)) => self.polled.extend(summary),
            Some(Err(_)) | None => self.mail.give_back(letter),
        }
    }

    /// Lets `react` see the next changes of the table; whether there were any.
    pub(crate) async fn react(&mut self, end: End) -> bool {
        self.gather();
        let batch: Vec<Value> = self.stream.iter().take(*CHANGES_AT_ONCE).cloned().collect();
        if batch.is_empty() {
            return false;
        }
        if self.see(&batch, end).await {
            self.stream.drain(..batch.len());
        }
        self.latest_batch = batch;
        true
    }

    /// Lets `react` see its latest changes once more.
    pub(crate) async fn react_again(&mut self) {
        let batch = std::mem::take(&mut self.latest_batch);
        self.see(&batch, End::Whole).await;
    }

    /// Changes that `react` has not seen.
    pub(crate) fn unseen_changes(&mut self) -> usize {
        self.gather();
        self.stream.len()
    }

    fn gather(&mut self) {
        let mut changes = self.world.changes.lock().unwrap();
        self.stream.extend(changes.take());
    }

    async fn see(&mut self, batch: &[Value], end: End) -> bool {
        let event = serde_json::json!({ "Records": batch });
        let event = serde_json::from_value(event).unwrap();
        let (table, queue, now) = (&self.world.table, self.mail.as_ref(), self.now());
        let seen = haat_react::handle(table.as_ref(), queue, event, now);
        let response = self.run(end, seen).await;
        response.is_some_and(|response| response.batch_item_failures.is_empty())
    }

    /// The schedule comes round: the minutes in which each pack is due once.
    pub(crate) async fn schedule(&self) {
        let (polls, queue) = (self.world.table.as_ref(), self.mail.as_ref());
        for minute in 0..5 {
            let minute = self.now() + SignedDuration::from_mins(minute);
            let sent = haat_workflows::schedule_polls(polls, queue, minute).await;
            sent.unwrap();
        }
    }

    /// Works off everything that is due, and what that leads to.
    pub(crate) async fn settle(&mut self) {
        for _round in 0..5_000 {
            let reacted = self.react(End::Whole).await;
            let delivered = self.deliver(0, End::Whole).await;
            if !reacted && !delivered {
                return;
            }
        }
        panic!("the hub does not come to rest: {:?}", self.mail.all());
    }

    /// Time passes, and everything is worked off when it is due.
    pub(crate) async fn pass(&mut self, time: SignedDuration) {
        let end = self.now() + time;
        loop {
            self.settle().await;
            let now = self.now();
            if now >= end {
                return;
            }
            let next = self.mail.next_due().map_or(end, |due| due.clamp(now, end));
            self.world.skip(next.duration_since(now));
        }
    }
}

fn hanging(moment: Moment) -> FaultKind {
    match moment {
        Moment::Before => FaultKind::Hang,
        Moment::After => FaultKind::HangAfterCommit,
    }
}
