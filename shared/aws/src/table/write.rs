//! Writing one item, and knowing whether it was written.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::{BoxError, SdkError};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use haat_ports::StoreError;

use super::item::{Attributes, Item};
use super::{Table, failed};

impl Table {
    /// Writes an item under its condition.
    ///
    /// The SDK repeats a call whose answer was lost. The lost attempt may have been the write, and
    /// then the repeated one is refused over it: that is no conflict with anybody.
    pub(super) async fn put(&self, item: Item) -> Result<(), StoreError> {
        let condition = item.condition(self.now());
        let guarded = condition.expression.is_some();
        let attempts = Attempts::default();
        let request = self.client.put_item().table_name(&self.name);
        let request = request
            .set_return_values_on_condition_check_failure(
                guarded.then_some(ReturnValuesOnConditionCheckFailure::AllOld),
            )
            .set_condition_expression(condition.expression)
            .set_expression_attribute_names(condition.names)
            .set_expression_attribute_values(condition.values)
            .set_item(Some(item.attributes.clone()));
        let answer = request.customize().interceptor(attempts.clone()).send();
        match answer.await {
            Err(error) if attempts.repeated() && is_there(&error, &item.attributes) => Ok(()),
            Err(error) => Err(failed(&item.what, &error)),
            Ok(_) => Ok(()),
        }
    }
}

/// Whether a refused write found exactly what it was to write.
fn is_there(error: &SdkError<PutItemError, HttpResponse>, attributes: &Attributes) -> bool {
    match error.as_service_error() {
        Some(PutItemError::ConditionalCheckFailedException(refusal)) => {
            refusal.item() == Some(attributes)
        }
        Some(_) | None => false,
    }
}

/// How often one call was sent.
#[derive(Debug, Clone, Default)]
struct Attempts(Arc<AtomicU32>);

impl Attempts {
    fn repeated(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 1
    }
}

#[aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl Intercept for Attempts {
    fn name(&self) -> &'static str {
        "Attempts"
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
