//! Running a scenario until nothing is left to do, however often the function dies on the way.

use std::collections::BTreeMap;

use haat_domain::Health;
use haat_ports::{Clock as _, Missed, Polls as _};
use haat_tests::cloud::{POLLS, SHIP};
use haat_tests::crash_proxy::Plan;
use haat_tests::lambda::{Lambda, Outcome};
use haat_tests::template;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::scenario::Scenario;
use crate::shop::{Shop, is_done};
use crate::state::State;
use crate::watermark;

/// No work takes longer on the shop's clock, whatever happens on the way.
const REST_AFTER: SignedDuration = SignedDuration::from_hours(4);

/// How messages and records are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// As they come.
    Once,
    /// Each twice, one after the other.
    Twice,
    /// Each to two processes at once.
    AtOnce,
    /// The last one first, and the whole once more.
    OutOfOrder,
}

/// What the undisturbed run called and left behind.
pub(crate) struct Expected {
    pub(crate) calls: Vec<String>,
    pub(crate) state: State,
}

pub(crate) struct Run {
    pub(crate) scenario: Scenario,
    pub(crate) shop: Shop,
    delivery: Delivery,
    /// What the feeds were remembered to hold before.
    before: BTreeMap<String, u64>,
    /// The second process, where messages go to two at once.
    other: Option<Lambda>,
    /// Who does the work while the function behind the proxy is held.
    stand_in: Option<Lambda>,
}

impl Run {
    pub(crate) async fn prepare(
        scenario: Scenario,
        plan: Option<Plan>,
        delivery: Delivery,
    ) -> Self {
        let shop = scenario.prepare(plan).await;
        Self {
            scenario,
            before: watermark::remembered(&shop).await,
            shop,
            delivery,
            other: None,
            stand_in: None,
        }
    }

    /// Delivers and lets time pass until all is quiet.
    pub(crate) async fn until_rest(&mut self) {
        match self.scenario.function() {
            "haat-poll" => self.poll().await,
            "haat-react" => self.react().await,
            _ => self.ship().await,
        }
    }

    fn in_time(&self) {
        let took = self
            .shop
            .cloud
            .clock
            .now()
            .duration_since(self.shop.opened_at);
        assert!(took < REST_AFTER, "the work does not come to rest");
    }

