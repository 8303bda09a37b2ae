//! Offers read, and their stock set.

use haat_domain::{Offer, OfferKey, Paise};
use haat_ports::{ErrorKind, MarketplaceError, OfferPage, RefusedLevel, StockLevel};
use serde_json::{Value, json};

use crate::pob::{Pob, fixture};
use crate::script::Reply;

async fn page(feed: &str, body: &str) -> OfferPage {
    let pob = Pob::answered([Reply::json(200, body)]).await;
    let feed = pob.feed(feed);
    pob.offers().page(feed, None).await.unwrap()
}

async fn variant(change: Value) -> OfferPage {
    let mut answer: Value = serde_json::from_str(fixture!("listProducts.answer")).unwrap();
    let variant = &mut answer["products"][0]["variants"][0];
    let variant = variant.as_object_mut().unwrap();
    variant.extend(change.as_object().unwrap().clone());
    page("published", &answer.to_string()).await
}

fn key(variant: &str) -> OfferKey {
    OfferKey {
        product: "790001".to_owned(),
        variant: variant.to_owned(),
    }
}

#[tokio::test]
async fn every_variant_is_an_offer() {
    let page = page("published", fixture!("listProducts.answer")).await;
    let offer = Offer {
        key: key("790001002"),
        sku: "KURTA-RED-M".parse().unwrap(),
        title: "Straight kurta red M".to_owned(),
        variation: Some("red M".to_owned()),
        live: true,
        price: Some(Paise::new(79_900)),
        mrp: Some(Paise::new(129_900)),
        pieces: Some(7),
    };
    assert_eq!(page.reports, [offer]);
    assert_eq!((page.refused.len(), page.marks.len()), (0, 1));
}

#[tokio::test]
async fn both_lists_are_read_until_a_page_is_empty() {
    for (feed, status) in [("published", "PUBLISHED"), ("unpublished", "UNPUBLISHED")] {
        let pob = Pob::answered([
            Reply::json(200, fixture!("listProducts.answer")),
            Reply::json(200, r#"{"products": []}"#),
        ])
        .await;
        let feed = pob.feed(feed);
        let first = pob.offers().page(feed, None).await.unwrap();
        let last = pob.offers().page(feed, first.next.as_deref()).await;
        assert_eq!(last.unwrap().next, None);
        let asked = pob.ajio.asked();
        for (asked, number) in asked.iter().zip([1, 2]) {
            let query = format!("pageNumber={number}&pageSize=50&publishedStatus={status}");
            let path = format!("/ds/hub/products?{query}");
            assert_eq!(asked.call(), ("GET", path.as_str()));
        }
    }
}

#[tokio::test]
async fn a_list_that_repeats_its_page_is_a_failed_read() {
    let answer = || Reply::json(200, fixture!("listProducts.answer"));
    let pob = Pob::answered([answer(), answer()]).await;
    let feed = pob.feed("published");
    let first = pob.offers().page(feed, None).await.unwrap();
    let again = pob.offers().page(feed, first.next.as_deref()).await;
    assert_eq!(again.unwrap_err().kind, ErrorKind::Malformed);
}

#[tokio::test]
async fn what_a_variant_leaves_out_its_list_and_product_tell() {
    let bare = json!({"title": "", "live": null, "itemPrice": null, "inventory": null,
                      "size": null, "color": null});
    let page = variant(bare.clone()).await;
    let offer = &page.reports[0];
    assert_eq!((offer.title.as_str(), offer.live), ("Straight kurta", true));
    assert_eq!(
        (&offer.variation, offer.price, offer.pieces),
        (&None, None, None)
    );
}

#[tokio::test]
async fn pieces_are_whole_or_not_known() {
    for (given, pieces) in [
        (json!(0), Some(0)),
        (json!(7.0), Some(7)),
        (json!(7.5), None),
        (json!(-1), None),
        (json!(1e300), None),
    ] {
        let page = variant(json!({ "inventory": given })).await;
        assert_eq!(page.reports[0].pieces, pieces, "{given}");
    }
}

#[tokio::test]
async fn a_variant_that_cannot_be_read_spoils_no_other() {
    let mut answer: Value = serde_json::from_str(fixture!("listProducts.answer")).unwrap();
    let variants = answer["products"][0]["variants"].as_array_mut().unwrap();
    variants.push(json!({"variantId": "790001003", "sku": ""}));
    answer["products"].as_array_mut().unwrap().push(json!(7));
    let page = page("published", &answer.to_string()).await;
    assert_eq!((page.reports.len(), page.refused.len()), (1, 2));
    assert!(page.refused[0].reason.starts_with("sku: not a SKU"));
}

async fn set(body: &str) -> Result<Vec<RefusedLevel>, MarketplaceError> {
    let pob = Pob::answered([Reply::json(200, body)]).await;
    let level = |variant: &str, pieces| StockLevel {
        offer: key(variant),
        pieces,
    };
    let levels = [level("790001002", 6), level("790001003", 0)];
    let refused = pob.stock().set(&levels).await;
    let asked = pob.one_call();
    assert_eq!(asked.call(), ("POST", "/ds/hub/updateInventory"));
    let example: Value = serde_json::from_str(fixture!("updateInventory.request")).unwrap();
    assert_eq!(asked.json(), example);
    refused
}

#[tokio::test]
async fn stock_is_set_in_whole_numbers_as_text_and_without_a_place() {
    let refused = set(fixture!("updateInventory.answer.allGood")).await;
    assert!(refused.unwrap().is_empty());
}

#[tokio::test]
async fn a_level_that_was_not_taken_is_told() {
    let refused = set(fixture!("updateInventory.answer.partial")).await;
    let unknown = RefusedLevel {
        offer: key("790001003"),
        said: "unknown variant".to_owned(),
    };
    assert_eq!(refused.unwrap(), [unknown]);
}

#[tokio::test]
async fn a_call_that_failed_has_set_nothing() {
    let one = r#"{"status": "FAILED", "failedProductList": [
        {"productId": "790001", "variantId": "790001003", "message": "unknown variant"}]}"#;
    assert_eq!(set(one).await.unwrap().len(), 2);
    let none = set(r#"{"status": "FAILED"}"#).await.unwrap_err();
    assert_eq!(none.kind, ErrorKind::Rejected);
    for unclear in [
        r#"{"status": "PARTIAL_SUCCESS"}"#,
        r#"{"status": "OK"}"#,
        "{",
    ] {
        let error = set(unclear).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Malformed, "harmless to repeat");
    }
}

#[tokio::test]
async fn more_levels_than_a_call_takes_go_in_several() {
    let good = || Reply::json(200, fixture!("updateInventory.answer.allGood"));
    let pob = Pob::answered([good(), good()]).await;
    let levels: Vec<_> = (0..51)
        .map(|n| StockLevel {
            offer: key(&n.to_string()),
            pieces: 1,
        })
        .collect();
    pob.stock().set(&levels).await.unwrap();
    let asked = pob.ajio.asked();
    let sent = asked
        .iter()
        .map(|it| it.json()["inventoryList"].as_array().unwrap().len());
    assert_eq!(sent.collect::<Vec<_>>(), [50, 1]);
}
