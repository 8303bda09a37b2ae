//! A world with both marketplaces in it.
#![allow(
    clippy::unwrap_used,
    reason = "a test's world stops the test when it cannot be built"
)]

use std::sync::Arc;

use haat_aws::testing;
use haat_domain::Secret;
use haat_marketplaces::http_client;
use haat_ports::{Clock, Credentials, PollsQueue, ShipQueue};
use haat_sandbox::ajio::{self, Ajio};
use haat_sandbox::{Options, Sandbox};
use haat_workflows::{ConnectRefusal, ConnectRequest, Connected};

use crate::hub::at_places;
use crate::in_memory::TestClock;
use crate::world::{AT_ONCE, World};

impl World {
    /// A hub beside both marketplaces.
    pub async fn with_ajio(options: ajio::Options) -> Self {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let other = Ajio::start(options).await.unwrap();
        let clock = Arc::new(TestClock::at(sandbox.control().now()));
        let local = testing::start(clock.clone()).await;
        let shared: Arc<dyn Clock> = clock.clone();
        let (panel, files) = (sandbox.api_url(), sandbox.file_host());
        let (api, papers) = (other.api_url(), other.file_host());
        let places = [
            ("meesho", panel.as_str(), files.as_str(), AT_ONCE),
            ("ajio", api.as_str(), papers.as_str(), AT_ONCE),
        ];
        let marketplaces = at_places(&places, &http_client().unwrap(), &shared);
        let mut world = Self::of(sandbox, clock, local, marketplaces).await;
        world.ajio = Some(other);
        world
    }

    /// A hub beside both marketplaces whose table is asked without a socket, as [`World::near`],
    /// and which assumes this of either.
    pub async fn near_both(
        options: Options,
        others: ajio::Options,
        http: &reqwest::Client,
        fate: testing::Fate,
        profile: &str,
    ) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let other = Ajio::start(others).await.unwrap();
        let clock = Arc::new(TestClock::at(sandbox.control().now()));
        let local = testing::start_near(clock.clone(), fate).await;
        let shared: Arc<dyn Clock> = clock.clone();
        let (panel, files) = (sandbox.api_url(), sandbox.file_host());
        let (api, papers) = (other.api_url(), other.file_host());
        let places = [
            ("meesho", panel.as_str(), files.as_str(), profile),
            ("ajio", api.as_str(), papers.as_str(), profile),
        ];
        let marketplaces = at_places(&places, http, &shared);
        let mut world = Self::of(sandbox, clock, local, marketplaces).await;
        world.ajio = Some(other);
        world
    }

    /// AJIO's double.
    #[must_use]
    pub fn ajio(&self) -> &ajio::Control {
        self.ajio.as_ref().unwrap().control()
    }

    /// Connects a POB of AJIO.
    pub async fn connect_pob(&self, pob: &str) -> Result<Connected, ConnectRefusal> {
        let fields = [("username", pob), ("password", "sandbox-only")];
        let fields = fields.map(|(name, text)| (name.to_owned(), Secret::new(text)));
        let request = ConnectRequest {
            marketplace: "ajio".parse().unwrap(),
            name: format!("AJIO {pob}"),
            credentials: Credentials(fields.into()),
            marketplace_seller: None,
            warehouse: None,
            contact: None,
            back_fill_days: None,
        };
        let queues: (&dyn PollsQueue, &dyn ShipQueue) =
            (self.queues.as_ref(), self.queues.as_ref());
        haat_workflows::connect_account(self.hub(), queues, &self.seller, &request).await
    }
}
