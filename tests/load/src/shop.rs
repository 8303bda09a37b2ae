//! A seller's hub whose every cost is counted: the real workflows and the real clients of AWS over
//! a cloud in this process, a marketplace beside it, and a ledger for what Lambda adds.

use std::collections::BTreeSet;
use std::sync::Arc;

use haat_aws::testing::{Meter, TABLE, metered, sdk_config_for};
use haat_aws::{PollsSqs, S3Files, SellerVault, ShipSqs, Table};
use haat_domain::{Action, Actor, OrderId, Parcel, Scope, Secret, SellerId};
use haat_ledger::Ledger;
use haat_marketplaces::http_client;
use haat_ports::{
    Accounts as _, Clock, Credentials, OrderStore as _, Parcels as _, PollMessage, PollsQueue,
    ShipMessage, ShipQueue,
};
use haat_sandbox::ajio::{self, Ajio};
use haat_sandbox::{NewAccount, Options, Sandbox};
use haat_tests::clock::MovedClock;
use haat_tests::cloud::{Cloud, POLLS, SHIP};
use haat_tests::hub::{at_places, hub};
use haat_tests::template;
use haat_tests::world::credentials;
use haat_workflows::{ConnectRequest, ShipDesk, authenticate, create_token};
use jiff::{SignedDuration, Timestamp};

use crate::billed::{self, Function, Seen};

/// No pauses: they are added to the bill by calculation, not by waiting for them.
const PROFILE: &str = r#"{"milliseconds_between_calls": 0}"#;
/// AJIO's usual POB.
pub const POB: &str = "DV900001";
/// The marketplace sellers of a shop are numbered from here.
pub const FIRST_SUPPLIER: u64 = 4_100_001;

/// A hub, its cloud and its marketplace.
pub struct Shop {
    /// Meesho's double.
    pub sandbox: Sandbox,
    /// AJIO's double.
    pub ajio: Ajio,
    cloud: Cloud,
    meter: Meter,
    seller: SellerId,
    token: Secret,
    desk: ShipDesk,
    polls: PollsSqs,
}

impl Shop {
    /// A shop with this many marketplace accounts to connect, each with a login of its own.
    pub async fn with_accounts(accounts: u64) -> Self {
        let names = (0..accounts).map(account).collect();
        let options = Options {
            accounts: names,
            ..Options::default()
        };
        let sandbox = Sandbox::start(options).await.expect("a marketplace");
        let clock = Arc::new(MovedClock::at(sandbox.control().now()));
        let cloud = Cloud::start(Arc::clone(&clock)).await;
        let meter = Meter::default();
        let config = metered(&sdk_config_for(cloud.endpoint()), &meter);
        let clock: Arc<dyn Clock> = clock;
        let table = Arc::new(Table::new(&config, TABLE, Arc::clone(&clock)));
        let ajio = Ajio::start(ajio::Options::default()).await.expect("AJIO");
        let (panel, files) = (sandbox.api_url(), sandbox.file_host());
        let (api, papers) = (ajio.api_url(), ajio.file_host());
        let http = http_client().expect("an HTTP client");
        let places = [
            ("meesho", panel.as_str(), files.as_str(), PROFILE),
            ("ajio", api.as_str(), papers.as_str(), PROFILE),
        ];
        let marketplaces = at_places(&places, &http, &clock);
        let vault = SellerVault::new(&config, table.clone(), "key");
        let now = clock.now();
        let (hub, seller) = hub(table.clone(), vault, marketplaces, clock).await;
        let token = create_token(table.as_ref(), &seller, "app", vec![Scope::Pack], now);
        let token = token.await.expect("a token").text;
        let address = |queue: &str| format!("{}/000000000000/{queue}", cloud.endpoint());
        let desk = ShipDesk {
            hub,
            files: Arc::new(S3Files::new(&config, "files")),
            queue: Arc::new(ShipSqs::new(&config, address(SHIP))),
            read_pages: haat_ship::read_pages,
            budget: SignedDuration::from_secs(45),
        };
        let polls = PollsSqs::new(&config, address(POLLS));
        Self {
            sandbox,
            ajio,
            cloud,
            meter,
            seller,
            token,
            desk,
            polls,
        }
    }

    /// Connects every account at Meesho.
    pub async fn connect(&self, accounts: u64) {
        for number in 0..accounts {
            let credentials = credentials(&email(number), "sandbox-only");
            self.connect_to("meesho", credentials).await;
        }
    }

    /// Connects AJIO's usual POB.
    pub async fn connect_pob(&self) {
        let fields = [("username", POB), ("password", "sandbox-only")];
        let fields = fields.map(|(name, text)| (name.to_owned(), Secret::new(text)));
        self.connect_to("ajio", Credentials(fields.into())).await;
    }

