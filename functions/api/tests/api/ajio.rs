//! A seller's day at AJIO through the API: warehouse, account, parcels, labels, hand-over, returns.

use haat_sandbox::ajio::{Options, ReturnKind, Seed, State};
use haat_tests::world::World;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{ADMIN, App, PACKER, READER};

const POB: &str = "DV900001";

async fn app() -> App {
    App::beside(World::with_ajio(Options::default()).await, |api| api).await
}

fn mumbai() -> Value {
    json!({"name": "Mumbai", "lines": ["Gala 4, Rahnal"], "city": "Bhiwandi", "pin": "421302",
        "gstin": "27AABCR1718E1ZP", "invoice_format": "standard"})
}

async fn minutes(app: &App, minutes: i64) {
    app.world.pass(SignedDuration::from_mins(minutes)).await;
}

#[tokio::test]
async fn a_pob_is_bound_to_its_warehouse_and_its_orders_leave_from_there() {
    let app = app().await;
    let seed = Seed::new(POB, State::Confirmed, 1).quantity(1);
    let number = app.world.ajio().seed(&seed).unwrap().remove(0);
    let warehouse = app.post(ADMIN, "/warehouses", mumbai()).await;
    assert_eq!(warehouse.status, 201, "{:#}", warehouse.body);
    assert_eq!(warehouse.body["state"], "Maharashtra");
    let body = json!({"marketplace": "ajio", "name": "AJIO, Mumbai",
        "warehouse": warehouse.body["id"],
        "credentials": {"username": POB, "password": "sandbox-only"}});
    let account = app.post(ADMIN, "/accounts", body).await;
    assert_eq!(account.status, 201, "{:#}", account.body);
    let id = account.body["account"]["id"].as_str().unwrap().to_owned();
    app.world.settle().await;

    // The invoices of this seller have a series of their own.
    let series = json!({"invoice_series": "HUB"});
    let changed = app
        .call(ADMIN, "PATCH", &format!("/accounts/{id}"), Some(series))
        .await;
    assert_eq!(changed.status, 200, "{:#}", changed.body);
    let courier = json!({"auto_label": false, "auto_documents": true});
    app.call(
        ADMIN,
        "PUT",
        &format!("/accounts/{id}/courier"),
        Some(courier),
    )
    .await;

    // Without weight and size nothing is asked, and it says where to set them.
    let order = format!("/orders/{id}.{number}");
    let refused = app
        .call(PACKER, "POST", &format!("{order}/ship"), None)
        .await;
    assert_eq!(refused.problem(), (409, "order-refused"));
    let sku = app.world.ajio().order(&number).unwrap().lines[0]
        .item_code
        .clone();
    assert!(refused.body["detail"].as_str().unwrap().contains(&sku));
    let parcel = json!({"weight_grams": 350, "length_mm": 300, "breadth_mm": 250, "height_mm": 30});
    let set = app
        .call(PACKER, "PUT", &format!("/parcels/{sku}"), Some(parcel))
        .await;
    assert_eq!(set.status, 200, "{:#}", set.body);
    let known = app.get(READER, "/parcels").await.body;
    assert_eq!(known["parcels"][0]["sku"], sku.as_str());

    let asked = app
        .call(PACKER, "POST", &format!("{order}/ship"), None)
        .await;
    assert_eq!(asked.status, 202, "{:#}", asked.body);
    minutes(&app, 3).await;
    let shown = app.get(READER, &order).await.body;
    assert_eq!(shown["stage"], "ready_to_ship", "{shown:#}");
    // 11 September 2026 lies in the financial year 2026-27.
    assert_eq!(shown["supply"]["invoice_number"], "HUB26-27/00001");
    assert_eq!(shown["has_invoice"], true);
    let seen = app.world.ajio().order(&number).unwrap();
    assert_eq!(seen.b2b_invoice.as_deref(), Some("HUB26-27/00001"));
    for paper in ["label", "invoice"] {
        let link = app.get(PACKER, &format!("{order}/{paper}")).await;
        assert_eq!(link.status, 200, "{paper}: {:#}", link.body);
    }
    let late = json!({"weight_grams": 1, "length_mm": 1, "breadth_mm": 1, "height_mm": 1});
    let late = app
        .call(PACKER, "PUT", &format!("{order}/parcel"), Some(late))
        .await;
    assert_eq!(late.problem(), (409, "order-refused"));

    let all = app
        .call(PACKER, "POST", &format!("/accounts/{id}/hand_over"), None)
        .await;
    assert_eq!(
        (all.status, &all.body["orders"]),
        (202, &json!(1)),
        "{:#}",
        all.body
    );
    let again = app
        .call(PACKER, "POST", &format!("/accounts/{id}/hand_over"), None)
        .await;
    assert_eq!(again.body["orders"], 0, "asked for already");
    minutes(&app, 3).await;
    let manifests = app
        .get(READER, &format!("/manifests?account={id}"))
        .await
        .body;
    let manifest = &manifests["manifests"][0];
    assert_eq!(manifest["orders"], json!([format!("{id}.{number}")]));
    let paper = format!("/manifests/{id}/{}/paper", manifest["id"].as_str().unwrap());
    assert_eq!(app.get(PACKER, &paper).await.status, 200);

    app.world.ajio().move_to(&number, State::Delivered).unwrap();
    app.world
        .ajio()
        .start_return(&number, ReturnKind::Rto)
        .unwrap();
    app.call(PACKER, "POST", &format!("/accounts/{id}/sync"), None)
        .await;
    app.world.settle().await;
    let returns = app.get(READER, "/returns").await.body;
    assert_eq!(returns["returns"][0]["order"], format!("{id}.{number}"));
    assert_eq!(returns["returns"][0]["kind"], "rto");
}

