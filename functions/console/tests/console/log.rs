//! What a request leaves in the log.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

use serde_json::{Value, json};
use tracing::Level;

use crate::shop::{ASHA, PACKER, SURAT, Shop, order, said};

thread_local! {
    /// A test runs on one thread, so this is the log of one test.
    static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts logging for all tests of this process.
pub(crate) fn listen() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let lines = tracing_subscriber::fmt().json().without_time();
        lines
            .with_max_level(Level::INFO)
            .with_writer(|| Lines)
            .init();
    });
}

fn heard() -> String {
    LINES.with_borrow_mut(|lines| String::from_utf8(std::mem::take(lines)).unwrap())
}

#[tokio::test]
async fn a_request_is_one_line_that_names_no_order_no_buyer_and_no_token() {
    let shop = Shop::open().await;
    shop.store(&mut order(ASHA, SURAT, &said("299_1"))).await;
    shop.keep_buyer("a_surat.299_1").await;

    shop.get(PACKER, "/console/orders/a_surat.299_1?notice=x")
        .await;
    shop.post(PACKER, "/console/orders/a_surat.299_1/accept", "back=")
        .await;
    shop.get("haat_wrong", "/console/orders").await;
    shop.post("", "/console/sign-in", "token=haat_wrong").await;
    shop.get(PACKER, "/console/no-such-page").await;

    let written = heard();
    let fields: Vec<Value> = written
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["fields"].take())
        .collect();
    let line = |method: &str, route: &str, status: u16| json!({ "event": "console.request", "method": method, "route": route, "status": status });
    let of_packer = |mut line: Value| {
        (line["seller"], line["token"]) = (json!("s_asha"), json!("t_packer"));
        line
    };
    assert_eq!(
        fields,
        [
            of_packer(line("GET", "/console/orders/{id}", 200)),
            of_packer(line("POST", "/console/orders/{id}/accept", 303)),
            line("GET", "/console/orders", 303),
            line("POST", "/console/sign-in", 401),
            line("GET", "none", 404),
        ]
    );
}
