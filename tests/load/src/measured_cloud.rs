//! The local cloud with the programs of this build, and what it and they spend.

use std::path::{Path, PathBuf};
use std::time::Duration;

use haat_marketplaces::http_client;
use haat_tests::lambda::programs;
use haat_tests::local_cloud::LocalCloud;
use reqwest::Method;
use reqwest::header::HOST;
use serde_json::Value;

use crate::programs::FUNCTIONS;

/// Linux counts processor time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// How long the bench waits for an answer of a cloud that is busy with a burst.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running cloud, and a client of its API.
pub struct MeasuredCloud {
    /// The cloud.
    pub local: LocalCloud,
    http: reqwest::Client,
}

/// Processor time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spent {
    /// Of the cloud's own process.
    pub cloud: Duration,
    /// Of all programs that it runs.
    pub functions: Duration,
    /// Of this program, in which the marketplace's double runs.
    pub marketplace: Duration,
}

impl Spent {
    /// Of all of them.
    pub fn all(&self) -> Duration {
        self.cloud + self.functions + self.marketplace
    }

    /// What was spent since then.
    pub fn since(&self, before: &Self) -> Self {
        Self {
            cloud: self.cloud.saturating_sub(before.cloud),
            functions: self.functions.saturating_sub(before.functions),
            marketplace: self.marketplace.saturating_sub(before.marketplace),
        }
    }
}

impl MeasuredCloud {
    /// Deploys the template beside a marketplace: with the programs that would be deployed where
    /// they are built, else with those of a test.
    pub fn start(marketplace: &str, file_host: &str) -> Self {
        Self {
            local: LocalCloud::start(&functions(), marketplace, file_host, &[]),
            http: http_client().expect("an HTTP client"),
        }
    }

    /// Reads something from the API.
    pub async fn get(&self, token: &str, path: &str) -> Value {
        self.call(Method::GET, token, path, &Value::Null).await
    }

    /// Asks the API for something.
    pub async fn post(&self, token: &str, path: &str, body: &Value) -> Value {
        self.call(Method::POST, token, path, body).await
    }

    /// Changes something through the API.
    pub async fn patch(&self, token: &str, path: &str, body: &Value) -> Value {
        self.call(Method::PATCH, token, path, body).await
    }

    async fn call(&self, method: Method, token: &str, path: &str, body: &Value) -> Value {
        let request = self
            .http
            .request(method, format!("{}{path}", self.local.address("endpoint")))
            .header(HOST, self.local.address("api_host"))
            .bearer_auth(token)
            .timeout(PATIENCE);
        let request = if body.is_null() {
            request
        } else {
            request.json(body)
        };
        let answer = request.send().await;
        let answer = answer.unwrap_or_else(|error| panic!("no answer for {path}: {error:?}"));
        let status = answer.status();
        let text = answer.text().await;
        let text = text.unwrap_or_else(|error| panic!("no whole answer for {path}: {error:?}"));
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// All lines that a function wrote.
    pub fn log(&self, function: &str) -> String {
        let name = format!("haat-{function}.log");
        let path = Path::new(self.local.address("logs")).join(name);
        std::fs::read_to_string(path).unwrap_or_default()
    }

    /// What was spent since the start.
    pub fn spent(&self) -> Spent {
        let processes = processes();
        let below = |of: u32| -> Vec<&Process> {
            let is_below = |process: &&Process| ancestors(&processes, process).contains(&of);
            processes.iter().filter(is_below).collect()
        };
        let cloud = below(self.local.id())
            .into_iter()
            .find(|process| process.is_cloud);
        let Some(cloud) = cloud else {
            return Spent::default();
        };
        let own = processes.iter().find(|one| one.id == std::process::id());
        let running: u32 = below(cloud.id).iter().map(|process| process.ticks).sum();
        Spent {
            cloud: TICK * cloud.ticks,
            functions: TICK * (running + cloud.ticks_of_ended),
            marketplace: TICK * own.map_or(0, |own| own.ticks),
        }
    }
}

/// Where the functions are: those that would be deployed, where all of them are built.
fn functions() -> PathBuf {
    let release = programs().join("../release");
    let functions = FUNCTIONS.map(|name| release.join(format!("haat-{name}")));
    if functions.iter().all(|program| program.exists()) {
        release.canonicalize().expect("a folder of programs")
    } else {
        programs()
    }
}

/// A process of this machine.
struct Process {
    id: u32,
    parent: u32,
    is_cloud: bool,
    ticks: u32,
    /// Of its children that ended.
    ticks_of_ended: u32,
}

fn processes() -> Vec<Process> {
    let folders = std::fs::read_dir("/proc").expect("Linux");
    let ids = folders.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    ids.filter_map(process).collect()
}

fn process(id: u32) -> Option<Process> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let command = std::fs::read(format!("/proc/{id}/cmdline")).ok()?;
    // The name in brackets may hold anything; what follows it is numbers (proc(5)).
    let (_, after) = stat.rsplit_once(')')?;
    let figures: Vec<&str> = after.split_whitespace().collect();
    let figure = |index: usize| figures.get(index)?.parse::<u32>().ok();
    Some(Process {
        id,
        parent: figure(1)?,
        is_cloud: String::from_utf8_lossy(&command).contains("launcher.py"),
        ticks: figure(11)? + figure(12)?,
        ticks_of_ended: figure(13)? + figure(14)?,
    })
}

fn ancestors(processes: &[Process], of: &Process) -> Vec<u32> {
    let mut above = Vec::new();
    let mut parent = of.parent;
    while let Some(process) = processes.iter().find(|process| process.id == parent) {
        above.push(parent);
        parent = process.parent;
    }
    above
}
