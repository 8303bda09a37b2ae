use haat_domain::{Parked, ParkedKind};
use haat_ports::{ParkedStore, Sealed};
use jiff::SignedDuration;

use crate::sample::{empty_table, id, noon_plus, other_shop, parked, sealed, shop};

#[tokio::test]
async fn the_same_thing_is_parked_once() {
    let (local, _) = empty_table().await;
    let first = parked("299_1");
    let mut again = first.clone();
    again.since = noon_plus(60);
    again.reason = "another reason".to_owned();

    assert_eq!(
        local.table.park(&first, Some(&sealed("raw"))).await,
        Ok(true)
    );
    assert_eq!(local.table.park(&again, None).await, Ok(false));

    let page = local.table.parked(&shop(), None, 10).await.unwrap();
    assert_eq!((page.items, page.next), (vec![first], None));
}

#[tokio::test]
async fn parked_things_come_oldest_first_in_parts() {
    let (local, _) = empty_table().await;
    let things: Vec<Parked> = ParkedKind::ALL
        .into_iter()
        .zip([3_i64, 1, 4, 0, 2])
        .map(|(kind, seconds)| Parked {
            kind,
            since: noon_plus(seconds),
            ..parked("a#b.c")
        })
        .collect();
    for thing in &things {
        local.table.park(thing, None).await.unwrap();
    }

    let mut found = Vec::new();
    let mut cursor = None;
    loop {
        let page = local
            .table
            .parked(&shop(), cursor.as_deref(), 2)
            .await
            .unwrap();
        found.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }

    let mut expected = things;
    expected.sort_by_key(|thing| thing.since);
    assert_eq!(found, expected);
    let theirs = local.table.parked(&other_shop(), None, 10).await.unwrap();
    assert_eq!(theirs.items, vec![]);
}

#[tokio::test]
async fn what_is_resumed_is_forgotten_once() {
    let (local, _) = empty_table().await;
    local.table.park(&parked("299_1"), None).await.unwrap();
    let unpark = async |seller, key| {
        let kind = ParkedKind::OrderRow;
        local.table.unpark(&seller, &id("a_1"), kind, key).await
    };

    assert_eq!(unpark(other_shop(), "299_1").await, Ok(false));
    assert_eq!(unpark(shop(), "299_2").await, Ok(false));
    assert_eq!(unpark(shop(), "299_1").await, Ok(true));
    assert_eq!(unpark(shop(), "299_1").await, Ok(false));
    assert_eq!(
        local.table.parked(&shop(), None, 10).await.unwrap().items,
        vec![]
    );
}

#[tokio::test]
async fn after_400_days_a_parked_thing_is_gone_and_may_come_anew() {
    let (local, clock) = empty_table().await;
    local.table.park(&parked("299_1"), None).await.unwrap();

    clock.pass(SignedDuration::from_hours(400 * 24));

    assert_eq!(
        local.table.parked(&shop(), None, 10).await.unwrap().items,
        vec![]
    );
    assert_eq!(local.table.park(&parked("299_1"), None).await, Ok(true));
    assert_eq!(
        local
            .table
            .parked(&shop(), None, 10)
            .await
            .unwrap()
            .items
            .len(),
        1
    );
}

#[tokio::test]
async fn a_raw_form_too_large_for_an_item_is_left_out_and_said_so() {
    let (local, _) = empty_table().await;
    let raw = Sealed(vec![7; 500 * 1024]);

    assert_eq!(
        local.table.park(&parked("299_1"), Some(&raw)).await,
        Ok(true)
    );

    let page = local.table.parked(&shop(), None, 10).await.unwrap();
    let reason = &page.items[0].reason;
    assert!(
        reason.ends_with("(its raw form, 512000 bytes, is too large to keep)"),
        "{reason}"
    );
}
