//! The local cloud with the programs of this build, and what it and they spend.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use haat_marketplaces::http_client;
use reqwest::Method;
use reqwest::header::HOST;
use serde_json::Value;

/// Linux counts processor time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// A running cloud. Closing its standard input, which dropping does, ends it.
pub struct LocalCloud {
    child: Child,
    addresses: Value,
    binaries: PathBuf,
    http: reqwest::Client,
}

/// Processor time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spent {
    /// Of the cloud's own process.
    pub cloud: Duration,
    /// Of all programs that it runs.
    pub functions: Duration,
}

impl Spent {
    /// What was spent since then.
    pub fn since(&self, before: &Self) -> Self {
        Self {
            cloud: self.cloud.saturating_sub(before.cloud),
            functions: self.functions.saturating_sub(before.functions),
        }
    }
}

impl LocalCloud {
    /// Deploys the template beside a marketplace: with the programs that would be deployed where
    /// they are built, else with those of a test.
    pub fn start(marketplace: &str, file_host: &str) -> Self {
        let binaries = programs();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut child = Command::new(std::env::var("PYTHON").unwrap_or("python3".to_owned()))
            .arg(root.join("infra/local/cloud.py"))
            .args(["up", "--until-stdin-closes", "--binaries"])
            .arg(&binaries)
            .args(["--parameter", &format!("MeeshoUrl={marketplace}")])
            .args(["--parameter", &format!("MeeshoFileHosts={file_host}")])
            .args([
                "--parameter",
                r#"MeeshoProfile={"milliseconds_between_calls":0}"#,
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the local cloud starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("its addresses");
        BufReader::new(output).read_line(&mut line).expect("a line");
        let addresses = serde_json::from_str(&line).expect("addresses; see what it said above");
        Self {
            child,
            addresses,
            binaries,
            http: http_client().expect("an HTTP client"),
        }
    }

    /// One of its addresses.
    pub fn address(&self, name: &str) -> &str {
        self.addresses[name].as_str().expect("an address")
    }

    /// What the operator's command line prints.
    pub fn haat(&self, arguments: &[&str]) -> String {
        let output = Command::new(self.binaries.join("haat"))
            .args(arguments)
            .env_clear()
            .env("AWS_ENDPOINT_URL", self.address("endpoint"))
            .env("AWS_REGION", self.address("region"))
            .env("AWS_ACCESS_KEY_ID", self.address("access_key_id"))
            .env("AWS_SECRET_ACCESS_KEY", self.address("secret_access_key"))
            .env("TABLE_NAME", self.address("table"))
            .output()
            .expect("haat runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "haat {arguments:?}: {said}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
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
            .request(method, format!("{}{path}", self.address("endpoint")))
            .header(HOST, self.address("api_host"))
            .bearer_auth(token);
        let request = if body.is_null() {
            request
        } else {
            request.json(body)
        };
        let answer = request.send().await.expect("the API answers");
        let status = answer.status();
        let text = answer.text().await.expect("an answer");
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// All lines that a function wrote.
    pub fn log(&self, function: &str) -> String {
        let name = format!("haat-{function}.log");
        let path = Path::new(self.address("logs")).join(name);
        std::fs::read_to_string(path).unwrap_or_default()
    }

    /// What was spent since the start.
    pub fn spent(&self) -> Spent {
        let processes = processes();
        let below = |of: u32| -> Vec<&Process> {
            let is_below = |process: &&Process| ancestors(&processes, process).contains(&of);
            processes.iter().filter(is_below).collect()
        };
        let cloud = below(self.child.id())
            .into_iter()
            .find(|process| process.is_cloud);
        let Some(cloud) = cloud else {
            return Spent::default();
        };
        let running: u32 = below(cloud.id).iter().map(|process| process.ticks).sum();
        Spent {
            cloud: TICK * cloud.ticks,
            functions: TICK * (running + cloud.ticks_of_ended),
        }
    }
}

impl Drop for LocalCloud {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ended = self.child.wait();
    }
}

/// Where the programs are.
fn programs() -> PathBuf {
    let here = std::env::current_exe().expect("a program");
    let folder = here.parent().expect("a folder");
    let release = folder.join("../release");
    let folder = if release.join("haat-poll").exists() {
        release
    } else {
        folder.to_owned()
    };
    folder.canonicalize().expect("a folder")
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
