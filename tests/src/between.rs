//! A proxy between a connector and its marketplace that lets every answer be another one.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Body;
use http::{Request, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::forward::{Answer, Failure, ask, passed_on, serve, whole};

/// What happens to the calls that pass.
#[derive(Debug, Clone, Default)]
pub enum Weather {
    /// They pass, and so do the answers.
    #[default]
    Fine,
    /// They do not pass; this is the answer.
    Answered(Reply),
    /// They pass and are done; the connection ends without an answer.
    Cut,
    /// They pass and are done; nothing comes back, and the connection does not end.
    Silent,
    /// They pass; a text of the answer is replaced wherever it stands.
    Reworded {
        /// The text.
        from: String,
        /// What stands there instead.
        to: String,
    },
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers; `content-type` too.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Reply {
    /// A body of JSON.
    #[must_use]
    pub fn json(status: u16, body: &str) -> Self {
        Self::of(status, "application/json", body)
    }

    /// Any body.
    #[must_use]
    pub fn of(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: body.as_ref().to_vec(),
        }
    }

    /// With one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// The proxy. Dropping it ends it.
pub struct Between {
    wire: Arc<Wire>,
    address: SocketAddr,
    server: JoinHandle<()>,
}

struct Wire {
    upstream: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    weather: Weather,
    calls: usize,
}

impl Between {
    /// Starts before a marketplace at `http://host:port`.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start(upstream: &str) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let wire = Arc::new(Wire {
            upstream: upstream.trim_start_matches("http://").to_owned(),
            state: Mutex::default(),
        });
        let shared = Arc::clone(&wire);
        let server = tokio::spawn(serve(listener, move |call| {
            let wire = Arc::clone(&shared);
            async move { wire.pass(call).await }
        }));
        Ok(Self {
            wire,
            address,
            server,
        })
    }

    /// Where to call instead of the marketplace.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What happens to the calls from now on; they are counted from here.
    pub fn turn(&self, weather: Weather) {
        *self.wire.state() = State { weather, calls: 0 };
    }

    /// Calls since the weather turned.
    pub fn calls(&self) -> usize {
        self.wire.state().calls
    }
}

impl Drop for Between {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Wire {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn weather(&self) -> Weather {
        let mut state = self.state();
        state.calls = state.calls.saturating_add(1);
        state.weather.clone()
    }

    async fn pass(&self, call: Request<Body>) -> Result<Response<Body>, Failure> {
        let (parts, body) = whole(call).await?;
        match self.weather() {
            Weather::Fine => passed_on(ask(&self.upstream, &parts, body).await?),
            Weather::Answered(reply) => answered(reply),
            Weather::Cut => {
                ask(&self.upstream, &parts, body).await?;
                Err("the answer is lost".into())
            }
            Weather::Silent => {
                ask(&self.upstream, &parts, body).await?;
                std::future::pending().await
            }
            Weather::Reworded { from, to } => {
                let answer = ask(&self.upstream, &parts, body).await?;
                passed_on(reworded(answer, &from, &to))
            }
        }
    }
}

fn answered(reply: Reply) -> Result<Response<Body>, Failure> {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    Ok(response.body(Body::from(reply.body))?)
}

fn reworded((status, mut headers, body): Answer, from: &str, to: &str) -> Answer {
    let Ok(text) = std::str::from_utf8(&body) else {
        return (status, headers, body);
    };
    let text = text.replace(from, to);
    headers.insert(http::header::CONTENT_LENGTH, text.len().into());
    (status, headers, text.into())
}
