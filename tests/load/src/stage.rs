//! A cloud and a marketplace for real programs, with one connected account.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use haat_aws::testing::sdk_config_for;
use haat_aws::{PollsSqs, SellerVault, ShipSqs};
use haat_domain::{Scope, SellerId};
use haat_marketplaces::http_client;
use haat_ports::{Clock, PollsQueue, ShipQueue};
use haat_sandbox::{NewAccount, Options, Sandbox};
use haat_tests::clock::MovedClock;
use haat_tests::cloud::{Cloud, POLLS, SHIP};
use haat_tests::hub::{hub, marketplaces};
use haat_tests::lambda::{Lambda, Outcome};
use haat_tests::world::credentials;
use haat_workflows::{ConnectRequest, Hub, connect_account};
use serde_json::{Value, json};

const PROFILE: &str = r#"{"milliseconds_between_calls": 0}"#;
const EMAIL: &str = "seller0@example.test";
/// The supplier of the only account.
pub const SUPPLIER: u64 = 4_100_001;
/// Longer than the slowest of them takes under the counter on a busy machine.
const PATIENCE: Duration = Duration::from_secs(900);

/// A cloud, a marketplace, an account.
pub struct Stage {
    /// The marketplace's double.
    pub sandbox: Sandbox,
    cloud: Cloud,
    hub: Hub,
    seller: SellerId,
}

impl Stage {
    /// A cloud without any account, beside an empty marketplace.
    pub async fn set() -> Self {
        let account = NewAccount::new(EMAIL, "sandbox-only", &[(SUPPLIER, "s0000")]);
        let options = Options {
            accounts: vec![account],
            ..Options::default()
        };
        let sandbox = Sandbox::start(options).await.expect("a marketplace");
        let clock = Arc::new(MovedClock::at(sandbox.control().now()));
        let cloud = Cloud::start(Arc::clone(&clock)).await;
        let shared: Arc<dyn Clock> = clock;
        let (panel, files) = (sandbox.api_url(), sandbox.file_host());
        let http = http_client().expect("an HTTP client");
        let marketplaces = marketplaces(&panel, &files, PROFILE, &http, &shared);
        let table = Arc::clone(&cloud.database.table);
        let vault = SellerVault::new(&sdk_config_for(cloud.endpoint()), table.clone(), "key");
        let (hub, seller) = hub(table, vault, marketplaces, shared).await;
        Self {
            sandbox,
            cloud,
            hub,
            seller,
        }
    }

    /// Connects the account.
    pub async fn connect(&self) {
        let config = sdk_config_for(self.cloud.endpoint());
        let address = |queue: &str| format!("{}/000000000000/{queue}", self.cloud.endpoint());
        let polls = PollsSqs::new(&config, address(POLLS));
        let ship = ShipSqs::new(&config, address(SHIP));
        let request = ConnectRequest {
            marketplace: "meesho".parse().expect("an id"),
            name: "Main store".to_owned(),
            credentials: credentials(EMAIL, "sandbox-only"),
            marketplace_seller: None,
            warehouse: None,
            contact: None,
            back_fill_days: None,
        };
        let queues: (&dyn PollsQueue, &dyn ShipQueue) = (&polls, &ship);
        let connected = connect_account(&self.hub, queues, &self.seller, &request);
        connected.await.expect("connected");
    }

    /// A token of the seller.
    pub async fn token(&self) -> String {
        let table = &self.cloud.database.table;
        let now = self.cloud.clock.now();
        let scopes = vec![Scope::Read];
        let token =
            haat_workflows::create_token(table.as_ref(), &self.seller, "bench", scopes, now);
        token.await.expect("a token").text.expose().to_owned()
    }

    /// A process of a program, once it asks for its first event.
    pub async fn start(&self, program: &Path) -> Lambda {
        let mut variables = self.cloud.variables(self.cloud.endpoint());
        variables.retain(|(name, _)| name != "RUST_LOG");
        let more = [
            ("RUST_LOG", "warn,haat=info".to_owned()),
            ("MEESHO_URL", self.sandbox.api_url()),
            ("MEESHO_FILE_HOSTS", self.sandbox.file_host()),
            ("MEESHO_PROFILE", PROFILE.to_owned()),
        ];
        variables.extend(more.map(|(name, value)| (name.to_owned(), value)));
        let mut lambda = Lambda::start_program(program, &variables)
            .await
            .patient(PATIENCE);
        lambda.ready().await;
        lambda
    }
}

/// Hands over an event and insists that all of it was done.
pub async fn done(lambda: &mut Lambda, event: &Value) {
    match lambda.invoke(event).await {
        Outcome::Answered(answer) => {
            let failures = answer.get("batchItemFailures").and_then(Value::as_array);
            assert!(
                failures.is_none_or(Vec::is_empty),
                "{answer}\n{}",
                lambda.said()
            );
        }
        other => panic!("{other:?}\n{}", lambda.said()),
    }
}

/// The event of one poll of the account's pack.
pub fn poll() -> Value {
    let mut event: Value =
        serde_json::from_str(include_str!("../../../events/polls.json")).expect("the sample");
    if let Some(body) = event.pointer_mut("/Records/0/body") {
        *body = json!(json!({ "pack": "p5-0" }).to_string());
    }
    event
}
