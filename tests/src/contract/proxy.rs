//! A proxy between connector and sandbox that judges what passes.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use http::{Method, Request, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::{Contract, Violation};
use crate::forward::{Answer, Failure, ask, passed_on, serve, whole};

/// One call that passed, with its answer if there was one.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// HTTP method.
    pub method: Method,
    /// Path with its query.
    pub path: String,
    /// Status of the answer; `None` when the connection ended without one.
    pub status: Option<u16>,
}

/// Forwards calls as they are and notes every departure from the contract, on both sides.
///
/// # Behavior
/// - Status (463 too), headers, cookies and bodies pass unchanged, HTML as well as JSON.
/// - A connection that the other side closes without an answer is closed without one.
/// - An answer that never comes never comes.
/// - Stops when dropped.
pub struct RecordingProxy {
    address: SocketAddr,
    notes: Arc<Mutex<Notes>>,
    server: JoinHandle<()>,
}

#[derive(Default)]
struct Notes {
    exchanges: Vec<Exchange>,
    violations: Vec<Violation>,
}

struct Wire {
    upstream: String,
    contract: Arc<Contract>,
    notes: Arc<Mutex<Notes>>,
}

impl RecordingProxy {
    /// Starts on a free port of the loopback address. `upstream` is `http://host:port`.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start(upstream: &str, contract: Arc<Contract>) -> io::Result<RecordingProxy> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let notes = Arc::new(Mutex::new(Notes::default()));
        let wire = Arc::new(Wire {
            upstream: upstream
                .trim_start_matches("http://")
                .trim_end_matches('/')
                .to_owned(),
            contract,
            notes: Arc::clone(&notes),
        });
        let server = tokio::spawn(serve(listener, move |call| {
            forward(Arc::clone(&wire), call)
        }));
        Ok(RecordingProxy {
            address,
            notes,
            server,
        })
    }

    /// Where to call instead of the sandbox.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every departure from the contract so far.
    pub fn violations(&self) -> Vec<Violation> {
        self.notes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .violations
            .clone()
    }

    /// Every call so far, in the order in which they ended.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.notes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .exchanges
            .clone()
    }
}

impl Drop for RecordingProxy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn forward(wire: Arc<Wire>, call: Request<Body>) -> Result<Response<Body>, Failure> {
    let (parts, body) = whole(call).await?;
    let path = parts
        .uri
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .to_owned();
    // The sandbox's own controls are no part of the contract.
    let judged = !path.starts_with("/_sandbox/");
    if judged {
        let violations =
            wire.contract
                .check_request(parts.method.as_str(), &path, &parts.headers, &body);
        wire.note(violations);
    }
    let answer = ask(&wire.upstream, &parts, body).await;
    if judged {
        wire.exchanged(&parts.method, &path, answer.as_ref().ok());
    }
    passed_on(answer?)
}

impl Wire {
    fn note(&self, violations: Vec<Violation>) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.violations.extend(violations);
    }

    fn exchanged(&self, method: &Method, path: &str, answer: Option<&Answer>) {
        if let Some((status, headers, body)) = answer {
            self.note(self.contract.check_answer(
                method.as_str(),
                path,
                status.as_u16(),
                headers,
                body,
            ));
        }
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.exchanges.push(Exchange {
            method: method.clone(),
            path: path.to_owned(),
            status: answer.map(|(status, ..)| status.as_u16()),
        });
    }
}
