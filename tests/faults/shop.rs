//! A seller's hub made of real programs: the cloud's doubles, a marketplace, one connected account.

use std::collections::BTreeMap;
use std::sync::Arc;

use haat_aws::testing::sdk_config_for;
use haat_aws::{PollsSqs, SellerVault, ShipSqs};
use haat_domain::SellerId;
use haat_marketplaces::{Hosts, Place, Registry, http_client};
use haat_ports::{Clock, PollsQueue, Seller, Sellers as _, ShipQueue};
use haat_sandbox::{Options, Sandbox};
use haat_tests::clock::MovedClock;
use haat_tests::cloud::{Cloud, POLLS, SHIP};
use haat_tests::lambda::Lambda;
use haat_tests::world::credentials;
use haat_workflows::{ConnectRequest, Connected, Hub, connect_account};

/// Orders per page of a tab, so that few orders are several pages; and no pauses.
const PROFILE: &str = r#"{"milliseconds_between_calls": 0, "max_page_size": 2}"#;

pub(crate) struct Shop {
    pub(crate) cloud: Cloud,
    pub(crate) sandbox: Sandbox,
    pub(crate) seller: SellerId,
    hub: Hub,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let clock = Arc::new(MovedClock::at(sandbox.control().now()));
        let cloud = Cloud::start(Arc::clone(&clock)).await;
        let config = sdk_config_for(cloud.endpoint());
        let shared: Arc<dyn Clock> = clock;
        let place = Place {
            hosts: Hosts::parse(&sandbox.api_url(), &sandbox.file_host()).unwrap(),
            profile: Some(PROFILE.to_owned()),
        };
        let places = BTreeMap::from([("meesho".to_owned(), place)]);
        let marketplaces = Registry::new(&http_client().unwrap(), &shared, &places).unwrap();
        let table = Arc::clone(&cloud.database.table);
        let seller: SellerId = "s_1".parse().unwrap();
        let tenant = Seller {
            id: seller.clone(),
            name: "Test Shop".to_owned(),
            created_at: shared.now(),
        };
        table.create_seller(&tenant).await.unwrap();
        let hub = Hub {
            store: table.clone(),
            vault: Arc::new(SellerVault::new(&config, table, "key")),
            marketplaces: Arc::new(marketplaces),
            clock: shared,
        };
        Self {
            cloud,
            sandbox,
            seller,
            hub,
        }
    }

    /// Connects the sandbox's usual login.
    pub(crate) async fn connect(&self) -> Connected {
        let config = sdk_config_for(self.cloud.endpoint());
        let address = |queue: &str| format!("{}/000000000000/{queue}", self.cloud.endpoint());
        let polls = PollsSqs::new(&config, address(POLLS));
        let ship = ShipSqs::new(&config, address(SHIP));
        let request = ConnectRequest {
            marketplace: "meesho".parse().unwrap(),
            name: "Main store".to_owned(),
            credentials: credentials("seller@example.test", "sandbox-only"),
            marketplace_seller: None,
        };
        let queues: (&dyn PollsQueue, &dyn ShipQueue) = (&polls, &ship);
        connect_account(&self.hub, queues, &self.seller, &request)
            .await
            .unwrap()
    }

    /// A process of a function.
    pub(crate) async fn function(&self, name: &str) -> Lambda {
        let mut variables = self.cloud.variables(self.cloud.endpoint());
        variables.extend(
            [
                ("MEESHO_URL", self.sandbox.api_url()),
                ("MEESHO_FILE_HOSTS", self.sandbox.file_host()),
                ("MEESHO_PROFILE", PROFILE.to_owned()),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        Lambda::start(name, &variables).await
    }
}
