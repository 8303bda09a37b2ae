//! A proxy between one function and everything it calls: the cloud, the marketplace, its files.
//! It counts the calls, and at one of them it kills the function or cheats it.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use axum::body::{Body, Bytes};
use http::request::Parts;
use http::{HeaderValue, Request, Response, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::cloud::operation_of;
use crate::contract::Contract;
use crate::forward::{Answer, Failure, ask, passed_on, serve, whole};
use crate::lambda::Process;

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The function dies before the call is passed on.
    KillBefore,
    /// The call is passed on and done; the function dies before the answer reaches it.
    KillAfter,
    /// The call is passed on and done; the connection ends without an answer.
    Cut,
    /// The call is not passed on; the answer is trouble on the other side.
    Refuse,
    /// The call is passed on twice; the second answer is given.
    Repeat,
    /// The call is held until it is released, then passed on.
    Hold,
}

/// Which call suffers what: the first is number 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The number of the call.
    pub at: usize,
    /// What happens to it.
    pub fault: Fault,
}

/// Where a call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Cloud,
    Panel,
    Files,
}

/// The proxy. Dropping it ends its servers.
pub struct CrashProxy {
    wire: Arc<Wire>,
    addresses: [SocketAddr; 3],
    _tasks: JoinSet<()>,
}

struct Wire {
    cloud: String,
    panel: String,
    files: String,
    /// As the function knows the file host.
    shown_files: String,
    plan: Option<Plan>,
    state: Mutex<State>,
    /// One call at a time: what comes after the chosen one has not happened yet.
    turn: tokio::sync::Mutex<()>,
    held: Notify,
    released: Notify,
}

#[derive(Default)]
struct State {
    process: Option<Process>,
    calls: Vec<String>,
}

impl CrashProxy {
    /// Starts between a function and the cloud (`http://host:port`), the marketplace
    /// (`http://host:port`) and its file host (`host:port`).
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start(
        cloud: &str,
        panel: &str,
        files: &str,
        plan: Option<Plan>,
    ) -> io::Result<Self> {
        let mut listeners = Vec::new();
        for side in [Side::Cloud, Side::Panel, Side::Files] {
            listeners.push((side, TcpListener::bind("127.0.0.1:0").await?));
        }
        let mut addresses = [SocketAddr::from(([127, 0, 0, 1], 0)); 3];
        for (address, (_, listener)) in addresses.iter_mut().zip(&listeners) {
            *address = listener.local_addr()?;
        }
        let [_, _, shown_files] = addresses;
        let host = |url: &str| url.trim_start_matches("http://").to_owned();
        let wire = Arc::new(Wire {
            cloud: host(cloud),
            panel: host(panel),
            files: files.to_owned(),
            shown_files: shown_files.to_string(),
            plan,
            state: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            held: Notify::new(),
            released: Notify::new(),
        });
        let mut tasks = JoinSet::new();
        for (side, listener) in listeners {
            let wire = Arc::clone(&wire);
            tasks.spawn(serve(listener, move |call| {
                let wire = Arc::clone(&wire);
                async move { wire.pass(side, call).await }
            }));
        }
        Ok(Self {
            wire,
            addresses,
            _tasks: tasks,
        })
    }

    /// The cloud, as the function is to know it.
    pub fn cloud(&self) -> String {
        format!("http://{}", self.addresses[0])
    }

    /// The marketplace, as the function is to know it.
    pub fn panel(&self) -> String {
        format!("http://{}", self.addresses[1])
    }

    /// The file host, as the function is to know it.
    pub fn files(&self) -> String {
        self.wire.shown_files.clone()
    }

    /// Whom to kill: the process that calls now.
    pub fn watch(&self, process: Process) {
        self.wire.state().process = Some(process);
    }

    /// The calls so far, in their order.
    pub fn calls(&self) -> Vec<String> {
        self.wire.state().calls.clone()
    }

    /// Waits until the chosen call is held.
    pub async fn held(&self) {
        self.wire.held.notified().await;
    }

