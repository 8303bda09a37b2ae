//! The seller, the account and the orders that the sample event speaks of.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use aws_lambda_events::event::streams::DynamoDbEventResponse;
use aws_sdk_dynamodb::types::AttributeValue;
use haat_aws::testing::{Local, TABLE, start};
use haat_domain::{
    Account, Action, Actor, DispatchBy, DispatchRule, Health, Label, Order, OrderId, OrderLine,
    SellerId, Settings, Stage,
};
use haat_ports::{
    Accounts as _, Login, LoginState, OrderStore as _, PollState, QueueError, Sealed, ShipMessage,
    ShipQueue, SystemClock,
};
use jiff::Timestamp;

pub(crate) const NOW: &str = "2026-09-11T06:41:10Z";

/// An item as it lies in the table.
type Item = HashMap<String, AttributeValue>;

/// Keeps what was sent, until it breaks down.
#[derive(Default)]
pub(crate) struct Queue {
    sent: Mutex<Vec<ShipMessage>>,
    broken: AtomicBool,
}

impl Queue {
    pub(crate) fn sent(&self) -> Vec<ShipMessage> {
        self.sent.lock().unwrap().clone()
    }

    pub(crate) fn break_down(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }
}

#[async_trait]
impl ShipQueue for Queue {
    async fn send(&self, message: &ShipMessage, _: Duration) -> Result<(), QueueError> {
        if self.broken.load(Ordering::Relaxed) {
            return Err(QueueError {
                queue: "ship",
                message: format!("account {}", message.account),
                reason: "it is broken".to_owned(),
            });
        }
        self.sent.lock().unwrap().push(message.clone());
        Ok(())
    }
}

pub(crate) struct Shop {
    pub(crate) local: Local,
    pub(crate) queue: Queue,
}

impl Shop {
    pub(crate) async fn open(auto_accept: bool) -> Self {
        let local = start(Arc::new(SystemClock)).await;
        let (account, login, poll) = account(auto_accept);
        let connected = local.table.connect_account(&account, &login, &poll).await;
        connected.unwrap();
        Self {
            local,
            queue: Queue::default(),
        }
    }

    pub(crate) async fn handle(&self, event: Event) -> DynamoDbEventResponse {
        haat_react::handle(self.local.table.as_ref(), &self.queue, event, at(NOW)).await
    }

    pub(crate) async fn order(&self, number: &str) -> Order {
        let wanted = [order_id(number)];
        let orders = self.local.table.orders(&seller(), &wanted).await;
        orders.unwrap().remove(0)
    }

    /// Stores a new order; its item.
    pub(crate) async fn new_order(&self, number: &str) -> Item {
        let stored = self.local.table.put_order(&mut order(number)).await;
        stored.unwrap();
        self.item(number).await
    }

    /// Asks for the order to be accepted; its item.
    pub(crate) async fn ask(&self, number: &str) -> Item {
        self.ask_for(number, Action::Accept).await
    }

    /// Asks for an action on an order; its item then.
    pub(crate) async fn ask_for(&self, number: &str, action: Action) -> Item {
        let mut order = self.order(number).await;
        let by = Actor::Token(id("t_demo"));
        assert!(order.ask(action, by, at(NOW)).unwrap());
        self.local.table.put_order(&mut order).await.unwrap();
        self.item(number).await
    }

    /// Stores an order that somebody wants accepted; its item.
    pub(crate) async fn asked_order(&self, number: &str) -> Item {
        self.new_order(number).await;
        self.ask(number).await
    }

    /// What lies in the table.
    pub(crate) async fn item(&self, number: &str) -> Item {
        let key = format!("S#{}#O#{}", seller(), order_id(number));
        let read = self.local.client.get_item().table_name(TABLE);
        let read = read.key("pk", AttributeValue::S(key));
        let read = read.key("sk", AttributeValue::S("ORDER".to_owned()));
        read.send().await.unwrap().item.unwrap()
    }
}

/// The image of what was not there.
pub(crate) fn nothing() -> Item {
    Item::new()
}

/// The records of changes: sequence number, item before, item after.
pub(crate) fn batch<'a>(changes: impl IntoIterator<Item = (&'a str, Item, Item)>) -> Event {
    let mut event = Event::default();
    for (sequence, before, after) in changes {
        let keys = ["pk", "sk"].map(|name| (name.to_owned(), after[name].clone()));
        let mut record = EventRecord::default();
        record.change.keys = Item::from(keys).into();
        record.change.old_image = before.into();
        record.change.new_image = after.into();
        record.change.sequence_number = Some(sequence.to_owned());
        event.records.push(record);
    }
    event
}

/// From which records on the batch comes again.
pub(crate) fn reported(response: &DynamoDbEventResponse) -> Vec<&str> {
    let failures = response.batch_item_failures.iter();
    failures
        .map(|failure| failure.item_identifier.as_deref().unwrap())
        .collect()
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn id<T: FromStr>(text: &str) -> T {
    text.parse().ok().unwrap()
}

pub(crate) fn seller() -> SellerId {
    id("s_demo")
}

pub(crate) fn order_id(number: &str) -> OrderId {
    id(&format!("a_demo.{number}"))
}

fn account(auto_accept: bool) -> (Account, Login, PollState) {
    let account = Account {
        id: id("a_demo"),
        seller: seller(),
        marketplace: id("meesho"),
        login: id("l_demo"),
        marketplace_seller: "4100001/ab1cd".to_owned(),
        name: "Main store".to_owned(),
        settings: Settings {
            auto_accept,
            ..Settings::default()
        },
        courier: haat_domain::CourierSettings::default(),
        invoice_series: None,
        warehouse: None,
        contact: None,
        terms: haat_domain::Terms::of(&[haat_domain::Action::Accept, haat_domain::Action::Ship]),
        may_ship: haat_domain::MayShip::Unknown,
        tested: None,
        health: Health::Connected,
        pack: id("p5-0"),
        connected_at: at(NOW),
        version: 0,
    };
    let login = Login {
        id: account.login.clone(),
        seller: seller(),
        marketplace: account.marketplace.clone(),
        credentials: Sealed(Vec::new()),
        state: LoginState::Ready,
        rest_until: None,
        version: 0,
    };
    let poll = PollState::new(&account);
    (account, login, poll)
}

fn order(number: &str) -> Order {
    Order {
        id: order_id(number),
        seller: seller(),
        marketplace: id("meesho"),
        purchase: "299000000000000001".to_owned(),
        lines: vec![OrderLine {
            sku: id("KURTI-BLUE-XL"),
            title: "Women Rayon Kurti, Blue".to_owned(),
            variation: Some("XL".to_owned()),
            quantity: 1,
            price: None,
            cancelled: 0,
            item: None,
            supply: None,
            hsn: None,
        }],
        stage: Stage::New,
        word: "PENDING".to_owned(),
        reason: None,
        payment: None,
        value: None,
        ordered_at: at("2026-09-11T06:00:00Z"),
        dispatch_by: DispatchBy {
            at: at("2026-09-12T12:00:00Z"),
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
        history: Vec::new(),
        version: 0,
    }
}
