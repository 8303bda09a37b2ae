//! The functions' programs as they are deployed: their size, their start, their memory.

use std::path::{Path, PathBuf};

use haat_sandbox::{Seed, State};
use haat_tests::lambda::{Lambda, programs};

use crate::callgrind::{self, counted, plain};
use crate::figure;
use crate::peers::{Peers, script};
use crate::row::Row;
use crate::stage::{SUPPLIER, Stage, done, poll};

const MOST: &str =
    "the target is the SDK's alone, without unwinding, whose tables are 0.5 to 1 MB here; ";

/// A function with what it may weigh and what its start may cost: what was measured of the SDK
/// alone (DynamoDB; with SQS; with KMS and HTTP; with S3) at `opt-level = "z"`, half a megabyte more
/// and 14 % less for "s", and 3 % of slack.
const LIMITS: [(&str, f64, f64); 7] = [
    ("authorize", 3.91e6, 1.06e6),
    ("schedule", 4.02e6, 1.55e6),
    ("react", 4.02e6, 1.55e6),
    ("poll", 4.22e6, 2.08e6),
    ("ship", 5.56e6, 2.66e6),
    ("api", 5.56e6, 2.66e6),
    ("console", 5.56e6, 2.66e6),
];
/// The functions that are deployed.
pub const FUNCTIONS: [&str; 7] = [
    "authorize",
    "schedule",
    "react",
    "poll",
    "ship",
    "api",
    "console",
];
const BACKLOG: u32 = 10_000;

/// A deployed program.
pub fn released(name: &str) -> PathBuf {
    let path = programs().join("../release").join(name);
    assert!(
        path.exists(),
        "{} is not built: make bench builds it",
        path.display()
    );
    path.canonicalize().expect("a program")
}

/// B5: what each weighs.
pub fn sizes() -> Vec<Row> {
    let rows = LIMITS.map(|(name, size, _)| {
        let program = released(&format!("haat-{name}"));
        let bytes = std::fs::metadata(program).expect("a program").len();
        let note = format!(
            "{}, release profile, stripped, not zipped, built by itself",
            std::env::consts::ARCH
        );
        let why = format!("{MOST}{}", heavier(name));
        let row = Row::new(
            &format!("B5-{name}"),
            &format!("size of {name}"),
            figure(bytes),
            "bytes",
        );
        row.at_most(size).note(note).because(why)
    });
    rows.into()
}

/// What a function carries beside the clients that the target was measured with.
fn heavier(name: &str) -> &'static str {
    match name {
        "authorize" => "beside them it has the runtime, the table's items as types, and logging",
        "schedule" => "beside them it has the runtime, the table's packs as types, and logging",
        "react" => {
            "beside them it has every item of the table as a type, to read the stream's images"
        }
        "poll" => {
            "beside them it has the connector of a marketplace with its JSON and the workflows"
        }
        "ship" => {
            "beside them it has the PDF reader with its tables of brotli and of text encodings"
        }
        "api" => {
            "beside them it has the PDF reader with its tables, the router and the API's description"
        }
        _ => "beside them it has the PDF reader with its tables, the router and the pages",
    }
}

/// What a start does beside the clients that the target was measured with.
fn slower(name: &str) -> &'static str {
    match name {
        "authorize" => {
            "the target is the SDK's clients alone; a start here also makes the log's filter and the \
             HTTP client with its certificates' roots"
        }
        _ => "what is made beside the SDK's clients: log, HTTP client, router",
    }
}

/// B6: what each does until it asks for its first event.
pub async fn starts(peers: &Peers) -> Vec<Row> {
    let stage = Stage::set().await;
    stage.connect().await;
    let boto3 = start_of(&stage, &peers.counted("poll.py")).await;
    let mut rows = Vec::new();
    for (name, _, most) in LIMITS {
        let program = released(&format!("haat-{name}"));
        let count = start_of(&stage, &counted(&format!("counted-{name}.sh"), &[&program])).await;
        let what = format!("start of {name} to its first event");
        let row = Row::new(&format!("B6-{name}"), &what, figure(count), "instructions");
        let row = row.at_most(most).because(slower(name));
        let row = row.note(
            "loader included, plain HTTP, no TLS handshake; clients that a function makes when it first \
             needs them (SQS, KMS, S3) are not in it, though the target has all of them built",
        );
        // The same work in Python is there for poll alone.
        rows.push(if name == "poll" {
            row.beside(figure(boto3))
        } else {
            row
        });
    }
    rows
}

async fn start_of(stage: &Stage, program: &Path) -> u64 {
    callgrind::instructions(&stage.start(program).await.end().await)
}

/// B12: memory at the first event, and after a backlog.
pub async fn memory(peers: &Peers) -> Vec<Row> {
    let program = released("haat-poll");
    let stage = Stage::set().await;
    stage.connect().await;
    let idle = stage.start(&plain("plain-poll.sh", &[&program])).await;
    let python = stage
        .start(&script("plain-python-poll.sh", &peers.command("poll.py")))
        .await;
    let (own, peer) = (memory_of(&idle, "VmRSS"), memory_of(&python, "VmRSS"));
    idle.end().await;
    python.end().await;

    let seed = Seed::new(SUPPLIER, State::Pending, BACKLOG).quantity(1);
    stage.sandbox.control().seed(&seed).expect("orders");
    let mut busy = stage.start(&plain("plain-poll.sh", &[&program])).await;
    done(&mut busy, &poll()).await;
    let most = memory_of(&busy, "VmHWM");
    busy.end().await;
    vec![
        Row::new(
            "B12-start",
            "memory of poll at its first event",
            own,
            "bytes",
        )
        .at_most(12e6)
        .beside(peer)
        .note("resident; the peer is the same function in Python with boto3"),
        Row::new(
            "B12-backlog",
            "most memory of poll while it imports 10,000 orders",
            most,
            "bytes",
        )
        .at_most(64e6)
        .note("the high-water mark of the process; 200 pages of 50 orders"),
    ]
}

fn memory_of(lambda: &Lambda, field: &str) -> f64 {
    let id = lambda.process().id().expect("a running process");
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("its status");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    let kilobytes = line
        .and_then(|line| line.trim().strip_suffix(" kB"))
        .expect("kilobytes");
    figure(kilobytes.trim().parse::<u64>().expect("a number") * 1_024)
}
