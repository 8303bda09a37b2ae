//! The table's stream, as `react` gets it.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use aws_lambda_events::event::dynamodb::Event;
use haat_aws::order_of_key;
use haat_domain::{Action, OrderId, SellerId};
use haat_ports::{OrderStore as _, QueueError, ShipMessage, ShipQueue, StoreError};
use jiff::Timestamp;
use serde_json::Value;

use crate::panel::NOW_MS;
use crate::shelf::{Shelf, at_once};

#[derive(Default)]
struct Kept(Mutex<Vec<ShipMessage>>);

#[async_trait]
impl ShipQueue for Kept {
    async fn send(&self, message: &ShipMessage, _: Duration) -> Result<(), QueueError> {
        self.0.lock().unwrap().push(message.clone());
        Ok(())
    }
}

/// Every change that matters leads to a message, to an entry among what failed, or comes again.
pub(crate) fn table_stream(bytes: &[u8]) {
    let Ok(event) = serde_json::from_slice::<Event>(bytes) else {
        return;
    };
    let raw: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let none = Vec::new();
    let records = raw["Records"].as_array().unwrap_or(&none);
    let images = records
        .iter()
        .map(|record| record["dynamodb"]["NewImage"].clone());
    let shelf = Shelf::of(images.filter(Value::is_object).collect());
    let (table, queue) = (shelf.table(), Kept::default());
    let now = Timestamp::from_millisecond(NOW_MS).unwrap();
    at_once(async {
        let response = haat_react::handle(table.as_ref(), &queue, event, now).await;
        let written = shelf.written();
        let messages = queue.0.into_inner().unwrap();
        for record in records.iter().filter(|record| matters(record)) {
            let key = record["dynamodb"]["Keys"]["pk"]["S"].as_str();
            let Some((seller, id)) = key.and_then(order_of_key) else {
                continue;
            };
            let orders = table.orders(&seller, std::slice::from_ref(&id)).await;
            let heard = match orders {
                Err(StoreError::Corrupt { .. }) => is_parked(&written, &seller, &id),
                Err(error) => panic!("{error}"),
                Ok(orders) => orders.iter().all(|order| {
                    Action::ALL
                        .into_iter()
                        .all(|action| !order.wants(action) || is_asked(&messages, &id, action))
                }),
            };
            assert!(
                heard || !response.batch_item_failures.is_empty(),
                "{id} is forgotten"
            );
        }
    });
}

/// Whether the order newly is to be worked upon.
fn matters(record: &Value) -> bool {
    let (new, old) = (
        &record["dynamodb"]["NewImage"],
        &record["dynamodb"]["OldImage"],
    );
    let became = |name: &str, word: &str| new[name]["S"] == word && old[name]["S"] != word;
    became("stage", "new") || became("state", "open")
}

fn is_parked(written: &[Value], seller: &SellerId, id: &OrderId) -> bool {
    let (pk, sk) = (
        format!("S#{seller}"),
        format!("PARKED#{}#change#{}", id.account, id.number),
    );
    written
        .iter()
        .any(|item| item["pk"]["S"] == pk && item["sk"]["S"] == sk)
}

fn is_asked(messages: &[ShipMessage], id: &OrderId, action: Action) -> bool {
    messages.iter().any(|message| {
        message.account == id.account
            && message.action == action
            && message.orders.contains(&id.number)
    })
}