    async fn connect_to(&self, marketplace: &str, credentials: Credentials) {
        let request = ConnectRequest {
            marketplace: marketplace.parse().expect("an id"),
            name: "Store".to_owned(),
            credentials,
            marketplace_seller: None,
            warehouse: None,
            contact: None,
            back_fill_days: None,
        };
        let queues: (&dyn PollsQueue, &dyn ShipQueue) = (&self.polls, self.desk.queue.as_ref());
        let connected =
            haat_workflows::connect_account(&self.desk.hub, queues, &self.seller, &request);
        connected.await.expect("connected");
    }

    /// Sets weight and size of one piece of these products. Not counted into the bill.
    pub async fn measure(&self, skus: &BTreeSet<String>, parcel: &Parcel) {
        let table = &self.cloud.database.table;
        for sku in skus {
            let sku = sku.parse().expect("a SKU");
            let put = table.put_parcel(&self.seller, &sku, parcel).await;
            put.expect("kept");
        }
    }

    /// Calls of the marketplaces so far.
    pub fn marketplace_calls(&self) -> u64 {
        let meesho = self.sandbox.control().counters();
        let ajio = self.ajio.control().counters();
        meesho.calls.values().chain(ajio.calls.values()).sum()
    }

    /// What was used since the last time this was asked.
    pub fn bill(&self) -> Ledger {
        self.meter.take().ledger
    }

    /// The bytes of the table's items as they are billed, those of the index included. Not counted
    /// into the bill.
    pub async fn table_bytes(&self) -> u64 {
        /// What storage adds to an item, and again to its entry of the index.
        const AROUND_AN_ITEM: u64 = 100;
        let scan = self.cloud.database.client.scan().table_name(TABLE);
        let mut pages = scan.into_paginator().items().send();
        let mut bytes = 0;
        while let Some(item) = pages.next().await {
            let item = item.expect("the table's items");
            let indexed = u64::from(item.contains_key("gpk"));
            bytes += bytes_of(&item) + (1 + 2 * indexed) * AROUND_AN_ITEM;
        }
        bytes
    }

