//! An API client of few words: what it sends is what the contract's examples show.

use haat_sandbox::ajio::{Ajio, Options, Seed, State, Timings};
use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use serde_json::{Value, json};

pub(crate) const POB: &str = "DV900001";
pub(crate) const PASSWORD: &str = "sandbox-only";

pub(crate) struct Api {
    pub(crate) url: String,
    pub(crate) token: String,
    http: Client,
}

/// A double with stopped clock and a client that is logged in.
pub(crate) async fn open_shop() -> (Ajio, Api) {
    open_shop_with(Options::default()).await
}

pub(crate) async fn open_shop_with(options: Options) -> (Ajio, Api) {
    let ajio = Ajio::start(options).await.unwrap();
    let mut api = Api::of(&ajio);
    api.log_in(POB, PASSWORD).await;
    (ajio, api)
}

/// Tokens that outlive what a test waits for.
pub(crate) fn patient() -> Options {
    let timings = Timings {
        token_seconds: 100 * 86_400,
        ..Timings::default()
    };
    Options {
        timings,
        ..Options::default()
    }
}

/// One order in this state.
pub(crate) fn one(ajio: &Ajio, state: State) -> String {
    let seed = Seed::new(POB, state, 1);
    ajio.control().seed(&seed).unwrap().remove(0)
}

impl Api {
    pub(crate) fn of(ajio: &Ajio) -> Self {
        // The second of two tests finds the provider installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            url: ajio.api_url(),
            token: String::new(),
            http: Client::builder().redirect(Policy::none()).build().unwrap(),
        }
    }

    pub(crate) async fn try_log_in(&self, user: &str, password: &str) -> (u16, Value) {
        let path = format!("/authToken?username={user}&password={password}");
        received(self.bare(Method::GET, &path).send().await.unwrap()).await
    }

    pub(crate) async fn log_in(&mut self, user: &str, password: &str) {
        let (status, body) = self.try_log_in(user, password).await;
        assert_eq!((status, &body["status"]), (200, &json!("SUCCESS")));
        self.token = body["accessToken"].as_str().unwrap().to_owned();
    }

    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    pub(crate) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).header("apiKey", &self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        received(self.call(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let call = self.call(Method::POST, path).json(body);
        received(call.send().await.unwrap()).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        let call = self.call(Method::PUT, path).json(body);
        received(call.send().await.unwrap()).await
    }

    pub(crate) async fn fetch(&self, url: &str) -> Response {
        self.http.get(url).send().await.unwrap()
    }

    /// Order ids of the first page.
    pub(crate) async fn pendency(&self) -> Vec<String> {
        let (status, page) = self.get("/orders/pendency").await;
        assert_eq!(status, 200, "{page}");
        ids(&page)
    }

    /// The order's row of `listOrders`; null when it is not there.
    pub(crate) async fn order(&self, id: &str) -> Value {
        let (status, page) = self.get(&format!("/orders?orderIds={id}")).await;
        assert_eq!(status, 200, "{page}");
        page["orders"][0].clone()
    }

    /// Acknowledges all of an order with one line of one unit.
    pub(crate) async fn acknowledge(&self, id: &str) -> Value {
        self.answer_order(id, "Acknowledge", &[(1, 0)]).await
    }

    /// Says to each line how many units are confirmed and how many cancelled.
    pub(crate) async fn answer_order(&self, id: &str, status: &str, lines: &[(u64, u64)]) -> Value {
        let (code, result) = self.post("/orders", &answer(id, status, lines)).await;
        assert_eq!(code, 200, "{result}");
        result
    }

    pub(crate) async fn po_number(&self, id: &str) -> String {
        let order = self.order(id).await;
        order["po_number"].as_str().unwrap().to_owned()
    }

    /// Bills one unit of the first line, with a number of AJIO's.
    pub(crate) async fn invoice(&self, id: &str) -> (u16, Value) {
        let known = self.po_number(id).await;
        let po = if known.is_empty() { "none yet" } else { &known };
        self.post("/orders/b2bInvoice", &invoice(id, po)).await
    }
}

pub(crate) fn answer(id: &str, status: &str, lines: &[(u64, u64)]) -> Value {
    let lines = lines.iter().zip(1..).map(|((confirmed, cancelled), turn)| {
        json!({"order_item_id": format!("{id}-{turn}"), "confirmed_quantity": confirmed,
            "cancelled_quantity": cancelled})
    });
    json!({"order_id": id, "status": status, "order_lines": lines.collect::<Vec<_>>()})
}

pub(crate) fn invoice(id: &str, po: &str) -> Value {
    json!({"order_id": id, "po_number": po, "weight_grams": 350, "length_cm": 30, "breadth_cm": 25.5,
        "height_cm": 3, "order_lines": [{"order_item_id": format!("{id}-1"), "invoiced_quantity": 1}]})
}

pub(crate) fn ids(page: &Value) -> Vec<String> {
    let orders = page["orders"].as_array().unwrap().iter();
    orders
        .map(|order| order["order_id"].as_str().unwrap_or("none").to_owned())
        .collect()
}

async fn received(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or(Value::Null))
}
