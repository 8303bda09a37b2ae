use haat_domain::{Order, Stage};
use haat_ports::{Listing, OrderStore};

use crate::sample::{at, empty_table, noon_plus, order_due, other_shop, shop};

fn number_of(order: &Order) -> &str {
    order.id.number.as_str()
}

/// Walks a list from its start to its end and gives the numbers of each part.
async fn walk(table: &impl OrderStore, listing: Listing, limit: u32) -> Vec<Vec<String>> {
    let mut parts = Vec::new();
    let mut cursor = None;
    loop {
        let page = table
            .list_orders(&shop(), listing, cursor.as_deref(), limit)
            .await;
        let page = page.unwrap();
        parts.push(
            page.items
                .iter()
                .map(number_of)
                .map(str::to_owned)
                .collect(),
        );
        cursor = page.next;
        if cursor.is_none() {
            return parts;
        }
    }
}

#[tokio::test]
async fn a_hundred_and_thirty_open_orders_come_by_deadline() {
    let (local, _) = empty_table().await;
    // Stored out of order: 130 and 37 have no common divisor, so each deadline comes once.
    for step in 0..130_i64 {
        let place = step * 37 % 130;
        let mut order = order_due(&format!("n{place:03}"), noon_plus(place * 60));
        local.table.put_order(&mut order).await.unwrap();
    }

    let parts = walk(&*local.table, Listing::Open, 50).await;

    let sizes: Vec<usize> = parts.iter().map(Vec::len).collect();
    assert_eq!(sizes, [50, 50, 30]);
    let expected: Vec<String> = (0..130).map(|place| format!("n{place:03}")).collect();
    assert_eq!(parts.concat(), expected);
    // More than one batch of keys in a single part.
    assert_eq!(walk(&*local.table, Listing::Open, 500).await, [expected]);
}

#[tokio::test]
async fn closed_orders_come_latest_first() {
    let (local, _) = empty_table().await;
    for place in 0..5_i64 {
        let mut order = order_due(&format!("n{place}"), noon_plus(0));
        order.stage = Stage::Shipped;
        order.closed_at = Some(noon_plus(place));
        local.table.put_order(&mut order).await.unwrap();
    }

    let parts = walk(&*local.table, Listing::Closed, 2).await;

    assert_eq!(parts, [vec!["n4", "n3"], vec!["n2", "n1"], vec!["n0"]]);
    assert_eq!(
        walk(&*local.table, Listing::Open, 2).await,
        [Vec::<String>::new()]
    );
}

#[tokio::test]
async fn the_end_of_a_list_is_told_even_when_the_last_part_is_full() {
    let (local, _) = empty_table().await;
    for place in 0..4_i64 {
        let mut order = order_due(&format!("n{place}"), noon_plus(place));
        local.table.put_order(&mut order).await.unwrap();
    }

    let parts = walk(&*local.table, Listing::Open, 2).await;

    assert_eq!(parts, [vec!["n0", "n1"], vec!["n2", "n3"]]);
}

#[tokio::test]
async fn an_order_moves_with_its_deadline_and_leaves_when_it_is_closed() {
    let (local, _) = empty_table().await;
    let mut first = order_due("n1", noon_plus(10));
    let mut second = order_due("n2", noon_plus(20));
    local.table.put_order(&mut first).await.unwrap();
    local.table.put_order(&mut second).await.unwrap();

    first.dispatch_by.at = noon_plus(30);
    local.table.put_order(&mut first).await.unwrap();
    assert_eq!(walk(&*local.table, Listing::Open, 9).await, [["n2", "n1"]]);

    second.stage = Stage::Cancelled;
    second.closed_at = Some(at("2026-09-12T12:00:01Z"));
    local.table.put_order(&mut second).await.unwrap();
    assert_eq!(walk(&*local.table, Listing::Open, 9).await, [["n1"]]);
    assert_eq!(walk(&*local.table, Listing::Closed, 9).await, [["n2"]]);
}

#[tokio::test]
async fn what_is_no_cursor_of_the_list_starts_it_anew() {
    let (local, _) = empty_table().await;
    for seller in [shop(), other_shop()] {
        for place in 0..3_i64 {
            let mut order = order_due(&format!("n{place}"), noon_plus(place));
            order.seller = seller.clone();
            local.table.put_order(&mut order).await.unwrap();
        }
    }
    let read = async |seller, listing, cursor: Option<&str>| {
        let page = local.table.list_orders(&seller, listing, cursor, 1).await;
        page.unwrap()
    };
    let first = read(shop(), Listing::Open, None).await;
    let mine = first.next.clone().unwrap();
    let theirs = read(other_shop(), Listing::Open, None).await.next.unwrap();

    let second = read(shop(), Listing::Open, Some(&mine)).await;
    assert_eq!(number_of(&second.items[0]), "n1");
    for strange in ["", "rubbish", "%%%", "c2hvcCNvcGVuIw", &theirs] {
        let page = read(shop(), Listing::Open, Some(strange)).await;
        assert_eq!(page, first, "cursor {strange:?}");
    }
    // Another list's cursor: the closed list is empty, and stays so.
    let closed = read(shop(), Listing::Closed, Some(&mine)).await;
    assert_eq!((closed.items, closed.next), (vec![], None));
}
