//! The Meesho double: two HTTP servers that speak the supplier contract's session, order, accept
//! and label operations, and misbehave on request.

mod accept;
mod accounts;
mod control;
mod control_api;
mod counters;
mod details;
mod files;
mod invent;
mod label_pdf;
mod labels;
mod life;
mod lists;
mod login;
mod operation;
mod options;
mod order;
mod order_view;
mod panel;
mod refusal;
mod scenario;
mod seed;
mod session;
mod suppliers;
mod wire;
mod world;

use std::net::SocketAddr;

use tokio::task::JoinHandle;

pub use control::Control;
pub use counters::{AcceptCount, Counters};
pub use options::{NewAccount, NewSupplier, Options, Timings};
pub use order::{CancelledBy, HoldReason, PaymentMode, State};
pub use order_view::OrderView;
pub use scenario::{Scenario, ScenarioRequest};
pub use seed::Seed;

use crate::{
    host::Shared,
    server::{self, StartError, listen},
};
use world::World;

/// A running Meesho double. Dropping it stops its servers and closes their connections.
#[derive(Debug)]
pub struct Sandbox {
    api: SocketAddr,
    files: SocketAddr,
    control: Control,
    servers: [JoinHandle<()>; 2],
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
        let panel = control_api::router(control.clone()).merge(panel::panel(shared.clone()));
        Ok(Self {
            api,
            files,
            control,
            servers: [
                tokio::spawn(server::serve(api_listener, panel)),
                tokio::spawn(server::serve(files_listener, panel::file_host(shared))),
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
