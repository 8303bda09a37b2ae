//! A local cloud of the test's own, which ends with the test however it ends.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A running cloud. Closing its standard input, which dropping does, ends it.
pub(crate) struct Cloud {
    child: Child,
    addresses: Value,
    binaries: PathBuf,
}

impl Cloud {
    /// Deploys the template with the binaries of this build, beside a marketplace.
    pub(crate) fn start(marketplace: &str, file_host: &str) -> Self {
        let binaries = binaries();
        assert!(
            binaries.join("haat-poll").exists(),
            "the functions are not built: run the tests with `make test`"
        );
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut child = Command::new(std::env::var("PYTHON").unwrap_or("python3".to_owned()))
            .arg(root.join("infra/local/cloud.py"))
            .arg("up")
            .arg("--until-stdin-closes")
            .arg("--binaries")
            .arg(&binaries)
            .args(["--parameter", &format!("MeeshoUrl={marketplace}")])
            .args(["--parameter", &format!("MeeshoFileHosts={file_host}")])
            .args(["--parameter", "LogLevel=debug"])
            .args([
                "--parameter",
                r#"MeeshoProfile={"milliseconds_between_calls":0}"#,
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = child.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let addresses = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("the local cloud did not start; see what it said above"));
        Self {
            child,
            addresses,
            binaries,
        }
    }

    /// One of the cloud's addresses.
    pub(crate) fn address(&self, name: &str) -> &str {
        self.addresses[name].as_str().unwrap()
    }

    /// The address of one of the cloud's queues.
    pub(crate) fn queue(&self, name: &str) -> &str {
        self.addresses["queues"][name].as_str().unwrap()
    }

    /// What the operator's command line prints.
    pub(crate) fn haat(&self, arguments: &[&str]) -> String {
        let output = Command::new(self.binaries.join("haat"))
            .args(arguments)
            .env_clear()
            .env("AWS_ENDPOINT_URL", self.address("endpoint"))
            .env("AWS_REGION", self.address("region"))
            .env("AWS_ACCESS_KEY_ID", self.address("access_key_id"))
            .env("AWS_SECRET_ACCESS_KEY", self.address("secret_access_key"))
            .env("TABLE_NAME", self.address("table"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "haat {arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// A new token of a seller.
    pub(crate) fn token(&self, seller: &str, scope: &str) -> String {
        self.haat(&[
            "token", "create", "--seller", seller, "--name", "test", "--scope", scope,
        ])
    }

    /// In how many lines of the functions' logs these words stand.
    pub(crate) fn count_in_logs(&self, words: &str) -> usize {
        let logs = self.logs();
        let functions = logs.iter().filter(|(file, _)| !file.ends_with("cloud.log"));
        let lines = functions.flat_map(|(_, text)| text.lines());
        lines.filter(|line| line.contains(words)).count()
    }

    /// Every log file: its name and its text.
    pub(crate) fn logs(&self) -> Vec<(String, String)> {
        let folder = std::fs::read_dir(self.address("logs")).unwrap();
        folder
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .map(|path| {
                let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
                (path.display().to_string(), text)
            })
            .collect()
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ended = self.child.wait();
    }
}

/// Where this build's programs are: beside the folder of this test.
fn binaries() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().to_owned()
}