    /// Passes the held call on.
    pub fn release(&self) {
        self.wire.released.notify_one();
    }
}

impl Wire {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn pass(&self, side: Side, call: Request<Body>) -> Result<Response<Body>, Failure> {
        let (parts, body) = whole(call).await?;
        let turn = self.turn.lock().await;
        match self.count(side, &parts)? {
            None => passed_on(self.ask(side, &parts, body).await?),
            Some(Fault::KillBefore) => {
                self.kill();
                Err("the function was killed before its call".into())
            }
            Some(Fault::KillAfter) => {
                self.ask(side, &parts, body).await?;
                self.kill();
                Err("the function was killed after its call".into())
            }
            Some(Fault::Cut) => {
                self.ask(side, &parts, body).await?;
                Err("the answer is lost".into())
            }
            Some(Fault::Refuse) => refused(),
            Some(Fault::Repeat) => {
                self.ask(side, &parts, body.clone()).await?;
                passed_on(self.ask(side, &parts, body).await?)
            }
            Some(Fault::Hold) => {
                drop(turn);
                self.held.notify_one();
                self.released.notified().await;
                passed_on(self.ask(side, &parts, body).await?)
            }
        }
    }

    /// Notes the call, and says what is to happen to it. The calls of a function that is dead
    /// have not happened.
    fn count(&self, side: Side, parts: &Parts) -> Result<Option<Fault>, Failure> {
        let name = match side {
            Side::Cloud => operation_of(&parts.method, &parts.headers),
            Side::Panel => panel_operation(parts),
            Side::Files => "getLabelFile".to_owned(),
        };
        let mut state = self.state();
        if state.process.is_none() {
            return Err("nobody calls any more".into());
        }
        state.calls.push(name);
        let number = state.calls.len();
        let plan = self.plan.filter(|plan| plan.at == number);
        Ok(plan.map(|plan| plan.fault))
    }

    fn kill(&self) {
        if let Some(process) = self.state().process.take() {
            process.kill();
        }
    }

    async fn ask(&self, side: Side, parts: &Parts, body: Bytes) -> Result<Answer, Failure> {
        match side {
            Side::Cloud => ask(&self.cloud, parts, body).await,
            Side::Files => ask(&self.files, parts, body).await,
            Side::Panel => {
                let answer = ask(&self.panel, parts, body).await?;
                Ok(self.with_shown_files(answer))
            }
        }
    }

    /// The marketplace names its file host; the function must find it behind this proxy. Lists are
    /// left as they are: two functions behind two proxies read the same rows.
    fn with_shown_files(&self, (status, mut headers, body): Answer) -> Answer {
        let Ok(text) = std::str::from_utf8(&body) else {
            return (status, headers, body);
        };
        let files = format!("{}/label-files/", self.files);
        if !text.contains(&files) {
            return (status, headers, body);
        }
        let text = text.replace(&files, &format!("{}/label-files/", self.shown_files));
        headers.insert(http::header::CONTENT_LENGTH, HeaderValue::from(text.len()));
        (status, headers, text.into())
    }
}

fn refused() -> Result<Response<Body>, Failure> {
    let body = r#"{"__type": "InternalServerError", "message": "trouble"}"#;
    let response = Response::builder()
        .status(StatusCode::INTERNAL_SERVER_ERROR)
        .header(http::header::CONTENT_TYPE, "application/json");
    Ok(response.body(Body::from(body))?)
}

/// The operation of a marketplace's contract that a call means; its path where none is meant.
fn panel_operation(parts: &Parts) -> String {
    static CONTRACTS: OnceLock<Vec<Contract>> = OnceLock::new();
    let contracts = CONTRACTS.get_or_init(|| {
        let names = ["meesho-supplier", "ajio-dropship"].into_iter();
        names.filter_map(|name| Contract::load(name).ok()).collect()
    });
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    let mut found = contracts.iter();
    let found = found.find_map(|contract| contract.find(method, path));
    found.map_or_else(|| path.to_owned(), |operation| operation.id.clone())
}
