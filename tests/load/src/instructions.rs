//! What pieces of the work cost in instructions.

use std::path::Path;

use haat_sandbox::{Seed, State};
use serde_json::{Value, json};

use crate::callgrind::{self, counted, each, less, per_time};
use crate::figure;
use crate::peers::Peers;
use crate::programs::released;
use crate::row::{Row, short};
use crate::stage::{SUPPLIER, Stage, done, poll};

const TIMES: u32 = 20;

/// B8 to B10.
pub async fn pieces() -> Vec<Row> {
    let (same, new_row) = pages().await;
    vec![same, order(new_row), event()]
}

/// B11 and B13, which stand beside a peer.
pub async fn beside(peers: &Peers) -> Vec<Row> {
    let mut rows = vec![dynamodb_call(peers).await];
    rows.extend(per_order(peers).await);
    rows
}

/// B8, and what a row costs that was not seen before.
async fn pages() -> (Row, f64) {
    let stage = Stage::set().await;
    stage.connect().await;
    let (panel, files) = (stage.sandbox.api_url(), stage.sandbox.file_host());
    let probe = released("haat-probe");
    let count_all = || async {
        let mut counts = Vec::new();
        for piece in ["known", "new", "bare"] {
            let (probe, panel, files) = (probe.clone(), panel.clone(), files.clone());
            // The marketplace lives in this process and must go on answering.
            let count =
                tokio::task::spawn_blocking(move || each(&probe, piece, TIMES, &[&panel, &files]));
            counts.push(count.await.expect("a count"));
        }
        <[f64; 3]>::try_from(counts).expect("three counts")
    };
    let empty = count_all().await;
    let seed = Seed::new(SUPPLIER, State::Pending, 50).quantity(1);
    stage.sandbox.control().seed(&seed).expect("orders");
    let full = count_all().await;
    let [known, _, bare] = full;
    let [known_less, new_less, _] = empty;
    let new_row = less(less(full[1], new_less), less(known, known_less)) / 50.0;
    let note = format!(
        "reading, print and comparing, the HTTP library taken off; with it {} ({} of them the library's). \
         The double's page is about 60 KB. A page that was not seen by this process before: {} for each row",
        short(2.0 * known),
        short(2.0 * bare),
        short(new_row)
    );
    let row = Row::new(
        "B8",
        "two unchanged pages of 50 orders",
        2.0 * less(known, bare),
        "instructions",
    );
    (row.at_most(0.4e6).note(note), new_row)
}

/// B9.
fn order(new_row: f64) -> Row {
    let probe = released("haat-probe");
    let order = each(&probe, "order", 200, &[]);
    let ready = each(&probe, "ready", 200, &[]);
    let made = less(order, ready);
    let own = new_row + made;
    let note = format!(
        "reading the row {}; making the order and its item {}. The SDK's own call of the same item, ready made \
         and without network, is {} more",
        short(new_row),
        short(made),
        short(ready)
    );
    Row::new(
        "B9",
        "a new order, from the list's JSON to the request",
        own,
        "instructions",
    )
    .at_most(40e3)
    .note(note)
    .because(
        "reading keeps the row as it came and tracks the place of an error: a row that cannot be read is \
         told and parked whole; and the SDK wants every value of an item as a text of its own",
    )
}

/// B10.
fn event() -> Row {
    let count = each(&released("haat-probe"), "event", 200, &[]);
    Row::new(
        "B10",
        "an SQS event of ten jobs, read and answered",
        count,
        "instructions",
    )
    .at_most(60e3)
    .note("over the runtime: the event's JSON, each message to its handler, the answer")
    .because(
        "nearly all of it is the event's type in aws_lambda_events, which makes maps and texts of every \
         attribute of every message. A type of our own would follow every change of it by hand; one DynamoDB call (B11) costs more",
    )
}

