//! A panel client that sends the contract's own examples, through the judge.

use std::collections::BTreeSet;
use std::sync::Arc;

use haat_sandbox::{Options, Sandbox};
use haat_tests::contract::{Contract, RecordingProxy, Side, Violation};
use http::HeaderMap;
use reqwest::{Client, redirect::Policy};
use serde_json::Value;

/// The supplier that the contract's examples speak of.
pub(crate) const SUPPLIER: u64 = 4_100_001;

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

    /// `name=value` of each cookie set.
    pub(crate) fn cookies(&self) -> Vec<String> {
        let set = self.headers.get_all(http::header::SET_COOKIE).iter();
        set.map(|cookie| {
            cookie
                .to_str()
                .unwrap()
                .split(';')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect()
    }
}

/// A sandbox with a judge before each of its two hosts, and a client.
pub(crate) struct Panel {
    pub(crate) sandbox: Sandbox,
    pub(crate) contract: Arc<Contract>,
    pub(crate) proxy: RecordingProxy,
    pub(crate) files: RecordingProxy,
    pub(crate) cookies: String,
    http: Client,
}

impl Panel {
    pub(crate) async fn open(options: Options) -> Panel {
        // The second of two tests finds the provider installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let sandbox = Sandbox::start(options).await.unwrap();
        let contract = Arc::new(Contract::load("meesho-supplier").unwrap());
        let host = sandbox.api_url();
        let proxy = RecordingProxy::start(&host, Arc::clone(&contract));
        let file_host = format!("http://{}", sandbox.file_host());
        let files = RecordingProxy::start(&file_host, Arc::clone(&contract));
        Panel {
            proxy: proxy.await.unwrap(),
            files: files.await.unwrap(),
            sandbox,
            contract,
            cookies: String::new(),
            http: Client::builder().redirect(Policy::none()).build().unwrap(),
        }
    }

    pub(crate) async fn open_logged_in() -> Panel {
        let mut panel = Panel::open(Options::default()).await;
        let answer = panel.call("login").await;
        panel.cookies = answer.cookies().join("; ");
        panel
    }

    /// Calls with the example of the contract.
    pub(crate) async fn call(&self, operation: &str) -> Answer {
        self.call_with(operation, |_| {}).await
    }

    /// Calls with a changed example.
    pub(crate) async fn call_with(
        &self,
        operation: &str,
        change: impl FnOnce(&mut Value),
    ) -> Answer {
        let sent = self.try_call(operation, change).await;
        sent.unwrap_or_else(|error| panic!("{operation}: {error:?}"))
    }

    pub(crate) async fn try_call(
        &self,
        operation: &str,
        change: impl FnOnce(&mut Value),
    ) -> reqwest::Result<Answer> {
        let operation = self.contract.operation(operation).unwrap();
        let method = operation.method.parse().unwrap();
        let url = format!("{}{}", self.proxy.url(), operation.path);
        let mut call = self
            .http
            .request(method, url)
            .header("client-type", "d-web");
        if operation.needs_session() {
            call = call.header("identifier", "ab1cd");
            if !self.cookies.is_empty() {
                call = call.header("cookie", &self.cookies);
            }
        }
        if let Some(example) = self.contract.example_call(operation) {
            let mut body = example.clone();
            change(&mut body);
            call = call.json(&body);
        }
        received(call.send().await?).await
    }

    /// Reads a file by the address that the panel gave, past the judge of the file host.
    pub(crate) async fn file(&self, address: &str) -> Answer {
        let host = format!("http://{}", self.sandbox.file_host());
        self.get(&address.replace(&host, &self.files.url())).await
    }

    pub(crate) async fn get(&self, url: &str) -> Answer {
        received(self.http.get(url).send().await.unwrap())
            .await
            .unwrap()
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.sandbox.control().advance_seconds(seconds).unwrap();
    }

    pub(crate) fn violations(&self) -> Vec<Violation> {
        let mut all = self.proxy.violations();
        all.extend(self.files.violations());
        all
    }

    /// The sandbox's part, for tests whose calls are wrong on purpose.
    pub(crate) fn violations_of_answers(&self) -> Vec<Violation> {
        let mut all = self.violations();
        all.retain(|violation| violation.side == Side::Answer);
        all
    }

    /// Calls that were answered with 200 so far.
    pub(crate) fn answered(&self) -> BTreeSet<String> {
        let exchanges = [self.proxy.exchanges(), self.files.exchanges()].concat();
        let good = exchanges
            .into_iter()
            .filter(|exchange| exchange.status == Some(200));
        good.filter_map(|exchange| {
            let operation = self
                .contract
                .find(exchange.method.as_str(), &exchange.path)?;
            Some(operation.id.clone())
        })
        .collect()
    }
}

async fn received(answer: reqwest::Response) -> reqwest::Result<Answer> {
    Ok(Answer {
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        body: String::from_utf8_lossy(&answer.bytes().await?).into_owned(),
    })
}
