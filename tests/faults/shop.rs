//! A seller's hub made of real programs: the cloud's doubles, a marketplace, one connected
//! account, and one function behind a crash proxy.

use std::sync::Arc;

use haat_aws::testing::sdk_config_for;
use haat_aws::{PollsSqs, SellerVault, ShipSqs};
use haat_domain::{Account, Action, Actor, OrderId, Parked, ParkedKind, Secret, SellerId};
use haat_marketplaces::http_client;
use haat_ports::{
    Accounts as _, Clock, Credentials, OrderStore as _, ParkedStore as _, PollMessage, PollsQueue,
    ShipMessage, ShipQueue,
};
use haat_sandbox::{Sandbox, ajio};
use haat_tests::clock::MovedClock;
use haat_tests::cloud::{Cloud, POLLS, SHIP};
use haat_tests::crash_proxy::{CrashProxy, Plan};
use haat_tests::hub::{at_places, hub};
use haat_tests::lambda::{Lambda, Outcome};
use haat_workflows::{ConnectRequest, Hub, ask, connect_account, poll_pack};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::market::{Market, Which};

pub(crate) struct Shop {
    pub(crate) cloud: Cloud,
    pub(crate) market: Market,
    pub(crate) seller: SellerId,
    pub(crate) proxy: CrashProxy,
    pub(crate) opened_at: Timestamp,
    function: &'static str,
    process: Option<Lambda>,
    log: String,
    hub: Hub,
}

impl Shop {
    /// A shop at a marketplace whose `function` suffers what the plan says.
    pub(crate) async fn open(which: Which, function: &'static str, plan: Option<Plan>) -> Self {
        let market = Market::open(which).await;
        let opened_at = market.now();
        let clock = Arc::new(MovedClock::at(opened_at));
        let cloud = Cloud::start(Arc::clone(&clock)).await;
        let (host, files) = (market.host(), market.files());
        let proxy = CrashProxy::start(cloud.endpoint(), &host, &files, plan).await;
        let shared: Arc<dyn Clock> = clock;
        let http = http_client().unwrap();
        let api = market.api(&host);
        let place = [(market.id(), api.as_str(), files.as_str(), market.profile())];
        let marketplaces = at_places(&place, &http, &shared);
        let table = Arc::clone(&cloud.database.table);
        let vault = SellerVault::new(&sdk_config_for(cloud.endpoint()), table.clone(), "key");
        let (hub, seller) = hub(table, vault, marketplaces, shared).await;
        Self {
            cloud,
            market,
            seller,
            proxy: proxy.unwrap(),
            opened_at,
            function,
            process: None,
            log: String::new(),
            hub,
        }
    }

    /// Meesho's double.
    pub(crate) fn meesho(&self) -> &Sandbox {
        match &self.market {
            Market::Meesho(meesho) => meesho,
            Market::Ajio(_) => panic!("this shop is at AJIO"),
        }
    }

    /// AJIO's double.
    pub(crate) fn ajio(&self) -> &ajio::Control {
        match &self.market {
            Market::Ajio(ajio) => ajio.control(),
            Market::Meesho(_) => panic!("this shop is at Meesho"),
        }
    }

    /// Connects the double's usual login. A poll of the new account is on its way then.
    pub(crate) async fn connect(&self) {
        let config = sdk_config_for(self.cloud.endpoint());
        let polls = PollsSqs::new(&config, self.address(POLLS));
        let ship = ShipSqs::new(&config, self.address(SHIP));
        let fields = self.market.credentials();
        let fields = fields.map(|(name, text)| (name.to_owned(), Secret::new(text)));
        let request = ConnectRequest {
            marketplace: self.market.id().parse().unwrap(),
            name: "Main store".to_owned(),
            credentials: Credentials(fields.into()),
            marketplace_seller: None,
            warehouse: None,
            contact: None,
            back_fill_days: None,
        };
        let queues: (&dyn PollsQueue, &dyn ShipQueue) = (&polls, &ship);
        let connected = connect_account(&self.hub, queues, &self.seller, &request);
        connected.await.unwrap();
        // Work that may have been left by the seller's panel is not what is looked at here.
        for message in self.cloud.queues().waiting(SHIP) {
            self.cloud.queues().acknowledge(&message.id);
        }
    }

    fn address(&self, queue: &str) -> String {
        format!("{}/000000000000/{queue}", self.cloud.endpoint())
    }

    /// The one account.
    pub(crate) async fn account(&self) -> Account {
        let accounts = self.cloud.database.table.accounts(&self.seller).await;
        accounts.unwrap().remove(0)
    }

