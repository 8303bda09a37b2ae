//! The seller's pages.

use std::sync::Arc;

use haat_aws::lambda::{env, init_logging};
use haat_aws::{PollsSqs, S3Files, SellerVault, ShipSqs, Table, http_client, sdk_config};
use haat_console::{Console, cut, router};
use haat_ports::{Clock, SystemClock};
use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_logging();
    let config = sdk_config(http_client()?)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let table = Arc::new(Table::new(&config, env("TABLE_NAME")?, Arc::clone(&clock)));
    let vault = SellerVault::new(&config, Arc::clone(&table), env("DATA_KEY_ID")?);
    let console = Console {
        store: table,
        vault: Arc::new(vault),
        files: Arc::new(S3Files::new(&config, env("FILES_BUCKET")?)),
        cut,
        polls: Arc::new(PollsSqs::new(&config, env("POLLS_QUEUE_URL")?)),
        ship: Arc::new(ShipSqs::new(&config, env("SHIP_QUEUE_URL")?)),
        clock,
    };
    lambda_http::run(router(console)).await
}
