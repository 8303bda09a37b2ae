//! What each pattern costs, as `docs/access-patterns.md` promises it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use haat_aws::testing::{TABLE, Used};
use haat_domain::{Account, Action, Parked, ParkedKind, Stage};
use haat_ledger::Unit;
use haat_ports::{
    AccountTests, Accounts, Heartbeat, InvoiceNumbers, Listing, Logins, ManifestStore, OfferStore,
    OrderStore, Parcels, ParkedStore, Polls, Registrations, ReturnStore, Sellers, Tokens,
    Warehouses,
};

use crate::offers_and_returns::{comes_back, offer};
use crate::sample::{
    NOON, account, at, empty_table, id, login, noon_plus, open_intent, order, parked, poll_state,
    sealed, seller, shipped_order, shop, token,
};
use crate::set_up::{registration, test};
use crate::shipping::{manifest, numbered, parcel, series, warehouse};

fn written(used: Used) -> (u64, u64) {
    assert_eq!(used.refused, 0, "{used:?}");
    let count = |unit| used.ledger.count(unit);
    (count(Unit::TableWrite), count(Unit::IndexWrite))
}

#[tokio::test]
async fn an_order_costs_one_unit_a_write_while_it_stays_open() {
    let (local, _) = empty_table().await;
    let mut order = order("299000000000000001_1");

    local.table.put_order(&mut order).await.unwrap();
    assert_eq!(
        written(local.meter.take()),
        (1, 1),
        "a new order and its index entry"
    );

    order.accept = Some(open_intent());
    local.table.put_order(&mut order).await.unwrap();
    assert_eq!(written(local.meter.take()), (1, 0), "an intent");

    order.accept = None;
    for stage in [
        Stage::OnHold,
        Stage::Accepted,
        Stage::Packed,
        Stage::ReadyToShip,
    ] {
        order.stage = stage;
        local.table.put_order(&mut order).await.unwrap();
        assert_eq!(written(local.meter.take()), (1, 0), "{stage:?}");
    }

    order.stage = Stage::Shipped;
    order.closed_at = Some(at(NOON));
    local.table.put_order(&mut order).await.unwrap();
    assert_eq!(written(local.meter.take()), (1, 2), "its index entry moves");

    order.stage = Stage::Delivered;
    local.table.put_order(&mut order).await.unwrap();
    let entry = "its index entry no longer says that it is on its way";
    assert_eq!(written(local.meter.take()), (1, 2), "{entry}");

    order.stage = Stage::Returned;
    local.table.put_order(&mut order).await.unwrap();
    assert_eq!(written(local.meter.take()), (1, 0), "after that");
}

#[tokio::test]
async fn an_ordinary_order_with_eight_lines_of_history_is_under_1_kb() {
    let (local, _) = empty_table().await;
    let mut order = shipped_order("299000000000000001_1");
    assert_eq!(order.history.len(), 8);
    local.table.put_order(&mut order).await.unwrap();
    assert_eq!(written(local.meter.take()), (1, 1));

    let scan = local.client.scan().table_name(TABLE).send().await.unwrap();
    let size = size_of(&scan.items()[0]);

    assert!(size < 1024, "{size} bytes");
}

#[tokio::test]
async fn a_refused_write_is_counted() {
    let (local, _) = empty_table().await;
    local.table.put_order(&mut order("299_1")).await.unwrap();
    local.meter.take();

    local
        .table
        .put_order(&mut order("299_1"))
        .await
        .unwrap_err();

    let used = local.meter.take();
    assert_eq!((used.refused, used.writes()), (1, 1));
}

#[tokio::test]
async fn every_other_write_costs_what_is_promised() {
    let (local, _) = empty_table().await;
    let table = &local.table;
    let cost = || written(local.meter.take());

    table.create_seller(&seller()).await.unwrap();
    assert_eq!(cost(), (1, 0), "create_seller");
    table.put_token(&[7; 32], &token("t_1")).await.unwrap();
    assert_eq!(cost(), (4, 0), "put_token");
    table.revoke(&shop(), &id("t_1")).await.unwrap();
    assert_eq!(cost(), (4, 0), "revoke");

    let (account, state) = (account("a_1", "p5-0"), poll_state("a_1", "p5-0"));
    table
        .connect_account(&account, &login(), &state)
        .await
        .unwrap();
    assert_eq!(cost(), (8, 0), "connect_account");
    let moved = Account {
        pack: id("p1-0"),
        version: 1,
        ..account
    };
    table.move_to_pack(&state, &moved).await.unwrap();
    assert_eq!(cost(), (10, 0), "move_to_pack");

    let session = sealed("a session");
    table
        .put_session(&shop(), &id("l_1"), &session, noon_plus(60))
        .await
        .unwrap();
    assert_eq!(cost(), (1, 0), "put_session");
    let order = order("299_1").id;
    table.put_awb(&shop(), &id("VL1"), &order).await.unwrap();
    assert_eq!(cost(), (1, 0), "put_awb");
    table
        .put_buyer(&shop(), &order, &session, noon_plus(60))
        .await
        .unwrap();
    assert_eq!(cost(), (1, 0), "put_buyer");

    let thing = parked("299_1");
    table.park(&thing, None).await.unwrap();
    assert_eq!(cost(), (1, 1), "park");
    table
        .unpark(&shop(), &thing.account, thing.kind, &thing.key)
        .await
        .unwrap();
    assert_eq!(cost(), (1, 1), "unpark");
    let mut failed = crate::sample::order("299_1");
    table.put_order(&mut failed).await.unwrap();
    let thing = Parked {
        kind: ParkedKind::Accept,
        ..parked("299_1")
    };
    table.park(&thing, None).await.unwrap();
    cost();
    table
        .put_order_and_unpark(&mut failed, &[Action::Accept])
        .await
        .unwrap();
    assert_eq!(cost(), (4, 1), "put_order_and_unpark");
    table
        .put_heartbeat(&id("p5-0"), &Heartbeat::default())
        .await
        .unwrap();
    assert_eq!(cost(), (1, 0), "put_heartbeat");
}

