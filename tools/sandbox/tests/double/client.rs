//! A panel client of few words: what it sends is what the contract's examples show.

use haat_sandbox::{NewAccount, Options, Sandbox};
use reqwest::{Client, RequestBuilder, Response, redirect::Policy};
use serde_json::{Value, json};

pub(crate) const EMAIL: &str = "seller@example.test";
pub(crate) const PASSWORD: &str = "sandbox-only";
pub(crate) const SUPPLIER: u64 = 4_100_001;
pub(crate) const IDENTIFIER: &str = "ab1cd";

pub(crate) struct Panel {
    pub(crate) url: String,
    pub(crate) cookies: String,
    pub(crate) supplier_id: u64,
    pub(crate) identifier: String,
    http: Client,
}

/// A sandbox with stopped clock and a client that is logged in.
pub(crate) async fn open_shop() -> (Sandbox, Panel) {
    open_shop_with(Options::default()).await
}

pub(crate) async fn open_shop_with(options: Options) -> (Sandbox, Panel) {
    let sandbox = Sandbox::start(options).await.unwrap();
    let mut panel = Panel::of(&sandbox);
    panel.log_in(EMAIL, PASSWORD).await;
    (sandbox, panel)
}

pub(crate) fn http() -> Client {
    // The second of two tests finds the provider installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(Policy::none()).build().unwrap()
}

/// Two log-ins, the second with two suppliers.
pub(crate) fn two_accounts() -> Vec<NewAccount> {
    vec![
        NewAccount::default(),
        NewAccount::new(
            "other@example.test",
            "other-only",
            &[(4_100_005, "ef2gh"), (4_100_006, "ij3kl")],
        ),
    ]
}

impl Panel {
    pub(crate) fn of(sandbox: &Sandbox) -> Self {
        Self {
            url: sandbox.api_url(),
            cookies: String::new(),
            supplier_id: SUPPLIER,
            identifier: IDENTIFIER.to_owned(),
            http: http(),
        }
    }

