//! What calls cost, as DynamoDB itself says.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::{Storable, StoreReplace};
use serde_json::Value;

/// Units used by calls.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Units {
    /// Write units of the table's items.
    pub written: f64,
    /// Write units of index entries.
    pub indexed: f64,
    /// Read units, index reads included.
    pub read: f64,
    /// Calls answered. Repeated attempts count again.
    pub calls: u32,
    /// Calls refused: DynamoDB names no units for them, though each costs at least one.
    pub refused: u32,
}

impl Units {
    /// Write units in all, a refused write counted with one unit.
    pub fn writes(&self) -> f64 {
        self.written + self.indexed + f64::from(self.refused)
    }
}

/// Asks every call for its units and adds them up.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Mutex<Units>>);

impl Meter {
    /// The units used since the last time this was asked.
    pub fn take(&self) -> Units {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, answered: bool, reads: bool, answer: &Value) {
        let mut units = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !answered {
            units.refused = units.refused.saturating_add(1);
            return;
        }
        units.calls = units.calls.saturating_add(1);
        let one_or_many = match answer.get("ConsumedCapacity") {
            Some(Value::Array(many)) => many.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        for used in one_or_many {
            let all = used.get("CapacityUnits").and_then(Value::as_f64);
            let all = all.unwrap_or_default();
            let table = used.pointer("/Table/CapacityUnits").and_then(Value::as_f64);
            let table = table.unwrap_or(all);
            if reads {
                units.read += all;
            } else {
                units.written += table;
                units.indexed += all - table;
            }
        }
    }
}

/// Whether the call under way reads; its answer does not tell.
#[derive(Debug)]
struct Reads(bool);

impl Storable for Reads {
    type Storer = StoreReplace<Self>;
}

#[aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "Meter"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        let operation = request.headers().get("x-amz-target").unwrap_or_default();
        let reads = operation.ends_with("GetItem") || operation.ends_with("Query");
        config.interceptor_state().store_put(Reads(reads));
        let mut asked: Value = serde_json::from_slice(request.body().bytes().unwrap_or(b"{}"))?;
        if let Some(fields) = asked.as_object_mut() {
            fields.insert("ReturnConsumedCapacity".to_owned(), "INDEXES".into());
        }
        let text = asked.to_string();
        let length = text.len().to_string();
        request.headers_mut().insert("content-length", length);
        *request.body_mut() = SdkBody::from(text);
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let reads = config.load::<Reads>().is_some_and(|reads| reads.0);
        let body = context.response().body().bytes().unwrap_or(b"{}");
        let answer: Value = serde_json::from_slice(body)?;
        self.add(context.response().status().is_success(), reads, &answer);
        Ok(())
    }
}
