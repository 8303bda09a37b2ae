//! One clock for the test, the marketplace's double and the real programs of functions.
//!
//! Programs read the system's clock. A shim of some lines of C (`clock.c`), loaded before the C
//! library, lets them read the test's instead: Linux only.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test without its clock must stop"
)]

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use haat_ports::Clock;
use jiff::Timestamp;

use crate::lambda::programs;

/// A clock that moves when told to, for this process and for the programs it starts.
#[derive(Debug)]
pub struct MovedClock {
    now: Mutex<Timestamp>,
    file: File,
    path: PathBuf,
}

impl MovedClock {
    /// A clock that stands at this time.
    pub fn at(now: Timestamp) -> Self {
        static CLOCKS: AtomicU32 = AtomicU32::new(0);
        let number = CLOCKS.fetch_add(1, Ordering::Relaxed);
        let name = format!("haat-clock-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let clock = Self {
            now: Mutex::new(now),
            file: File::create(&path).unwrap(),
            path,
        };
        clock.move_to(now);
        clock
    }

    /// Moves it.
    pub fn move_to(&self, now: Timestamp) {
        let mut stands = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let nanoseconds = i64::try_from(now.as_nanosecond()).unwrap();
        // Eight bytes at once: no program reads a time that never was.
        self.file
            .write_all_at(&nanoseconds.to_ne_bytes(), 0)
            .unwrap();
        *stands = now;
    }

    /// What a program must be started with to go by this clock.
    pub fn variables(&self) -> [(String, String); 2] {
        let text = |path: &Path| path.display().to_string();
        [
            ("LD_PRELOAD".to_owned(), text(shim())),
            ("HAAT_TEST_CLOCK".to_owned(), text(&self.path)),
        ]
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for MovedClock {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// The compiled shim: made once for each test program, beside this build's programs.
fn shim() -> &'static Path {
    static SHIM: OnceLock<PathBuf> = OnceLock::new();
    SHIM.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/clock.c");
        let made = programs().join(format!("haat-clock-{}.so", std::process::id()));
        let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
        let output = Command::new(&compiler)
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-o"])
            .arg(&made)
            .arg(&source)
            .output();
        let output = output.unwrap_or_else(|error| panic!("no C compiler `{compiler}`: {error}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "clock.c does not compile: {said}");
        let shim = programs().join("haat-clock.so");
        std::fs::rename(&made, &shim).unwrap();
        shim
    })
}
