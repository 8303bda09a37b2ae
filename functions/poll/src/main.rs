//! Reads the order feeds of a pack of accounts and writes what changed.

use std::sync::Arc;

use haat_aws::batch::{SqsEvent, each_message};
use haat_aws::lambda::{env, init_logging};
use haat_aws::{SellerVault, Table, sdk_config};
use haat_marketplaces::{Registry, http_client};
use haat_ports::{Clock, SystemClock};
use haat_workflows::Hub;
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
    let hub = &Hub {
        store: table,
        vault: Arc::new(vault),
        marketplaces: Arc::new(marketplaces),
        clock,
    };
    run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        let work = async |message| haat_poll::work_on(hub, message).await;
        Ok::<_, Error>(each_message(event.payload, work).await)
    }))
    .await
}
