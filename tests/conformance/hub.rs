//! A hub with the account on stage connected: who logs in there is the product itself.

use std::sync::Arc;

use haat_aws::{SellerVault, testing};
use haat_marketplaces::http_client;
use haat_ports::{Clock, PollMessage};
use haat_tests::hub::{at_places, hub};
use haat_tests::in_memory::{Queues, TestClock};
use haat_workflows::{ConnectRequest, PollSummary, connect_account, poll_pack};
use jiff::SignedDuration;

use crate::line::{PROFILE, credentials};
use crate::stage::Stage;

pub(crate) struct Hub {
    pub(crate) clock: Arc<TestClock>,
    hub: haat_workflows::Hub,
    message: PollMessage,
}

impl Hub {
    pub(crate) async fn connected(stage: &dyn Stage) -> Self {
        let clock = Arc::new(TestClock::at(stage.now()));
        let table = testing::start(clock.clone()).await.table;
        let shared: Arc<dyn Clock> = clock.clone();
        let (api, files) = (stage.api(&stage.host()), stage.files());
        let place = [(stage.id(), api.as_str(), files.as_str(), PROFILE)];
        let registry = at_places(&place, &http_client().unwrap(), &shared);
        let vault = SellerVault::with_fixed_key_for_tests([7; 32]);
        let (hub, seller) = hub(table, vault, registry, shared).await;
        let request = ConnectRequest {
            marketplace: stage.id().parse().unwrap(),
            name: "On stage".to_owned(),
            credentials: credentials(stage),
            marketplace_seller: None,
            warehouse: None,
            contact: None,
            back_fill_days: None,
        };
        let queues = Queues::new(clock.clone());
        let connected = connect_account(&hub, (&queues, &queues), &seller, &request).await;
        let account = connected.unwrap().account;
        let message = PollMessage {
            pack: account.pack,
            account: Some(account.id),
            test_of: None,
        };
        Self {
            clock,
            hub,
            message,
        }
    }

    /// Reads the account's orders.
    pub(crate) async fn poll(&self) -> PollSummary {
        let (budget, never_late) = (SignedDuration::from_mins(4), std::future::pending());
        let polled = poll_pack(&self.hub, &self.message, budget, never_late).await;
        polled.unwrap()
    }
}
