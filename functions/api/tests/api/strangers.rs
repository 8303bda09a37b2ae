//! Who may see what, on every route there is.

use haat_sandbox::{Fault, FaultKind, Seed, State};
use serde_json::{Value, json};

use crate::app::{ADMIN, Answer, App, Holder, PACKER, READER, STRANGER, event, of_the_seller};

/// A call that the description has: method, path template, the scope it needs.
struct Call {
    method: String,
    path: String,
    scope: Option<String>,
    has_body: bool,
}

fn calls(app: &App) -> Vec<Call> {
    let mut calls = Vec::new();
    for (path, item) in app.description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            calls.push(Call {
                method: method.to_uppercase(),
                path: path.clone(),
                scope: operation["security"][0]["token"][0]
                    .as_str()
                    .map(str::to_owned),
                has_body: operation["requestBody"].is_object(),
            });
        }
    }
    assert!(calls.len() >= 15, "the description has lost its routes");
    calls
}

/// What a seller's account, order and failure are called.
struct Names {
    account: String,
    order: String,
    key: String,
}

impl Call {
    fn path(&self, names: &Names) -> String {
        let number = names.order.split_once('.').unwrap().1;
        let kind = if names.key == number {
            "ship"
        } else {
            "order_row"
        };
        self.path
            .replace("{account}", &names.account)
            .replace("{order}", &names.order)
            .replace("{warehouse}", "w_0000000000000000")
            .replace("{manifest}", "20260911T064110Z-00000000")
            .replace("{sku}", "KURTI-BLUE-M")
            .replace("{registration}", "r_0000000000000000")
            .replace("{kind}", kind)
            .replace("{key}", &names.key)
    }

    /// A body that is in order wherever the call is.
    fn body(&self) -> Option<Value> {
        self.has_body.then(|| match self.path.rsplit('/').next() {
            Some("otp") => json!({"otp": "424242"}),
            Some("credentials") => {
                json!({"credentials": {"email": "seller@example.test", "password": "sandbox-only"}})
            }
            Some("accounts") => json!({"marketplace": "meesho", "name": "Mine", "credentials":
                {"email": "stranger@example.test", "password": "guess"}}),
            Some("accept") => json!({"without": {}}),
            Some("warehouses" | "{warehouse}") => json!({"name": "Mine", "lines": ["1 Road"],
                "city": "Mumbai", "pin": "400001", "gstin": "27AABCR1718E1ZP"}),
            Some("parcel" | "{sku}") => json!({"weight_grams": 350, "length_mm": 300,
                "breadth_mm": 250, "height_mm": 30}),
            Some("back_fill") => json!({"days": 30}),
            Some("courier") => json!({"auto_label": true, "auto_documents": true}),
            Some("test") => json!({"order": "a_0000000000000000.S900000001"}),
            Some("registrations" | "{registration}") => {
                json!({"marketplace": "meesho", "name": "Mine"})
            }
            _ => json!({"name": "Mine"}),
        })
    }

    async fn send(&self, app: &App, who: Holder, names: &Names) -> Answer {
        app.call(who, &self.method, &self.path(names), self.body())
            .await
    }
}

/// A seller with an account, orders in several stages, a label, and something that failed.
async fn busy_seller() -> (App, Names) {
    let app = App::new().await;
    let control = app.world.sandbox.control();
    control
        .seed(&Seed::new(4_100_001, State::ReadyToShip, 2))
        .unwrap();
    control
        .seed(&Seed::new(4_100_001, State::Pending, 2))
        .unwrap();
    control
        .fault(Fault::new("listOrders", FaultKind::MalformedRow).after(1))
        .unwrap();
    let account = app.connected().await;
    let ready = app.get(READER, "/orders?stage=accepted").await.body;
    let order = ready["orders"][0]["id"].as_str().unwrap().to_owned();
    let ship = format!("/orders/{order}/ship");
    assert_eq!(app.call(PACKER, "POST", &ship, None).await.status, 202);
    app.world.pass(jiff::SignedDuration::from_mins(5)).await;
    let failed = app.get(READER, "/failed").await.body;
    let key = failed["failed"][0]["key"].as_str().unwrap().to_owned();
    let label = app.get(PACKER, &format!("/orders/{order}/label")).await;
    assert_eq!(label.status, 200, "{:#}", label.body);
    (
        app,
        Names {
            account,
            order,
            key,
        },
    )
}

/// Everything of the seller's that could be seen.
async fn traces(app: &App) -> Vec<String> {
    let mut traces = vec![
        "Main store".to_owned(),
        "4100001".to_owned(),
        "ab1cd".to_owned(),
    ];
    for order in app.world.sandbox.control().orders() {
        traces.extend([
            order.sub_order_num,
            order.buyer_name,
            order.sku,
            order.ship_by,
        ]);
        traces.extend(order.awb);
    }
    let accounts = app.get(READER, "/accounts").await.body;
    traces.push(
        accounts["accounts"][0]["login"]
            .as_str()
            .unwrap()
            .to_owned(),
    );
    traces
}

