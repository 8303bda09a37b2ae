//! What a change of an order leads to.

use std::sync::Arc;

use aws_lambda_events::event::dynamodb::Event;
use haat_aws::lambda::{env, init_logging};
use haat_aws::{ShipSqs, Table, http_client, sdk_config};
use haat_ports::{Clock, SystemClock};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_logging();
    let config = sdk_config(http_client()?)?;
    let table = Table::new(&config, env("TABLE_NAME")?, Arc::new(SystemClock));
    let queue = ShipSqs::new(&config, env("SHIP_QUEUE_URL")?);
    let (table, queue) = (&table, &queue);
    run(service_fn(move |event: LambdaEvent<Event>| async move {
        let now = SystemClock.now();
        Ok::<_, Error>(haat_react::handle(table, queue, event.payload, now).await)
    }))
    .await
}