    /// The schedule asks every five minutes, whatever became of the poll before.
    async fn poll(&mut self) {
        let queues = self.shop.cloud.queues();
        if queues.waiting(POLLS).is_empty() {
            queues.send(POLLS, r#"{"pack":"p5-0"}"#, SignedDuration::ZERO);
        }
        loop {
            self.in_time();
            self.deliver(POLLS, template::POLLS.hidden).await;
            let waiting = self.shop.cloud.queues().waiting(POLLS);
            let rests = if self.scenario.is_shut_out() {
                self.stands_still().await
            } else {
                self.all_is_read().await
            };
            if waiting.is_empty() && rests {
                return;
            }
            self.shop.pass(SignedDuration::from_mins(5));
            let queues = self.shop.cloud.queues();
            queues.send(POLLS, r#"{"pack":"p5-0"}"#, SignedDuration::ZERO);
        }
    }

    async fn all_is_read(&self) -> bool {
        let table = &self.shop.cloud.database.table;
        let pack = self.shop.account().await.pack;
        let beat = table.heartbeat(&pack).await.unwrap();
        let states = table.poll_states(&pack).await.unwrap();
        let whole = beat.at.is_some() && beat.missed.is_empty() && beat.alone.is_empty();
        let seen = &states[0].seen;
        let mut feeds = self.shop.market.feeds().iter();
        whole && feeds.all(|feed| seen.contains_key(*feed))
    }

    /// Whether the seller is called, and a later poll knew that the login is stopped.
    async fn stands_still(&self) -> bool {
        let account = self.shop.account().await;
        let table = &self.shop.cloud.database.table;
        let beat = table.heartbeat(&account.pack).await.unwrap();
        let known = |missed: &Missed| missed.reason.starts_with("log in: log-in refused");
        let Health::NeedsAttention(attention) = account.health else {
            return false;
        };
        beat.at > Some(attention.since) && beat.missed.values().all(known)
    }

    async fn ship(&mut self) {
        loop {
            self.in_time();
            self.deliver(SHIP, template::SHIP.hidden).await;
            let waiting = self.shop.cloud.queues().waiting(SHIP);
            let Some(next) = waiting.iter().map(|message| message.visible_at).min() else {
                return;
            };
            let now = self.shop.cloud.clock.now();
            self.shop.pass(next.duration_since(now));
        }
    }

    async fn deliver(&mut self, queue: &str, invisible_for: SignedDuration) {
        let queues = self.shop.cloud.queues();
        let mut messages = queues.receive(queue, invisible_for);
        if self.delivery == Delivery::OutOfOrder {
            let again = messages.clone();
            messages.reverse();
            messages.extend(again);
        }
        for message in messages {
            if self.hand(&message.event()).await {
                self.shop.cloud.queues().acknowledge(&message.id);
            }
        }
    }

    /// Stream records come in their order, and again until the function has done with them.
    async fn react(&mut self) {
        loop {
            let mut records = self.shop.cloud.stream.news().await.unwrap();
            if records.is_empty() {
                return;
            }
            if self.delivery == Delivery::OutOfOrder {
                let again = records.clone();
                records.reverse();
                records.extend(again);
            }
            let mut tries = 0;
            while !records.is_empty() {
                tries += 1;
                let most = *template::CHANGES_COME_AGAIN + 1;
                assert!(
                    tries <= most,
                    "react gives up on these records: {records:#?}"
                );
                let event = json!({ "Records": records });
                let outcome = self.hand_over(&event).await;
                records = left_over(records, &outcome);
            }
        }
    }

    async fn hand(&mut self, event: &Value) -> bool {
        is_done(&self.hand_over(event).await)
    }

    async fn hand_over(&mut self, event: &Value) -> Outcome {
        if let Some(stand_in) = &mut self.stand_in {
            return stand_in.invoke(event).await;
        }
        let mut process = self.shop.process().await;
        if self.delivery == Delivery::Twice {
            process.invoke(event).await;
        }
        let outcome = match self.delivery {
            Delivery::AtOnce => {
                let mut other = match self.other.take() {
                    Some(other) => other,
                    None => self.shop.another_process().await,
                };
                let (_, outcome) = tokio::join!(other.invoke(event), process.invoke(event));
                self.other = Some(other);
                outcome
            }
            Delivery::Once | Delivery::Twice | Delivery::OutOfOrder => {
                self.hand_to(&mut process, event).await
            }
        };
        self.shop.take_back(process, &outcome);
        if outcome == Outcome::Died {
            watermark::check(&self.shop, &self.before).await;
        }
        outcome
    }

    /// Waits for the answer. When the call is held, another process does all the work there is,
    /// past every lease and time-out, before the call goes on.
    async fn hand_to(&mut self, process: &mut Lambda, event: &Value) -> Outcome {
        let mut answer = Box::pin(process.invoke(event));
        tokio::select! {
            outcome = &mut answer => return outcome,
            () = self.shop.proxy.held() => {}
        }
        let mut stand_in = self.shop.another_process().await;
        if self.scenario.function() == "haat-react" {
            // A stream's records do not wait in a queue.
            stand_in.invoke(event).await;
        }
        self.stand_in = Some(stand_in);
        Box::pin(self.until_rest()).await;
        self.stand_in = None;
        self.shop.proxy.release();
        answer.await
    }
}

/// The records that come again: all after a death, else from the lowest failed one on.
fn left_over(records: Vec<Value>, outcome: &Outcome) -> Vec<Value> {
    let Outcome::Answered(answer) = outcome else {
        return records;
    };
    let number = |record: &Value| record["dynamodb"]["SequenceNumber"].clone();
    let failures = answer["batchItemFailures"].as_array().unwrap();
    let failed: Vec<&Value> = failures
        .iter()
        .map(|failure| &failure["itemIdentifier"])
        .collect();
    let first = records
        .iter()
        .position(|record| failed.contains(&&number(record)));
    match first {
        Some(first) => records[first..].to_vec(),
        None => Vec::new(),
    }
}
