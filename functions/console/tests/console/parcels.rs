//! Weight and size of products, and what comes back.

use axum::http::StatusCode;
use haat_domain::{Return, ReturnKind, ReturnReport, ReturnStage};
use haat_ports::{Parcels as _, ReturnStore as _};

use crate::pob::{POB, SMALL};
use crate::shop::{ASHA, PACKER, READER, Shop, at};

const PAGE: &str = "/console/parcels";

#[tokio::test]
async fn weight_and_size_of_a_product_are_set() {
    let shop = Shop::with_pob().await;
    let form = "sku=KURTI-RED-M&weight_grams=350&length_mm=300&breadth_mm=250&height_mm=30";
    let answer = shop.post(PACKER, PAGE, form).await;
    assert_eq!(answer.leads_to(), "/console/parcels?notice=saved");
    insta::assert_snapshot!(shop.get(PACKER, PAGE).await.text());
    let (seller, sku) = (ASHA.parse().unwrap(), "KURTI-RED-M".parse().unwrap());
    let known = shop.table.parcels(&seller, &[sku]).await.unwrap();
    assert_eq!(known.into_values().collect::<Vec<_>>(), [SMALL]);
    let reader = shop.post(READER, PAGE, form).await;
    assert_eq!(reader.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_parcel_that_cannot_be_is_refused_by_its_field_and_stays_typed() {
    let shop = Shop::with_pob().await;
    let rest = "length_mm=300&breadth_mm=250&height_mm=30";
    for (form, said, typed) in [
        (
            format!("sku=A&weight_grams=heavy&{rest}"),
            "“Weight in grams” must be a whole number",
            "heavy",
        ),
        (
            format!("sku=A&weight_grams=0&{rest}"),
            "“Weight in grams” must be from 1 to 100000, not 0.",
            "0",
        ),
        (
            "sku=A&weight_grams=1&length_mm=3001&breadth_mm=1&height_mm=1".to_owned(),
            "“Length in mm” must be from 1 to 3000, not 3001.",
            "3001",
        ),
        (
            format!("sku=&weight_grams=77&{rest}"),
            "“SKU” must be 1 to 128 bytes",
            "77",
        ),
    ] {
        let answer = shop.post(PACKER, PAGE, &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(answer.text().contains(said), "{}", answer.text());
        assert!(
            answer.body.contains(&format!("value=\"{typed}\"")),
            "{form}"
        );
    }
    let seller = ASHA.parse().unwrap();
    let known = shop.table.list_parcels(&seller, None, 10).await.unwrap();
    assert!(known.items.is_empty());
}

#[tokio::test]
async fn returns_stand_with_their_order_and_what_is_not_known_is_said_raw() {
    let shop = Shop::with_pob().await;
    for (number, stage, word) in [
        ("RT1", Some(ReturnStage::OnItsWay), "IN_TRANSIT"),
        ("RT2", None, "<b>LIMBO</b>"),
    ] {
        let said = ReturnReport {
            number: number.parse().unwrap(),
            order: "S1".parse().unwrap(),
            stage,
            word: word.to_owned(),
            kind: stage.map(|_| ReturnKind::Rto),
            reason: None,
            awb: stage.map(|_| "RV0001".parse().unwrap()),
            courier: None,
            began_at: None,
            expected_at: None,
            lines: Vec::new(),
        };
        let (seller, account) = (ASHA.parse().unwrap(), POB.parse().unwrap());
        let moved = at(if stage.is_some() {
            "2026-09-12T12:00:00+05:30"
        } else {
            "2026-09-11T12:00:00+05:30"
        });
        let mut one = Return::first_heard(seller, account, said, moved);
        shop.table.put_return(&mut one).await.unwrap();
    }
    let page = shop.get(READER, "/console/returns").await;
    assert!(!page.body.contains("<b>LIMBO"));
    insta::assert_snapshot!(page.text());
}
