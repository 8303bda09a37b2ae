//! What is offered, what comes back, and orders by their numbers.

use haat_domain::{Offer, OfferKey, Paise, Return, ReturnKind, ReturnReport, ReturnStage, Stage};
use haat_ports::{Numbers, OfferStore, OrderStore, ReturnStore, StoreError};
use jiff::{SignedDuration, Timestamp};

use crate::sample::{NOON, at, empty_table, id, noon_plus, order, other_shop, shop};

pub(crate) fn offer(variant: &str) -> Offer {
    Offer {
        key: OfferKey {
            product: "790001".to_owned(),
            variant: variant.to_owned(),
        },
        sku: id(&format!("SKU-{variant}")),
        title: "Anarkali kurta".to_owned(),
        variation: None,
        live: true,
        price: Some(Paise::new(137_900)),
        mrp: None,
        pieces: Some(7),
    }
}

pub(crate) fn comes_back(number: &str, moved_at: Timestamp) -> Return {
    Return {
        seller: shop(),
        account: id("a_1"),
        said: ReturnReport {
            number: id(number),
            order: id("S900000001"),
            stage: Some(ReturnStage::OnItsWay),
            word: "RETURN_CREATED".to_owned(),
            kind: Some(ReturnKind::Rto),
            reason: None,
            awb: None,
            courier: None,
            began_at: None,
            expected_at: None,
            lines: Vec::new(),
        },
        seen_at: at(NOON),
        moved_at,
        version: 0,
    }
}

#[tokio::test]
async fn returns_come_by_their_last_move_and_move_up_when_they_move_again() {
    let (local, _) = empty_table().await;
    let table = &local.table;
    for number in 1..=5_i64 {
        let mut one = comes_back(&format!("RT{number}"), noon_plus(number));
        table.put_return(&mut one).await.unwrap();
    }
    let keys = ["RT2", "RT9"].map(id);
    let mut found = table.returns(&shop(), &id("a_1"), &keys).await.unwrap();
    assert_eq!(found.len(), 1);
    let mut second = found.remove(0);
    let stale = second.clone();
    second.said.stage = Some(ReturnStage::Received);
    second.moved_at = noon_plus(60);
    table.put_return(&mut second).await.unwrap();
    let late = table.put_return(&mut stale.clone()).await;
    assert!(matches!(late, Err(StoreError::Conflict(_))), "{late:?}");

    let mut numbers = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = table.list_returns(&shop(), cursor.as_deref(), 2).await;
        let page = page.unwrap();
        numbers.extend(page.items.iter().map(|one| one.said.number.to_string()));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(numbers, ["RT2", "RT5", "RT4", "RT3", "RT1"]);
    let theirs = table.list_returns(&other_shop(), None, 10).await.unwrap();
    assert!(theirs.items.is_empty());
}

#[tokio::test]
async fn offers_are_an_accounts_own_and_the_last_write_wins() {
    let (local, _) = empty_table().await;
    let table = &local.table;
    let (mine, other) = (id("a_1"), id("a_10"));
    for variant in ["790001001", "790001002", "790001003"] {
        table
            .put_offer(&shop(), &mine, &offer(variant))
            .await
            .unwrap();
    }
    table
        .put_offer(&shop(), &other, &offer("790001009"))
        .await
        .unwrap();
    let sold_out = Offer {
        pieces: Some(0),
        ..offer("790001002")
    };
    table.put_offer(&shop(), &mine, &sold_out).await.unwrap();

    let asked = [sold_out.key.clone(), offer("790001009").key];
    let found = table.offers(&shop(), &mine, &asked).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&sold_out));
    let first = table.list_offers(&shop(), &mine, None, 2).await.unwrap();
    let cursor = first.next.as_deref();
    let rest = table.list_offers(&shop(), &mine, cursor, 2).await.unwrap();
    assert_eq!(
        (first.items.len(), rest.items.len(), rest.next),
        (2, 1, None)
    );
}

#[tokio::test]
async fn numbers_are_those_of_one_accounts_open_orders_or_of_those_on_their_way() {
    let (local, _) = empty_table().await;
    let table = &local.table;
    table.put_order(&mut order("open1")).await.unwrap();
    let mut theirs = order("open2");
    theirs.id.account = id("a_10");
    table.put_order(&mut theirs).await.unwrap();
    for (number, stage, hours) in [
        ("young", Stage::Shipped, 1),
        ("old", Stage::Shipped, 24 * 31),
        ("arrived", Stage::Delivered, 1),
        ("gone", Stage::Cancelled, 1),
    ] {
        let mut one = order(number);
        table.put_order(&mut one).await.unwrap();
        one.stage = stage;
        one.closed_at = Some(at(NOON) - SignedDuration::from_hours(hours));
        table.put_order(&mut one).await.unwrap();
    }
    let numbers = async |which| {
        let found = table.numbers(&shop(), &id("a_1"), which).await.unwrap();
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        found
    };
    assert_eq!(numbers(Numbers::Open).await, ["open1"]);
    let month = at(NOON) - SignedDuration::from_hours(24 * 30);
    assert_eq!(numbers(Numbers::MovingSince(month)).await, ["young"]);
}
