//! Work that came to rest, sent on its way again.

use anyhow::{Context as _, Result, bail};
use aws_sdk_sqs::Client;
use aws_types::SdkConfig;
use haat_aws::{ShipSqs, Table};
use haat_domain::SellerId;
use haat_ports::{Listing, OrderStore as _};
use jiff::Timestamp;

/// Messages moved in one go.
const BATCH: i32 = 10;

/// Moves every message of a dead-letter queue back to its queue, each sent before it is deleted:
/// a crash in between doubles a message, which is harmless, and loses none.
pub(crate) async fn queue(config: &SdkConfig, stack: &str, name: &str) -> Result<String> {
    let client = Client::new(config);
    let dead = url(&client, &format!("{stack}-{name}-dead")).await?;
    let live = url(&client, &format!("{stack}-{name}")).await?;
    let mut moved = 0_usize;
    loop {
        let batch = client
            .receive_message()
            .queue_url(&dead)
            .max_number_of_messages(BATCH)
            .wait_time_seconds(1)
            .send()
            .await
            .with_context(|| format!("the queue {stack}-{name}-dead could not be read"))?;
        let messages = batch.messages();
        if messages.is_empty() {
            return Ok(format!("{moved} messages went back to {stack}-{name}"));
        }
        for message in messages {
            let (Some(body), Some(receipt)) = (message.body(), message.receipt_handle()) else {
                bail!("a message without body or receipt handle was left where it is");
            };
            client
                .send_message()
                .queue_url(&live)
                .message_body(body)
                .send()
                .await
                .with_context(|| format!("a message could not be sent to {stack}-{name}"))?;
            client
                .delete_message()
                .queue_url(&dead)
                .receipt_handle(receipt)
                .send()
                .await
                .context("a message went back, but stayed in the dead-letter queue as well")?;
            moved = moved.saturating_add(1);
        }
    }
}

/// The queue for work on orders.
pub(crate) async fn ship_queue(config: &SdkConfig, stack: &str) -> Result<ShipSqs> {
    let url = url(&Client::new(config), &format!("{stack}-ship")).await?;
    Ok(ShipSqs::new(config, url))
}

/// Looks at every open order of a seller as if it had just changed.
pub(crate) async fn orders(
    table: &Table,
    queue: &ShipSqs,
    seller: &SellerId,
    now: Timestamp,
) -> Result<String> {
    let (mut cursor, mut looked) = (None::<String>, 0_usize);
    loop {
        let page = table
            .list_orders(seller, Listing::Open, cursor.as_deref(), 100)
            .await?;
        let ids: Vec<_> = page.items.into_iter().map(|order| order.id).collect();
        haat_workflows::react(table, queue, seller, &ids, now).await?;
        looked = looked.saturating_add(ids.len());
        cursor = page.next;
        if cursor.is_none() {
            return Ok(format!(
                "{looked} open orders of seller {seller} were looked at"
            ));
        }
    }
}

async fn url(client: &Client, name: &str) -> Result<String> {
    let answer = client.get_queue_url().queue_name(name).send().await;
    let answer = answer.with_context(|| {
        format!(
            "there is no queue {name} in {}; name the stack with --stack",
            crate::region()
        )
    })?;
    answer
        .queue_url()
        .map(str::to_owned)
        .with_context(|| format!("the queue {name} has no address"))
}
