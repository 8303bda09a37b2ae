//! A whole hub in one process: the real table semantics, the real connector against the
//! marketplace's double, and one clock that all of them share. Nothing sleeps.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test's world stops the test when it cannot be built"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use haat_aws::testing::{self, Fate};
use haat_aws::{SellerVault, Table};
use haat_domain::{Action, Actor, Order, OrderId, Secret, SellerId};
use haat_marketplaces::{Registry, http_client};
use haat_ports::{
    Clock, Credentials, Listing, OrderStore as _, PollMessage, PollsQueue, ShipMessage, ShipQueue,
};
use haat_sandbox::ajio::Ajio;
use haat_sandbox::{Options, Sandbox, Seed, State};
use haat_workflows::{ConnectRefusal, ConnectRequest, Connected, Hub, PollSummary, ShipDesk};
use jiff::{SignedDuration, Timestamp};

use crate::hub::{hub, marketplaces};
use crate::in_memory::{MemoryFiles, Queues, TestClock, lock};
use crate::told::Told;

/// A hub with one seller, and a marketplace beside it.
pub struct World {
    /// Meesho's double.
    pub sandbox: Sandbox,
    /// AJIO's double, in a world that has one.
    pub ajio: Option<Ajio>,
    /// The one clock.
    pub clock: Arc<TestClock>,
    /// The table.
    pub table: Arc<Table>,
    /// What the table's calls cost.
    pub meter: testing::Meter,
    /// The table's stream.
    pub changes: Mutex<testing::Changes>,
    /// The queues.
    pub queues: Arc<Queues>,
    /// The files.
    pub files: Arc<MemoryFiles>,
    /// What workflows stand on.
    pub desk: ShipDesk,
    /// The tenant.
    pub seller: SellerId,
    told: Mutex<BTreeMap<OrderId, Told>>,
}

/// A profile under which the connector does not wait between calls.
pub(crate) const AT_ONCE: &str = r#"{"milliseconds_between_calls": 0}"#;

impl World {
    /// A hub beside a fresh sandbox.
    pub async fn new() -> Self {
        Self::with(Options::default()).await
    }

    /// A hub beside a sandbox of these options.
    pub async fn with(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let address = sandbox.api_url();
        Self::beside(sandbox, &address).await
    }

    /// A hub that reaches the sandbox's panel through another address.
    pub async fn beside(sandbox: Sandbox, address: &str) -> Self {
        Self::assuming(sandbox, address, AT_ONCE).await
    }

    /// A hub that assumes this of the marketplace, as a patch of the connector's profile.
    pub async fn assuming(sandbox: Sandbox, address: &str, profile: &str) -> Self {
        let clock = Arc::new(TestClock::at(sandbox.control().now()));
        let local = testing::start(clock.clone()).await;
        let (files, http) = (sandbox.file_host(), http_client().unwrap());
        let shared: Arc<dyn Clock> = clock.clone();
        let marketplaces = marketplaces(address, &files, profile, &http, &shared);
        Self::of(sandbox, clock, local, marketplaces).await
    }

    /// A hub whose table is asked without a socket, so that what happens happens in the same order
    /// each time, and whose calls of the table may be the last ones of their caller.
    pub async fn near(options: Options, http: &reqwest::Client, fate: Fate) -> Self {
        Self::near_assuming(options, http, fate, AT_ONCE).await
    }

