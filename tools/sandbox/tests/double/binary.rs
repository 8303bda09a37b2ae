//! The binary by itself, as `make run` starts it.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

use serde_json::Value;

use crate::client::http;

fn start(arguments: &[&str]) -> (Child, BufReader<ChildStdout>) {
    let mut process = Command::new(env!("CARGO_BIN_EXE_haat-sandbox"))
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(process.stdout.take().unwrap());
    (process, output)
}

#[tokio::test]
async fn it_says_where_it_is_and_ends_politely() {
    let (mut process, mut output) = start(&[
        "--api-port=0",
        "--files-port=0",
        "--clock=stopped",
        "--orders=20",
        "--ajio-orders=10",
    ]);
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();

    for (double, count) in [(&ready, 20), (&ready["ajio"], 10)] {
        let orders = format!("{}/orders", double["control_url"].as_str().unwrap());
        let orders = http().get(orders).send().await.unwrap();
        let orders: Value = orders.json().await.unwrap();
        assert_eq!(orders["orders"].as_array().unwrap().len(), count);
        let file_host = double["file_host"].as_str().unwrap();
        assert!(file_host.starts_with("127.0.0.1:"), "{file_host}");
    }
    assert!(
        ready["ajio"]["api_url"]
            .as_str()
            .unwrap()
            .ends_with("/ds/hub")
    );

    let told = Command::new("kill")
        .arg(process.id().to_string())
        .status()
        .unwrap();
    assert!(told.success());
    assert!(process.wait().unwrap().success());
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let ended = Command::new(env!("CARGO_BIN_EXE_haat-sandbox"))
        .args([format!("--api-port={port}"), "--files-port=0".to_owned()])
        .output()
        .unwrap();
    assert!(!ended.status.success());
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(
        said.contains(&format!("cannot listen on 127.0.0.1:{port}")),
        "{said}"
    );
}
