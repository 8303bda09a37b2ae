//! Three accounts, and the person who looks after them: at Meesho over two log-ins, at AJIO three
//! POBs.

use std::cell::Cell;

use haat_domain::{
    AccountId, Action, Actor, AttentionReason, Health, Order, OrderId, Parked, Secret,
};
use haat_ports::{
    Accounts as _, Credentials, Listing, Page, Parcels as _, ParkedStore as _, PollsQueue,
    ShipQueue, Warehouses as _,
};
use haat_sandbox::{NewAccount, Options, ajio};
use haat_tests::goods::{KURTA, bhiwandi};
use haat_workflows::{
    ConnectRequest, CredentialsRefusal, OtpRefusal, SettingsChange, change_credentials,
    change_settings,
};

use crate::cloud::{Cloud, End};
use crate::double::{Market, supplier};

const FIRST_PASSWORD: &str = "sandbox-only";
pub(crate) const OTP: &str = "482913";

/// One log-in: who, and the place by which the double finds it.
const LOGINS: [(&str, &str); 2] = [
    ("seller@example.test", "4100001"),
    ("second@example.test", "4100003"),
];

/// One account at Meesho: supplier, the connector's key of it, its log-in.
const SHOPS: [(&str, &str, usize); 3] = [
    ("4100001", "4100001/ab1cd", 0),
    ("4100002", "4100002/ef2gh", 0),
    ("4100003", "4100003/gh3ij", 1),
];

/// The POBs at AJIO: each is a log-in and an account.
const POBS: [&str; 3] = ["DV900001", "DV900002", "DV900003"];

pub(crate) struct Shop {
    /// The supplier, the POB.
    pub(crate) place: &'static str,
    /// As the double's log names it.
    pub(crate) identifier: &'static str,
    pub(crate) account: AccountId,
    pub(crate) auto_accept: bool,
    login: usize,
}

pub(crate) struct Login {
    pub(crate) user: &'static str,
    place: &'static str,
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
    /// How often something that had failed was resumed.
    pub(crate) resumed: Cell<u64>,
    /// What accounts needed attention for.
    pub(crate) attended: Vec<AttentionReason>,
    market: Market,
}

impl Shops {
    /// Opens three shops.
    pub(crate) async fn open(market: Market, http: &reqwest::Client) -> Self {
        let options = Options {
            accounts: vec![
                NewAccount::new(
                    LOGINS[0].0,
                    FIRST_PASSWORD,
                    &[(4_100_001, "ab1cd"), (4_100_002, "ef2gh")],
                ),
                NewAccount::new(LOGINS[1].0, FIRST_PASSWORD, &[(4_100_003, "gh3ij")]),
            ],
            ..Options::default()
        };
        let pobs = POBS.map(|pob| ajio::NewPob::new(pob, FIRST_PASSWORD));
        let others = ajio::Options {
            pobs: pobs.into(),
            ..ajio::Options::default()
        };
        let mut shops = Self {
            cloud: Cloud::new(market, (options, others), http).await,
            shops: Vec::new(),
            logins: Vec::new(),
            panel_jobs: 0,
            resumed: Cell::new(0),
            attended: Vec::new(),
            market,
        };
        match market {
            Market::Meesho => shops.open_at_meesho().await,
            Market::Ajio => shops.open_at_ajio().await,
        }
        shops
    }

    async fn open_at_meesho(&mut self) {
        self.logins = LOGINS.map(|(user, place)| Login::of(user, place)).into();
        for (place, key, login) in SHOPS {
            self.connect(place, Some(key), login).await;
        }
    }

    async fn open_at_ajio(&mut self) {
        self.logins = POBS.map(|pob| Login::of(pob, pob)).into();
        for (login, pob) in POBS.into_iter().enumerate() {
            self.connect(pob, None, login).await;
        }
        self.measure().await;
        self.number_invoices().await;
    }

