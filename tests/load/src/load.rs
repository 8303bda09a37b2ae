//! Orders per second through the whole path: ten thousand orders come in one burst to the local
//! cloud (the real template, the real programs) and are read, stored, accepted, labelled, filed.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};
use haat_aws::Table;
use haat_aws::testing::sdk_config_for;
use haat_domain::{AccountId, Action, Actor, OrderId, SellerId};
use haat_ports::{Clock as _, JobProgress, Jobs as _, ShipQueue, SystemClock};
use haat_sandbox::{ClockMode, Options, Sandbox, Seed, State, Timings};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::measured_cloud::{MeasuredCloud, Spent};
use crate::row::Row;

const SUPPLIER: u64 = 4_100_001;
/// A sale day's burst; `HAAT_LOAD_ORDERS` says another.
const ORDERS: u32 = 10_000;
const AT_ONCE: usize = 16;
/// Longer than the slowest machine needs for a stage.
const PATIENCE: Duration = Duration::from_secs(1_800);

/// The rows of `LOAD`.
pub async fn rows() -> Vec<Row> {
    let burst = Burst::prepare().await;
    let read = burst.stage("read", "read and stored", burst.read()).await;
    let accept = burst
        .stage("accept", "accepted by setting", burst.accept())
        .await;
    let ask = burst
        .stage("ask", "asked for labels, one by one", burst.ask())
        .await;
    let mut estimate = None;
    let label = burst.label(&mut estimate);
    let label = burst.stage("label", "labelled and filed", label).await;
    let stages = [read, accept, ask, label];
    let whole: Duration = stages.iter().map(|stage| stage.took).sum();
    let mut rows = vec![whole_path(whole, &stages)];
    rows.extend(stages.iter().map(Stage::row));
    let sum = |of: fn(&Spent) -> Duration| stages.iter().map(|stage| of(&stage.spent)).sum();
    let each = |id, who, spent: Duration| {
        let each = spent.as_secs_f64() * 1_000.0 / f64::from(orders());
        let name = format!("processor time of {who}, per order");
        Row::new(id, &name, each, "ms")
    };
    rows.push(each(
        "LOAD-cloud",
        "the local cloud",
        sum(|spent| spent.cloud),
    ));
    let functions = sum(|spent| spent.functions);
    rows.push(each("LOAD-functions", "all functions", functions));
    rows.extend(estimate.map(Estimate::row));
    rows
}

fn orders() -> u32 {
    let said = std::env::var("HAAT_LOAD_ORDERS").ok();
    said.and_then(|said| said.parse().ok()).unwrap_or(ORDERS)
}

fn rate(took: Duration) -> f64 {
    f64::from(orders()) / took.as_secs_f64()
}

/// A part of the path, and where its time went.
struct Stage {
    id: &'static str,
    what: &'static str,
    took: Duration,
    spent: Spent,
    /// Calls of the marketplace.
    calls: u64,
    /// Whole seconds in which it was not called at all.
    quiet: u64,
}

impl Stage {
    fn row(&self) -> Row {
        let name = format!("{} orders {}", orders(), self.what);
        let share = |part: Duration| part.as_secs_f64() / self.took.as_secs_f64() * 100.0;
        let note = format!(
            "{:.0} s. Of it worked, in parts of one processor: the local cloud {:.0} %, the functions {:.0} %, the \
             marketplace's double with the bench {:.0} %. {} calls of the marketplace; in {} of the seconds none",
            self.took.as_secs_f64(),
            share(self.spent.cloud),
            share(self.spent.functions),
            share(self.spent.marketplace),
            self.calls,
            self.quiet,
        );
        let row = Row::new(
            &format!("LOAD-{}", self.id),
            &name,
            rate(self.took),
            "orders/s",
        );
        row.note(note)
    }
}