    /// The same, assuming this of the marketplace.
    pub async fn near_assuming(
        options: Options,
        http: &reqwest::Client,
        fate: Fate,
        profile: &str,
    ) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let (panel, files) = (sandbox.api_url(), sandbox.file_host());
        let clock = Arc::new(TestClock::at(sandbox.control().now()));
        let local = testing::start_near(clock.clone(), fate).await;
        let shared: Arc<dyn Clock> = clock.clone();
        let marketplaces = marketplaces(&panel, &files, profile, http, &shared);
        Self::of(sandbox, clock, local, marketplaces).await
    }

    pub(crate) async fn of(
        sandbox: Sandbox,
        clock: Arc<TestClock>,
        local: testing::Local,
        marketplaces: Registry,
    ) -> Self {
        let table = local.table;
        let queues = Arc::new(Queues::new(clock.clone()));
        let files = Arc::new(MemoryFiles::default());
        let vault = SellerVault::with_fixed_key_for_tests([7; 32]);
        let (hub, seller) = hub(table.clone(), vault, marketplaces, clock.clone()).await;
        let desk = ShipDesk {
            hub,
            files: files.clone(),
            queue: queues.clone(),
            read_pages: haat_ship::read_pages,
            budget: SignedDuration::from_secs(45),
        };
        Self {
            sandbox,
            ajio: None,
            clock,
            table,
            meter: local.meter,
            changes: Mutex::new(local.changes),
            queues,
            files,
            desk,
            seller,
            told: Mutex::default(),
        }
    }

    /// What workflows that speak to marketplaces stand on.
    pub fn hub(&self) -> &Hub {
        &self.desk.hub
    }

    /// Connects the sandbox's usual login.
    pub async fn connect(&self) -> Connected {
        self.try_connect("sandbox-only").await.unwrap()
    }

    /// Connects the sandbox's usual login with a password.
    pub async fn try_connect(&self, password: &str) -> Result<Connected, ConnectRefusal> {
        self.connect_with(password, None).await
    }

    /// Connects one of the marketplace sellers of the sandbox's usual login.
    pub async fn connect_as(&self, key: Option<&str>) -> Result<Connected, ConnectRefusal> {
        self.connect_with("sandbox-only", key).await
    }

    /// Connects with a password one of the marketplace sellers.
    pub async fn connect_with(
        &self,
        password: &str,
        key: Option<&str>,
    ) -> Result<Connected, ConnectRefusal> {
        let usual = credentials("seller@example.test", password);
        self.connect_login(usual, key).await
    }

    /// Connects one of the marketplace sellers of any login.
    pub async fn connect_login(
        &self,
        credentials: Credentials,
        key: Option<&str>,
    ) -> Result<Connected, ConnectRefusal> {
        let request = ConnectRequest {
            marketplace: "meesho".parse().unwrap(),
            name: "Main store".to_owned(),
            credentials,
            marketplace_seller: key.map(str::to_owned),
            warehouse: None,
            contact: None,
            back_fill_days: None,
        };
        let queues: (&dyn PollsQueue, &dyn ShipQueue) =
            (self.queues.as_ref(), self.queues.as_ref());
        haat_workflows::connect_account(self.hub(), queues, &self.seller, &request).await
    }

    /// Connects the first supplier, who has these orders already, and lets the hub read them.
    pub async fn connect_with_orders(&self, state: State, count: u32) -> Vec<String> {
        let seed = Seed::new(4_100_001, state, count);
        let numbers = self.sandbox.control().seed(&seed).unwrap();
        self.connect().await;
        self.settle().await;
        numbers
    }

    /// Polls every pack, as if the schedule had sent it.
    pub async fn poll(&self) -> Vec<PollSummary> {
        use haat_ports::Polls as _;
        let mut summaries = Vec::new();
        for pack in self.table.packs().await.unwrap() {
            let message = PollMessage {
                pack: pack.id,
                account: None,
                test_of: None,
            };
            summaries.push(self.poll_pack(&message).await);
        }
        summaries
    }

    /// Polls as this message says, with the time that the function has.
    pub async fn poll_pack(&self, message: &PollMessage) -> PollSummary {
        let (budget, never_late) = (SignedDuration::from_mins(4), std::future::pending());
        haat_workflows::poll_pack(self.hub(), message, budget, never_late)
            .await
            .unwrap()
    }

    /// Delivers all that is due now, and what that leads to, until all is quiet.
    pub async fn settle(&self) {
        for _round in 0..200 {
            let polls = std::mem::take(&mut *lock(&self.queues.polls));
            let due = self.take_due();
            let changed = self.changed().await;
            if polls.is_empty() && due.is_empty() && changed.is_empty() {
                return;
            }
            for message in polls {
                match (&message.test_of, &message.account) {
                    (Some(seller), Some(account)) => {
                        haat_workflows::test_account(self.hub(), seller, account)
                            .await
                            .unwrap();
                    }
                    _ => drop(self.poll_pack(&message).await),
                }
            }
            let queue: &dyn ShipQueue = self.queues.as_ref();
            let (store, now) = (self.table.as_ref(), self.clock.now());
            haat_workflows::react(store, queue, &self.seller, &changed, now)
                .await
                .unwrap();
            for message in due {
                haat_workflows::work_on_jobs(&self.desk, &message)
                    .await
                    .unwrap();
            }
        }
        panic!("the hub does not come to rest");
    }

    /// Lets time pass, delivering every message when it is due.
    pub async fn pass(&self, time: SignedDuration) {
        self.settle().await;
        let end = self.clock.now() + time;
        loop {
            self.skip_to_next_message(end);
            let now = self.clock.now();
            self.settle().await;
            if now >= end {
                return;
            }
        }
    }

    /// Lets time pass without delivering anything.
    pub fn skip(&self, time: SignedDuration) {
        self.move_to(self.clock.now() + time);
    }

    /// Lets time pass until a message may be delivered, or until `end`.
    pub fn skip_to_next_message(&self, end: Timestamp) {
        let next = lock(&self.queues.ship).iter().map(|(due, _)| *due).min();
        self.move_to(next.map_or(end, |due| due.clamp(self.clock.now(), end)));
    }

    /// Messages that wait for their time.
    pub fn waiting_messages(&self) -> usize {
        lock(&self.queues.ship).len()
    }

    /// Loses every message that is on its way, the table's own news included.
    pub async fn lose_messages(&self) {
        self.changed().await;
        lock(&self.queues.polls).clear();
        lock(&self.queues.ship).clear();
    }

    /// Asks for an action as the seller.
    pub async fn ask(&self, number: &str, action: Action) -> Result<Order, String> {
        let id = self.order(number).await.id;
        let by = Actor::Token("t_1".parse().unwrap());
        let (store, now) = (self.table.as_ref(), self.clock.now());
        let queue: &dyn ShipQueue = self.queues.as_ref();
        haat_workflows::ask(store, queue, &self.seller, &id, &action.into(), by, now)
            .await
            .map(|asked| asked.order)
            .map_err(|refusal| refusal.to_string())
    }

    /// Every order of the seller.
    pub async fn orders(&self) -> Vec<Order> {
        let mut orders = self.listed(Listing::Open).await;
        orders.extend(self.listed(Listing::Closed).await);
        orders
    }

    /// Every order of one of the seller's lists.
    pub async fn listed(&self, listing: Listing) -> Vec<Order> {
        let mut orders = Vec::new();
        let mut cursor = None;
        loop {
            let page = self
                .table
                .list_orders(&self.seller, listing, cursor.as_deref(), 100)
                .await
                .unwrap();
            orders.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                return orders;
            }
        }
    }

    /// The order with this number.
    pub async fn order(&self, number: &str) -> Order {
        let orders = self.orders().await;
        let found = orders
            .into_iter()
            .find(|order| order.id.number.as_str() == number);
        found.unwrap_or_else(|| panic!("order {number} is not stored"))
    }

    /// Takes the messages about work on orders out of their queue that may be delivered now.
    pub fn take_due(&self) -> Vec<ShipMessage> {
        let now = self.clock.now();
        let mut ship = lock(&self.queues.ship);
        let (due, later) = ship.drain(..).partition(|(due, _)| *due <= now);
        *ship = later;
        let due: Vec<(Timestamp, ShipMessage)> = due;
        due.into_iter().map(|(_, message)| message).collect()
    }

    fn move_to(&self, now: Timestamp) {
        let seconds = now.duration_since(self.clock.now()).as_secs();
        self.clock.set(now);
        self.sandbox.control().advance_seconds(seconds).unwrap();
        if let Some(ajio) = &self.ajio {
            ajio.control().advance_seconds(seconds).unwrap();
        }
    }

    /// The orders that became new or accepted, got open work, or what they waited for, since the last
    /// look: what the table's stream would tell `react`.
    async fn changed(&self) -> Vec<OrderId> {
        let orders = self.orders().await;
        let mut told = lock(&self.told);
        let mut changed = Vec::new();
        for order in orders {
            let now = Told::of(&order);
            let before = told.insert(order.id.clone(), now).unwrap_or_default();
            if now.is_news_after(before) {
                changed.push(order.id);
            }
        }
        changed
    }
}

/// Credentials as the seller types them.
pub fn credentials(email: &str, password: &str) -> Credentials {
    Credentials(BTreeMap::from([
        ("email".to_owned(), Secret::new(email)),
        ("password".to_owned(), Secret::new(password)),
    ]))
}
