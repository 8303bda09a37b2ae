//! The numbers of an account's orders, from the index alone: no order is read for them.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use haat_domain::{AccountId, OrderNumber, SellerId};
use haat_ports::{Numbers, StoreError};

use super::item::{corrupt, values};
use super::{Table, failed, keys};

impl Table {
    pub(super) async fn numbers_of(
        &self,
        seller: &SellerId,
        account: &AccountId,
        which: Numbers,
    ) -> Result<BTreeSet<OrderNumber>, StoreError> {
        let what = format!("the numbers of account {account}'s orders");
        let (from, to) = match which {
            Numbers::Open => (keys::OPEN.to_owned(), keys::OPEN),
            Numbers::MovingSince(since) => (keys::closed_since(since), keys::CLOSED),
        };
        let between = values([
            (":pk", AttributeValue::S(keys::tenant(seller))),
            (":from", AttributeValue::S(from)),
            // Sorts behind all times.
            (":to", AttributeValue::S(format!("{to}~"))),
        ]);
        let mut numbers = BTreeSet::new();
        let mut start = None;
        loop {
            let request = self.client.query().table_name(&self.name);
            let request = request.index_name(keys::BY_TIME);
            let condition = "gpk = :pk AND gsk BETWEEN :from AND :to";
            let request = request.key_condition_expression(condition);
            let request = request.set_expression_attribute_values(Some(between.clone()));
            let request = request.set_exclusive_start_key(start);
            let answer = request.send().await;
            let answer = answer.map_err(|error| failed(&what, &error))?;
            for entry in answer.items.unwrap_or_default() {
                let gsk = entry.get("gsk").and_then(|value| value.as_s().ok());
                let order = gsk.and_then(|gsk| keys::order_of_index(gsk));
                let (order, is_moving) =
                    order.ok_or_else(|| corrupt(&what, "an entry of the index names no order"))?;
                if order.account == *account && (is_moving || which == Numbers::Open) {
                    numbers.insert(order.number);
                }
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(numbers);
            }
        }
    }
}