    /// Reads the account's orders without anybody's faults, and takes the poll that was asked
    /// for as done.
    pub(crate) async fn read_orders(&self) {
        let queues = self.cloud.queues();
        for message in queues.receive(POLLS, SignedDuration::ZERO) {
            let poll: PollMessage = serde_json::from_str(&message.body).unwrap();
            let (budget, never_late) = (SignedDuration::from_mins(4), std::future::pending());
            let polled = poll_pack(&self.hub, &poll, budget, never_late).await;
            assert!(polled.unwrap().missed.is_empty());
            queues.acknowledge(&message.id);
        }
    }

    /// Asks for an action as the seller.
    pub(crate) async fn ask(&self, number: &str, action: Action) {
        let config = sdk_config_for(self.cloud.endpoint());
        let queue = ShipSqs::new(&config, self.address(SHIP));
        let id = OrderId {
            account: self.account().await.id,
            number: number.parse().unwrap(),
        };
        let (store, now) = (self.hub.store.as_ref(), self.cloud.clock.now());
        let by = Actor::Token("t_1".parse().unwrap());
        let asked = ask(store, &queue, &self.seller, &id, &action.into(), by, now).await;
        assert!(asked.unwrap().new);
    }

    /// An order that the marketplace did not let the hub accept.
    pub(crate) async fn fail_to_accept(&self, number: &str) {
        self.ask(number, Action::Accept).await;
        let table = &self.cloud.database.table;
        let (account, now) = (self.account().await.id, self.cloud.clock.now());
        let id = OrderId {
            account: account.clone(),
            number: number.parse().unwrap(),
        };
        let mut order = table.orders(&self.seller, &[id]).await.unwrap().remove(0);
        let parked = Parked {
            seller: self.seller.clone(),
            account,
            kind: ParkedKind::Accept,
            key: number.to_owned(),
            reason: "refused".to_owned(),
            since: now,
            label: None,
        };
        table.park(&parked, None).await.unwrap();
        assert!(order.fail(Action::Accept, &parked.reason, now));
        table.put_order(&mut order).await.unwrap();
    }

    /// Sends what `react` sends when these orders want an action.
    pub(crate) async fn tell_ship(&self, action: Action, numbers: &[String]) {
        let message = ShipMessage {
            seller: self.seller.clone(),
            account: self.account().await.id,
            action,
            orders: numbers.iter().map(|n| n.parse().unwrap()).collect(),
            wake: None,
        };
        let body = serde_json::to_string(&message).unwrap();
        self.cloud.queues().send(SHIP, &body, SignedDuration::ZERO);
    }

    /// A process of the function that nothing disturbs.
    pub(crate) async fn another_process(&self) -> Lambda {
        let cloud = self.cloud.endpoint();
        let (host, files) = (self.market.host(), self.market.files());
        Lambda::start(self.function, &self.variables(cloud, &host, files)).await
    }

    /// The function's process behind the proxy: the one that lives, or a new one.
    pub(crate) async fn process(&mut self) -> Lambda {
        match self.process.take() {
            Some(process) => process,
            None => self.start().await,
        }
    }

    /// Keeps a process for the next event, or its log when it died.
    pub(crate) fn take_back(&mut self, process: Lambda, outcome: &Outcome) {
        if *outcome == Outcome::Died {
            self.log.push_str(&process.said());
            self.log.push_str("(the process died)\n");
        } else {
            self.process = Some(process);
        }
    }

    async fn start(&self) -> Lambda {
        let (host, files) = (self.proxy.panel(), self.proxy.files());
        let variables = self.variables(&self.proxy.cloud(), &host, files);
        let process = Lambda::start(self.function, &variables).await;
        self.proxy.watch(process.process());
        process
    }

    fn variables(&self, cloud: &str, host: &str, files: String) -> Vec<(String, String)> {
        let mut variables = self.cloud.variables(cloud);
        let marketplace = self.market.id().to_uppercase();
        let place = [
            ("URL", self.market.api(host)),
            ("FILE_HOSTS", files),
            ("PROFILE", self.market.profile().to_owned()),
        ];
        let named = |(what, value)| (format!("{marketplace}_{what}"), value);
        variables.extend(place.map(named));
        variables
    }

    /// What the function's processes wrote.
    pub(crate) fn log(&self) -> String {
        let now = self.process.as_ref().map(Lambda::said);
        format!("{}{}", self.log, now.unwrap_or_default())
    }

    /// Lets time pass, for everybody.
    pub(crate) fn pass(&self, time: SignedDuration) {
        let now = self.cloud.clock.now();
        self.cloud.clock.move_to(now + time);
        self.market.pass(time.as_secs());
    }
}

/// Whether the function did all that the event asked for.
pub(crate) fn is_done(outcome: &Outcome) -> bool {
    *outcome == Outcome::Answered(json!({ "batchItemFailures": [] }))
}