    pub(crate) async fn try_log_in(&self, email: &str, password: &str) -> Response {
        let body =
            json!({"email": email, "password": password, "device_id": email, "instance": "inst_1"});
        self.bare("/api/container/user/v2-login", &body)
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn log_in(&mut self, email: &str, password: &str) {
        let answer = self.try_log_in(email, password).await;
        assert_eq!(answer.status(), 200);
        self.keep_cookies(&answer);
    }

    pub(crate) fn keep_cookies(&mut self, answer: &Response) {
        self.cookies = cookies(answer).join("; ");
    }

    pub(crate) fn bare(&self, path: &str, body: &Value) -> RequestBuilder {
        self.http
            .post(format!("{}{path}", self.url))
            .header("client-type", "d-web")
            .json(body)
    }

    pub(crate) fn call(&self, path: &str, body: &Value) -> RequestBuilder {
        self.bare(path, body)
            .header("cookie", &self.cookies)
            .header("identifier", &self.identifier)
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let answer = self.call(path, body).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    pub(crate) fn supplier_details(&self) -> Value {
        json!({"id": self.supplier_id, "identifier": self.identifier})
    }

    pub(crate) fn supplier_ref(&self) -> Value {
        json!({"supplier_id": self.supplier_id, "identifier": self.identifier})
    }

    pub(crate) fn page_request(&self, tab: &str, cursor: Option<&str>, limit: u32) -> Value {
        let status = match tab {
            "on-hold" => 0,
            "pending" => 1,
            "ready-to-ship" => 3,
            "shipped" => 4,
            "cancelled" => 5,
            other => panic!("no tab {other}"),
        };
        json!({"enable_hold": true, "supplier_details": self.supplier_details(), "identifier": self.identifier,
            "cursor": cursor, "limit": limit, "status": status, "type": tab})
    }

    pub(crate) async fn page(&self, tab: &str, cursor: Option<&str>, limit: u32) -> Value {
        let request = self.page_request(tab, cursor, limit);
        let (status, page) = self.post("/api/fulfillment/orders", &request).await;
        assert_eq!(status, 200, "{page}");
        page
    }

    /// Sub-order numbers of a whole tab, page by page, doubles included.
    pub(crate) async fn tab(&self, tab: &str, limit: u32) -> Vec<String> {
        let mut numbers = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = self.page(tab, cursor.as_deref(), limit).await;
            numbers.extend(numbers_of(&page));
            cursor = page["cursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                return numbers;
            }
        }
    }

    pub(crate) async fn detail(&self, sub_order_num: &str) -> Value {
        let body = json!({"supplier_details": self.supplier_details(), "identifier": self.identifier,
            "sub_order_nums": [sub_order_num]});
        let (status, answer) = self
            .post("/api/fulfillment/orders/fetchOrderDetails", &body)
            .await;
        assert_eq!(status, 200, "{answer}");
        answer["data"][0].clone()
    }

    pub(crate) fn accept_request(&self, sub_order_nums: &[String]) -> Value {
        let groups: Vec<Value> = sub_order_nums
            .iter()
            .map(|number| {
                let key = format!("{number}_FORWARD");
                json!({"grouping_key": key, "sub_order_ids": [key], "shipment_type": "forward"})
            })
            .collect();
        json!({"supplier_details": self.supplier_details(), "current_status": 1, "requested_status": 3,
            "max_transitions": 2000, "groups": groups})
    }

    pub(crate) async fn accept(&self, sub_order_nums: &[String]) -> String {
        let request = self.accept_request(sub_order_nums);
        let (status, job) = self
            .post("/api/fulfillment/orders/reqPendingOrders", &request)
            .await;
        assert_eq!(status, 200, "{job}");
        job["request_id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn accept_history(&self) -> Vec<Value> {
        let path = "/api/fulfillment/orders/fetchPendingOrdersHistory";
        let (_, history) = self.post(path, &self.supplier_ref()).await;
        history["data"].as_array().unwrap().clone()
    }

    pub(crate) fn label_request(&self) -> Value {
        json!({"supplier_details": self.supplier_details(), "identifier": self.identifier, "enable_hold": true,
            "include_all": true, "current_status": 1, "requested_status": 101, "max_transitions": 1996,
            "filter": {"label_downloaded": {"status": false}}})
    }

    pub(crate) async fn ask_for_labels(&self, request: &Value) -> String {
        let (status, job) = self
            .post("/api/fulfillment/orders/reqDownloadLabelV2", request)
            .await;
        assert_eq!(status, 200, "{job}");
        job["request_id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn label_history(&self) -> Value {
        let path = "/api/fulfillment/orders/fetchLabelDownloadHistory";
        let (status, history) = self.post(path, &self.supplier_ref()).await;
        assert_eq!(status, 200, "{history}");
        history
    }

    /// The newest label job.
    pub(crate) async fn label_job(&self) -> Value {
        self.label_history().await["data"][0].clone()
    }

    pub(crate) async fn mark_downloaded(&self, request_id: &str) -> Value {
        let mut body = self.supplier_ref();
        body["request_id"] = json!(request_id);
        let path = "/api/fulfillment/orders/updateGroupDownloadBackendFlag";
        self.post(path, &body).await.1
    }

    pub(crate) async fn fetch(&self, url: &str) -> Response {
        self.http.get(url).send().await.unwrap()
    }
}

pub(crate) fn numbers_of(page: &Value) -> Vec<String> {
    let data = &page["data"];
    let rows: Vec<&Value> = match (&data["subOrders"], &data["groups"]) {
        (Value::Array(rows), _) => rows.iter().collect(),
        (Value::Object(rows), _) => rows.values().collect(),
        (_, Value::Array(packets)) => packets
            .iter()
            .map(|packet| &packet["orders"][0]["sub_orders"][0])
            .collect(),
        _ => panic!("no rows in {page}"),
    };
    rows.iter()
        .map(|row| row["sub_order_num"].as_str().unwrap_or("none").to_owned())
        .collect()
}

/// Names and values of the cookies that an answer sets.
pub(crate) fn cookies(answer: &Response) -> Vec<String> {
    answer
        .headers()
        .get_all("set-cookie")
        .iter()
        .map(|line| line.to_str().unwrap().split(';').next().unwrap().to_owned())
        .collect()
}
