//! Parcels, warehouses, series of invoice numbers, manifests.

use haat_domain::{
    Action, Actor, Address, InvoiceSeries, Manifest, Order, Parcel, Sku, StoredPaper,
    SupplyInvoice, Warehouse,
};
use haat_ports::{InvoiceNumbers, ManifestStore, OrderStore, Parcels, StoreError, Warehouses};

use crate::sample::{NOON, at, empty_table, id, noon_plus, order, other_shop, shop};

pub(crate) fn parcel(weight_grams: u32) -> Parcel {
    Parcel {
        weight_grams,
        length_mm: 300,
        breadth_mm: 250,
        height_mm: 30,
    }
}

pub(crate) fn warehouse(name: &str) -> Warehouse {
    Warehouse {
        id: id(name),
        seller: shop(),
        name: format!("Warehouse {name}"),
        address: Address {
            lines: vec!["Gala 4, Rahnal".to_owned()],
            city: "Bhiwandi".to_owned(),
            pin: id("421302"),
        },
        gstin: id("27AABCR1718E1ZP"),
        invoice_format: None,
        version: 0,
    }
}

pub(crate) fn series() -> InvoiceSeries {
    InvoiceSeries::at(id("27AABCR1718E1ZP"), id("HUB"), at(NOON))
}

/// The order with the number that comes after so many.
pub(crate) fn numbered(mut order: Order, given: u32) -> Order {
    let number = series().number(given + 1).unwrap();
    let invoice = SupplyInvoice {
        number,
        at: at(NOON),
    };
    order.invoice_as(invoice, Actor::Rule("invoice series".to_owned()), at(NOON));
    order
}

pub(crate) fn manifest(name: &str, orders: &[&str]) -> Manifest {
    Manifest {
        id: id(name),
        seller: shop(),
        account: id("a_1"),
        courier: "Valmo".to_owned(),
        key: Some("MAN-1".to_owned()),
        orders: orders.iter().map(|number| id(number)).collect(),
        closed_at: at(NOON),
        paper: None,
        version: 0,
    }
}

#[tokio::test]
async fn a_parcel_is_known_by_its_sku_whatever_the_sku_looks_like() {
    let (local, _) = empty_table().await;
    let table = &local.table;
    let skus = ["KURTI #1", "KURTI #10", "कुर्ता-नीला", "a/b?c"].map(id::<Sku>);
    for (index, sku) in skus.iter().enumerate() {
        let grams = u32::try_from(index).unwrap() + 100;
        let put = table.put_parcel(&shop(), sku, &parcel(grams)).await;
        put.unwrap();
    }
    let unknown: Sku = id("nobody");
    let asked = [skus[0].clone(), unknown.clone(), skus[2].clone()];
    let known = table.parcels(&shop(), &asked).await.unwrap();
    assert_eq!(known.len(), 2);
    assert_eq!(known[&skus[0]], parcel(100));
    assert_eq!(known[&skus[2]], parcel(102));
    let theirs = table.parcels(&other_shop(), &skus).await.unwrap();
    assert!(theirs.is_empty(), "another seller's parcels are his own");

    table
        .put_parcel(&shop(), &skus[0], &parcel(7))
        .await
        .unwrap();
    let mut listed = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = table.list_parcels(&shop(), cursor.as_deref(), 3).await;
        let page = page.unwrap();
        listed.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(listed.len(), 4, "each once, over two parts: {listed:?}");
    assert!(
        listed.contains(&(skus[0].clone(), parcel(7))),
        "the last write wins"
    );
}

#[tokio::test]
async fn a_warehouse_is_written_over_the_version_it_was_read_with() {
    let (local, _) = empty_table().await;
    let table = &local.table;
    table.put_warehouse(&warehouse("w_1")).await.unwrap();
    let again = table.put_warehouse(&warehouse("w_1")).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
    let read = table.warehouse(&shop(), &id("w_1")).await.unwrap().unwrap();
    let mut renamed = read.clone();
    renamed.name = "Other name".to_owned();
    table.put_warehouse(&renamed).await.unwrap();
    let late = table.put_warehouse(&read).await;
    assert!(matches!(late, Err(StoreError::Conflict(_))), "{late:?}");
    let all = table.warehouses(&shop()).await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].name, "Other name");
    assert_eq!(table.warehouse(&other_shop(), &id("w_1")).await, Ok(None));
}