    async fn connect(&mut self, place: &'static str, key: Option<&'static str>, login: usize) {
        let cloud = &self.cloud;
        let request = ConnectRequest {
            marketplace: self.id().parse().unwrap(),
            name: place.to_owned(),
            credentials: self.typed(login),
            marketplace_seller: key.map(str::to_owned),
            warehouse: None,
            contact: None,
            back_fill_days: None,
        };
        let seller = &cloud.world.seller;
        let connected =
            haat_workflows::connect_account(&cloud.desk.hub, queues(cloud), seller, &request);
        let account = connected.await.unwrap().account.id;
        self.shops.push(Shop {
            place,
            identifier: key.map_or(place, |key| key.split('/').next_back().unwrap()),
            account,
            auto_accept: false,
            login,
        });
    }

    /// Weight and size of all that AJIO lists.
    async fn measure(&self) {
        let (table, seller) = (&self.cloud.world.table, &self.cloud.world.seller);
        for sku in self.cloud.world.ajio().variants() {
            let sku = sku.parse().unwrap();
            table.put_parcel(seller, &sku, &KURTA).await.unwrap();
        }
    }

    /// The first POB's invoices are numbered by the seller.
    async fn number_invoices(&self) {
        let (table, seller) = (&self.cloud.world.table, &self.cloud.world.seller);
        let warehouse = bhiwandi(seller);
        table.put_warehouse(&warehouse).await.unwrap();
        let account = table.account(seller, &self.shops[0].account).await;
        let mut account = account.unwrap().unwrap();
        account.warehouse = Some(warehouse.id);
        account.invoice_series = Some("AJ".parse().unwrap());
        table.put_account(&account).await.unwrap();
    }

    fn id(&self) -> &'static str {
        match self.market {
            Market::Meesho => "meesho",
            Market::Ajio => "ajio",
        }
    }

    /// What is typed into the form for a log-in.
    fn typed(&self, login: usize) -> Credentials {
        let login = &self.logins[login];
        let user = match self.market {
            Market::Meesho => "email",
            Market::Ajio => "username",
        };
        let fields = [(user, login.user), ("password", login.password.as_str())];
        let fields = fields.map(|(name, text)| (name.to_owned(), Secret::new(text)));
        Credentials(fields.into())
    }

    pub(crate) fn shop(&self, which: usize) -> &Shop {
        &self.shops[which % self.shops.len()]
    }

    fn login(&self, which: usize) -> &Login {
        &self.logins[which % self.logins.len()]
    }

    /// The password is changed in the marketplace's own panel.
    pub(crate) fn change_password(&mut self, which: usize) {
        let all = self.logins.len();
        let login = &mut self.logins[which % all];
        login.changes += 1;
        login.password = format!("changed-{}", login.changes);
        let (place, password) = (login.place, login.password.clone());
        self.cloud.double.change_password(place, &password);
    }

    /// The marketplace ends the sessions and wants a one-time password with the next log-in.
    pub(crate) fn demand_otp(&self, which: usize) {
        let meesho = self.cloud.double.meesho();
        let supplier = supplier(self.login(which).place);
        meesho.demand_otp(supplier, OTP).unwrap();
        meesho.expire_sessions(supplier).unwrap();
    }

    /// The marketplace ends the sessions.
    pub(crate) fn expire(&self, which: usize) {
        self.cloud.double.expire(self.login(which).place);
    }

    /// Does for every account that needs attention what its page says. Refusals are for the next
    /// time: the seller sees them and tries again.
    pub(crate) async fn care(&mut self, end: End) {
        for which in 0..self.shops.len() {
            let shop = &self.shops[which];
            let login = shop.login;
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
        let typed = self.typed(login);
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
            self.resumed.set(self.resumed.get() + 1);
        }
    }
}

impl Login {
    fn of(user: &'static str, place: &'static str) -> Self {
        Self {
            user,
            place,
            password: FIRST_PASSWORD.to_owned(),
            changes: 0,
            refused_otps: 0,
        }
    }
}

fn by() -> Actor {
    Actor::Token("t_1".parse().unwrap())
}

fn queues(cloud: &Cloud) -> (&dyn PollsQueue, &dyn ShipQueue) {
    (cloud.mail.as_ref(), cloud.mail.as_ref())
}
