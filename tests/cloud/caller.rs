//! Someone who calls the API and the console over HTTP.

use haat_marketplaces::http_client;
use haat_tests::local_cloud::LocalCloud;
use reqwest::header::{COOKIE, HOST, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

/// A holder of a token.
pub(crate) struct Caller {
    http: Client,
    endpoint: String,
    host: String,
    token: String,
}

impl Caller {
    pub(crate) fn new(cloud: &LocalCloud, token: &str) -> Self {
        Self {
            http: http_client().unwrap(),
            endpoint: cloud.address("endpoint").to_owned(),
            host: cloud.address("api_host").to_owned(),
            token: token.to_owned(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        self.send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> (u16, Value) {
        self.send(self.request(Method::PATCH, path).json(body))
            .await
    }

    /// The bytes behind a link, fetched as a browser would: without any token.
    pub(crate) async fn fetch(&self, url: &str) -> Vec<u8> {
        let answer = self.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200, "the link opens");
        answer.bytes().await.unwrap().to_vec()
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        // The name of the API leads to loopback in browsers; here the address is called and the
        // name is said.
        self.http
            .request(method, format!("{}{path}", self.endpoint))
            .header(HOST, &self.host)
            .bearer_auth(&self.token)
    }

    async fn send(&self, request: RequestBuilder) -> (u16, Value) {
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        (status, body)
    }
}

/// Someone whose browser holds a session of the console.
pub(crate) struct Visitor {
    caller: Caller,
    cookie: String,
}

impl Visitor {
    pub(crate) async fn sign_in(cloud: &LocalCloud, token: &str) -> Self {
        let caller = Caller::new(cloud, token);
        let site = format!("http://{}", caller.host);
        let signed_in = caller
            .http
            .post(format!("{}/console/sign-in", caller.endpoint))
            .header(HOST, &caller.host)
            .header("origin", &site)
            .form(&[("token", token)])
            .send()
            .await
            .unwrap();
        assert!(
            signed_in.status().is_redirection(),
            "{}",
            signed_in.status()
        );
        assert!(signed_in.headers().contains_key(LOCATION));
        let cookie = signed_in.headers()[SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self { caller, cookie }
    }

    /// A page, and the status it comes with.
    pub(crate) async fn open(&self, path: &str) -> (u16, String) {
        let page = self
            .caller
            .http
            .get(format!("{}{path}", self.caller.endpoint))
            .header(HOST, &self.caller.host)
            .header(COOKIE, &self.cookie)
            .send()
            .await
            .unwrap();
        (page.status().as_u16(), page.text().await.unwrap())
    }
}