fn whole_path(whole: Duration, stages: &[Stage]) -> Row {
    let longest = stages
        .iter()
        .max_by_key(|stage| stage.took)
        .expect("stages");
    let worked: Duration = stages.iter().map(|stage| stage.spent.all()).sum();
    let worked = worked.as_secs_f64() / whole.as_secs_f64() * 100.0;
    let bound = if worked >= 60.0 {
        "processor time bounds it: an account's feeds and jobs are worked on one after the other, and \
         whoever waits for an answer does not work meanwhile"
    } else {
        "waiting bounds it: for a processor that others use, for the next look at a job, for answers that \
         come one after the other"
    };
    let note = format!(
        "a burst of {} orders of one account through poll, table, stream, react and ship in {:.0} s; the \
         marketplace's own jobs take a second each here, and labels are asked for by the bench, not through the \
         API. Longest: LOAD-{}. Cloud, functions and marketplace worked {worked:.0} % of one processor: {bound}. \
         Seconds of this machine only, which did other work beside",
        orders(),
        whole.as_secs_f64(),
        longest.id,
    );
    let name = "orders through the whole path on the local cloud";
    Row::new("LOAD", name, rate(whole), "orders/s").note(note)
}

/// What the hub said of the labels' end when it first said anything, and what became of it.
struct Estimate {
    said: SignedDuration,
    orders: u64,
    came: SignedDuration,
}

impl Estimate {
    fn row(self) -> Row {
        let note = format!(
            "said {} s before, of {} orders that waited then; they were done after {} s. The estimate goes by the \
             pace of jobs so far",
            self.said.as_secs(),
            self.orders,
            self.came.as_secs(),
        );
        let ratio = self.said.as_secs_f64() / self.came.as_secs_f64();
        let name = "the first estimate of the labels' end, in parts of the time they took";
        Row::new("LOAD-estimate", name, ratio, "times").note(note)
    }
}

/// A cloud with one account that accepts by itself, and a burst of orders for it.
struct Burst {
    cloud: MeasuredCloud,
    sandbox: Sandbox,
    table: Table,
    seller: SellerId,
    account: AccountId,
    token: String,
    numbers: Vec<String>,
}

impl Burst {
    async fn prepare() -> Self {
        let options = Options {
            clock: ClockMode::Realtime { speed: 1 },
            timings: Timings {
                accept_job_seconds: 1,
                label_job_seconds: 1,
                ..Timings::default()
            },
            ..Options::default()
        };
        let sandbox = Sandbox::start(options).await.expect("a marketplace");
        let cloud = MeasuredCloud::start(&sandbox.api_url(), &sandbox.file_host());
        let seller = cloud.local.haat(&["seller", "create", "--name", "Burst"]);
        let token = cloud.local.token(&seller, "admin");
        let config = sdk_config_for(cloud.local.address("endpoint"));
        let clock = std::sync::Arc::new(SystemClock);
        let table = Table::new(&config, cloud.local.address("table"), clock);
        let login = json!({"marketplace": "meesho", "name": "Burst", "credentials":
            {"email": "seller@example.test", "password": "sandbox-only"}});
        let connected = cloud.post(&token, "/accounts", &login).await;
        let account = connected["account"]["id"].as_str().expect("an account");
        let path = format!("/accounts/{account}");
        cloud
            .patch(&token, &path, &json!({"auto_accept": true}))
            .await;
        let account = account.parse().expect("an id");
        let seed = Seed::new(SUPPLIER, State::Pending, orders());
        let numbers = sandbox.control().seed(&seed).expect("orders");
        Self {
            cloud,
            sandbox,
            table,
            seller: seller.parse().expect("an id"),
            account,
            token,
            numbers,
        }
    }

    /// Until every order is in the table. A list too long for one poll is asked for again.
    async fn read(&self) {
        let mut polls = 0;
        until("every order is stored", async || {
            let log = self.cloud.log("poll");
            let ended = log.matches("pack.polled").count();
            if ended > polls || polls == 0 {
                polls = ended.max(1);
                let path = format!("/accounts/{}/sync", self.account);
                self.cloud.post(&self.token, &path, &Value::Null).await;
            }
            stored(&log) >= u64::from(orders())
        })
        .await;
    }

    /// From then until the last of them is accepted, and the hub has read that back.
    async fn accept(&self) {
        until("every order is accepted", async || {
            let counters = self.sandbox.control().counters();
            let accepted = counters.accepts.values();
            let accepted: u64 = accepted.map(|count| count.transitions).sum();
            accepted >= u64::from(orders()) && self.rests(Action::Accept).await
        })
        .await;
    }

