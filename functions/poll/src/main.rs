//! Reads the order feeds of a pack of accounts and writes what changed.

use std::sync::Arc;

use haat_aws::batch::{SqsEvent, each_message};
use haat_aws::lambda::{env, init_logging};
use haat_aws::{SellerVault, Table, sdk_config};
use haat_marketplaces::{Registry, http_client};
use haat_ports::{Clock, PollMessage, StoreError, SystemClock};
use haat_workflows::{Hub, poll_pack};
use jiff::SignedDuration;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_logging();
    let http = http_client()?;
    let config = sdk_config(http.clone())?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let table = Arc::new(Table::new(&config, env("TABLE_NAME")?, Arc::clone(&clock)));
    let vault = SellerVault::new(&config, Arc::clone(&table), env("DATA_KEY_ID")?);
    let marketplaces = Registry::from_variables(&http, &clock, |name| env(name).ok())?;
    let budget = SignedDuration::from_secs(240); // of 300: the rest is for the last call and writes
    let hub = &Hub {
        store: table,
        vault: Arc::new(vault),
        marketplaces: Arc::new(marketplaces),
        clock,
    };
    run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        let poll = async |message: PollMessage| {
            let late = tokio::time::sleep(std::time::Duration::from_secs(20));
            let summary = poll_pack(hub, &message, budget, late).await?;
            tracing::info!(event = "pack.polled", pack = %message.pack, summary = %summary.line());
            Ok::<_, StoreError>(())
        };
        Ok::<_, Error>(each_message(event.payload, poll).await)
    }))
    .await
}
