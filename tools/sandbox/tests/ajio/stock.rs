//! Products and stock.

use haat_sandbox::ajio::{NewPob, Options, Seed, State};
use serde_json::{Value, json};

use crate::client::{POB, open_shop, open_shop_with};

fn line(variant: &str, inventory: Value) -> Value {
    json!({"productId": "790001", "variantId": variant, "inventory": inventory})
}

#[tokio::test]
async fn products_are_counted_paged_and_found_by_sku() {
    let (_ajio, api) = open_shop().await;
    let counts = [("PUBLISHED", 5), ("UNPUBLISHED", 1)];
    for (status, count) in counts {
        let path = format!("/productsCount?publishedStatus={status}");
        assert_eq!(api.get(&path).await, (200, json!({"count": count})));
    }
    let mut read = Vec::new();
    for number in 1..=4 {
        let path = format!("/products?publishedStatus=PUBLISHED&pageNumber={number}&pageSize=2");
        let (_, page) = api.get(&path).await;
        let products = page["products"].as_array().unwrap().iter();
        read.extend(products.map(|product| product["id"].as_str().unwrap().to_owned()));
    }
    assert_eq!(read, ["790001", "790002", "790003", "790004", "790005"]);

    let path = "/products?publishedStatus=PUBLISHED&skus=KURTA-RED-M,TOTE-TAN";
    let (_, found) = api.get(path).await;
    let variant = &found["products"][0]["variants"][0];
    assert_eq!(
        (&variant["variantId"], &variant["sku"]),
        (&json!("790001002"), &json!("KURTA-RED-M"))
    );
    assert_eq!(variant["itemPrice"]["netSellerPayable"], 610);
    assert_eq!(found["products"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn stock_is_absolute_and_what_is_unknown_fails_alone() {
    let (ajio, api) = open_shop().await;
    let control = ajio.control();
    let body = json!({"inventoryList": [
        line("790001002", json!("6")),
        line("790001003", json!(0)),
        line("790009999", json!("1")),
    ]});
    let (_, result) = api.post("/updateInventory", &body).await;
    assert_eq!(result["status"], "PARTIAL_SUCCESS");
    assert_eq!(
        result["failedProductList"],
        json!([{"productId": "790001", "variantId": "790009999", "message": "unknown variant"}])
    );
    assert_eq!(control.stock(POB, "790001002"), Ok(6));
    assert_eq!(control.stock(POB, "790001003"), Ok(0));
    api.post(
        "/updateInventory",
        &json!({"inventoryList": [line("790001002", json!("6"))]}),
    )
    .await;
    assert_eq!(control.stock(POB, "790001002"), Ok(6), "never a delta");
    assert_eq!(control.counters().stock_writes_of(POB, "790001002"), 2);
    assert_eq!(control.counters().stock_writes_of(POB, "790009999"), 0);
}

#[tokio::test]
async fn stock_out_of_bounds_is_refused_whole() {
    let (ajio, api) = open_shop().await;
    let many = vec![line("790001002", json!("1")); 51];
    for list in [
        json!([]),
        json!(many),
        json!([line("790001002", json!("-1"))]),
        json!([line("790001002", json!(1.5))]),
        json!([line("790001002", json!("1")), {"variantId": "790001002", "inventory": "1"}]),
    ] {
        let (status, _) = api
            .post("/updateInventory", &json!({"inventoryList": list}))
            .await;
        assert_eq!(status, 400, "{list}");
    }
    assert_eq!(ajio.control().stock(POB, "790001002"), Ok(10));
}

#[tokio::test]
async fn every_pob_has_a_stock_of_its_own_and_orders_block_theirs() {
    let pobs = vec![NewPob::default(), NewPob::new("DV900002", "other-only")];
    let (ajio, api) = open_shop_with(Options {
        pobs,
        ..Options::default()
    })
    .await;
    let control = ajio.control();
    let body = json!({"inventoryList": [line("790001002", json!("3"))]});
    api.post("/updateInventory", &body).await;
    assert_eq!(control.stock("DV900002", "790001002"), Ok(10));

    control.seed(&Seed::new(POB, State::Pendency, 30)).unwrap();
    control.seed(&Seed::new(POB, State::Confirmed, 30)).unwrap();
    let open = |state: State| -> u64 {
        let orders = control
            .orders()
            .into_iter()
            .filter(|order| order.state == state);
        orders
            .flat_map(|order| order.lines)
            .filter(|line| line.item_code == "790001002")
            .map(|line| line.ordered)
            .sum()
    };
    let (_, found) = api
        .get("/products?publishedStatus=PUBLISHED&skus=KURTA-RED-M")
        .await;
    let variant = &found["products"][0]["variants"][0];
    assert_eq!(variant["inventory"], 3);
    assert_eq!(variant["pendency"], open(State::Pendency));
    assert_eq!(variant["blockedInventory"], open(State::Confirmed));
}
