//! An AJIO client that sends the contract's own examples, through the judge.

use std::collections::BTreeSet;
use std::sync::Arc;

use haat_sandbox::ajio::{Ajio, Options};
use haat_tests::contract::{Contract, RecordingProxy, Side, Violation};
use http::HeaderMap;
use reqwest::{Client, redirect::Policy};
use serde_json::Value;

/// The POB that the contract's examples speak of.
pub(crate) const POB: &str = "DV900001";

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A double with a judge before it, and a client.
pub(crate) struct Shop {
    pub(crate) ajio: Ajio,
    pub(crate) contract: Arc<Contract>,
    pub(crate) proxy: RecordingProxy,
    pub(crate) token: String,
    http: Client,
}

impl Shop {
    pub(crate) async fn open(options: Options) -> Shop {
        // The second of two tests finds the provider installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let ajio = Ajio::start(options).await.unwrap();
        let contract = Arc::new(Contract::load("ajio-dropship").unwrap());
        let host = format!("http://{}", ajio.file_host());
        let proxy = RecordingProxy::start(&host, Arc::clone(&contract));
        Shop {
            proxy: proxy.await.unwrap(),
            ajio,
            contract,
            token: String::new(),
            http: Client::builder().redirect(Policy::none()).build().unwrap(),
        }
    }

    /// Tokens outlive what a test waits for.
    pub(crate) async fn open_logged_in() -> Shop {
        let mut options = Options::default();
        options.timings.token_seconds = 100 * 86_400;
        let mut shop = Shop::open(options).await;
        shop.log_in().await;
        shop
    }

    pub(crate) async fn log_in(&mut self) {
        let answer = self.call("postAuthToken", "", |_| {}).await.json();
        self.token = answer["accessToken"].as_str().unwrap().to_owned();
    }

    /// Calls with this query and a changed example of the contract.
    pub(crate) async fn call(
        &self,
        operation: &str,
        query: &str,
        change: impl FnOnce(&mut Value),
    ) -> Answer {
        let operation = self.contract.operation(operation).unwrap();
        let url = format!("{}/ds/hub{}{query}", self.proxy.url(), operation.path);
        let mut call = self.http.request(operation.method.parse().unwrap(), url);
        if operation.needs_session() && !self.token.is_empty() {
            call = call.header("apiKey", &self.token);
        }
        if let Some(example) = self.contract.example_call(operation) {
            let mut body = example.clone();
            change(&mut body);
            call = call.json(&body);
        }
        let answer = call.send().await.unwrap();
        Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body: String::from_utf8_lossy(&answer.bytes().await.unwrap()).into_owned(),
        }
    }

    pub(crate) async fn read(&self, operation: &str, query: &str) -> Value {
        self.call(operation, query, |_| {}).await.json()
    }

    pub(crate) fn violations_of_answers(&self) -> Vec<Violation> {
        let mut all = self.proxy.violations();
        all.retain(|violation| violation.side == Side::Answer);
        all
    }

    /// Calls that were answered with 200 so far.
    pub(crate) fn answered(&self) -> BTreeSet<String> {
        let exchanges = self.proxy.exchanges().into_iter();
        let good = exchanges.filter(|exchange| exchange.status == Some(200));
        good.filter_map(|exchange| {
            let found = self.contract.find(exchange.method.as_str(), &exchange.path);
            Some(found?.id.clone())
        })
        .collect()
    }
}