#[tokio::test]
async fn another_sellers_token_sees_nothing_of_this_seller_on_any_route() {
    let (app, names) = busy_seller().await;
    let traces = traces(&app).await;
    let before = app.get(READER, "/accounts").await.body;
    let number = names.order.split_once('.').unwrap().1.to_owned();
    let invented = Names {
        account: "a_0000000000000000".to_owned(),
        order: "a_0000000000000000.299999999999999999_9".to_owned(),
        key: "000".to_owned(),
    };
    for call in calls(&app) {
        let place = format!("{} {}", call.method, call.path);
        let seen = call.send(&app, STRANGER, &names).await;
        // A SKU is everybody's own word: it names nothing of another seller.
        if call.path.contains('{') && !call.path.contains("{sku}") {
            assert_eq!(seen.problem().0, 404, "{place}: {:#}", seen.body);
        }
        let told = |answer: &Answer, names: &Names| {
            let text = answer.body.to_string();
            text.replace(&names.order, "ORDER")
                .replace(&names.account, "ACCOUNT")
        };
        for trace in traces.iter().filter(|trace| **trace != number) {
            assert!(
                !told(&seen, &names).contains(trace.as_str()),
                "{place} shows {trace}: {:#}",
                seen.body
            );
        }
        let unknown = call.send(&app, STRANGER, &invented).await;
        assert_eq!(unknown.status, seen.status, "{place}");
        assert_eq!(
            told(&unknown, &invented),
            told(&seen, &names),
            "{place} tells that it exists"
        );
    }
    // Nor did anything happen to this seller.
    assert_eq!(app.get(READER, "/accounts").await.body, before);
    assert_eq!(
        app.get(READER, &format!("/orders/{}", names.order))
            .await
            .status,
        200
    );
    assert_eq!(app.world.waiting_messages(), 0);
    assert_eq!(
        app.get(READER, "/failed").await.body["failed"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn another_sellers_cursor_starts_the_own_list() {
    let (app, _) = busy_seller().await;
    let part = app.get(READER, "/orders?limit=1").await.body;
    let next = part["next"].as_str().unwrap();
    let seen = app.get(STRANGER, &format!("/orders?cursor={next}")).await;
    assert_eq!(seen.body, json!({"orders": [], "next": null}));
}

#[tokio::test]
async fn every_route_needs_the_scope_that_its_description_names() {
    let (app, names) = busy_seller().await;
    for call in calls(&app) {
        let place = format!("{} {}", call.method, call.path);
        let enough: &[&'static str] = match call.scope.as_deref() {
            Some("read") => &["read", "pack", "stock", "admin"],
            Some("pack") => &["pack", "read pack", "admin"],
            Some("admin") => &["admin"],
            other => panic!("{place} needs {other:?}"),
        };
        for scopes in [
            "",
            "root",
            "read",
            "pack",
            "stock",
            "read pack stock",
            "read pack",
            "admin",
        ] {
            let answer = call.send(&app, of_the_seller(scopes), &names).await;
            let may = scopes.split(' ').any(|scope| enough.contains(&scope));
            assert_eq!(
                answer.status != 403,
                may,
                "{place} with {scopes:?}: {:#}",
                answer.body
            );
            if !may {
                assert_eq!(answer.problem().1, "not-allowed", "{place}");
                assert!(
                    answer.detail().contains(call.scope.as_deref().unwrap()),
                    "{}",
                    answer.detail()
                );
            }
        }
    }
}

#[tokio::test]
async fn without_a_token_there_is_nothing_but_the_description() {
    let (app, names) = busy_seller().await;
    for call in calls(&app) {
        let place = format!("{} {}", call.method, call.path);
        let body = call.body().map(|body| body.to_string());
        let mut nobody = event(&call.method, &call.path(&names), None, body.as_deref());
        // What only the authorizer may say, said by the caller.
        nobody["headers"]["seller"] = "s_1".into();
        nobody["headers"]["scopes"] = "admin".into();
        nobody["headers"]["authorization"] = "Bearer haat_guessed".into();
        nobody["headers"]["x-amzn-request-context"] =
            json!({"authorizer": {"lambda": {"seller": "s_1", "token": "t_1", "scopes": "admin"}}})
                .to_string()
                .into();
        let answer = app.send(nobody).await;
        assert_eq!(answer.problem(), (401, "not-signed-in"), "{place}");
        assert_eq!(answer.headers["www-authenticate"], "Bearer", "{place}");
    }
    let description = app.get(ADMIN, "/openapi.json").await;
    assert_eq!(description.status, 200);
}

#[tokio::test]
async fn a_path_takes_no_method_that_is_not_described() {
    let (app, names) = busy_seller().await;
    let described = calls(&app);
    for call in &described {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let known = described
                .iter()
                .any(|other| other.path == call.path && other.method == method);
            if !known {
                let answer = app.call(ADMIN, method, &call.path(&names), None).await;
                assert_eq!(answer.status, 405, "{method} {}", call.path);
            }
        }
    }
}