#[tokio::test]
async fn one_orders_parcel_counts_instead_of_its_products() {
    let app = app().await;
    let seed = Seed::new(POB, State::Confirmed, 1).quantity(1);
    let number = app.world.ajio().seed(&seed).unwrap().remove(0);
    let connected = app.world.connect_pob(POB).await.unwrap();
    app.world.settle().await;
    let order = format!("/orders/{}.{number}", connected.account.id);
    let wrong = json!({"weight_grams": 350, "length_mm": 0, "breadth_mm": 250, "height_mm": 30});
    let wrong = app
        .call(PACKER, "PUT", &format!("{order}/parcel"), Some(wrong))
        .await;
    assert_eq!(wrong.problem(), (422, "bad-input"));
    assert!(wrong.body["detail"].as_str().unwrap().contains("length_mm"));

    let own = json!({"weight_grams": 900, "length_mm": 400, "breadth_mm": 300, "height_mm": 120});
    let set = app
        .call(PACKER, "PUT", &format!("{order}/parcel"), Some(own.clone()))
        .await;
    assert_eq!(set.body["parcel"], own, "{:#}", set.body);
    let asked = app
        .call(PACKER, "POST", &format!("{order}/ship"), None)
        .await;
    assert_eq!(asked.status, 202, "{:#}", asked.body);
    minutes(&app, 3).await;
    assert_eq!(app.get(READER, &order).await.body["stage"], "ready_to_ship");
}

#[tokio::test]
async fn a_warehouse_that_cannot_be_is_refused_by_its_field() {
    let app = app().await;
    for (field, value, told) in [
        ("gstin", "27AABCR1718E1ZQ", "GSTIN"),
        ("pin", "4213", "PIN"),
        ("name", "", "name"),
    ] {
        let mut wrong = mumbai();
        wrong[field] = json!(value);
        let answer = app.post(ADMIN, "/warehouses", wrong).await;
        assert_eq!(answer.problem(), (422, "bad-input"), "{:#}", answer.body);
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(detail.contains(told), "{detail}");
    }
    let mut bank = mumbai();
    bank["bank_account"] = json!("000111222");
    assert_eq!(
        app.post(ADMIN, "/warehouses", bank).await.problem(),
        (422, "bad-input")
    );

    let added = app.post(ADMIN, "/warehouses", mumbai()).await;
    let twice = app.post(ADMIN, "/warehouses", mumbai()).await;
    assert_eq!(twice.body["id"], added.body["id"], "said twice, it is one");
    let mut other = mumbai();
    other["pin"] = json!("421301");
    let other = app.post(ADMIN, "/warehouses", other).await;
    assert_eq!(other.problem(), (422, "bad-input"));
    let id = added.body["id"].as_str().unwrap();
    let mut moved = mumbai();
    moved["pin"] = json!("421308");
    let moved = app
        .call(ADMIN, "PUT", &format!("/warehouses/{id}"), Some(moved))
        .await;
    assert_eq!(moved.body["pin"], "421308", "{:#}", moved.body);
    let list = app.get(READER, "/warehouses").await.body;
    assert_eq!(list["warehouses"][0]["pin"], "421308");
}

#[tokio::test]
async fn a_changed_password_is_typed_without_what_has_a_usual_word() {
    let app = app().await;
    let first = json!({"marketplace": "ajio", "name": "AJIO",
        "credentials": {"username": POB, "password": "sandbox-only"}});
    let account = app.post(ADMIN, "/accounts", first).await;
    let id = account.body["account"]["id"].as_str().unwrap().to_owned();
    app.world.ajio().change_password(POB, "another").unwrap();
    let path = format!("/accounts/{id}/credentials");
    let put = async |typed: Value| {
        let body = json!({ "credentials": typed });
        app.call(ADMIN, "PUT", &path, Some(body)).await
    };
    let changed = put(json!({"username": POB, "password": "another"})).await;
    assert_eq!(changed.status, 200, "{:#}", changed.body);
    let odd = put(json!({"username": POB, "password": "another", "model": "magic"})).await;
    assert_eq!(odd.problem(), (422, "bad-input"));
    let said = odd.body["detail"].as_str().unwrap();
    assert!(said.contains("credentials.model must be one of"), "{said}");
}