/// B11.
async fn dynamodb_call(peers: &Peers) -> Row {
    let stage = Stage::set().await;
    stage.connect().await;
    let bearer = format!("Bearer {}", stage.token().await);
    let program = released("haat-authorize");
    let authorize = counted("counted-authorize.sh", &[&program]);
    let with = invocations(
        &stage,
        &authorize,
        &json!({ "identitySource": [bearer] }),
        TIMES,
    )
    .await;
    let without = invocations(&stage, &authorize, &json!({ "identitySource": [] }), TIMES).await;
    let peer = peers.counted("get.py");
    let python = less(
        invocations(&stage, &peer, &json!({ "read": true }), TIMES).await,
        invocations(&stage, &peer, &json!({}), TIMES).await,
    );
    let note = format!(
        "authorize with a token less authorize without: GetItem and a SHA-256. An empty call of the runtime: {}",
        short(without)
    );
    Row::new(
        "B11",
        "a DynamoDB call (GetItem)",
        less(with, without),
        "instructions",
    )
    .beside(python)
    .note(note)
}

/// What one more event costs.
async fn invocations(stage: &Stage, program: &Path, event: &Value, times: u32) -> f64 {
    let mut counts = Vec::new();
    for times in [times, times * 2] {
        let mut lambda = stage.start(program).await;
        for _ in 0..times {
            done(&mut lambda, event).await;
        }
        counts.push(callgrind::instructions(&lambda.end().await));
    }
    per_time(counts[0], counts[1], times)
}

/// B13, and the whole of an unchanged poll.
async fn per_order(peers: &Peers) -> Vec<Row> {
    let rust = counted("counted-poll.sh", &[&released("haat-poll")]);
    let python = peers.counted("poll.py");
    let (own, peer) = (orders_of(&rust).await, orders_of(&python).await);
    let (still, still_peer) = (unchanged_of(&rust).await, unchanged_of(&python).await);
    let orders = Row::new(
        "B13",
        "a new order through poll, all in",
        own,
        "instructions",
    );
    let unchanged = Row::new(
        "B13-unchanged",
        "an unchanged poll of an account with 50 orders",
        still,
        "instructions",
    );
    vec![
        orders.at_most(peer / 8.0).beside(peer).note(
            "read, compared, looked up, buyer sealed, stored: 25 and 50 new orders in a process of their own; the \
             target is an eighth of the same function in Python with boto3",
        )
        .because("two SDK calls (order, buyer) are most of ours, and there is no thin client of our own"),
        unchanged.beside(still_peer).note("five tabs, heartbeat included"),
    ]
}

async fn orders_of(program: &Path) -> f64 {
    const ORDERS: u32 = 25;
    let mut counts = Vec::new();
    for orders in [ORDERS, ORDERS * 2] {
        let stage = Stage::set().await;
        let seed = Seed::new(SUPPLIER, State::Pending, orders).quantity(1);
        stage.sandbox.control().seed(&seed).expect("orders");
        stage.connect().await;
        let mut lambda = stage.start(program).await;
        done(&mut lambda, &poll()).await;
        counts.push(callgrind::instructions(&lambda.end().await));
    }
    per_time(counts[0], counts[1], ORDERS)
}

async fn unchanged_of(program: &Path) -> f64 {
    let stage = Stage::set().await;
    let seed = Seed::new(SUPPLIER, State::Pending, 50).quantity(1);
    stage.sandbox.control().seed(&seed).expect("orders");
    stage.connect().await;
    // The orders are stored before anything is counted.
    let mut first = stage.start(program).await;
    done(&mut first, &poll()).await;
    first.end().await;
    let mut counts = Vec::new();
    for times in [4_u32, 8] {
        let mut lambda = stage.start(program).await;
        for _ in 0..times {
            done(&mut lambda, &poll()).await;
        }
        counts.push(figure(callgrind::instructions(&lambda.end().await)));
    }
    less(counts[1], counts[0]) / 4.0
}
