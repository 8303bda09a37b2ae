//! From the table's stream to what the changed orders lead to.
//!
//! A record only names an order; what is done is decided on what the table holds now. What can
//! never be processed is parked with its key; what failed for now is reported record by record.

use std::collections::BTreeMap;

use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use aws_lambda_events::event::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use haat_aws::{is_news, order_of_key};
use haat_domain::{OrderId, Parked, ParkedKind, SellerId};
use haat_ports::{ShipQueue, Store, StoreError};
use haat_workflows::{ReactError, WriteError, react};
use jiff::Timestamp;
use serde_dynamo::{AttributeValue, Item};

/// Acts on a batch of the stream.
pub async fn handle(
    store: &dyn Store,
    queue: &dyn ShipQueue,
    event: Event,
    now: Timestamp,
) -> DynamoDbEventResponse {
    let mut sellers: BTreeMap<SellerId, Changes> = BTreeMap::new();
    for record in event.records {
        if let Some((seller, order)) = worth_a_look(&record) {
            let changes = sellers.entry(seller).or_default();
            changes
                .sequence
                .get_or_insert(record.change.sequence_number);
            changes.orders.push(order);
        }
    }
    let mut response = DynamoDbEventResponse::default();
    for (seller, changes) in sellers {
        if let Err(error) = act(store, queue, &seller, &changes.orders, now).await {
            tracing::error!(event = "react.failed", %seller, %error, "the changes come again");
            // The stream comes again from the lowest failed record on.
            let mut failure = DynamoDbBatchItemFailure::default();
            failure.item_identifier = changes.sequence.flatten();
            response.batch_item_failures.push(failure);
        }
    }
    response
}

#[derive(Default)]
struct Changes {
    sequence: Option<Option<String>>,
    orders: Vec<OrderId>,
}

/// The order of a record, if the change can lead to anything. Every other change of an order with
/// open work is the work itself.
fn worth_a_look(record: &EventRecord) -> Option<(SellerId, OrderId)> {
    let (old, new) = (&record.change.old_image, &record.change.new_image);
    if !is_news(old, new) {
        return None;
    }
    order_of_key(text(&record.change.keys, "pk")?)
}

fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    match item.get(name) {
        Some(AttributeValue::S(text)) => Some(text),
        _ => None,
    }
}

async fn act(
    store: &dyn Store,
    queue: &dyn ShipQueue,
    seller: &SellerId,
    orders: &[OrderId],
    now: Timestamp,
) -> Result<(), ReactError> {
    let all = react(store, queue, seller, orders, now).await;
    if !matches!(
        all,
        Err(ReactError::Write(WriteError::Store(
            StoreError::Corrupt { .. }
        )))
    ) {
        return all;
    }
    // One order that cannot be read must not keep the others waiting.
    for order in orders {
        match react(store, queue, seller, std::slice::from_ref(order), now).await {
            Err(ReactError::Write(WriteError::Store(error @ StoreError::Corrupt { .. }))) => {
                park(store, seller, order, &error, now).await?;
            }
            other => other?,
        }
    }
    Ok(())
}

async fn park(
    store: &dyn Store,
    seller: &SellerId,
    order: &OrderId,
    error: &StoreError,
    now: Timestamp,
) -> Result<(), StoreError> {
    let parked = Parked {
        seller: seller.clone(),
        account: order.account.clone(),
        kind: ParkedKind::Change,
        key: order.number.to_string(),
        reason: error.to_string(),
        since: now,
        label: None,
    };
    store.park(&parked, None).await?;
    Ok(())
}
