//! Writes that happen together or not at all.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};
use haat_ports::StoreError;

use super::item::{Item, corrupt, key_attributes};
use super::keys::Key;
use super::{Table, failed};

impl Table {
    /// Does all of the writes or none.
    pub(super) async fn transact(
        &self,
        what: &str,
        writes: Vec<TransactWriteItem>,
    ) -> Result<(), StoreError> {
        let request = self.client.transact_write_items();
        let answer = request.set_transact_items(Some(writes)).send().await;
        answer.map_err(|error| match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                let lost = cancelled.cancellation_reasons().iter().any(|reason| {
                    let code = reason.code().unwrap_or_default();
                    code == "ConditionalCheckFailed" || code == "TransactionConflict"
                });
                if lost {
                    StoreError::Conflict(what.to_string())
                } else {
                    failed(what, &error)
                }
            }
            Some(_) | None => failed(what, &error),
        })?;
        Ok(())
    }

    pub(super) fn put_in_transaction(&self, item: Item) -> Result<TransactWriteItem, StoreError> {
        let condition = item.condition(self.now());
        let put = Put::builder()
            .table_name(&self.name)
            .set_condition_expression(condition.expression)
            .set_expression_attribute_names(condition.names)
            .set_expression_attribute_values(condition.values)
            .set_item(Some(item.attributes))
            .build();
        let put = put.map_err(|error| corrupt(&item.what, error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    pub(super) fn delete_in_transaction(
        &self,
        what: &str,
        key: Key,
        condition: Option<&str>,
    ) -> Result<TransactWriteItem, StoreError> {
        let delete = Delete::builder()
            .table_name(&self.name)
            .set_key(Some(key_attributes(key)))
            .set_condition_expression(condition.map(str::to_owned))
            .build();
        let delete = delete.map_err(|error| corrupt(what, error))?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }
}
