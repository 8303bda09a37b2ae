//! What calls to AWS cost, counted where every attempt of every client passes: at the door to
//! the network.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use haat_ledger::{Ledger, Unit};
use serde_json::Value;

use super::attempt::Attempt;

/// What was used since the last look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Used {
    /// The units that AWS would bill.
    pub ledger: Ledger,
    /// Requests sent, repeated ones too.
    pub attempts: u64,
    /// Writes that DynamoDB refused by their condition. Each is billed, and in the ledger.
    pub refused: u64,
}

/// Adds up what requests cost.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Mutex<Used>>);

impl Meter {
    /// What was used since the last time this was asked.
    pub fn take(&self) -> Used {
        std::mem::take(&mut self.lock())
    }

    /// Requests sent since then.
    pub fn attempts(&self) -> u64 {
        self.lock().attempts
    }

    /// Counts units that nobody can see from here: a call of a function, a received message.
    pub fn add(&self, units: Ledger) {
        let mut used = self.lock();
        used.ledger = used.ledger.plus(units);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Used> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sent(&self, units: Ledger) {
        let mut used = self.lock();
        used.attempts = used.attempts.saturating_add(1);
        used.ledger = used.ledger.plus(units);
    }

    fn answered(&self, attempt: &Attempt, status: u16, answer: &Value) {
        let bill = attempt.bill(status, answer);
        let mut used = self.lock();
        used.ledger = used.ledger.plus(bill.units);
        used.refused = used.refused.saturating_add(u64::from(bill.refused));
    }
}

/// The way to AWS, past a meter.
#[derive(Debug)]
pub(super) struct Metered {
    pub(super) way: SharedHttpClient,
    pub(super) meter: Meter,
}

#[derive(Debug)]
struct MeteredConnector {
    way: SharedHttpConnector,
    meter: Meter,
}

impl HttpClient for Metered {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let way = self.way.http_connector(settings, components);
        let meter = self.meter.clone();
        SharedHttpConnector::new(MeteredConnector { way, meter })
    }
}

impl HttpConnector for MeteredConnector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let attempt = Attempt::of(&mut request);
        self.meter.sent(attempt.for_sending());
        let (sent, meter) = (self.way.call(request), self.meter.clone());
        HttpConnectorFuture::new(async move {
            match sent.await {
                Ok(response) if attempt.answer_counts() => {
                    let (response, answer) = read(response).await?;
                    meter.answered(&attempt, response.status().as_u16(), &answer);
                    Ok(response)
                }
                Ok(response) => Ok(response),
                Err(error) => {
                    // Whether it was done is not known; what was sent may be billed.
                    meter.answered(&attempt, 0, &Value::Null);
                    Err(error)
                }
            }
        })
    }
}

async fn read(mut response: HttpResponse) -> Result<(HttpResponse, Value), ConnectorError> {
    let body = std::mem::replace(response.body_mut(), SdkBody::taken());
    let bytes = ByteStream::new(body).collect().await;
    let bytes = bytes
        .map_err(|error| ConnectorError::io(error.into()))?
        .into_bytes();
    let answer = serde_json::from_slice(&bytes).unwrap_or_default();
    *response.body_mut() = SdkBody::from(bytes);
    Ok((response, answer))
}

impl Used {
    /// DynamoDB write units, those of index entries included.
    pub fn writes(&self) -> u64 {
        self.ledger.writes()
    }

    /// Half read units.
    pub fn half_reads(&self) -> u64 {
        self.ledger.count(Unit::HalfRead)
    }
}
