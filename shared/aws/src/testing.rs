//! A fresh DynamoDB inside the test's own process. Not part of any function.
#![allow(
    clippy::expect_used,
    reason = "what fails here is the test's own set-up, and the test must stop"
)]

mod attempt;
mod changes;
mod database;
mod fate;
mod meter;
mod near;

use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
    TimeToLiveSpecification,
};
use aws_types::SdkConfig;
use haat_ports::Clock;

use crate::Table;
use crate::config::configured;
use crate::transport::http_client;
use database::database;
use meter::Metered;
use near::Near;

pub use changes::Changes;
pub use fate::{Fate, Moment};
pub use meter::{Meter, Used};

/// The name of the table in tests.
pub const TABLE: &str = "haat-test";

/// A table of the test's own. It lives as long as the test's runtime.
#[derive(Debug)]
pub struct Local {
    /// Haat's table.
    pub table: Arc<Table>,
    /// The same table by the plain SDK, to look at items as they lie there.
    pub client: Client,
    /// What the calls of `table` cost, and of whatever else is built from `config`.
    pub meter: Meter,
    /// What `table` was built from.
    pub config: SdkConfig,
    /// Where this DynamoDB and its streams answer, `http://127.0.0.1:<port>`; a name that leads
    /// nowhere when it has no socket.
    pub endpoint: String,
    /// The table's stream.
    pub changes: Changes,
}

/// Starts an empty DynamoDB on a free port of this machine and creates the table.
pub async fn start(clock: Arc<dyn Clock>) -> Local {
    let database = database();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await;
    let listener = listener.expect("a free port");
    let port = listener.local_addr().expect("a bound port").port();
    tokio::spawn(dynoxide::server::serve_on(listener, database.clone()));

    let endpoint = format!("http://127.0.0.1:{port}");
    let plain = sdk_config_for(&endpoint);
    create_table(&Client::new(&plain), TABLE).await;
    let meter = Meter::default();
    let config = metered(&plain, &meter);
    local(clock, database, &plain, config, meter, endpoint)
}

/// Creates the table in an empty DynamoDB without a socket: a call is answered where it is made,
/// in the same order each time, unless `fate` has its caller die. Its meter counts nothing.
pub async fn start_near(clock: Arc<dyn Clock>, fate: Fate) -> Local {
    let database = database();
    let endpoint = "http://near.example.test".to_owned();
    let near = |fate| {
        let config = sdk_config_for(&endpoint).into_builder();
        config
            .http_client(Near::new(database.clone(), fate))
            .build()
    };
    let immortal = near(Fate::default());
    create_table(&Client::new(&immortal), TABLE).await;
    let (mortal, meter) = (near(fate), Meter::default());
    local(clock, database, &immortal, mortal, meter, endpoint)
}

fn local(
    clock: Arc<dyn Clock>,
    database: dynoxide::Database,
    plain: &SdkConfig,
    config: SdkConfig,
    meter: Meter,
    endpoint: String,
) -> Local {
    Local {
        table: Arc::new(Table::new(&config, TABLE, clock)),
        client: Client::new(plain),
        meter,
        config,
        endpoint,
        changes: Changes::of(database, TABLE),
    }
}

/// The same configuration; the meter counts what its clients send.
pub fn metered(config: &SdkConfig, meter: &Meter) -> SdkConfig {
    let way = config.http_client().expect("a configuration of ours");
    let meter = meter.clone();
    let counted = Metered { way, meter };
    config.to_builder().http_client(counted).build()
}

/// Configuration for a service that a test runs itself, with credentials that open nothing.
pub fn sdk_config_for(endpoint: &str) -> SdkConfig {
    let credentials = Credentials::new("test", "test", None, None, "test");
    let http = http_client().expect("an HTTP client");
    let region = "ap-south-1".to_owned();
    configured(http, region, credentials, Some(endpoint.to_owned()))
}

/// Creates Haat's table. `infra/storage.yaml` says the same; a test compares the two.
pub async fn create_table(client: &Client, name: &str) {
    let text = |name: &str| {
        let attribute = AttributeDefinition::builder().attribute_name(name);
        let attribute = attribute.attribute_type(ScalarAttributeType::S).build();
        attribute.expect("a whole definition")
    };
    let key = |name: &str, role: KeyType| {
        let element = KeySchemaElement::builder().attribute_name(name);
        element.key_type(role).build().expect("a whole key")
    };
    let by_time = GlobalSecondaryIndex::builder()
        .index_name("by_time")
        .key_schema(key("gpk", KeyType::Hash))
        .key_schema(key("gsk", KeyType::Range))
        .projection(
            Projection::builder()
                .projection_type(ProjectionType::KeysOnly)
                .build(),
        )
        .build()
        .expect("a whole index");
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::NewAndOldImages)
        .build()
        .expect("a whole stream");
    let request = client.create_table().table_name(name);
    let request = request.billing_mode(BillingMode::PayPerRequest);
    ["pk", "sk", "gpk", "gsk"]
        .into_iter()
        .fold(request, |request, name| {
            request.attribute_definitions(text(name))
        })
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .global_secondary_indexes(by_time)
        .stream_specification(stream)
        .send()
        .await
        .expect("the table is created");
    let ttl = TimeToLiveSpecification::builder().enabled(true);
    let ttl = ttl.attribute_name("ttl").build().expect("a whole TTL");
    let request = client.update_time_to_live().table_name(name);
    let request = request.time_to_live_specification(ttl);
    request.send().await.expect("the TTL is set");
}
