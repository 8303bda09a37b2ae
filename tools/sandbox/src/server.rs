//! Connections. The one thing a web framework does not offer is to close one without an answer.

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc};

use axum::{Router, body::Body};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinSet,
};
use tower::ServiceExt;

use crate::control::ControlError;

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken or may not be used.
    #[error("cannot listen on 127.0.0.1:{port}: {cause}")]
    Listen {
        /// The port asked for.
        port: u16,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The accounts of the options contradict each other.
    #[error(transparent)]
    Account(#[from] ControlError),
}

/// A port of the loopback address; 0 takes a free one.
pub(crate) async fn listen(port: u16) -> Result<(TcpListener, SocketAddr), StartError> {
    let refused = |cause| StartError::Listen { port, cause };
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Ok((listener, address))
}

/// Closes the connection that a request came by; travels with it as an extension.
#[derive(Debug, Clone)]
pub(crate) struct HangUp(Arc<Notify>);

impl HangUp {
    /// Never returns: the connection and this handler with it are dropped.
    pub(crate) async fn now(self) -> Infallible {
        self.0.notify_one();
        std::future::pending().await
    }
}

/// Serves until the task is aborted; its connections end with it.
pub(crate) async fn serve(listener: TcpListener, app: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                connections.spawn(serve_connection(stream, app.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve_connection(stream: TcpStream, app: Router) {
    let hang_up = Arc::new(Notify::new());
    let signal = HangUp(Arc::clone(&hang_up));
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(signal.clone());
        app.clone().oneshot(request.map(Body::new))
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // A client that goes away in the middle is its own affair.
        _ = connection => {}
        () = hang_up.notified() => {}
    }
}
