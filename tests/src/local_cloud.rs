//! The local cloud (`infra/local`) with real programs, which ends with the test however it ends.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops when its cloud does not start"
)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::lambda::programs;

/// A running cloud. Closing its standard input, which dropping does, ends it.
pub struct LocalCloud {
    child: Child,
    addresses: Value,
}

impl LocalCloud {
    /// Deploys the template with the functions of this folder beside a marketplace, which is called
    /// without pauses, and with these other parameters: `Name=value`.
    pub fn start(
        functions: &Path,
        marketplace: &str,
        file_host: &str,
        parameters: &[&str],
    ) -> Self {
        assert!(
            functions.join("haat-poll").exists(),
            "the functions are not built: run the tests with `make test`"
        );
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut child = Command::new(std::env::var("PYTHON").unwrap_or("python3".to_owned()))
            .arg(root.join("infra/local/cloud.py"))
            .args(["up", "--until-stdin-closes", "--binaries"])
            .arg(functions)
            .args(["--parameter", &format!("MeeshoUrl={marketplace}")])
            .args(["--parameter", &format!("MeeshoFileHosts={file_host}")])
            .args([
                "--parameter",
                r#"MeeshoProfile={"milliseconds_between_calls":0}"#,
            ])
            .args(parameters.iter().flat_map(|one| ["--parameter", *one]))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the local cloud starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("the cloud's output");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("a line of the local cloud");
        let addresses = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("the local cloud did not start; see what it said above"));
        Self { child, addresses }
    }

    /// The id of the process that runs it.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// One of its addresses.
    pub fn address(&self, name: &str) -> &str {
        let address = self.addresses.get(name).and_then(Value::as_str);
        address.unwrap_or_else(|| panic!("the local cloud has no address {name}"))
    }

    /// The address of one of its queues.
    pub fn queue(&self, name: &str) -> &str {
        let queues = self.addresses.get("queues");
        let address = queues.and_then(|queues| queues.get(name)?.as_str());
        address.unwrap_or_else(|| panic!("the local cloud has no queue {name}"))
    }

    /// What the operator's command line prints.
    pub fn haat(&self, arguments: &[&str]) -> String {
        let haat = programs().join("haat");
        let output = Command::new(&haat)
            .args(arguments)
            .env_clear()
            .env("AWS_ENDPOINT_URL", self.address("endpoint"))
            .env("AWS_REGION", self.address("region"))
            .env("AWS_ACCESS_KEY_ID", self.address("access_key_id"))
            .env("AWS_SECRET_ACCESS_KEY", self.address("secret_access_key"))
            .env("TABLE_NAME", self.address("table"))
            .output()
            .unwrap_or_else(|error| panic!("{} does not run: {error}", haat.display()));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "haat {arguments:?}: {said}");
        let printed = String::from_utf8(output.stdout).expect("what haat prints is UTF-8");
        printed.trim().to_owned()
    }

    /// A new token of a seller.
    pub fn token(&self, seller: &str, scope: &str) -> String {
        self.haat(&[
            "token", "create", "--seller", seller, "--name", "test", "--scope", scope,
        ])
    }

    /// In how many lines of the functions' logs these words stand.
    pub fn count_in_logs(&self, words: &str) -> usize {
        let logs = self.logs();
        let functions = logs.iter().filter(|(file, _)| !file.ends_with("cloud.log"));
        let lines = functions.flat_map(|(_, text)| text.lines());
        lines.filter(|line| line.contains(words)).count()
    }

    /// Every log file: its name and its text.
    pub fn logs(&self) -> Vec<(String, String)> {
        let folder = std::fs::read_dir(self.address("logs")).expect("the folder of the logs");
        folder
            .map(|entry| entry.expect("an entry of the folder of the logs").path())
            .filter(|path| path.is_file())
            .map(|path| {
                let bytes = std::fs::read(&path).expect("a log that can be read");
                let text = String::from_utf8_lossy(&bytes).into_owned();
                (path.display().to_string(), text)
            })
            .collect()
    }
}

impl Drop for LocalCloud {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ended = self.child.wait();
    }
}