#[tokio::test]
async fn twenty_who_draw_from_one_series_leave_no_gap_and_no_number_twice() {
    let (local, _) = empty_table().await;
    let mut names = Vec::new();
    for number in 0..20 {
        let name = format!("S{number:09}");
        local.table.put_order(&mut order(&name)).await.unwrap();
        names.push(name);
    }
    let draw = async |name: &String| {
        let table = &local.table;
        loop {
            let ids = [crate::sample::order_id(name)];
            let stored = table.orders(&shop(), &ids).await.unwrap().remove(0);
            let given = table.numbers_given(&shop(), &series()).await.unwrap();
            let mut numbered = numbered(stored, given);
            match table.put_numbered(&mut numbered, &series(), given).await {
                Ok(()) => return numbered.supply.invoice.unwrap().number.to_string(),
                Err(StoreError::Conflict(_)) => {}
                Err(failed) => panic!("{failed}"),
            }
        }
    };
    let mut drawn = futures_util::future::join_all(names.iter().map(draw)).await;
    drawn.sort();
    let expected: Vec<String> = (1..=20).map(|n| format!("HUB26-27/{n:05}")).collect();
    assert_eq!(drawn, expected);
    assert_eq!(local.table.numbers_given(&shop(), &series()).await, Ok(20));
    assert_eq!(
        local.table.numbers_given(&other_shop(), &series()).await,
        Ok(0)
    );
}

#[tokio::test]
async fn a_number_and_its_order_are_written_together_or_not_at_all() {
    let (local, _) = empty_table().await;
    let table = &local.table;
    let mut stored = order("S900000001");
    table.put_order(&mut stored).await.unwrap();
    let mut late = numbered(stored.clone(), 0);
    stored
        .ask(Action::Accept, Actor::Marketplace, at(NOON))
        .unwrap();
    table.put_order(&mut stored).await.unwrap();
    let refused = table.put_numbered(&mut late, &series(), 0).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(_))),
        "{refused:?}"
    );
    assert_eq!(
        table.numbers_given(&shop(), &series()).await,
        Ok(0),
        "none is lost"
    );
}

#[tokio::test]
async fn manifests_come_latest_first_and_only_the_accounts_own() {
    let (local, _) = empty_table().await;
    let table = &local.table;
    for (name, closed) in [
        ("20260912T120000Z-aaaaaaaa", 0),
        ("20260912T130000Z-bbbbbbbb", 3_600),
        ("20260913T120000Z-cccccccc", 86_400),
    ] {
        let mut one = manifest(name, &["S900000001"]);
        one.closed_at = noon_plus(closed);
        table.put_manifest(&mut one).await.unwrap();
    }
    let mut theirs = manifest("20260914T120000Z-dddddddd", &["S900000009"]);
    theirs.account = id("a_10");
    table.put_manifest(&mut theirs).await.unwrap();

    let first = table.manifests(&shop(), &id("a_1"), None, 2).await.unwrap();
    let names = |page: &[Manifest]| -> Vec<String> {
        page.iter()
            .map(|one| one.id.to_string()[9..16].to_owned())
            .collect()
    };
    assert_eq!(names(&first.items), ["120000Z", "130000Z"]);
    let cursor = first.next.as_deref();
    let rest = table
        .manifests(&shop(), &id("a_1"), cursor, 2)
        .await
        .unwrap();
    assert_eq!(
        (names(&rest.items), rest.next),
        (vec!["120000Z".to_owned()], None)
    );

    let mut again = manifest("20260912T120000Z-aaaaaaaa", &["S900000001"]);
    let kept = table.put_manifest(&mut again).await;
    assert!(
        matches!(kept, Err(StoreError::Conflict(_))),
        "it is kept already"
    );
    let mut stored = rest.items[0].clone();
    stored.paper = Some(StoredPaper {
        file: "labels/shop/a_1/manifest.pdf".to_owned(),
        sha256: "9f86d0".to_owned(),
        stored_at: noon_plus(60),
    });
    table.put_manifest(&mut stored).await.unwrap();
    let found = table
        .manifest(&shop(), &id("a_1"), &stored.id)
        .await
        .unwrap();
    assert_eq!(found, Some(stored));
}
