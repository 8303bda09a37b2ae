//! The AJIO double: one HTTP server that speaks the dropship contract, serves the files that its
//! answers point at, and misbehaves on request.

mod acknowledge;
mod api;
mod cancel;
mod catalogue;
mod catalogue_calls;
mod control;
mod control_api;
mod counters;
mod dispatch;
mod documents;
mod invent;
mod life;
mod operation;
mod options;
mod order;
mod orders;
mod packing;
mod pages;
mod paper;
mod refusal;
mod return_calls;
mod return_qc;
mod return_view;
mod returns;
mod rows;
mod scenario;
mod seed;
mod token;
mod view;
mod wire;
mod world;

use std::net::SocketAddr;

use tokio::task::JoinHandle;

pub use control::Control;
pub use counters::{Counters, Done, InvoiceCount};
pub use options::{
    DocumentForm, NewPob, Options, PageBase, Profile, RefusalForm, ReturnModel, Timings,
};
pub use order::{CancelledBy, PaymentMethod, State};
pub use return_view::{ReturnItemView, ReturnView};
pub use returns::{QcCode, ReturnKind, ReturnState};
pub use scenario::{Scenario, ScenarioRequest};
pub use seed::Seed;
pub use view::{LineView, OrderView};

use crate::{
    host::Shared,
    server::{self, StartError, listen},
};
use world::World;

/// The segment after `/ds` in [`Ajio::api_url`]; the double takes any.
const PARTNER: &str = "hub";

/// A running AJIO double. Dropping it stops its server and closes its connections.
#[derive(Debug)]
pub struct Ajio {
    address: SocketAddr,
    control: Control,
    server: JoinHandle<()>,
}

impl Ajio {
    /// Starts the server on 127.0.0.1 in the current tokio runtime.
    ///
    /// # Errors
    /// The port is taken, or a POB is misshapen.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let (listener, address) = listen(options.port).await?;
        let shared = Shared::new(World::new(&options, address.to_string())?);
        let control = Control {
            shared: shared.clone(),
        };
        let app = control_api::router(control.clone()).merge(api::api(shared));
        Ok(Self {
            address,
            control,
            server: tokio::spawn(server::serve(listener, app)),
        })
    }

    /// Base address of the API, `http://127.0.0.1:<port>/ds/hub`.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("http://{}/ds/{PARTNER}", self.address)
    }

    /// Base address of the control API, `http://127.0.0.1:<port>/_sandbox`.
    #[must_use]
    pub fn control_url(&self) -> String {
        format!("http://{}/_sandbox", self.address)
    }

    /// `127.0.0.1:<port>`, as it stands in the addresses of files.
    #[must_use]
    pub fn file_host(&self) -> String {
        self.address.to_string()
    }

    /// What the contract does not offer: clock, faults, counters, orders.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// Stops the server and returns when its connections are closed.
    pub async fn stop(mut self) {
        self.server.abort();
        // The only outcome is the cancellation just asked for.
        let _ = (&mut self.server).await;
    }
}

impl Drop for Ajio {
    fn drop(&mut self) {
        self.server.abort();
    }
}
