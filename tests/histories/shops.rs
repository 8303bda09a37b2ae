//! Three accounts over two log-ins, and the person who looks after them.

use haat_domain::{
    AccountId, Action, Actor, AttentionReason, Health, Order, OrderId, Parked, Secret,
};
use haat_ports::{Accounts as _, Listing, Page, ParkedStore as _, PollsQueue, ShipQueue};
use haat_sandbox::{NewAccount, Options, Timings};
use haat_tests::world::credentials;
use haat_workflows::{
    ConnectRequest, CredentialsRefusal, OtpRefusal, SettingsChange, change_credentials,
    change_settings,
};

use crate::cloud::{Cloud, End};

const FIRST_PASSWORD: &str = "sandbox-only";
pub(crate) const OTP: &str = "482913";

/// One log-in: who, and the supplier by which the sandbox finds it.
const LOGINS: [(&str, u64); 2] = [
    ("seller@example.test", 4_100_001),
    ("second@example.test", 4_100_003),
];

/// One account: supplier, the connector's key of it, its log-in.
const SHOPS: [(u64, &str, usize); 3] = [
    (4_100_001, "4100001/ab1cd", 0),
    (4_100_002, "4100002/ef2gh", 0),
    (4_100_003, "4100003/gh3ij", 1),
];

pub(crate) struct Shop {
    pub(crate) supplier: u64,
    pub(crate) identifier: &'static str,
    pub(crate) account: AccountId,
    pub(crate) auto_accept: bool,
}

pub(crate) struct Login {
    pub(crate) email: &'static str,
    supplier: u64,
    password: String,
    /// How often the marketplace's password changed.
    pub(crate) changes: u64,
    /// How often a one-time password that the seller typed was refused.
    pub(crate) refused_otps: u64,
}

/// The shops of one seller, the hub that serves them, and what the seller knows.
pub(crate) struct Shops {
    pub(crate) cloud: Cloud,
    pub(crate) shops: Vec<Shop>,
    pub(crate) logins: Vec<Login>,
    /// Label jobs that were made in the marketplace's panel.
    pub(crate) panel_jobs: u64,
    /// What accounts needed attention for.
    pub(crate) attended: Vec<AttentionReason>,
}

impl Shops {
    /// Opens so many shops.
    pub(crate) async fn open(count: usize, timings: Timings, http: &reqwest::Client) -> Self {
        let options = Options {
            accounts: vec![
                NewAccount::new(
                    LOGINS[0].0,
                    FIRST_PASSWORD,
                    &[(4_100_001, "ab1cd"), (4_100_002, "ef2gh")],
                ),
                NewAccount::new(LOGINS[1].0, FIRST_PASSWORD, &[(4_100_003, "gh3ij")]),
            ],
            timings,
            ..Options::default()
        };
        let cloud = Cloud::new(options, http).await;
        let mut shops = Vec::new();
        for (supplier, key, login) in SHOPS.into_iter().take(count) {
            let request = ConnectRequest {
                marketplace: "meesho".parse().unwrap(),
                name: key.to_owned(),
                credentials: credentials(LOGINS[login].0, FIRST_PASSWORD),
                marketplace_seller: Some(key.to_owned()),
                warehouse: None,
                contact: None,
                back_fill_days: None,
            };
            let seller = &cloud.world.seller;
            let connected =
                haat_workflows::connect_account(&cloud.desk.hub, queues(&cloud), seller, &request);
            shops.push(Shop {
                supplier,
                identifier: key.split('/').next_back().unwrap(),
                account: connected.await.unwrap().account.id,
                auto_accept: false,
            });
        }
        let logins = LOGINS.map(|(email, supplier)| Login {
            email,
            supplier,
            password: FIRST_PASSWORD.to_owned(),
            changes: 0,
            refused_otps: 0,
        });
        Self {
            cloud,
            shops,
            logins: logins.into(),
            panel_jobs: 0,
            attended: Vec::new(),
        }
    }

    pub(crate) fn shop(&self, which: usize) -> &Shop {
        &self.shops[which % self.shops.len()]
    }

    fn login_of(&self, shop: &Shop) -> usize {
        let found = SHOPS
            .iter()
            .find(|(supplier, ..)| *supplier == shop.supplier);
        found.unwrap().2
    }

    /// The password is changed in the marketplace's own panel.
    pub(crate) fn change_password(&mut self, which: usize) {
        let login = &mut self.logins[which % LOGINS.len()];
        login.changes += 1;
        login.password = format!("changed-{}", login.changes);
        let control = self.cloud.world.sandbox.control();
        control
            .change_password(login.supplier, &login.password)
            .unwrap();
    }

    /// The marketplace ends the sessions and wants a one-time password with the next log-in.
    pub(crate) fn demand_otp(&self, which: usize) {
        let supplier = self.logins[which % LOGINS.len()].supplier;
        self.cloud.control().demand_otp(supplier, OTP).unwrap();
        self.cloud.control().expire_sessions(supplier).unwrap();
    }

    /// The marketplace ends the sessions.
    pub(crate) fn expire(&self, which: usize) {
        let supplier = self.logins[which % LOGINS.len()].supplier;
        self.cloud.control().expire_sessions(supplier).unwrap();
    }

