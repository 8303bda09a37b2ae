//! A function's real program, run the way Lambda runs it: an environment of its own, and a runtime
//! API on a free port that hands it one event at a time.
#![allow(
    clippy::panic,
    clippy::expect_used,
    reason = "a test stops when its function cannot be run"
)]

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Longer than any invocation in a test takes, however busy the machine is.
const HANGS_AFTER: Duration = Duration::from_secs(90);

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The function answered.
    Answered(Value),
    /// The function said that it failed, or that it could not start.
    Failed(Value),
    /// The process ended without a word.
    Died,
}

/// One process of a function. It takes one event after the other, and ends when this is dropped.
pub struct Lambda {
    name: String,
    process: Process,
    events: UnboundedSender<Value>,
    outcomes: UnboundedReceiver<Outcome>,
    said: Arc<Mutex<String>>,
    asked: watch::Receiver<u64>,
    patience: Duration,
    _tasks: JoinSet<()>,
}

/// A handle to end the process from elsewhere.
#[derive(Debug, Clone)]
pub struct Process(Arc<Mutex<Child>>);

impl Process {
    /// Ends the process at once (SIGKILL), whatever it is doing.
    pub fn kill(&self) {
        let mut child = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The only failure is that it has ended already.
        let _ = child.start_kill();
    }

    /// Its id, while it runs.
    pub fn id(&self) -> Option<u32> {
        let child = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        child.id()
    }
}

struct RuntimeApi {
    events: tokio::sync::Mutex<UnboundedReceiver<Value>>,
    outcomes: UnboundedSender<Outcome>,
    invocations: AtomicU64,
    asked: watch::Sender<u64>,
}

impl Lambda {
    /// Starts a program of this build, `haat-poll` say, with these variables and no others.
    pub async fn start(name: &str, variables: &[(String, String)]) -> Self {
        Self::start_program(&programs().join(name), variables).await
    }

    /// Starts a program, with these variables and no others.
    pub async fn start_program(program: &Path, variables: &[(String, String)]) -> Self {
        let shown = program.display();
        assert!(
            program.exists(),
            "{shown} is not built: `cargo build --workspace --all-targets`, or run the tests with `make test`"
        );
        let name = program.file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let (events, to_come) = unbounded_channel();
        let (done, outcomes) = unbounded_channel();
        let (asks, asked) = watch::channel(0);
        let api = Arc::new(RuntimeApi {
            events: tokio::sync::Mutex::new(to_come),
            outcomes: done.clone(),
            invocations: AtomicU64::new(1),
            asked: asks,
        });
        let mut tasks = JoinSet::new();
        let address = serve(&mut tasks, api).await;
        let mut child = Command::new(program)
            .env_clear()
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_LAMBDA_FUNCTION_NAME", &name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "test")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "test")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{shown} does not start: {error}"));
        let said = Arc::new(Mutex::new(String::new()));
        let out = child.stdout.take().expect("its output was piped");
        let errors = child.stderr.take().expect("its errors were piped");
        let heard = Arc::clone(&said);
        tasks.spawn(async move {
            tokio::join!(listen(out, &heard), listen(errors, &heard));
            // Both are closed when the process has ended, and not before.
            let _ = done.send(Outcome::Died);
        });
        Self {
            name,
            process: Process(Arc::new(Mutex::new(child))),
            events,
            outcomes,
            said,
            asked,
            patience: HANGS_AFTER,
            _tasks: tasks,
        }
    }

    /// Gives it this long for an event, and for its start.
    #[must_use]
    pub fn patient(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Waits until it has started and asks for its first event.
    pub async fn ready(&mut self) {
        let asked = self.asked.wait_for(|asked| *asked > 0);
        if !matches!(tokio::time::timeout(self.patience, asked).await, Ok(Ok(_))) {
            panic!("{} does not start\n{}", self.name, self.said());
        }
    }

    /// Asks the process to end (SIGTERM), waits until it has, and gives all that it wrote.
    pub async fn end(mut self) -> String {
        let id = self.process.id().unwrap_or_default().to_string();
        let asked = Command::new("kill").arg("-TERM").arg(id).status().await;
        assert!(
            asked.is_ok_and(|status| status.success()),
            "{} has ended",
            self.name
        );
        while let Ok(Some(outcome)) =
            tokio::time::timeout(self.patience, self.outcomes.recv()).await
        {
            if outcome == Outcome::Died {
                break;
            }
        }
        self.said()
    }

    /// Hands the function one event and waits for what becomes of it.
    pub async fn invoke(&mut self, event: &Value) -> Outcome {
        let _taken = self.events.send(event.clone());
        match tokio::time::timeout(self.patience, self.outcomes.recv()).await {
            Ok(outcome) => outcome.unwrap_or(Outcome::Died),
            Err(_) => panic!("{} hangs at {event}\n{}", self.name, self.said()),
        }
    }

    /// What the function wrote to its output so far: its log.
    pub fn said(&self) -> String {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.clone()
    }

    /// The process, to be killed by whoever stands between it and the world.
    pub fn process(&self) -> Process {
        self.process.clone()
    }
}

/// Where this build's programs are: beside the running program, or beside the folder of the
/// running test.
pub fn programs() -> PathBuf {
    let running = std::env::current_exe().expect("the program's own path");
    let folder = running.parent().expect("a folder of the build");
    let folder = match folder.file_name() {
        Some(name) if name == "deps" => folder.parent(),
        Some(_) | None => None,
    }
    .unwrap_or(folder);
    folder.to_owned()
}

async fn serve(tasks: &mut JoinSet<()>, api: Arc<RuntimeApi>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a free port");
    let address = listener.local_addr().expect("a bound port");
    let routes = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(answer))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(failure))
        .route("/2018-06-01/runtime/init/error", post(failure))
        .with_state(api);
    tasks.spawn(async move {
        // Ends with the function it serves.
        let _ = axum::serve(listener, routes).await;
    });
    address.to_string()
}

async fn next(State(api): State<Arc<RuntimeApi>>) -> impl IntoResponse {
    api.asked
        .send_modify(|asked| *asked = asked.saturating_add(1));
    let event = api.events.lock().await.recv().await;
    let number = api.invocations.fetch_add(1, Ordering::Relaxed);
    let arn = "arn:aws:lambda:ap-south-1:000000000000:function:test";
    let headers = [
        ("lambda-runtime-aws-request-id", format!("request-{number}")),
        ("lambda-runtime-deadline-ms", "9999999999999".to_owned()),
        ("lambda-runtime-invoked-function-arn", arn.to_owned()),
    ];
    (headers, event.unwrap_or_default().to_string())
}

async fn answer(State(api): State<Arc<RuntimeApi>>, body: String) -> StatusCode {
    let answer = serde_json::from_str(&body).unwrap_or(Value::Null);
    let _ = api.outcomes.send(Outcome::Answered(answer));
    StatusCode::ACCEPTED
}

async fn failure(State(api): State<Arc<RuntimeApi>>, body: String) -> StatusCode {
    let error = serde_json::from_str(&body).unwrap_or(Value::String(body));
    let _ = api.outcomes.send(Outcome::Failed(error));
    StatusCode::ACCEPTED
}

async fn listen(mut output: impl AsyncRead + Unpin, said: &Mutex<String>) {
    let mut bytes = vec![0; 8192];
    while let Ok(count @ 1..) = output.read(&mut bytes).await {
        let text = String::from_utf8_lossy(bytes.get(..count).unwrap_or_default());
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        said.push_str(&text);
    }
}
