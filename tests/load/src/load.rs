//! Orders per second through the whole path: ten thousand orders come in one burst to the local
//! cloud (the real template, the real programs) and are read, stored, accepted, labelled, filed.

use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};
use haat_aws::Table;
use haat_aws::testing::sdk_config_for;
use haat_domain::{AccountId, Action, Actor, OrderId, SellerId};
use haat_ports::{Clock as _, JobProgress, Jobs as _, ShipQueue, SystemClock};
use haat_sandbox::{ClockMode, Options, Sandbox, Seed, State, Timings};
use serde_json::{Value, json};

use crate::local_cloud::{LocalCloud, Spent};
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
    let before = burst.cloud.spent();
    let stages = [
        ("read", "read and stored", burst.read().await),
        ("accept", "accepted by setting", burst.accept().await),
        ("ask", "asked for labels, one by one", burst.ask().await),
        ("label", "labelled and filed", burst.label().await),
    ];
    let spent = burst.cloud.spent().since(&before);
    let whole: Duration = stages.iter().map(|(_, _, took)| *took).sum();
    let mut rows = vec![whole_path(whole, &spent)];
    for (id, what, took) in stages {
        let name = format!("{} orders {what}", orders());
        rows.push(Row::new(
            &format!("LOAD-{id}"),
            &name,
            rate(took),
            "orders/s",
        ));
    }
    rows.push(cpu("cloud", "the local cloud's one process", spent.cloud));
    rows.push(cpu("functions", "all functions", spent.functions));
    rows
}

fn orders() -> u32 {
    let said = std::env::var("HAAT_LOAD_ORDERS").ok();
    said.and_then(|said| said.parse().ok()).unwrap_or(ORDERS)
}

fn rate(took: Duration) -> f64 {
    f64::from(orders()) / took.as_secs_f64()
}

fn whole_path(whole: Duration, spent: &Spent) -> Row {
    let share = |of: Duration| of.as_secs_f64() / whole.as_secs_f64() * 100.0;
    let note = format!(
        "a burst of {} orders through poll, table, stream, react and ship in {:.0} s; the \
         marketplace's own jobs take a second each here. Of that time the local cloud, one process \
         of Python, worked {:.0} %, all functions together {:.0} % (of one processor each): that \
         process by itself bounds the path at {:.0} orders/s",
        orders(),
        whole.as_secs_f64(),
        share(spent.cloud),
        share(spent.functions),
        rate(spent.cloud),
    );
    let name = "orders through the whole path on the local cloud";
    Row::new("LOAD", name, rate(whole), "orders/s").note(note)
}

fn cpu(id: &str, who: &str, spent: Duration) -> Row {
    let each = spent.as_secs_f64() * 1_000.0 / f64::from(orders());
    let name = format!("processor time of {who}, per order");
    Row::new(&format!("LOAD-{id}"), &name, each, "ms")
}

/// A cloud with one account that accepts by itself, and a burst of orders for it.
struct Burst {
    cloud: LocalCloud,
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
        let cloud = LocalCloud::start(&sandbox.api_url(), &sandbox.file_host());
        let seller = cloud.haat(&["seller", "create", "--name", "Burst"]);
        let token = cloud.haat(&[
            "token", "create", "--seller", &seller, "--name", "bench", "--scope", "admin",
        ]);
        let config = sdk_config_for(cloud.address("endpoint"));
        let clock = std::sync::Arc::new(SystemClock);
        let table = Table::new(&config, cloud.address("table"), clock);
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
    async fn read(&self) -> Duration {
        let (began, mut polls) = (Instant::now(), 0);
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
        began.elapsed()
    }

    /// From then until the last of them is accepted, and the hub has read that back.
    async fn accept(&self) -> Duration {
        let began = Instant::now();
        until("every order is accepted", async || {
            let counters = self.sandbox.control().counters();
            let accepted = counters.accepts.values();
            let accepted: u64 = accepted.map(|count| count.transitions).sum();
            accepted >= u64::from(orders()) && self.rests(Action::Accept).await
        })
        .await;
        began.elapsed()
    }

    /// What pressing "Ship" on each order does, without the pressing.
    async fn ask(&self) -> Duration {
        let began = Instant::now();
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
                    haat_workflows::ask(table, &Silent, &self.seller, &id, Action::Ship, by, now)
                        .await
                        .expect("the order takes it");
                }
            })
            .await;
        began.elapsed()
    }

    async fn label(&self) -> Duration {
        let began = Instant::now();
        until("every label is filed", async || {
            let orders = self.sandbox.control().orders();
            orders.iter().all(|order| order.label_downloaded) && self.rests(Action::Ship).await
        })
        .await;
        began.elapsed()
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
