//! The Meesho double: two HTTP servers that speak the supplier contract's session, order, accept
//! and label operations, and misbehave on request.
//!
//! It shares no code with the connector: both are written from the contract, so that they cannot
//! be wrong together. What it does where the contract is silent is said in its README.

mod accept;
mod accounts;
mod clock;
mod control;
mod control_api;
mod counters;
mod details;
mod fault;
mod files;
mod gst;
mod host;
mod invent;
mod label_pdf;
mod labels;
mod life;
mod lists;
mod login;
mod names;
mod operation;
mod options;
mod order;
mod order_view;
mod reply;
mod scenario;
mod seed;
mod server;
mod session;
mod storm;
mod suppliers;
mod wire;
mod world;

use std::{io, net::SocketAddr};

use tokio::{net::TcpListener, task::JoinHandle};

pub use control::{Control, ControlError};
pub use counters::{AcceptCount, Counters, LogEntry, Outcome};
pub use fault::{Fault, FaultKind};
pub use options::{ClockMode, NewAccount, NewSupplier, Options, Throttle, Timings};
pub use order::{CancelledBy, HoldReason, PaymentMode, State};
pub use order_view::OrderView;
pub use scenario::{Scenario, ScenarioRequest};
pub use seed::Seed;
pub use storm::{Chance, Storm};

use host::Shared;
use world::World;

/// A running double. Dropping it stops its servers and closes their connections.
#[derive(Debug)]
pub struct Sandbox {
    api: SocketAddr,
    files: SocketAddr,
    control: Control,
    servers: [JoinHandle<()>; 2],
}

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

impl Sandbox {
    /// Starts both servers on 127.0.0.1 in the current tokio runtime.
    ///
    /// # Errors
    /// A port is taken, or two accounts claim one supplier.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let (api_listener, api) = listen(options.api_port).await?;
        let (files_listener, files) = listen(options.files_port).await?;
        let shared = Shared::new(World::new(&options, files.to_string())?);
        let control = Control {
            shared: shared.clone(),
        };
        let panel = control_api::router(control.clone()).merge(host::panel(shared.clone()));
        Ok(Self {
            api,
            files,
            control,
            servers: [
                tokio::spawn(server::serve(api_listener, panel)),
                tokio::spawn(server::serve(files_listener, host::file_host(shared))),
            ],
        })
    }

    /// Base address of the panel API and of the control API, `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("http://{}", self.api)
    }

    /// `127.0.0.1:<port>` of the file host, as it stands in label addresses.
    #[must_use]
    pub fn file_host(&self) -> String {
        self.files.to_string()
    }

    /// What the contract does not offer: clock, faults, counters, orders.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// Stops both servers and returns when their connections are closed.
    pub async fn stop(mut self) {
        for server in &mut self.servers {
            server.abort();
            // The only outcome is the cancellation just asked for.
            let _ = server.await;
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for server in &self.servers {
            server.abort();
        }
    }
}

async fn listen(port: u16) -> Result<(TcpListener, SocketAddr), StartError> {
    let refused = |cause| StartError::Listen { port, cause };
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Ok((listener, address))
}