    /// What pressing "Ship" on each order does, without the pressing.
    async fn ask(&self) {
        let by = Actor::Rule("bench".to_owned());
        stream::iter(&self.numbers)
            .for_each_concurrent(AT_ONCE, |number| {
                let by = by.clone();
                async move {
                    let id = OrderId {
                        account: self.account.clone(),
                        number: number.parse().expect("a number"),
                    };
                    let (table, now) = (&self.table, SystemClock.now());
                    haat_workflows::ask(
                        table,
                        &Silent,
                        &self.seller,
                        &id,
                        &Action::Ship.into(),
                        by,
                        now,
                    )
                    .await
                    .expect("the order takes it");
                }
            })
            .await;
    }

    /// Until every label is filed; what the hub says of their end by then.
    async fn label(&self, estimate: &mut Option<Estimate>) {
        let mut first: Option<(Timestamp, Timestamp, u64)> = None;
        until("every label is filed", async || {
            if first.is_none() {
                first = self.estimated().await;
            }
            let orders = self.sandbox.control().orders();
            orders.iter().all(|order| order.label_downloaded) && self.rests(Action::Ship).await
        })
        .await;
        *estimate = first.map(|(asked, done_by, orders)| Estimate {
            said: done_by.duration_since(asked),
            orders,
            came: SystemClock.now().duration_since(asked),
        });
    }

    /// When the API says that the labels are done, how many it says wait, and when it was asked.
    async fn estimated(&self) -> Option<(Timestamp, Timestamp, u64)> {
        let account = self.cloud.get(&self.token, "/accounts").await;
        let backlogs = account.pointer("/accounts/0/backlog")?.as_array()?;
        let ship = backlogs
            .iter()
            .find(|backlog| backlog["action"] == "ship")?;
        let done_by = ship["estimated_done_by"].as_str()?.parse().ok()?;
        Some((SystemClock.now(), done_by, ship["orders"].as_u64()?))
    }

    /// Goes through a part of the path and says where its time went.
    async fn stage(
        &self,
        id: &'static str,
        what: &'static str,
        work: impl Future<Output = ()>,
    ) -> Stage {
        let (began, before) = (Instant::now(), self.cloud.spent());
        let calls = || -> u64 { self.sandbox.control().counters().calls.values().sum() };
        let calls_before = calls();
        let last_before = self.sandbox.control().log().pop();
        work.await;
        let took = began.elapsed();
        let last_before = last_before.map(|call| call.at).unwrap_or_default();
        let log = self.sandbox.control().log();
        let called: BTreeSet<&str> = log
            .iter()
            .map(|call| call.at.as_str())
            .filter(|at| *at > last_before.as_str())
            .collect();
        let seconds = took.as_secs();
        Stage {
            id,
            what,
            took,
            spent: self.cloud.spent().since(&before),
            calls: calls().saturating_sub(calls_before),
            quiet: seconds.saturating_sub(u64::try_from(called.len()).unwrap_or(seconds)),
        }
    }

    async fn rests(&self, action: Action) -> bool {
        let record = self.table.job(&self.seller, &self.account, action).await;
        let record = record.expect("the table answers");
        record.progress == JobProgress::Idle && record.wake.is_none() && record.asked.is_empty()
    }
}

/// No order is asked for twice here, so nothing is nudged.
struct Silent;

#[async_trait::async_trait]
impl ShipQueue for Silent {
    async fn send(
        &self,
        _: &haat_ports::ShipMessage,
        _: Duration,
    ) -> Result<(), haat_ports::QueueError> {
        Ok(())
    }
}

/// How many orders the polls of this log stored.
fn stored(log: &str) -> u64 {
    let lines = log.lines().filter(|line| line.contains("pack.polled"));
    let figures = lines.filter_map(|line| {
        let (_, after) = line.split_once("stored")?;
        let digits = after.trim_start_matches(|c: char| !c.is_ascii_digit());
        let end = digits.find(|c: char| !c.is_ascii_digit())?;
        digits.get(..end)?.parse::<u64>().ok()
    });
    figures.sum()
}

async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < PATIENCE, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}
