//! Sellers, accounts and orders as tests need them, and a clock that stands still.

use std::str::FromStr;
use std::sync::{Arc, Mutex};

use haat_aws::testing::{Local, start};
use haat_domain::{
    Account, Action, Actor, Awb, DispatchBy, DispatchRule, Event, Health, HistoryEntry, Intent,
    IntentState, Label, LabelPage, Order, OrderId, OrderLine, Paise, Parked, ParkedKind, Payment,
    PaymentMode, SellerId, Settings, Shipment, Stage, Token,
};
use haat_ports::{Clock, Login, LoginState, PollState, Sealed, Seller};
use jiff::{SignedDuration, Timestamp};

pub(crate) const NOON: &str = "2026-09-12T12:00:00Z";

/// Stands still until it is moved.
pub(crate) struct StoppedClock(Mutex<Timestamp>);

impl StoppedClock {
    pub(crate) fn pass(&self, time: SignedDuration) {
        *self.0.lock().unwrap() += time;
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// An empty table at noon.
pub(crate) async fn empty_table() -> (Local, Arc<StoppedClock>) {
    let clock = Arc::new(StoppedClock(Mutex::new(at(NOON))));
    (start(clock.clone()).await, clock)
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// So many seconds after noon.
pub(crate) fn noon_plus(seconds: i64) -> Timestamp {
    at(NOON) + SignedDuration::from_secs(seconds)
}

pub(crate) fn id<T: FromStr>(text: &str) -> T {
    text.parse().ok().expect("a valid id")
}

pub(crate) fn shop() -> SellerId {
    id("shop")
}

pub(crate) fn other_shop() -> SellerId {
    id("other")
}

pub(crate) fn sealed(text: &str) -> Sealed {
    Sealed(text.as_bytes().to_vec())
}

pub(crate) fn seller() -> Seller {
    Seller {
        id: shop(),
        name: "Sharma Traders".to_owned(),
        created_at: at(NOON),
    }
}

pub(crate) fn token(name: &str) -> Token {
    Token {
        id: id(name),
        seller: shop(),
        name: format!("token {name}"),
        scopes: vec![haat_domain::Scope::Read, haat_domain::Scope::Pack],
        created_at: at(NOON),
        expires_at: None,
    }
}

pub(crate) fn account(name: &str, pack: &str) -> Account {
    Account {
        id: id(name),
        seller: shop(),
        marketplace: id("meesho"),
        login: id("l_1"),
        marketplace_seller: "4100001/ab1cd".to_owned(),
        name: "Meesho main".to_owned(),
        settings: Settings::default(),
        courier: haat_domain::CourierSettings::default(),
        invoice_series: None,
        warehouse: None,
        contact: None,
        terms: haat_domain::Terms::of(&[haat_domain::Action::Accept, haat_domain::Action::Ship]),
        may_ship: haat_domain::MayShip::Unknown,
        tested: None,
        health: Health::Connected,
        pack: id(pack),
        connected_at: at(NOON),
        version: 0,
    }
}

pub(crate) fn login() -> Login {
    Login {
        id: id("l_1"),
        seller: shop(),
        marketplace: id("meesho"),
        credentials: sealed("sealed credentials"),
        state: LoginState::Ready,
        rest_until: None,
        version: 0,
    }
}

pub(crate) fn poll_state(name: &str, pack: &str) -> PollState {
    PollState::new(&account(name, pack))
}

pub(crate) fn parked(key: &str) -> Parked {
    Parked {
        seller: shop(),
        account: id("a_1"),
        kind: ParkedKind::OrderRow,
        key: key.to_owned(),
        reason: "the field quantity is not a number".to_owned(),
        since: at(NOON),
        label: None,
    }
}

pub(crate) fn order_id(number: &str) -> OrderId {
    OrderId {
        account: id("a_1"),
        number: id(number),
    }
}

/// A new order that must leave at this time.
pub(crate) fn order_due(number: &str, dispatch_by: Timestamp) -> Order {
    Order {
        id: order_id(number),
        seller: shop(),
        marketplace: id("meesho"),
        purchase: "299000000000000001".to_owned(),
        lines: vec![OrderLine {
            sku: id("KURTI-ANARKALI-BLUE-XL"),
            title: "Women Rayon Printed Anarkali Kurti With Dupatta, Navy Blue".to_owned(),
            variation: Some("XL".to_owned()),
            quantity: 1,
            price: Some(Paise::new(44_900)),
            cancelled: 0,
            item: None,
            supply: None,
            hsn: None,
        }],
        stage: Stage::New,
        word: "PENDING".to_owned(),
        reason: None,
        payment: Some(Payment {
            mode: PaymentMode::Cod,
            collect: Some(Paise::new(44_900)),
        }),
        value: Some(Paise::new(44_900)),
        ordered_at: at("2026-09-11T06:41:10Z"),
        dispatch_by: DispatchBy {
            at: dispatch_by,
            rule: DispatchRule::Marketplace,
        },
        shipment: None,
        supply: haat_domain::Supply::default(),
        parcel: None,
        buyer_invoice: None,
        cancel: None,
        hand_over: None,
        is_test: false,
        label: Label::None,
        accept: None,
        ship: None,
        closed_at: None,
        history: vec![HistoryEntry {
            at: at("2026-09-11T06:45:02.123456789Z"),
            by: Actor::Marketplace,
            event: Event::Moved(Stage::New),
        }],
        version: 0,
    }
}

pub(crate) fn order(number: &str) -> Order {
    order_due(number, at("2026-09-13T12:00:00Z"))
}

/// An order after an ordinary life up to the courier: eight lines of history, AWB, label.
pub(crate) fn shipped_order(number: &str) -> Order {
    let now = at("2026-09-12T10:15:30.987654321Z");
    let awb: Awb = id("VL0012345678901");
    let person = || Actor::Token(id("t_packer01"));
    let line = |by: Actor, event: Event| HistoryEntry { at: now, by, event };
    Order {
        stage: Stage::Shipped,
        word: "SHIPPED".to_owned(),
        shipment: Some(Shipment {
            awb: awb.clone(),
            courier: Some("Valmo".to_owned()),
            packet: Some("packet-88120043".to_owned()),
        }),
        label: Label::Ready(LabelPage {
            file: "labels/shop/a_1/8f14e45fceea167a.pdf".to_owned(),
            page: Some(17),
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
            stored_at: now,
        }),
        closed_at: Some(now),
        history: vec![
            line(Actor::Marketplace, Event::Moved(Stage::New)),
            line(person(), Event::Asked(Action::Accept)),
            line(Actor::Marketplace, Event::Moved(Stage::Accepted)),
            line(Actor::Marketplace, Event::Done(Action::Accept)),
            line(person(), Event::Asked(Action::Ship)),
            line(Actor::Marketplace, Event::Shipment(awb)),
            line(Actor::Marketplace, Event::Done(Action::Ship)),
            line(Actor::Marketplace, Event::Moved(Stage::Shipped)),
        ],
        ..order(number)
    }
}

pub(crate) fn open_intent() -> Intent {
    Intent {
        state: IntentState::Open,
        asked_by: Actor::Token(id("t_1")),
        asked_at: at(NOON),
        reason: Some("waiting for the marketplace".to_owned()),
        not_before: None,
        without: std::collections::BTreeMap::new(),
    }
}
