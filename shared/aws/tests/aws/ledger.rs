//! The ledger's rules beside what the database in the test's own process says of the very same
//! requests. Two that were written apart from each other and agree.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
use haat_aws::testing::{Local, TABLE};
use haat_ledger::dynamodb::{Entry, Read, get, index_write, page, transactional_write, write};
use haat_ledger::{Unit, item};

use crate::sample::empty_table;

/// An item of texts, as the SDK and as our rules want it.
#[derive(Clone)]
struct Item(Vec<(&'static str, String)>);

impl Item {
    /// An item of this size in bytes, keys and names included.
    fn of(sk: &str, size: u64) -> Self {
        let keys = Self(vec![("pk", "S#1".to_owned()), ("sk", sk.to_owned())]);
        let rest = usize::try_from(size - keys.size()).unwrap();
        let filling = ("f", "x".repeat(rest - 1));
        Self([keys.0, vec![filling]].concat())
    }

    /// The same item in the index, under this key.
    fn listed(mut self, gsk: &str) -> Self {
        self.0
            .extend([("gpk", "S#1".to_owned()), ("gsk", gsk.to_owned())]);
        self
    }

    fn size(&self) -> u64 {
        let json = self
            .0
            .iter()
            .map(|(name, text)| (name.to_string(), serde_json::json!({"S": text})));
        item::size(&json.collect())
    }

    fn attributes(&self) -> HashMap<String, AttributeValue> {
        let named = self.0.iter();
        named
            .map(|(name, text)| (name.to_string(), AttributeValue::S(text.clone())))
            .collect()
    }

    fn key(&self) -> HashMap<String, AttributeValue> {
        let mut key = self.attributes();
        key.retain(|name, _| name == "pk" || name == "sk");
        key
    }

    /// Its entry in the index, which holds keys only.
    fn entry(&self) -> Option<Entry<'_>> {
        let (_, gsk) = self.0.iter().find(|(name, _)| *name == "gsk")?;
        Some(Entry {
            key: gsk,
            rest: "",
            size: 40,
        })
    }
}

struct Scale {
    local: Local,
    client: Client,
}

impl Scale {
    async fn new() -> Self {
        let (local, _) = empty_table().await;
        let client = Client::new(&local.config);
        Self { local, client }
    }

    /// What the database named for the calls since the last look: table, index, half reads.
    fn named(&self) -> (u64, u64, u64) {
        let used = self.local.meter.take();
        assert_eq!(used.refused, 0);
        let count = |unit| used.ledger.count(unit);
        (
            count(Unit::TableWrite),
            count(Unit::IndexWrite),
            count(Unit::HalfRead),
        )
    }

    async fn put(&self, item: &Item) -> (u64, u64, u64) {
        let request = self.client.put_item().table_name(TABLE);
        request
            .set_item(Some(item.attributes()))
            .send()
            .await
            .unwrap();
        self.named()
    }
}

#[tokio::test]
async fn puts_cost_by_the_larger_image() {
    let scale = Scale::new().await;
    let sizes = [1_024, 1_025, 100, 2_048, 2_049, 30];
    let mut before = None;
    for size in sizes {
        let item = Item::of("A", size);
        assert_eq!(item.size(), size);
        let by_rule = (write(before, Some(size)), 0, 0);
        assert_eq!(scale.put(&item).await, by_rule, "{before:?} -> {size}");
        before = Some(size);
    }
}

#[tokio::test]
async fn updates_and_deletes_cost_by_the_larger_image() {
    let scale = Scale::new().await;
    let (small, large) = (Item::of("A", 500), Item::of("A", 1_500));
    scale.put(&small).await;

    let request = scale
        .client
        .update_item()
        .table_name(TABLE)
        .set_key(Some(small.key()));
    let request = request
        .update_expression("SET f = :f")
        .expression_attribute_values(":f", large.attributes()["f"].clone());
    request.send().await.unwrap();
    assert_eq!(scale.named(), (write(Some(500), Some(1_500)), 0, 0));

    let delete = || {
        scale
            .client
            .delete_item()
            .table_name(TABLE)
            .set_key(Some(small.key()))
    };
    delete().send().await.unwrap();
    assert_eq!(scale.named(), (write(Some(1_500), None), 0, 0));
    delete().send().await.unwrap();
    assert_eq!(
        scale.named(),
        (write(None, None), 0, 0),
        "nothing was there"
    );
}

#[tokio::test]
async fn the_index_costs_what_changes_in_it() {
    let scale = Scale::new().await;
    let plain = Item::of("A", 100);
    let steps = [
        plain.clone().listed("open#9"),
        Item::of("A", 200).listed("open#9"),
        plain.clone().listed("closed#9"),
        plain.clone(),
        plain.clone(),
    ];
    let mut before: Option<Item> = None;
    for after in steps {
        let (_, index, _) = scale.put(&after).await;
        let entry_before = before.as_ref().and_then(Item::entry);
        let by_rule = index_write(entry_before, after.entry());
        assert_eq!(index, by_rule, "{:?} -> {:?}", entry_before, after.entry());
        before = Some(after);
    }
}

#[tokio::test]
async fn a_refused_write_is_billed_by_rule() {
    let scale = Scale::new().await;
    scale.put(&Item::of("A", 2_500)).await;
    let request = scale.client.put_item().table_name(TABLE);
    let request = request.set_item(Some(Item::of("A", 300).attributes()));
    request
        .condition_expression("attribute_not_exists(pk)")
        .send()
        .await
        .unwrap_err();

    let used = scale.local.meter.take();

    assert_eq!(used.refused, 1);
    assert_eq!(used.writes(), write(Some(2_500), Some(300)));
}

#[tokio::test]
async fn transactions_cost_double() {
    let scale = Scale::new().await;
    let (one, two) = (Item::of("A", 1_025), Item::of("B", 100));
    let put = |item: &Item| {
        let put = Put::builder()
            .table_name(TABLE)
            .set_item(Some(item.attributes()));
        TransactWriteItem::builder()
            .put(put.build().unwrap())
            .build()
    };
    let transact = |items| {
        scale
            .client
            .transact_write_items()
            .set_transact_items(Some(items))
    };
    transact(vec![put(&one), put(&two)]).send().await.unwrap();
    let by_rule = transactional_write(None, Some(1_025)) + transactional_write(None, Some(100));
    assert_eq!(scale.named(), (by_rule, 0, 0));

    let delete = Delete::builder().table_name(TABLE).set_key(Some(one.key()));
    let delete = TransactWriteItem::builder()
        .delete(delete.build().unwrap())
        .build();
    transact(vec![delete]).send().await.unwrap();
    assert_eq!(
        scale.named(),
        (transactional_write(Some(1_025), None), 0, 0)
    );

    // Refused: a condition on what is not there. Billed all the same.
    let absent = Delete::builder().table_name(TABLE).set_key(Some(one.key()));
    let absent = absent
        .condition_expression("attribute_exists(pk)")
        .build()
        .unwrap();
    let absent = TransactWriteItem::builder().delete(absent).build();
    transact(vec![absent, put(&two)]).send().await.unwrap_err();
    let used = scale.local.meter.take();
    assert_eq!((used.refused, used.writes()), (1, 2 + 2));
}

#[tokio::test]
async fn reads_cost_by_four_kilobytes() {
    let scale = Scale::new().await;
    let items = [
        Item::of("A", 4_096),
        Item::of("B", 4_097),
        Item::of("C", 60),
    ];
    for item in &items {
        scale.put(item).await;
    }
    for item in &items {
        for (consistent, read) in [(true, Read::Strong), (false, Read::Eventual)] {
            let request = scale
                .client
                .get_item()
                .table_name(TABLE)
                .set_key(Some(item.key()));
            request.consistent_read(consistent).send().await.unwrap();
            assert_eq!(scale.named(), (0, 0, get(Some(item.size()), read)));
        }
    }
    let missing = scale.client.get_item().table_name(TABLE);
    missing
        .set_key(Some(Item::of("D", 60).key()))
        .send()
        .await
        .unwrap();
    assert_eq!(scale.named(), (0, 0, get(None, Read::Eventual)));

    let request = scale.client.query().table_name(TABLE).consistent_read(true);
    let request = request.key_condition_expression("pk = :pk");
    let request = request.filter_expression("f = :none");
    let request = request.expression_attribute_values(":pk", AttributeValue::S("S#1".to_owned()));
    let none = AttributeValue::S("none".to_owned());
    request
        .expression_attribute_values(":none", none)
        .send()
        .await
        .unwrap();
    let all = items.iter().map(Item::size).sum();
    assert_eq!(
        scale.named(),
        (0, 0, page(all, Read::Strong)),
        "filtered away, read all the same"
    );
}