    /// The bytes of all files.
    pub fn file_bytes(&self) -> u64 {
        let files = self.cloud.files();
        let sizes = files
            .values()
            .map(|bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        sizes.sum()
    }

    /// The schedule's tick at the clock's minute: packs that are due are sent.
    pub async fn tick(&self) {
        let seen = self.look();
        let (table, now) = (self.desk.hub.store.as_ref(), self.now());
        haat_workflows::schedule_polls(table, &self.polls, now)
            .await
            .expect("scheduled");
        self.called(Function::Schedule, seen, 1, 0);
    }

    /// Delivers all that is due, and what that leads to, until all is quiet.
    pub async fn settle(&self) {
        for _round in 0..200 {
            let polls = self.received(POLLS, template::POLLS.hidden);
            let ship = self.received(SHIP, template::SHIP.hidden);
            let news = self.cloud.stream.news().await.expect("the stream");
            if polls.is_empty() && ship.is_empty() && news.is_empty() {
                return;
            }
            for body in polls {
                self.poll(&serde_json::from_str(&body).expect("a poll"))
                    .await;
            }
            // As many as a call may bring: the best case, of a busy table.
            for records in news.chunks(*template::CHANGES_AT_ONCE) {
                self.react(records).await;
            }
            for body in ship {
                self.ship(&serde_json::from_str(&body).expect("work")).await;
            }
        }
        panic!("the hub does not come to rest");
    }

    /// Lets time pass, delivering every message when it is due.
    pub async fn pass(&self, time: SignedDuration) {
        self.settle().await;
        let end = self.now() + time;
        loop {
            let waiting = self.cloud.queues().waiting(SHIP);
            let next = waiting.iter().map(|message| message.visible_at).min();
            let now = next.map_or(end, |due| due.clamp(self.now(), end));
            self.move_to(now);
            self.settle().await;
            if now >= end {
                return;
            }
        }
    }

    /// Asks for an action on orders, as a seller's app does through the API: each by itself, and
    /// long enough after the one before that the token is looked up again.
    pub async fn ask(&self, numbers: &[String], action: Action) {
        let account = self.account().await;
        for number in numbers {
            let seen = self.look();
            let store = self.desk.hub.store.as_ref();
            let caller = authenticate(store, &self.token, self.now()).await;
            assert!(caller.expect("looked up").is_some(), "the token is known");
            self.called(Function::Authorize, seen, 1, 0);
            let seen = self.look();
            let id = OrderId {
                account: account.clone(),
                number: number.parse().expect("a number"),
            };
            let by = Actor::Token("t_1".parse().expect("an id"));
            let (store, queue) = (self.desk.hub.store.as_ref(), self.desk.queue.as_ref());
            let wish = action.into();
            let asked = haat_workflows::ask(store, queue, &self.seller, &id, &wish, by, self.now());
            asked.await.expect("asked");
            self.called(Function::Api, seen, 1, 0);
        }
    }

    /// The first account's id. Not counted into the bill.
    pub async fn account(&self) -> haat_domain::AccountId {
        let accounts = self.cloud.database.table.accounts(&self.seller).await;
        accounts.expect("accounts").swap_remove(0).id
    }

    /// The order with this number. Not counted into the bill.
    pub async fn order(&self, number: &str) -> haat_domain::Order {
        let id = OrderId {
            account: self.account().await,
            number: number.parse().expect("a number"),
        };
        let found = self.cloud.database.table.orders(&self.seller, &[id]).await;
        found.expect("orders").pop().expect("the order")
    }

    async fn poll(&self, message: &PollMessage) {
        let seen = self.look();
        let budget = SignedDuration::from_mins(4);
        let never_late = std::future::pending();
        let polled = haat_workflows::poll_pack(&self.desk.hub, message, budget, never_late).await;
        let summary = polled.expect("polled");
        let line = u64::try_from(summary.line().len()).unwrap_or(u64::MAX);
        let logins = u64::try_from(summary.counts.len()).unwrap_or(u64::MAX);
        self.called(Function::Poll, seen, logins, line);
    }

    async fn react(&self, records: &[serde_json::Value]) {
        let seen = self.look();
        let event = serde_json::json!({ "Records": records });
        let event = serde_json::from_value(event).expect("an event");
        let (store, queue) = (self.desk.hub.store.as_ref(), self.desk.queue.as_ref());
        let answer = haat_react::handle(store, queue, event, self.now()).await;
        assert!(answer.batch_item_failures.is_empty());
        self.called(Function::React, seen, 1, 0);
    }

    async fn ship(&self, message: &ShipMessage) {
        let seen = self.look();
        let worked = haat_workflows::work_on_jobs(&self.desk, message).await;
        worked.expect("worked");
        self.called(Function::Ship, seen, 1, 0);
    }

    /// Messages that are due, received one by one and deleted when done.
    fn received(&self, queue: &str, hidden: SignedDuration) -> Vec<String> {
        let messages = self.cloud.queues().receive(queue, hidden);
        let taken = messages.into_iter().map(|message| {
            self.cloud.queues().acknowledge(&message.id);
            self.meter.add(billed::delivery());
            message.body
        });
        taken.collect()
    }

    fn look(&self) -> Seen {
        Seen {
            attempts: self.meter.attempts(),
            marketplace: self.marketplace_calls(),
        }
    }

    fn called(&self, function: Function, before: Seen, logins: u64, line: u64) {
        let now = self.look();
        let during = Seen {
            attempts: now.attempts.saturating_sub(before.attempts),
            marketplace: now.marketplace.saturating_sub(before.marketplace),
        };
        self.meter.add(billed::call(function, during, logins, line));
    }

    fn now(&self) -> Timestamp {
        self.cloud.clock.now()
    }

    /// Moves the clocks of hub and marketplace.
    pub fn move_to(&self, now: Timestamp) {
        let seconds = now.duration_since(self.now()).as_secs();
        self.cloud.clock.move_to(now);
        let meesho = self.sandbox.control().advance_seconds(seconds);
        meesho.expect("time goes on");
        let ajio = self.ajio.control().advance_seconds(seconds);
        ajio.expect("time goes on");
    }

    /// Lets time pass without delivering anything.
    pub fn skip(&self, time: SignedDuration) {
        self.move_to(self.now() + time);
    }
}

fn email(number: u64) -> String {
    format!("seller{number}@example.test")
}

fn account(number: u64) -> NewAccount {
    let identifier = format!("s{number:04}");
    let supplier = (FIRST_SUPPLIER.saturating_add(number), identifier.as_str());
    NewAccount::new(&email(number), "sandbox-only", &[supplier])
}

/// The size of an item, by way of the form our rules read.
fn bytes_of(
    item: &std::collections::HashMap<String, aws_sdk_dynamodb::types::AttributeValue>,
) -> u64 {
    use aws_sdk_dynamodb::types::AttributeValue as Value;
    fn json(value: &Value) -> serde_json::Value {
        use serde_json::json;
        match value {
            Value::S(text) => json!({ "S": text }),
            Value::N(digits) => json!({ "N": digits }),
            Value::Bool(yes) => json!({ "BOOL": yes }),
            Value::B(bytes) => json!({ "SS": ["x".repeat(bytes.as_ref().len())] }),
            Value::L(list) => json!({ "L": list.iter().map(json).collect::<Vec<_>>() }),
            Value::M(map) => {
                let map = map.iter().map(|(name, value)| (name.clone(), json(value)));
                json!({ "M": serde_json::Value::Object(map.collect()) })
            }
            _ => json!({ "NULL": true }),
        }
    }
    let item = item.iter().map(|(name, value)| (name.clone(), json(value)));
    haat_ledger::item::size(&item.collect())
}
