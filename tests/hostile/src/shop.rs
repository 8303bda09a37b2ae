//! A seller with a token, an account and orders, as they lie in the table.

use haat_domain::{
    Account, Action, Actor, Health, Order, OrderReport, Scope, SellerId, Settings, Step, Token,
};
use haat_ports::{
    Accounts as _, Login, LoginState, OrderStore as _, PollState, Sealed, Tokens as _,
};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;

use crate::panel::NOW_MS;
use crate::shelf::Shelf;

/// The text of the seller's token.
pub(crate) const TOKEN: &str =
    "haat_00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

static ITEMS: OnceCell<Vec<Value>> = OnceCell::const_new();

/// The shop's items on a shelf of their own.
pub(crate) async fn shelf() -> Shelf {
    let items = ITEMS.get_or_init(items).await.clone();
    Shelf::of(items)
}

async fn items() -> Vec<Value> {
    let shelf = Shelf::answering(Vec::new());
    let table = shelf.table();
    let seller: SellerId = "s_demo".parse().unwrap();
    let now = Timestamp::from_millisecond(NOW_MS).unwrap();
    let token = Token {
        id: "t_demo".parse().unwrap(),
        seller: seller.clone(),
        name: "Asha".to_owned(),
        scopes: vec![Scope::Read, Scope::Pack, Scope::Admin],
        created_at: now,
        expires_at: None,
    };
    let hash = Sha256::digest(TOKEN.as_bytes()).into();
    table.put_token(&hash, &token).await.unwrap();
    let account = account(&seller, now);
    let login = Login {
        id: account.login.clone(),
        seller: seller.clone(),
        marketplace: account.marketplace.clone(),
        credentials: Sealed(Vec::new()),
        state: LoginState::Ready,
        rest_until: None,
        version: 0,
    };
    let poll = PollState::new(&account);
    table
        .connect_account(&account, &login, &poll)
        .await
        .unwrap();
    for (number, step) in [
        ("299000000000000001_1", Step::Release),
        ("299000000000000002_1", Step::Accept),
    ] {
        let mut order = order(&account, number, step, now);
        if step == Step::Release {
            let by = Actor::Token("t_demo".parse().unwrap());
            order.ask(Action::Accept, by, now).unwrap();
        }
        table.put_order(&mut order).await.unwrap();
    }
    shelf.written()
}

fn account(seller: &SellerId, now: Timestamp) -> Account {
    Account {
        id: "a_demo".parse().unwrap(),
        seller: seller.clone(),
        marketplace: "meesho".parse().unwrap(),
        login: "l_demo".parse().unwrap(),
        marketplace_seller: "4100001/ab1cd".to_owned(),
        name: "Main store".to_owned(),
        settings: Settings::default(),
        courier: haat_domain::CourierSettings::default(),
        invoice_series: None,
        warehouse: None,
        contact: None,
        terms: haat_domain::Terms::of(&[haat_domain::Action::Accept, haat_domain::Action::Ship]),
        may_ship: haat_domain::MayShip::Unknown,
        tested: None,
        health: Health::Connected,
        pack: "p5-0".parse().unwrap(),
        connected_at: now,
        version: 0,
    }
}

fn order(account: &Account, number: &str, step: Step, now: Timestamp) -> Order {
    let number: haat_domain::OrderNumber = number.parse().unwrap();
    let id = haat_domain::OrderId {
        account: account.id.clone(),
        number: number.clone(),
    };
    let report = OrderReport {
        number,
        purchase: "299000000000000001".to_owned(),
        step: Some(step),
        word: "PENDING".to_owned(),
        reason: None,
        lines: Vec::new(),
        ordered_at: Some(now),
        dispatch_by: None,
        supply: haat_domain::Supply::default(),
        packet: None,
        detail: None,
    };
    let (seller, marketplace) = (account.seller.clone(), account.marketplace.clone());
    Order::first_heard(id, seller, marketplace, &report, now)
}