    /// Does for every account that needs attention what its page says. Refusals are for the next
    /// time: the seller sees them and tries again.
    pub(crate) async fn care(&mut self, end: End) {
        for which in 0..self.shops.len() {
            let shop = &self.shops[which];
            let login = self.login_of(shop);
            let seller = &self.cloud.world.seller;
            let account = self.cloud.world.table.account(seller, &shop.account).await;
            let Health::NeedsAttention(attention) = account.unwrap().unwrap().health else {
                continue;
            };
            self.attended.push(attention.reason);
            match attention.reason {
                AttentionReason::LoginRefused | AttentionReason::LoginLocked => {
                    self.type_password(which, login, end).await;
                }
                AttentionReason::OtpRequired => {
                    if !self.type_otp(which, login, end).await {
                        // The challenge is too old: the password brings a new one.
                        self.type_password(which, login, end).await;
                        self.type_otp(which, login, end).await;
                    }
                }
                AttentionReason::Blocked | AttentionReason::SessionRefused => {
                    self.sync(which, end).await;
                }
                AttentionReason::OtherSeller => panic!("{}: {attention:?}", shop.account),
            }
        }
    }

    async fn type_password(&mut self, which: usize, login: usize, end: End) {
        let typed = credentials(self.logins[login].email, &self.logins[login].password);
        let cloud = &self.cloud;
        let (hub, seller) = (&cloud.desk.hub, &cloud.world.seller);
        let account = &self.shops[which].account;
        let change = change_credentials(hub, queues(cloud), seller, account, &typed);
        if let Some(Err(CredentialsRefusal::OtherSeller(_))) = cloud.run(end, change).await {
            panic!("the seller's own credentials are taken for another's");
        }
    }

    /// Whether the one-time password was taken.
    async fn type_otp(&mut self, which: usize, login: usize, end: End) -> bool {
        let cloud = &self.cloud;
        let (hub, seller) = (&cloud.desk.hub, &cloud.world.seller);
        let (account, otp) = (&self.shops[which].account, Secret::new(OTP));
        let answer = haat_workflows::answer_otp(hub, queues(cloud), seller, account, &otp, None);
        let answer = cloud.run(end, answer).await;
        if let Some(Err(OtpRefusal::Wrong(_))) = answer {
            self.logins[login].refused_otps += 1;
        }
        answer.is_none_or(|answer| answer.is_ok())
    }

    /// Presses "Sync now".
    pub(crate) async fn sync(&self, which: usize, end: End) {
        let cloud = &self.cloud;
        let (store, seller) = (cloud.world.table.as_ref(), &cloud.world.seller);
        let account = &self.shop(which).account;
        let sync = haat_workflows::sync_now(store, queues(cloud), seller, account, cloud.now());
        drop(cloud.run(end, sync).await);
    }

    /// Asks for an action on an order; whether the order took it.
    pub(crate) async fn ask(&self, order: &OrderId, action: Action, end: End) {
        let cloud = &self.cloud;
        let (store, seller) = (cloud.world.table.as_ref(), &cloud.world.seller);
        let queue: &dyn ShipQueue = cloud.mail.as_ref();
        let now = cloud.now();
        let wish = action.into();
        let ask = haat_workflows::ask(store, queue, seller, order, &wish, by(), now);
        drop(cloud.run(end, ask).await);
    }

    /// Has new orders accepted without asking, or no longer.
    pub(crate) async fn auto_accept(&mut self, which: usize, on: bool) {
        let which = which % self.shops.len();
        let change = SettingsChange {
            auto_accept: Some(on),
            ..SettingsChange::default()
        };
        let (store, seller) = (self.cloud.world.table.as_ref(), &self.cloud.world.seller);
        let account = &self.shops[which].account;
        let changed = change_settings(store, seller, account, &change, by(), self.cloud.now());
        changed.await.unwrap();
        self.shops[which].auto_accept = on;
    }

    /// The orders that are still to be handed over: only they can have open work.
    pub(crate) async fn open_orders(&self) -> Vec<Order> {
        self.cloud.world.listed(Listing::Open).await
    }

    /// Everything that is parked.
    pub(crate) async fn parked(&self) -> Vec<Parked> {
        let (table, seller) = (&self.cloud.world.table, &self.cloud.world.seller);
        let mut all = Vec::new();
        let mut cursor = None;
        loop {
            let page: Page<Parked> = table.parked(seller, cursor.as_deref(), 100).await.unwrap();
            all.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                return all;
            }
        }
    }

    /// Presses "Resume" on everything that is parked.
    pub(crate) async fn resume(&self, end: End) {
        for parked in self.parked().await {
            let cloud = &self.cloud;
            let store = cloud.world.table.as_ref();
            let what = (
                &parked.seller,
                &parked.account,
                parked.kind,
                parked.key.as_str(),
            );
            let resume =
                haat_workflows::resume_parked(store, queues(cloud), what, by(), cloud.now());
            drop(cloud.run(end, resume).await);
        }
    }
}

fn by() -> Actor {
    Actor::Token("t_1".parse().unwrap())
}

fn queues(cloud: &Cloud) -> (&dyn PollsQueue, &dyn ShipQueue) {
    (cloud.mail.as_ref(), cloud.mail.as_ref())
}
