//! The same work in Python, with its own pinned libraries.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::callgrind;

/// Python with boto3, and the peers' programs.
pub struct Peers {
    python: PathBuf,
    folder: PathBuf,
}

impl Peers {
    /// Installs what the peers need, unless it is there.
    pub fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let asked = Command::new(python)
            .arg("infra/local/toolbox.py")
            .arg("bench")
            .current_dir(&root)
            .output();
        let asked = asked.expect("Python 3.11 or later");
        let said = String::from_utf8_lossy(&asked.stderr);
        assert!(asked.status.success(), "the peers' libraries: {said}");
        let python = String::from_utf8_lossy(&asked.stdout).trim().to_owned();
        Self {
            python: python.into(),
            folder: root
                .join("tests/load/peers")
                .canonicalize()
                .expect("the peers"),
        }
    }

    /// The command that runs one of them.
    pub fn command(&self, peer: &str) -> [PathBuf; 2] {
        [self.python.clone(), self.folder.join(peer)]
    }

    /// The same under the instruction counter.
    pub fn counted(&self, peer: &str) -> PathBuf {
        let command = self.command(peer);
        let command: Vec<&Path> = command.iter().map(PathBuf::as_path).collect();
        callgrind::counted(&format!("counted-{peer}.sh"), &command)
    }
}

impl Default for Peers {
    fn default() -> Self {
        Self::new()
    }
}

/// A program that runs this command.
pub fn script(name: &str, command: &[PathBuf]) -> PathBuf {
    let command: Vec<&Path> = command.iter().map(PathBuf::as_path).collect();
    callgrind::plain(name, &command)
}
