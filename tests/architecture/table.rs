//! The table that tests create and the table that is deployed.

use std::collections::BTreeMap;
use std::sync::Arc;

use haat_aws::testing::{TABLE, start};
use haat_ports::SystemClock;
use serde_json::{Value, json};

use crate::house::root;

/// A list of named things, in the order of their names.
fn sorted<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Value {
    let sorted: BTreeMap<&str, &str> = pairs.collect();
    json!(sorted)
}

/// The table's properties in `infra/storage.yaml`.
fn deployed() -> Value {
    let text = std::fs::read_to_string(root().join("infra/storage.yaml")).unwrap();
    let storage: Value = serde_saphyr::from_str(&text).unwrap();
    let table = &storage["Resources"]["Table"]["Properties"];
    assert!(table.is_object(), "the table is not in infra/storage.yaml");
    let named = |list: &Value, value: &str| {
        let list = list.as_array().unwrap().iter();
        sorted(list.map(|one| {
            (
                one["AttributeName"].as_str().unwrap(),
                one[value].as_str().unwrap(),
            )
        }))
    };
    let indexes = table["GlobalSecondaryIndexes"].as_array().unwrap().iter();
    let indexes = indexes.map(|index| {
        json!({
            "name": index["IndexName"],
            "keys": named(&index["KeySchema"], "KeyType"),
            "projection": index["Projection"]["ProjectionType"],
        })
    });
    json!({
        "billing": table["BillingMode"],
        "attributes": named(&table["AttributeDefinitions"], "AttributeType"),
        "keys": named(&table["KeySchema"], "KeyType"),
        "indexes": indexes.collect::<Vec<_>>(),
        "local indexes": table.get("LocalSecondaryIndexes"),
        "stream": table["StreamSpecification"]["StreamViewType"],
        "ttl": table["TimeToLiveSpecification"]["AttributeName"],
    })
}

/// The same of the table that `haat_aws::testing` creates.
async fn tested() -> Value {
    let local = start(Arc::new(SystemClock)).await;
    let told = local.client.describe_table().table_name(TABLE).send().await;
    let table = told.unwrap().table.unwrap();
    let ttl = local.client.describe_time_to_live().table_name(TABLE);
    let ttl = ttl.send().await.unwrap().time_to_live_description.unwrap();
    let attributes = table.attribute_definitions().iter();
    let attributes = attributes.map(|one| (one.attribute_name(), one.attribute_type().as_str()));
    let keys = table.key_schema().iter();
    let keys = keys.map(|key| (key.attribute_name(), key.key_type().as_str()));
    let indexes = table.global_secondary_indexes().iter().map(|index| {
        let keys = index.key_schema().iter();
        let keys = keys.map(|key| (key.attribute_name(), key.key_type().as_str()));
        let projection = index.projection().and_then(|all| all.projection_type());
        json!({
            "name": index.index_name(),
            "keys": sorted(keys),
            "projection": projection.map(|kind| kind.as_str()),
        })
    });
    let local_indexes = table
        .local_secondary_indexes
        .as_ref()
        .filter(|all| !all.is_empty());
    let billing = table
        .billing_mode_summary()
        .and_then(|all| all.billing_mode());
    let stream = table
        .stream_specification()
        .and_then(|all| all.stream_view_type());
    json!({
        "billing": billing.map(|mode| mode.as_str()),
        "attributes": sorted(attributes),
        "keys": sorted(keys),
        "indexes": indexes.collect::<Vec<_>>(),
        "local indexes": local_indexes.map(Vec::len),
        "stream": stream.map(|view| view.as_str()),
        "ttl": ttl.attribute_name(),
    })
}

#[tokio::test]
async fn the_table_of_the_tests_is_the_table_that_is_deployed() {
    let (deployed, tested) = (deployed(), tested().await);
    assert_eq!(
        tested, deployed,
        "shared/aws/src/testing.rs and infra/storage.yaml describe different tables"
    );
}