#[tokio::test]
async fn what_an_order_by_order_marketplace_writes_costs_what_is_promised() {
    let (local, _) = empty_table().await;
    let table = &local.table;
    let cost = || written(local.meter.take());
    table
        .put_parcel(&shop(), &id("KURTI"), &parcel(350))
        .await
        .unwrap();
    assert_eq!(cost(), (1, 0), "put_parcel");
    table.put_warehouse(&warehouse("w_1")).await.unwrap();
    assert_eq!(cost(), (1, 0), "put_warehouse");
    let mut packed = order("S900000001");
    table.put_order(&mut packed).await.unwrap();
    cost();
    let mut packed = numbered(packed, 0);
    table.put_numbered(&mut packed, &series(), 0).await.unwrap();
    assert_eq!(cost(), (4, 0), "put_numbered");
    let numbers: Vec<String> = (0..250).map(|number| format!("S{number:09}")).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let mut whole = manifest("20260912T120000Z-aaaaaaaa", &numbers);
    table.put_manifest(&mut whole).await.unwrap();
    assert_eq!(cost(), (3, 0), "put_manifest, of 250 orders");
    let mut back = comes_back("RT1", noon_plus(0));
    table.put_return(&mut back).await.unwrap();
    assert_eq!(cost(), (1, 1), "put_return");
    back.moved_at = noon_plus(60);
    table.put_return(&mut back).await.unwrap();
    assert_eq!(cost(), (1, 2), "put_return, moved");
    table
        .put_offer(&shop(), &id("a_1"), &offer("790001001"))
        .await
        .unwrap();
    assert_eq!(cost(), (1, 0), "put_offer");
    table.put_registration(&registration("r_1")).await.unwrap();
    assert_eq!(cost(), (1, 0), "put_registration");
    table.drop_registration(&shop(), &id("r_1")).await.unwrap();
    assert_eq!(cost(), (1, 0), "drop_registration");
    table.put_test(&test()).await.unwrap();
    assert_eq!(cost(), (1, 0), "put_test");
}

#[tokio::test]
async fn a_pack_of_one_hundred_is_read_with_one_cheap_query() {
    let (local, _) = empty_table().await;
    for number in 0..100_u64 {
        let name = format!("a_{number:08}");
        let mut login = login();
        login.version = number;
        let state = poll_state(&name, "p5-0");
        local
            .table
            .connect_account(&account(&name, "p5-0"), &login, &state)
            .await
            .unwrap();
        let mut seen = state;
        seen.seen = (0..5)
            .map(|feed| (format!("feed_{feed}"), u64::MAX))
            .collect();
        local.table.put_seen(&seen).await.unwrap();
    }
    local.meter.take();

    assert_eq!(
        local.table.poll_states(&id("p5-0")).await.unwrap().len(),
        100
    );

    let units = local.meter.take();
    assert_eq!(units.attempts, 1);
    assert!(units.half_reads() <= 16, "{units:?}");
}

#[tokio::test]
async fn reads_cost_what_is_promised() {
    let (local, _) = empty_table().await;
    for number in 0..20 {
        let mut order = order(&format!("29900000000000{number:04}_1"));
        local.table.put_order(&mut order).await.unwrap();
    }
    local.table.put_login(&login()).await.unwrap();
    local.meter.take();

    local.table.token(&[7; 32]).await.unwrap();
    assert_eq!(local.meter.take().half_reads(), 2, "token");
    local.table.login(&shop(), &id("l_1")).await.unwrap();
    assert_eq!(local.meter.take().half_reads(), 4, "login");
    let listed = local
        .table
        .list_orders(&shop(), Listing::Open, None, 20)
        .await;
    assert_eq!(listed.unwrap().items.len(), 20);
    let units = local.meter.take();
    assert_eq!(units.attempts, 2);
    assert!(
        units.half_reads() <= 42,
        "one each and the index: {units:?}"
    );
}

/// The size DynamoDB bills: names and values in UTF-8; numbers two digits a byte and one more;
/// lists and maps three bytes and one more for each entry.
pub(crate) fn size_of(item: &HashMap<String, AttributeValue>) -> usize {
    item.iter()
        .map(|(name, value)| name.len() + value_size(value))
        .sum()
}

fn value_size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(digits) => digits.trim_start_matches('-').len().div_ceil(2) + 1,
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::Bool(_) | AttributeValue::Null(_) => 1,
        AttributeValue::L(list) => {
            3 + list
                .iter()
                .map(|entry| 1 + value_size(entry))
                .sum::<usize>()
        }
        AttributeValue::M(map) => 3 + map.len() + size_of(map),
        other => panic!("Haat stores no {other:?}"),
    }
}
