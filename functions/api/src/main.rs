//! Answers seller apps over HTTP.

use std::sync::Arc;

use haat_api::{Api, router};
use haat_aws::lambda::{env, init_logging};
use haat_aws::{PollsSqs, S3Files, SellerVault, ShipSqs, Table, sdk_config};
use haat_marketplaces::{Registry, http_client};
use haat_ports::{Clock, SystemClock};
use haat_workflows::Hub;
use lambda_http::{Error, run};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_logging();
    let http = http_client()?;
    let config = sdk_config(http.clone())?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let marketplaces = Registry::from_variables(&http, &clock, |name| env(name).ok())?;
    let table = Arc::new(Table::new(&config, env("TABLE_NAME")?, Arc::clone(&clock)));
    let vault = SellerVault::new(&config, Arc::clone(&table), env("DATA_KEY_ID")?);
    let hub = Hub {
        store: table,
        vault: Arc::new(vault),
        marketplaces: Arc::new(marketplaces),
        clock,
    };
    run(router(Api {
        hub,
        polls: Arc::new(PollsSqs::new(&config, env("POLLS_QUEUE_URL")?)),
        ship: Arc::new(ShipSqs::new(&config, env("SHIP_QUEUE_URL")?)),
        files: Arc::new(S3Files::new(&config, env("FILES_BUCKET")?)),
    }))
    .await
}
