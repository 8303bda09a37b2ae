//! Every minute: which packs of accounts are due, sent to the polls queue.

use std::sync::Arc;

use haat_aws::lambda::{env, init_logging};
use haat_aws::{PollsSqs, Table, http_client, sdk_config};
use haat_ports::SystemClock;
use haat_schedule::Tick;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_logging();
    let config = sdk_config(http_client()?)?;
    let table = Table::new(&config, env("TABLE_NAME")?, Arc::new(SystemClock));
    let queue = PollsSqs::new(&config, env("POLLS_QUEUE_URL")?);
    let (table, queue) = (&table, &queue);
    run(service_fn(move |event: LambdaEvent<Tick>| async move {
        let sent = haat_workflows::schedule_polls(table, queue, event.payload.time).await?;
        tracing::info!(event = "polls.scheduled", packs = sent);
        Ok::<(), Error>(())
    }))
    .await
}
