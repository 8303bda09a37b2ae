//! Two sellers, their accounts and orders, and what stands around the console in a test.

#[path = "stand_ins.rs"]
mod stand_ins;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Router;
use haat_aws::testing::{Local, start};
use haat_aws::{SellerVault, Table};
use haat_console::{Console, router};
use haat_domain::{
    Account, AccountId, Action, Attention, AttentionReason, Awb, Buyer, CourierSettings,
    DispatchBy, DispatchRule, Health, LabelPage, MayShip, Order, OrderDetail, OrderId, OrderLine,
    OrderReport, Packet, Paise, Parked, ParkedKind, Payment, PaymentMode, Scope, Secret, SellerId,
    Settings, Step, Supply, Terms, Token,
};
use haat_ports::{
    Accounts, Clock, Heartbeat, Login, LoginState, Logins, Missed, OrderStore, ParkedStore,
    PollState, Polls as _, Sealed, Seller, Sellers, Stop, Tokens, Vault,
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

pub(crate) use stand_ins::{Sent, Shelf, Stopped};

/// Saturday 12 September 2026, 14:00 in India: three and a half hours before the couriers come.
pub(crate) const NOW: &str = "2026-09-12T14:00:00+05:30";
pub(crate) const ASHA: &str = "s_asha";
pub(crate) const RIVAL: &str = "s_rival";
pub(crate) const SURAT: &str = "a_surat";
pub(crate) const JAIPUR: &str = "a_jaipur";
pub(crate) const RIVALS: &str = "a_rival";

/// Asha's packer, Asha herself, her bookkeeper who may only look, and someone of another seller.
pub(crate) const PACKER: &str = "haat_packer";
pub(crate) const ADMIN: &str = "haat_admin";
pub(crate) const READER: &str = "haat_reader";
pub(crate) const STRANGER: &str = "haat_stranger";
pub(crate) const NOBODY: &str = "haat_nobody";

pub(crate) struct Shop {
    pub(crate) app: Router,
    pub(crate) table: Arc<Table>,
    pub(crate) vault: Arc<SellerVault>,
    pub(crate) sent: Arc<Sent>,
    pub(crate) shelf: Arc<Shelf>,
    _local: Local,
}

impl Shop {
    /// Asha with two accounts and no order yet; the rival with one account.
    pub(crate) async fn open() -> Self {
        let shop = Self::bare().await;
        shop.connect(ASHA, SURAT, "Meesho, Surat").await;
        shop.connect(ASHA, JAIPUR, "Meesho, Jaipur").await;
        shop.connect(RIVAL, RIVALS, "Rival's shop").await;
        shop.beat(now(), BTreeMap::new()).await;
        shop
    }

    /// All accounts were read at this time, but for those that were missed.
    pub(crate) async fn beat(&self, at: Timestamp, missed: BTreeMap<AccountId, Missed>) {
        let beat = Heartbeat {
            at: Some(at),
            missed,
            ..Heartbeat::default()
        };
        let pack = "p5-0".parse().unwrap();
        self.table.put_heartbeat(&pack, &beat).await.unwrap();
    }

    /// Two sellers and their tokens, nothing else.
    pub(crate) async fn bare() -> Self {
        let clock: Arc<dyn Clock> = Arc::new(Stopped(now()));
        let local = start(Arc::clone(&clock)).await;
        let (sent, shelf) = (Arc::new(Sent::default()), Arc::new(Shelf::default()));
        let vault = Arc::new(SellerVault::with_fixed_key_for_tests([7; 32]));
        let app = router(Console {
            store: local.table.clone(),
            vault: vault.clone(),
            files: shelf.clone(),
            cut: |pdf, page| Ok([pdf, format!(", page {page}").as_bytes()].concat()),
            polls: sent.clone(),
            ship: sent.clone(),
            clock,
        });
        let table = Arc::clone(&local.table);
        let shop = Self {
            app,
            table,
            vault,
            sent,
            shelf,
            _local: local,
        };
        for id in [ASHA, RIVAL] {
            let (id, name) = (id.parse().unwrap(), id.to_owned());
            let seller = Seller {
                id,
                name,
                created_at: now(),
            };
            shop.table.create_seller(&seller).await.unwrap();
        }
        shop.hand_out(ASHA, PACKER, "Packing table", &[Scope::Pack])
            .await;
        shop.hand_out(ASHA, ADMIN, "Asha", &[Scope::Admin]).await;
        shop.hand_out(ASHA, READER, "Bookkeeper", &[Scope::Read])
            .await;
        shop.hand_out(ASHA, NOBODY, "Idle", &[]).await;
        shop.hand_out(RIVAL, STRANGER, "Rival", &[Scope::Admin])
            .await;
        shop
    }

    pub(crate) async fn hand_out(&self, seller: &str, text: &str, name: &str, scopes: &[Scope]) {
        let token = Token {
            id: text.replace("haat_", "t_").parse().unwrap(),
            seller: seller.parse().unwrap(),
            name: name.to_owned(),
            scopes: scopes.to_vec(),
            created_at: now(),
            expires_at: None,
        };
        let hash = Sha256::digest(text.as_bytes()).into();
        self.table.put_token(&hash, &token).await.unwrap();
    }

    pub(crate) async fn connect(&self, seller: &str, id: &str, name: &str) {
        let seller: SellerId = seller.parse().unwrap();
        let account = Account {
            id: id.parse().unwrap(),
            seller: seller.clone(),
            marketplace: "meesho".parse().unwrap(),
            login: format!("l_{id}").parse().unwrap(),
            marketplace_seller: format!("{id}/x"),
            name: name.to_owned(),
            settings: Settings::default(),
            courier: CourierSettings::default(),
            invoice_series: None,
            warehouse: None,
            contact: None,
            terms: Terms::of(&[Action::Accept, Action::Ship]),
            may_ship: MayShip::Unknown,
            tested: None,
            health: Health::Connected,
            pack: "p5-0".parse().unwrap(),
            connected_at: "2026-09-01T10:00:00+05:30".parse().unwrap(),
            version: 0,
        };
        let login = Login {
            id: account.login.clone(),
            seller,
            marketplace: account.marketplace.clone(),
            credentials: Sealed(vec![1]),
            state: LoginState::Ready,
            rest_until: None,
            version: 0,
        };
        let poll = PollState {
            seen: BTreeMap::from([("pending".to_owned(), 1)]),
            ..PollState::new(&account)
        };
        let connected = self.table.connect_account(&account, &login, &poll);
        connected.await.unwrap();
    }

    /// The account stands still, and so does its login.
    pub(crate) async fn trouble(&self, id: &str, reason: AttentionReason, said: &str) {
        let (seller, id) = (ASHA.parse().unwrap(), id.parse().unwrap());
        let mut account = self.table.account(&seller, &id).await.unwrap().unwrap();
        let since = "2026-09-12T09:12:00+05:30".parse().unwrap();
        let attention = Attention {
            reason,
            since,
            said: said.to_owned(),
        };
        account.health = Health::NeedsAttention(attention.clone());
        self.table.put_account(&account).await.unwrap();
        let found = self.table.login(&seller, &account.login).await.unwrap();
        let (mut login, _) = found.unwrap();
        login.state = LoginState::Stopped(Stop {
            attention,
            challenge: None,
        });
        self.table.put_login(&login).await.unwrap();
    }

    pub(crate) async fn store(&self, order: &mut Order) {
        if let Some(shipment) = &order.shipment {
            let (seller, awb) = (&order.seller, &shipment.awb);
            self.table.put_awb(seller, awb, &order.id).await.unwrap();
        }
        self.table.put_order(order).await.unwrap();
    }

    pub(crate) async fn order(&self, id: &str) -> Order {
        let ids: [OrderId; 1] = [id.parse().unwrap()];
        let found = self.table.orders(&ASHA.parse().unwrap(), &ids).await;
        found.unwrap().pop().unwrap()
    }

    pub(crate) async fn park(&self, account: &str, kind: ParkedKind, key: &str, reason: &str) {
        let parked = Parked {
            seller: ASHA.parse().unwrap(),
            account: account.parse().unwrap(),
            kind,
            key: key.to_owned(),
            reason: reason.to_owned(),
            since: at("2026-09-12T09:12:00+05:30"),
            label: None,
        };
        self.table.park(&parked, None).await.unwrap();
    }

    pub(crate) async fn keep_buyer(&self, id: &str) {
        let (seller, id): (SellerId, OrderId) = (ASHA.parse().unwrap(), id.parse().unwrap());
        let buyer = Buyer {
            name: Some("Meera Pillai".to_owned()),
            lines: vec!["12 Temple Road".to_owned()],
            city: Some("Kochi".to_owned()),
            state: "Kerala".to_owned(),
            pin: Some("682001".to_owned()),
            phone: Some("9000000001".to_owned()),
        };
        let json = Secret::new(serde_json::to_string(&buyer).unwrap());
        let place = format!("order/{id}/buyer");
        let sealed = self.vault.seal(&seller, &place, &json).await.unwrap();
        let until = at("2027-01-01T00:00:00Z");
        self.table
            .put_buyer(&seller, &id, &sealed, until)
            .await
            .unwrap();
    }
}

pub(crate) fn now() -> Timestamp {
    at(NOW)
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What Meesho says of an order that waits to be accepted: one red kurti, cash on delivery, due
/// today at 17:30.
pub(crate) fn said(number: &str) -> OrderReport {
    OrderReport {
        number: number.parse().unwrap(),
        purchase: number.split('_').next().unwrap().to_owned(),
        step: Some(Step::Release),
        word: "pending".to_owned(),
        reason: None,
        lines: vec![OrderLine {
            sku: "KURTI-RED-M".parse().unwrap(),
            title: "Cotton kurti, red".to_owned(),
            variation: Some("M".to_owned()),
            quantity: 1,
            price: Some(Paise::new(34_900)),
            cancelled: 0,
            item: None,
            supply: None,
            hsn: None,
        }],
        ordered_at: Some(at("2026-09-11T12:11:00+05:30")),
        dispatch_by: Some(DispatchBy {
            at: at("2026-09-12T17:30:00+05:30"),
            rule: DispatchRule::Marketplace,
        }),
        supply: Supply::default(),
        packet: None,
        detail: Some(OrderDetail {
            payment: Some(Payment {
                mode: PaymentMode::Cod,
                collect: Some(Paise::new(34_900)),
            }),
            value: Some(Paise::new(34_900)),
            buyer: None,
        }),
    }
}

pub(crate) fn due(mut report: OrderReport, when: &str) -> OrderReport {
    report.dispatch_by = Some(DispatchBy {
        at: at(when),
        rule: DispatchRule::Marketplace,
    });
    report
}

/// The same order once it is accepted and has its AWB.
pub(crate) fn accepted(report: &OrderReport, awb: &str) -> OrderReport {
    OrderReport {
        step: Some(Step::Accept),
        word: "ready_to_ship".to_owned(),
        supply: haat_domain::Supply::default(),
        packet: Some(Packet {
            awb: Some(awb.parse::<Awb>().unwrap()),
            courier: Some("Valmo".to_owned()),
            ..Packet::default()
        }),
        ..report.clone()
    }
}

pub(crate) fn cancelled(report: &OrderReport) -> OrderReport {
    OrderReport {
        step: Some(Step::Cancel),
        word: "cancelled".to_owned(),
        reason: Some("cancelled by the buyer".to_owned()),
        ..report.clone()
    }
}

/// An order first heard of at 09:00 today.
pub(crate) fn order(seller: &str, account: &str, report: &OrderReport) -> Order {
    let id = OrderId {
        account: account.parse().unwrap(),
        number: report.number.clone(),
    };
    let heard = at("2026-09-12T09:00:00+05:30");
    Order::first_heard(
        id,
        seller.parse().unwrap(),
        "meesho".parse().unwrap(),
        report,
        heard,
    )
}

pub(crate) fn label_page() -> LabelPage {
    LabelPage {
        file: "labels/s_asha/job-1.pdf".to_owned(),
        page: Some(3),
        sha256: "ab".repeat(32),
        stored_at: now(),
    }
}

/// The ids in `html` after `prefix`, each once.
pub(crate) fn found(html: &str, prefix: &str) -> BTreeSet<String> {
    html.split(prefix)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}
