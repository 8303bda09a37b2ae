//! Accepts orders and fetches their labels.

use std::sync::Arc;

use haat_aws::batch::{SqsEvent, each_message};
use haat_aws::lambda::{env, init_logging};
use haat_aws::{S3Files, SellerVault, ShipSqs, Table, sdk_config};
use haat_marketplaces::{Registry, http_client};
use haat_ports::{Clock, ShipMessage, SystemClock};
use haat_workflows::{Hub, ShipDesk, work_on_jobs};
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
    let desk = &ShipDesk {
        hub: Hub {
            store: table,
            vault: Arc::new(vault),
            marketplaces: Arc::new(marketplaces),
            clock,
        },
        files: Arc::new(S3Files::new(&config, env("FILES_BUCKET")?)),
        queue: Arc::new(ShipSqs::new(&config, env("SHIP_QUEUE_URL")?)),
        read_pages: haat_ship::read_pages,
        budget: SignedDuration::from_secs(45), // of 120: the rest is for a file and the last calls
    };
    run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        let work = async |message: ShipMessage| work_on_jobs(desk, &message).await;
        Ok::<_, Error>(each_message(event.payload, work).await)
    }))
    .await
}
