//! Who a caller of the API is.

use std::sync::Arc;

use haat_authorize::{AuthorizeRequest, authorize};
use haat_aws::lambda::{env, init_logging};
use haat_aws::{Table, http_client, sdk_config};
use haat_ports::{Clock, SystemClock};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_logging();
    let config = sdk_config(http_client()?)?;
    let table = &Table::new(&config, env("TABLE_NAME")?, Arc::new(SystemClock));
    run(service_fn(
        move |event: LambdaEvent<AuthorizeRequest>| async move {
            Ok::<_, Error>(authorize(table, &event.payload, SystemClock.now()).await?)
        },
    ))
    .await
}
